/* From arrays to a storage. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/class_review.h"
#include "data/npy.h"
#include "data/npy_answers.h"
#include "data/values.h"

void npy_part_clear(NpyPart *part)
{
    npy_clear(&part->features);
    npy_clear(&part->answers);
    part->answered = false;
}

/* ---- What belongs together ------------------------------------------------------------------------------------- */

static percept_status check_part(const NpyPart *part, const NpyPart *first, percept_error *error)
{
    const NpyArray *features = &part->features, *answers = &part->answers;
    if (npy_is_text(features))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%.100s' holds texts, and features are numbers; save them as such, for example "
                         "X.astype('float32')",
                         features->name);
    if (features->width != first->features.width)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' has %zu features per example, but '%s' has %zu; both must belong to one dataset",
                         features->name, features->width, first->features.name, first->features.width);
    if (part->answered != first->answered)
        return error_set(error, PERCEPT_ERROR_FORMAT, "there are labels for '%s', but none for '%s'",
                         part->answered ? features->name : first->features.name,
                         part->answered ? first->features.name : features->name);
    if (!part->answered)
        return PERCEPT_OK;
    if (features->shape[0] != answers->shape[0])
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has %zu examples, but '%s' has %zu labels", features->name,
                         features->shape[0], answers->name, answers->shape[0]);
    if (answers->dimensions > 2)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' has %zu dimensions; labels have 1, and several targets per example 2%s", answers->name,
                         answers->dimensions, features->dimensions == 1 ? "; are the files swapped?" : "");
    if (answers->width != first->answers.width)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has %zu answers per example, but '%s' has %zu",
                         answers->name, answers->width, first->answers.name, first->answers.width);
    return PERCEPT_OK;
}

/* What all parts come to. */
typedef struct Total {
    percept_type type; /* the widest */
    size_t count;      /* examples */
} Total;

static percept_status add_up(const NpyPart *parts, size_t count, const SourceOptions *options, Total *out,
                             percept_error *error)
{
    /* A number that marks a missing value becomes NaN, which bytes cannot hold. */
    *out = (Total){missing_tokens_have_numbers(&options->missing_tokens) ? PERCEPT_FLOAT32 : PERCEPT_UINT8, 0};
    for (size_t p = 0; p < count; p++) {
        const percept_type type = npy_feature_type(&parts[p].features);
        percept_status status = check_part(&parts[p], &parts[0], error);
        if (status != PERCEPT_OK)
            return status;
        out->type = type > out->type ? type : out->type;
        if (__builtin_add_overflow(out->count, parts[p].features.shape[0], &out->count))
            return error_set(error, PERCEPT_ERROR_MEMORY, "the examples are more than can be addressed");
    }
    return PERCEPT_OK;
}

/* ---- Features -------------------------------------------------------------------------------------------------- */

/* Pictures of one channel, which is the first or last of four dimensions. */
static void note_image(const NpyArray *array, Storage *storage)
{
    const size_t *shape = array->shape;
    if (array->dimensions == 3 || (array->dimensions == 4 && shape[3] == 1)) {
        storage->image_height = shape[1];
        storage->image_width = shape[2];
    } else if (array->dimensions == 4 && shape[1] == 1) {
        storage->image_height = shape[2];
        storage->image_width = shape[3];
    }
}

static percept_status create_storage(NpyPart *parts, size_t count, const Total *total, size_t class_count,
                                     Storage **out, percept_error *error)
{
    NpyArray *first = &parts[0].features;
    Storage *made = NULL;
    if (count == 1 && npy_is_ready(first, total->type)) {
        uint8_t *features = first->bytes + (first->items - first->bytes);
        percept_status status =
            storage_adopt(total->type, total->count, first->width, class_count, first->bytes, features, out, error);
        if (status == PERCEPT_OK) {
            note_image(first, *out);
            first->bytes = NULL;
        }
        return status;
    }
    percept_status status = storage_create(total->type, total->count, first->width, class_count, &made, error);
    if (status != PERCEPT_OK)
        return status;
    const size_t row = first->width * storage_item_size(total->type);
    note_image(first, made);
    for (size_t p = 0, at = 0; p < count; p++) {
        npy_convert(&parts[p].features, total->type, (uint8_t *)made->features + at * row);
        at += parts[p].features.shape[0];
    }
    *out = made;
    return PERCEPT_OK;
}

/* Checks the features of all parts, and removes those of examples without an answer; counts[p] is what is left of part p. */
static percept_status settle_features(const NpyPart *parts, size_t count, const SourceOptions *options,
                                      const bool *missing, Storage *storage, size_t *counts, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t p = 0, first = 0; status == PERCEPT_OK && p < count; first += parts[p++].features.shape[0]) {
        const NpyArray *array = &parts[p].features;
        const size_t rows = array->shape[0];
        status = values_check_features(storage, first, rows, array->name, error);
        if (status == PERCEPT_OK)
            status = values_take_missing(storage, first, rows, array->name, options, error);
        counts[p] = rows;
        for (size_t i = 0; missing != NULL && i < rows; i++)
            counts[p] -= missing[first + i] ? 1 : 0;
    }
    if (status == PERCEPT_OK && missing != NULL)
        values_drop_rows(storage, missing);
    return status;
}

