#include "recipe/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"

#define SPACES " \t\r\n"

/* More than any table has rows; a choice past it is found, but not suggested. */
#define MOST_CHOICES 64

/* ---- Refusals --------------------------------------------------------------------------------------------------- */

percept_status value_refuse(const Key *key, const char *found, const char *hint, percept_error *error)
{
    char expected[RECIPE_DESCRIPTION_SIZE];
    recipe_describe(key, expected, sizeof expected);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: expected %s, found %s%s", key->name, expected, found, hint);
}

static percept_status refuse(const Key *key, const char *item, const char *hint, percept_error *error)
{
    char quoted[QUOTED_SIZE];
    return value_refuse(key, quote_text(item, quoted), hint, error);
}

/* Refuses with the nearest of the words that would do. */
static percept_status refuse_word(const Key *key, const char *item, const char *const *words, size_t count,
                                  percept_error *error)
{
    const char *nearest = nearest_word(item, words, count);
    const percept_status status = refuse(key, item, "", error);
    if (nearest == NULL || error == NULL)
        return status;
    char message[sizeof error->message];
    memcpy(message, error->message, sizeof message);
    return error_set(error, status, "%s; did you mean '%s'?", message, nearest);
}

/* ---- Items ------------------------------------------------------------------------------------------------------ */

static bool in_range(const Key *key, double value)
{
    return (key->above_low ? value > key->low : value >= key->low) &&
           (key->below_high ? value < key->high : value <= key->high);
}

static percept_status parse_integer(const Key *key, const char *item, int64_t *out, percept_error *error)
{
    double number = 0;
    switch (integer_parse(item, out)) {
    case INTEGER_TOO_LARGE:
        return refuse(key, item, ", which does not fit 64 bits", error);
    case INTEGER_MALFORMED:
        return refuse(key, item, number_parse(item, &number) ? "; write it with decimal digits alone" : "", error);
    default:
        return in_range(key, (double)*out) ? PERCEPT_OK : refuse(key, item, "", error);
    }
}

static percept_status parse_number(const Key *key, const char *item, double *out, percept_error *error)
{
    if (number_parse(item, out) && in_range(key, *out))
        return PERCEPT_OK;
    return refuse(key, item, "", error);
}

static percept_status parse_boolean(const Key *key, const char *item, int64_t *out, percept_error *error)
{
    static const char *const words[] = {"false", "true"};
    for (size_t i = 0; i < 2; i++)
        if (strcmp(item, words[i]) == 0) {
            *out = (int64_t)i;
            return PERCEPT_OK;
        }
    return refuse_word(key, item, words, 2, error);
}

static percept_status parse_choice(const Key *key, const char *item, const char **out, percept_error *error)
{
    const char *words[MOST_CHOICES];
    size_t count = 0;
    for (size_t i = 0; key->choice(i) != NULL; i++) {
        if (strcmp(item, key->choice(i)) == 0) {
            *out = key->choice(i);
            return PERCEPT_OK;
        }
        if (count < MOST_CHOICES)
            words[count++] = key->choice(i);
    }
    return refuse_word(key, item, words, count, error);
}

static percept_status parse_item(const Key *key, const char *item, Value *value, size_t i, percept_error *error)
{
    if (item[0] == '\0')
        return value_refuse(key, key->list ? "an empty item" : "nothing", "", error);
    switch (key->type) {
    case KEY_INTEGER:
        return parse_integer(key, item, &value->items.integers[i], error);
    case KEY_NUMBER:
        return parse_number(key, item, &value->items.numbers[i], error);
    case KEY_BOOLEAN:
        return parse_boolean(key, item, &value->items.integers[i], error);
    default:
        return parse_choice(key, item, &value->items.texts[i], error);
    }
}

static size_t item_size(const Key *key)
{
    static const size_t sizes[] = {
        [KEY_TEXT] = sizeof(char *),   [KEY_CHOICE] = sizeof(char *),   [KEY_INTEGER] = sizeof(int64_t),
        [KEY_NUMBER] = sizeof(double), [KEY_BOOLEAN] = sizeof(int64_t),
    };
    return sizes[key->type];
}

/* ---- Whole values ----------------------------------------------------------------------------------------------- */

/* A block of pointers and the characters they point to. */
static percept_status make_texts(const char *const *texts, size_t count, Value *out, percept_error *error)
{
    size_t size = count * sizeof(char *);
    for (size_t i = 0; i < count; i++)
        size += strlen(texts[i]) + 1;
    Value value = {.count = count};
    percept_status status = memory_allocate(size, 1, "a text", &value.items.block, error);
    if (status != PERCEPT_OK)
        return status;
    char *characters = (char *)value.items.block + count * sizeof(char *);
    for (size_t i = 0; i < count; i++) {
        const size_t length = strlen(texts[i]) + 1;
        memcpy(characters, texts[i], length);
        value.items.texts[i] = characters;
        characters += length;
    }
    *out = value;
    return PERCEPT_OK;
}

