#include "store/predicate.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/quote.h"

typedef struct Reader {
    Predicate *predicate;
    const char *at;   /* what has not been read, in predicate->text */
    char *words;      /* room for the next word */
    const char *name; /* what names are */
    size_t depth;
    percept_error *error;
} Reader;

/* ---- Messages ------------------------------------------------------------------------------------------------------ */

/* The character that a byte belongs to, counted from 1. */
static size_t character_at(const char *text, size_t place)
{
    size_t count = 1;
    for (size_t i = 0; i < place; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

percept_status predicate_refuse(const Predicate *predicate, const PredicateWord *word, const char *problem,
                                percept_error *error)
{
    char quoted[QUOTED_SIZE];
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s %s: %s, at character %zu", predicate->what,
                     quote_text(predicate->text, quoted), problem, character_at(predicate->text, word->place));
}

percept_status predicate_locate(const Predicate *predicate, const PredicateWord *word, percept_status status,
                                percept_error *error)
{
    if (status == PERCEPT_ERROR_ARGUMENT)
        (void)error_prefix(error, "%s, at character %zu", predicate->what, character_at(predicate->text, word->place));
    return status;
}

static percept_status refuse(const Reader *reader, const char *at, const char *problem)
{
    const PredicateWord word = {at, (size_t)(at - reader->predicate->text)};
    return predicate_refuse(reader->predicate, &word, problem, reader->error);
}

static percept_status expected(const Reader *reader, const char *wanted)
{
    char quoted[QUOTED_SIZE], problem[3 * QUOTED_SIZE];
    snprintf(problem, sizeof problem, "expected %s, not %s", wanted,
             *reader->at != '\0' ? quote_text(reader->at, quoted) : "its end");
    return refuse(reader, reader->at, problem);
}

/* ---- Words --------------------------------------------------------------------------------------------------------- */

static bool belongs_to_word(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("_.-+/", c) != NULL) || (unsigned char)c >= 0x80;
}

static void skip_spaces(Reader *reader)
{
    while (isspace((unsigned char)*reader->at))
        reader->at++;
}

/* Takes a sign such as "(" if it is next. */
static bool take_sign(Reader *reader, const char *sign)
{
    skip_spaces(reader);
    if (strncmp(reader->at, sign, strlen(sign)) != 0)
        return false;
    reader->at += strlen(sign);
    return true;
}

/* Takes a word such as "and" if it is next. */
static bool take_word(Reader *reader, const char *word)
{
    const size_t length = strlen(word);
    skip_spaces(reader);
    if (strncasecmp(reader->at, word, length) != 0 || belongs_to_word(reader->at[length]))
        return false;
    reader->at += length;
    return true;
}

/* Appends quoted text to the words, and moves *to to its end; false if the quote is not closed. */
static bool copy_quoted(Reader *reader, char **to)
{
    const char quote = *reader->at, *at = reader->at + 1;
    for (; *at != '\0' && (*at != quote || at[1] == quote); at++) {
        at += *at == quote; /* a doubled one */
        *(*to)++ = *at;
    }
    if (*at != quote)
        return false;
    reader->at = at + 1;
    return true;
}

/* Keeps the `length` bytes that are next as a word, or what stands there in quotes; nothing is refused as not `wanted`. */
static percept_status keep_word(Reader *reader, size_t length, const char *wanted, PredicateWord *out)
{
    char *end = reader->words;
    *out = (PredicateWord){reader->words, (size_t)(reader->at - reader->predicate->text)};
    if (*reader->at == '"' || *reader->at == '\'') {
        if (!copy_quoted(reader, &end))
            return refuse(reader, reader->at, "a quote is not closed");
    } else {
        if (length == 0)
            return expected(reader, wanted);
        memcpy(end, reader->at, length);
        end += length;
        reader->at += length;
    }
    *end = '\0';
    reader->words = end + 1;
    return PERCEPT_OK;
}

static percept_status take_name(Reader *reader, PredicateWord *out)
{
    size_t length = 0;
    skip_spaces(reader);
    while (belongs_to_word(reader->at[length]))
        length++;
    return keep_word(reader, length, reader->name, out);
}

/* A value up to one of the bytes that end it. */
static percept_status take_value(Reader *reader, PredicateNode *node, const char *ends)
{
    skip_spaces(reader);
    percept_status status = keep_word(reader, strcspn(reader->at, ends), "a value",
                                      &reader->predicate->values[reader->predicate->value_count]);
    if (status == PERCEPT_OK) {
        reader->predicate->value_count++;
        node->value_count++;
    }
    return status;
}

/* ---- Comparisons --------------------------------------------------------------------------------------------------- */

/* Those that begin like others come first. */
static const struct {
    const char *text;
    PredicateOperator comparison;
} signs[] = {
    {"<=", PREDICATE_LESS_OR_EQUAL}, {">=", PREDICATE_GREATER_OR_EQUAL},
    {"!=", PREDICATE_NOT_EQUAL},     {"==", PREDICATE_EQUAL},
    {"<", PREDICATE_LESS},           {">", PREDICATE_GREATER},
    {"=", PREDICATE_EQUAL},          {"~", PREDICATE_CONTAINS},
};