percept_status npy_join(NpyPart *parts, size_t count, const SourceOptions *options, size_t class_count, Storage **out,
                        size_t *counts, percept_error *error)
{
    Total total;
    Answers answers = {0};
    Notes notes = {0};
    bool *missing = NULL;
    Storage *made = NULL;
    percept_status status = add_up(parts, count, options, &total, error);
    if (status == PERCEPT_OK && parts[0].answered)
        status = npy_answers(parts, count, options, class_count, &notes, &answers, &missing, error);
    if (status == PERCEPT_OK)
        status = create_storage(parts, count, &total, parts[0].answered ? answers.class_count : 0, &made, error);
    if (status == PERCEPT_OK)
        status = settle_features(parts, count, options, missing, made, counts, error);
    if (status == PERCEPT_OK)
        status = answers_give(&answers, made, error);
    if (status == PERCEPT_OK && parts[0].answered)
        status = values_check_answers(made, 0, made->count, parts[0].answers.name, error);
    answers_clear(&answers);
    memory_free(missing);
    for (size_t p = 0; p < count; p++)
        npy_clear(&parts[p].features);
    if (status != PERCEPT_OK) {
        storage_release(made);
        notes_clear(&notes);
        return status;
    }
    made->notes = notes;
    if (options->schema == NULL && class_count == 0)
        status = class_review(made, "y", error);
    if (status == PERCEPT_OK)
        *out = made;
    else
        storage_release(made);
    return status;
}

/* ---- Files ----------------------------------------------------------------------------------------------------- */

/* What features are called, and their labels then. */
static const struct {
    const char *features, *labels;
} partners[] = {{"x", "y"},           {"features", "labels"}, {"features", "target"}, {"images", "labels"},
                {"images", "target"}, {"data", "labels"},     {"data", "target"}};

/* The first place of a word in a name, in any case of letters, with no letter or digit beside it; NULL if it has none. */
static const char *find_word(const char *name, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = name; (at = strcasestr(at, word)) != NULL; at++)
        if ((at == name || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[length]))
            return at;
    return NULL;
}

percept_status npy_find_labels(const char *features, char **labels, percept_error *error)
{
    const char *slash = strrchr(features, '/'), *name = slash != NULL ? slash + 1 : features;
    percept_status status = PERCEPT_OK;
    *labels = NULL;
    for (size_t p = 0; status == PERCEPT_OK && *labels == NULL && p < sizeof partners / sizeof partners[0]; p++) {
        const char *found = find_word(name, partners[p].features);
        if (found == NULL)
            continue;
        const size_t size = strlen(features) + strlen(partners[p].labels) + 1;
        status = memory_allocate(size, 1, "a path", labels, error);
        if (status != PERCEPT_OK)
            break;
        snprintf(*labels, size, "%.*s%s%s", (int)(found - features), features, partners[p].labels,
                 found + strlen(partners[p].features));
        if (!file_exists(*labels)) {
            memory_free(*labels);
            *labels = NULL;
        }
    }
    return status;
}

static percept_status read_array(const char *path, NpyArray *out, percept_error *error)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = file_read_inflated(path, &bytes, &size, error);
    return status == PERCEPT_OK ? npy_parse(path, bytes, size, out, error) : status;
}

/* The answers are called y, or as their file is; NULL for another name. */
static bool is_answer(const char *name, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    const size_t length = strlen(name);
    return strcasecmp(name, "y") == 0 ||
           (strncasecmp(base, name, length) == 0 && (base[length] == '.' || base[length] == '\0'));
}

static percept_status check_names(const char *labels, const SourceOptions *options, percept_error *error)
{
    const char *key = options->target_count > 0 ? "data.targets" : "data.label";
    const char *name = options->target_count > 0 ? options->targets[0] : options->label;
    if (name == NULL || (labels != NULL && options->target_count <= 1 && is_answer(name, labels)))
        return PERCEPT_OK;
    if (labels == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%s: there is no file of answers; name it with --label-file, and the answers y", key);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: the answers in '%.100s' are called y, all columns together",
                     key, labels);
}

percept_status npy_read(const char *features, const char *labels, const SourceOptions *options, size_t class_count,
                        Storage **out, percept_error *error)
{
    if (options->label != NULL && strcmp(options->label, "none") == 0)
        labels = NULL;
    else if (check_names(labels, options, error) != PERCEPT_OK)
        return PERCEPT_ERROR_ARGUMENT;
    NpyPart part = {.answered = labels != NULL};
    size_t count = 0;
    percept_status status = read_array(features, &part.features, error);
    if (status == PERCEPT_OK && labels != NULL)
        status = read_array(labels, &part.answers, error);
    if (status == PERCEPT_OK)
        status = npy_join(&part, 1, options, class_count, out, &count, error);
    npy_part_clear(&part);
    return status;
}