static percept_status parse_texts(const Key *key, const char *const *texts, size_t count, Value *out,
                                  percept_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (texts[i][0] == '\0')
            return value_refuse(key, key->list ? "an empty item" : "nothing", "", error);
        if (!text_is_utf8(texts[i]))
            return refuse(key, texts[i], ", which is not UTF-8", error);
    }
    return make_texts(texts, count, out, error);
}

percept_status value_parse_items(const Key *key, const char *const *texts, size_t count, Value *out,
                                 percept_error *error)
{
    if (count == 0 || (count > 1 && !key->list))
        return value_refuse(key, count == 0 ? "an empty list" : "a list", "", error);
    if (key->type == KEY_TEXT)
        return parse_texts(key, texts, count, out, error);
    Value value = {.count = count};
    percept_status status = memory_allocate(count, item_size(key), "the value of a key", &value.items.block, error);
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++)
        status = parse_item(key, texts[i], &value, i, error);
    if (status == PERCEPT_OK)
        *out = value;
    else
        value_clear(&value);
    return status;
}

/* Cuts spaces off both ends, in place. */
static char *trim(char *text)
{
    text += strspn(text, SPACES);
    size_t length = strlen(text);
    while (length > 0 && strchr(SPACES, text[length - 1]) != NULL)
        length--;
    text[length] = '\0';
    return text;
}

/* An item of a list of texts that begins with a quote: up to the closing one, two of them in it standing for one, in
 * place. Returns what follows. */
static char *cut_quoted(char *text, const char **item)
{
    char *to = text;
    *item = text;
    for (text++; *text != '\0' && (text[0] != '"' || text[1] == '"'); text++) {
        text += text[0] == '"';
        *to++ = *text;
    }
    text += *text == '"';
    char *next = strchr(text, ',');
    *to = '\0';
    return next != NULL ? next + 1 : NULL;
}

/* "[3, 7]" or "3,7" or "784-64-10", or names such as weight,"height, in m", in place: to items. `texts` has room for every
 * item. */
static size_t cut_list(const Key *key, char *text, const char **texts)
{
    const size_t length = strlen(text);
    if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
        text[length - 1] = '\0';
        text = trim(text + 1);
        if (text[0] == '\0')
            return 0;
    }
    const char separator = key->dashes && strchr(text, ',') == NULL ? '-' : ',';
    size_t count = 0;
    for (char *next = text; next != NULL;) {
        next += strspn(next, SPACES);
        if (key->type == KEY_TEXT && next[0] == '"') {
            next = cut_quoted(next, &texts[count++]);
            continue;
        }
        char *item = next;
        next = strchr(item, separator);
        if (next != NULL)
            *next++ = '\0';
        texts[count++] = trim(item);
    }
    return count;
}

static size_t most_items(const char *text)
{
    size_t count = 1;
    for (; *text != '\0'; text++)
        count += *text == ',' || *text == '-';
    return count;
}

percept_status value_parse(const Key *key, const char *text, Value *out, percept_error *error)
{
    if (key->type == KEY_TEXT && !key->list)
        return parse_texts(key, &text, 1, out, error);
    char *copy = NULL;
    const char **texts = NULL;
    percept_status status = memory_copy_string(text, &copy, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(most_items(text), sizeof *texts, "a list", &texts, error);
    if (status == PERCEPT_OK) {
        char *trimmed = trim(copy);
        texts[0] = trimmed;
        const size_t count = key->list ? cut_list(key, trimmed, texts) : 1;
        status = value_parse_items(key, texts, count, out, error);
    }
    memory_free(texts);
    memory_free(copy);
    return status;
}

const char *value_item_text(const Key *key, const Value *value, size_t i, char buffer[VALUE_ITEM_SIZE])
{
    _Static_assert(VALUE_ITEM_SIZE >= NUMBER_SIZE, "a number fits");
    switch (key->type) {
    case KEY_BOOLEAN:
        return value->items.integers[i] != 0 ? "true" : "false";
    case KEY_INTEGER:
        snprintf(buffer, VALUE_ITEM_SIZE, "%" PRId64, value->items.integers[i]);
        return buffer;
    case KEY_NUMBER:
        number_format(value->items.numbers[i], buffer);
        return buffer;
    default:
        return value->items.texts[i];
    }
}

percept_status value_copy(const Key *key, const Value *from, Value *out, percept_error *error)
{
    if (from->count == 0) {
        *out = (Value){0};
        return PERCEPT_OK;
    }
    if (key->type == KEY_TEXT) {
        percept_status status = make_texts(from->items.texts, from->count, out, error);
        out->chosen = from->chosen;
        return status;
    }
    Value copy = {.count = from->count, .chosen = from->chosen};
    percept_status status =
        memory_allocate(from->count, item_size(key), "the value of a key", &copy.items.block, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(copy.items.block, from->items.block, from->count * item_size(key));
    *out = copy;
    return PERCEPT_OK;
}

void value_clear(Value *value)
{
    memory_free(value->items.block);
    *value = (Value){0};
}
