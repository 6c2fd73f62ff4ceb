#include "data/prepare.h"

#include <float.h>
#include <math.h>
#include <stdint.h>

#include "base/memory.h"
#include "data/class_names.h"
#include "data/folds.h"

/* Sums of fractions such as 0.7 + 0.15 + 0.15 miss 1 by rounding; nobody means a difference as small as this. */
#define SUM_TOLERANCE 1e-9

#define PARTS 3
enum { TRAIN, VALID, TEST };

/* ---- Sizes --------------------------------------------------------------------------------------------------- */

/* ⌊fraction · n⌋; 0.29 · 100, which rounds to 28.999…, counts as the whole number it is meant to be. */
static size_t share_of(double fraction, size_t n)
{
    size_t share = (size_t)floor(fraction * (double)n * (1 + 4 * DBL_EPSILON));
    return share < n ? share : n;
}

static void cut_fractions(const double *split, size_t count, double sum, size_t n, size_t *sizes)
{
    size_t taken = 0, last = 0;
    for (size_t s = 0; s < count; s++) {
        sizes[s] = share_of(split[s], n);
        taken += sizes[s];
        if (split[s] > 0)
            last = s;
    }
    if (sum > 1 - SUM_TOLERANCE)
        sizes[last] += n - taken;
}

static percept_status cut_counts(const double *split, size_t count, double sum, size_t n, size_t *sizes,
                                 percept_error *error)
{
    if (sum > (double)n)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "data.split asks for %.0f examples, but there are %zu", sum, n);
    for (size_t s = 0; s < count; s++) {
        if (split[s] != floor(split[s]))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "data.split has %g: its numbers must all be counts, or fractions whose sum is at most 1",
                             split[s]);
        sizes[s] = (size_t)split[s];
    }
    return PERCEPT_OK;
}

/* The sizes of the parts of n rows, in the order of the split's numbers. */
static percept_status cut_split(const double *split, size_t count, size_t n, size_t *sizes, percept_error *error)
{
    double sum = 0, largest = 0;
    if (count < 2 || count > PARTS)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "data.split has %zu numbers; give 2 or 3", count);
    for (size_t s = 0; s < count; s++) {
        if (!(split[s] >= 0 && split[s] <= (double)UINT32_MAX))
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "data.split has %g, which is no size", split[s]);
        sum += split[s];
        largest = split[s] > largest ? split[s] : largest;
    }
    percept_status status = PERCEPT_OK;
    if (largest <= 1 && sum <= 1 + SUM_TOLERANCE)
        cut_fractions(split, count, sum, n, sizes);
    else
        status = cut_counts(split, count, sum, n, sizes, error);
    if (status == PERCEPT_OK && sizes[0] == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "data.split leaves none of the %zu examples for training", n);
    return status;
}

/* The rows of n that `validation` takes. */
static percept_status cut_validation(const DataOptions *options, size_t n, size_t *valid, percept_error *error)
{
    double wanted = options->validation;
    const NamedDataset *named = named_dataset_find(options->name);
    if (wanted < 0)
        *valid = named != NULL ? (size_t)((uint64_t)n * named->validation_count / named->train_count) : 0;
    else if (wanted < 1)
        *valid = share_of(wanted, n);
    else if (wanted < (double)n && wanted == floor(wanted))
        *valid = (size_t)wanted;
    else
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.validation is %g; give a fraction below 1, or a whole number below %zu, the examples "
                         "there are",
                         wanted, n);
    return PERCEPT_OK;
}

/* ---- Parts --------------------------------------------------------------------------------------------------- */

/* Cuts `whole` into parts of the given sizes, in the order of its rows or of a permutation. */
static percept_status cut(const percept_dataset *whole, const size_t sizes[PARTS], bool shuffle, RandomStream *stream,
                          percept_dataset *parts[PARTS], percept_error *error)
{
    uint32_t *order = NULL;
    percept_status status = memory_allocate(whole->count, sizeof *order, "the order of the examples", &order, error);
    if (status != PERCEPT_OK)
        return status;
    if (shuffle)
        random_permutation(stream, order, whole->count);
    else
        for (size_t i = 0; i < whole->count; i++)
            order[i] = (uint32_t)i;
    for (size_t p = 0, first = 0; status == PERCEPT_OK && p < PARTS; first += sizes[p++])
        if (sizes[p] > 0)
            status = dataset_subset(whole, order + first, sizes[p], &parts[p], error);
    memory_free(order);
    return status;
}