static percept_status take_list(Reader *reader, PredicateNode *node)
{
    percept_status status = PERCEPT_OK;
    if (!take_sign(reader, "["))
        return expected(reader, "[ after in");
    do
        status = take_value(reader, node, " \t\r\n(),[]");
    while (status == PERCEPT_OK && take_sign(reader, ","));
    if (status == PERCEPT_OK && !take_sign(reader, "]"))
        status = expected(reader, ", or ]");
    return status;
}

static percept_status take_comparison(Reader *reader, PredicateNode *node)
{
    size_t s = 0;
    *node = (PredicateNode){.kind = PREDICATE_COMPARISON,
                            .comparison = PREDICATE_IN,
                            .values = reader->predicate->values + reader->predicate->value_count};
    percept_status status = take_name(reader, &node->name);
    if (status != PERCEPT_OK)
        return status;
    skip_spaces(reader);
    node->sign.place = (size_t)(reader->at - reader->predicate->text);
    node->sign.text = "in";
    if (take_word(reader, "in"))
        return take_list(reader, node);
    while (s < sizeof signs / sizeof *signs && !take_sign(reader, signs[s].text))
        s++;
    if (s == sizeof signs / sizeof *signs)
        return expected(reader, "a comparison: = != < <= > >= ~ or in");
    node->sign.text = signs[s].text;
    node->comparison = signs[s].comparison;
    return take_value(reader, node, " \t\r\n()");
}

/* ---- What joins them ----------------------------------------------------------------------------------------------- */

static size_t add_node(Reader *reader, PredicateNode node)
{
    reader->predicate->nodes[reader->predicate->count] = node;
    return reader->predicate->count++;
}

static percept_status take_any(Reader *reader, size_t *out);

/* A comparison, a group, or the opposite of one. */
static percept_status take_one(Reader *reader, size_t *out)
{
    PredicateNode node;
    percept_status status = PERCEPT_OK;
    if (reader->depth == PREDICATE_DEEPEST) {
        char problem[QUOTED_SIZE];
        snprintf(problem, sizeof problem, "nested too deeply: at most %d parentheses and `not` inside one another",
                 PREDICATE_DEEPEST);
        return refuse(reader, reader->at, problem);
    }
    reader->depth++;
    if (take_word(reader, "not")) {
        status = take_one(reader, out);
        if (status == PERCEPT_OK)
            *out = add_node(reader, (PredicateNode){.kind = PREDICATE_NOT, .left = *out});
    } else if (take_sign(reader, "(")) {
        status = take_any(reader, out);
        if (status == PERCEPT_OK && !take_sign(reader, ")"))
            status = expected(reader, "and, or, or )");
    } else {
        status = take_comparison(reader, &node);
        if (status == PERCEPT_OK)
            *out = add_node(reader, node);
    }
    reader->depth--;
    return status;
}

/* Parts joined by a word. */
static percept_status take_joined(Reader *reader, const char *word, PredicateKind kind,
                                  percept_status (*part)(Reader *, size_t *), size_t *out)
{
    size_t right = 0;
    percept_status status = part(reader, out);
    while (status == PERCEPT_OK && take_word(reader, word)) {
        status = part(reader, &right);
        if (status == PERCEPT_OK)
            *out = add_node(reader, (PredicateNode){.kind = kind, .left = *out, .right = right});
    }
    return status;
}

static percept_status take_all(Reader *reader, size_t *out)
{
    return take_joined(reader, "and", PREDICATE_AND, take_one, out);
}

static percept_status take_any(Reader *reader, size_t *out)
{
    return take_joined(reader, "or", PREDICATE_OR, take_all, out);
}

/* ---- The whole ----------------------------------------------------------------------------------------------------- */

/* Room for all that a text of this length may hold: a node or a value takes two bytes of it at least, and a word with its
 * end no more than twice its bytes. */
static percept_status make_room(size_t length, Predicate *predicate, percept_error *error)
{
    const size_t most = length / 2 + 1;
    percept_status status = memory_allocate(most, sizeof *predicate->nodes, predicate->what, &predicate->nodes, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(most, sizeof *predicate->values, predicate->what, &predicate->values, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(3, length + 1, predicate->what, &predicate->text, error);
    return status;
}

percept_status predicate_read(const char *text, const char *what, const char *name, Predicate *out,
                              percept_error *error)
{
    const size_t length = strlen(text);
    Predicate predicate = {.what = what};
    size_t whole = 0;
    if (length > PREDICATE_LONGEST)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "a %s has at most %d bytes", what, PREDICATE_LONGEST);
    percept_status status = make_room(length, &predicate, error);
    if (status == PERCEPT_OK) {
        Reader reader = {.predicate = &predicate,
                         .at = memcpy(predicate.text, text, length + 1),
                         .words = predicate.text + length + 1,
                         .name = name,
                         .error = error};
        status = take_any(&reader, &whole);
        skip_spaces(&reader);
        if (status == PERCEPT_OK && *reader.at != '\0')
            status = expected(&reader, "and, or, or the end");
    }
    if (status == PERCEPT_OK)
        *out = predicate;
    else
        predicate_clear(&predicate);
    return status;
}

void predicate_clear(Predicate *predicate)
{
    memory_free(predicate->nodes);
    memory_free(predicate->values);
    memory_free(predicate->text);
    *predicate = (Predicate){0};
}