/* Sizes of the three parts that `whole` is cut into; `has_test`: a test part of its own stays beside it. */
static percept_status choose_sizes(const DataOptions *options, size_t n, bool has_test, size_t sizes[PARTS],
                                   percept_error *error)
{
    size_t given[PARTS] = {0, 0, 0};
    if (options->split_count == 0) {
        percept_status status = cut_validation(options, n, &sizes[VALID], error);
        sizes[TRAIN] = n - sizes[VALID];
        return status;
    }
    percept_status status = cut_split(options->split, options->split_count, n, given, error);
    sizes[TRAIN] = given[0];
    sizes[VALID] = options->split_count == PARTS || has_test ? given[1] : 0;
    sizes[TEST] = options->split_count == PARTS ? given[2] : has_test ? 0 : given[1];
    return status;
}

/* The classes that the options name, as labels of the storage. */
typedef struct Chosen {
    int32_t *classes;  /* options->class_count of them */
    int32_t *positive; /* options->positive_count of them, as labels that those of `classes` have become */
} Chosen;

static void chosen_clear(Chosen *chosen)
{
    memory_free(chosen->classes);
    memory_free(chosen->positive);
}

/* From labels of the storage to what they become when `classes` relabels. */
static percept_status map_positive(const DataOptions *options, const Storage *storage, Chosen *chosen,
                                   percept_error *error)
{
    int32_t *place = NULL;
    percept_status status = memory_allocate(storage->class_count, sizeof *place, "the classes", &place, error);
    for (size_t k = 0; status == PERCEPT_OK && k < storage->class_count; k++)
        place[k] = options->class_count == 0 ? (int32_t)k : -1;
    for (size_t c = 0; status == PERCEPT_OK && c < options->class_count; c++)
        place[chosen->classes[c]] = (int32_t)c;
    for (size_t p = 0; status == PERCEPT_OK && p < options->positive_count; p++) {
        if (place[chosen->positive[p]] < 0)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT, "class '%.64s' is left out by data.classes",
                               storage->class_names[chosen->positive[p]]);
        chosen->positive[p] = place[chosen->positive[p]];
    }
    memory_free(place);
    return status;
}

static percept_status find_chosen(const DataOptions *options, const Storage *storage, Chosen *out, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (options->class_count > 0)
        status = class_names_find(storage, options->classes, options->class_count, &out->classes, error);
    if (status != PERCEPT_OK) {
        error_prefix(error, "data.classes");
        return status;
    }
    if (options->positive_count > 0)
        status = class_names_find(storage, options->positive, options->positive_count, &out->positive, error);
    if (status == PERCEPT_OK && options->positive_count > 0)
        status = map_positive(options, storage, out, error);
    if (status != PERCEPT_OK)
        error_prefix(error, "data.positive");
    return status;
}

/* Replaces *part by its selection and marks its positive classes. */
static percept_status choose_examples(const DataOptions *options, const Chosen *chosen, size_t per_class,
                                      percept_dataset **part, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (options->class_count > 0 || per_class > 0) {
        percept_dataset *selected = NULL;
        status = dataset_select(*part, chosen->classes, options->class_count, per_class, &selected, error);
        if (status != PERCEPT_OK) {
            error_prefix(error, options->class_count > 0 ? "data.classes" : "data.per_class");
            return status;
        }
        percept_dataset_free(*part);
        *part = selected;
    }
    if (options->positive_count > 0)
        status = dataset_mark_positive(*part, chosen->positive, options->positive_count, error);
    if (status != PERCEPT_OK)
        error_prefix(error, "data.positive");
    return status;
}

/* The same for both parts of what was opened; *test may be NULL. */
static percept_status choose_classes(const DataOptions *options, percept_dataset **train, percept_dataset **test,
                                     percept_error *error)
{
    Chosen chosen = {NULL, NULL};
    percept_status status = find_chosen(options, (*train)->storage, &chosen, error);
    if (status == PERCEPT_OK)
        status = choose_examples(options, &chosen, options->per_class, train, error);
    if (status == PERCEPT_OK && *test != NULL)
        status = choose_examples(options, &chosen, options->limit_test ? options->per_class : 0, test, error);
    chosen_clear(&chosen);
    return status;
}

/* Puts the test part behind the training part. */
static percept_status join_parts(percept_dataset **train, percept_dataset **test, percept_error *error)
{
    percept_dataset *joined = NULL;
    percept_status status = dataset_join(*train, *test, &joined, error);
    if (status != PERCEPT_OK)
        return status;
    percept_dataset_free(*train);
    percept_dataset_free(*test);
    *train = joined;
    *test = NULL;
    return PERCEPT_OK;
}

const double *data_default_split(const DataOptions *options)
{
    static const double drawn[PARTS] = {0.7, 0.15, 0.15};
    const NamedDataset *named = named_dataset_find(options->name);
    if (options->split_count > 0 || options->validation >= 0)
        return NULL;
    if (generator_find(options->name) != NULL)
        return drawn;
    return named != NULL && named->split[0] > 0 ? named->split : NULL;
}

/* Neither a named dataset nor drawn. */
static bool is_file(const DataOptions *options)
{
    return named_dataset_find(options->name) == NULL && generator_find(options->name) == NULL;
}

/* The training part is known: what is missing can be filled in, as the model that the data are read for has learned it, or
 * by the training part itself. Pictures have no gaps. Nobody else has the storage yet. */
static percept_status fill_missing(const DataOptions *options, const percept_dataset *train, percept_error *error)
{
    Storage *storage = train->storage;
    const Schema *schema = options->source.schema;
    const MissingKind missing = options->source.missing;
    const bool pictures = storage->type == PERCEPT_UINT8 && !storage->table;
    percept_status status = PERCEPT_OK;
    if (schema != NULL && schema->width == storage->width) {
        schema_clear(&storage->schema);
        status = schema_copy(schema, &storage->schema, error);
    } else if (missing == MISSING_ZERO) {
        status = storage_fill_with_zero(storage, error);
    } else if (missing == MISSING_MEAN && !pictures) {
        status = storage_learn_fills(storage, train, error);
    }
    return status == PERCEPT_OK ? storage_fill_missing(storage, error) : status;
}

/* The test part is for the model that is made when all has been chosen. */
static percept_status cut_folds(const DataOptions *options, percept_dataset *parts[PARTS], percept_error *error)
{
    RandomStream stream = options->folding;
    percept_dataset_free(parts[TEST]);
    parts[TEST] = NULL;
    return folds_cut(&parts[TRAIN], &parts[VALID], options->folds, options->fold, &stream, error);
}

static percept_status prepare(const DataOptions *options, RandomStream *stream, percept_data *out, percept_error *error)
{
    percept_dataset *whole = NULL, *test = NULL, *parts[PARTS] = {NULL, NULL, NULL};
    size_t sizes[PARTS] = {0, 0, 0};
    percept_status status = source_open(options->name, options->directory, &options->source, &whole, &test, error);
    if (status == PERCEPT_OK)
        status = choose_classes(options, &whole, &test, error);
    if (status == PERCEPT_OK && options->join && test != NULL)
        status = join_parts(&whole, &test, error);
    if (status == PERCEPT_OK)
        status = choose_sizes(options, whole->count, test != NULL, sizes, error);
    if (status == PERCEPT_OK)
        status = cut(whole, sizes, options->shuffle, stream, parts, error);
    percept_dataset_free(whole);
    if (status == PERCEPT_OK && parts[TEST] == NULL && options->split_count < PARTS) {
        parts[TEST] = test;
        test = NULL;
    }
    if (status == PERCEPT_OK && options->folds > 0)
        status = cut_folds(options, parts, error);
    if (status == PERCEPT_OK && parts[TRAIN] != NULL)
        status = fill_missing(options, parts[TRAIN], error);
    percept_dataset_free(test);
    *out = (percept_data){parts[TRAIN], parts[VALID], parts[TEST]};
    if (status != PERCEPT_OK)
        percept_data_free(out);
    return status;
}

percept_status data_prepare(const DataOptions *options, RandomStream *stream, percept_data *out, percept_error *error)
{
    DataOptions resolved = *options;
    const double *split = data_default_split(options);
    if (options->whole && is_file(options)) {
        resolved.split_count = resolved.folds = 0;
        resolved.validation = 0;
        resolved.join = resolved.shuffle = false;
        split = NULL;
    }
    if (split != NULL) {
        resolved.split = split;
        resolved.split_count = PARTS;
    }
    return prepare(&resolved, stream, out, error);
}

void percept_data_free(percept_data *data)
{
    if (data == NULL)
        return;
    percept_dataset_free(data->train);
    percept_dataset_free(data->valid);
    percept_dataset_free(data->test);
    *data = (percept_data){NULL, NULL, NULL};
}
