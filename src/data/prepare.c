#include "data/prepare.h"

#include <math.h>
#include <stdint.h>

#include "base/memory.h"
#include "data/class_names.h"
#include "data/cut.h"
#include "data/folds.h"
#include "data/part_file.h"
#include "data/part_notes.h"

/* ---- Sizes --------------------------------------------------------------------------------------------------- */

/* The rows of n that `validation` takes. */
static percept_status cut_validation(const DataOptions *options, size_t n, size_t *valid, percept_error *error)
{
    double wanted = options->validation;
    const NamedDataset *named = named_dataset_find(options->name);
    if (wanted < 0)
        *valid = named != NULL ? (size_t)((uint64_t)n * named->validation_count / named->train_count) : 0;
    else if (wanted < 1)
        *valid = cut_share(wanted, n);
    else if (wanted < (double)n && wanted == floor(wanted))
        *valid = (size_t)wanted;
    else
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.validation is %g; give a fraction below 1, or a whole number below %zu, the examples "
                         "there are",
                         wanted, n);
    return PERCEPT_OK;
}

/* The rows of n that `validation` and `test` take where there is no test part; fractions are rounded to the nearest. */
static percept_status cut_two(const DataOptions *options, size_t n, size_t sizes[CUT_PARTS], percept_error *error)
{
    const double wanted[] = {options->validation, options->test};
    static const char *const keys[] = {"data.validation", "data.test"};
    for (size_t w = 0; w < 2; w++) {
        if (!(wanted[w] < 1) && !(wanted[w] < (double)n && wanted[w] == floor(wanted[w])))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "%s is %g; give a fraction below 1, or a whole number below %zu, the examples there are",
                             keys[w], wanted[w], n);
        sizes[CUT_VALID + w] = wanted[w] < 1 ? (size_t)round(wanted[w] * (double)n) : (size_t)wanted[w];
    }
    if (sizes[CUT_VALID] + sizes[CUT_TEST] < n)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "of %zu examples data.validation takes %zu and data.test (20 %% unless set) %zu; that leaves none "
                     "for training",
                     n, sizes[CUT_VALID], sizes[CUT_TEST]);
}

/* ---- Parts --------------------------------------------------------------------------------------------------- */

/* Sizes of the three parts that `whole` is cut into; `has_test`: a test part of its own stays beside it. */
static percept_status choose_sizes(const DataOptions *options, size_t n, bool has_test, size_t sizes[CUT_PARTS],
                                   percept_error *error)
{
    size_t given[CUT_PARTS] = {0, 0, 0};
    percept_status status = PERCEPT_OK;
    sizes[CUT_TEST] = 0;
    if (options->split_count > 0) {
        status = cut_sizes(options->split, options->split_count, n, given, error);
        sizes[CUT_TRAIN] = given[0];
        sizes[CUT_VALID] = options->split_count == CUT_PARTS || has_test ? given[1] : 0;
        sizes[CUT_TEST] = options->split_count == CUT_PARTS ? given[2] : has_test ? 0 : given[1];
        return status;
    }
    if (options->test_told || options->test_file != NULL)
        status = cut_two(options, n, sizes, error);
    else
        status = cut_validation(options, n, &sizes[CUT_VALID], error);
    sizes[CUT_TRAIN] = n - sizes[CUT_VALID] - sizes[CUT_TEST];
    return status;
}

/* The classes that the options name, as labels of the storage. */
typedef struct Chosen {
    int32_t *classes;  /* class_count of them */
    int32_t *positive; /* positive_count of them, as labels that those of `classes` have become */
    size_t class_count, positive_count;
} Chosen;

static void chosen_clear(Chosen *chosen)
{
    memory_free(chosen->classes);
    memory_free(chosen->positive);
}

/* From labels of the storage to what they become when `classes` relabels. */
static percept_status map_positive(const Storage *storage, Chosen *chosen, percept_error *error)
{
    int32_t *place = NULL;
    percept_status status = memory_allocate(storage->class_count, sizeof *place, "the classes", &place, error);
    for (size_t k = 0; status == PERCEPT_OK && k < storage->class_count; k++)
        place[k] = chosen->class_count == 0 ? (int32_t)k : -1;
    for (size_t c = 0; status == PERCEPT_OK && c < chosen->class_count; c++)
        place[chosen->classes[c]] = (int32_t)c;
    for (size_t p = 0; status == PERCEPT_OK && p < chosen->positive_count; p++) {
        if (place[chosen->positive[p]] < 0)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT, "class '%.64s' is left out by data.classes",
                               storage->class_names[chosen->positive[p]]);
        chosen->positive[p] = place[chosen->positive[p]];
    }
    memory_free(place);
    return status;
}

/* Finds the classes of a list. A file that is read for a model may lack some of them. */
static percept_status find_classes(const DataOptions *options, const Storage *storage, const char *const *words,
                                   size_t count, int32_t **classes, size_t *found, percept_error *error)
{
    *found = count;
    if (count == 0)
        return PERCEPT_OK;
    if (options->source.schema == NULL)
        return class_names_find(storage, words, count, classes, error);
    percept_status status = memory_allocate(count, sizeof **classes, "the classes", classes, error);
    *found = 0;
    for (size_t w = 0; status == PERCEPT_OK && w < count; w++) {
        int32_t *one = NULL;
        if (class_names_find(storage, &words[w], 1, &one, NULL) == PERCEPT_OK)
            (*classes)[(*found)++] = *one;
        memory_free(one);
    }
    return status;
}

static percept_status find_chosen(const DataOptions *options, const Storage *storage, Chosen *out, percept_error *error)
{
    percept_status status =
        find_classes(options, storage, options->classes, options->class_count, &out->classes, &out->class_count, error);
    if (status == PERCEPT_OK && options->class_count > 0 && out->class_count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "no example is of the classes that are asked for");
    if (status != PERCEPT_OK) {
        error_prefix(error, "data.classes");
        return status;
    }
    status = find_classes(options, storage, options->positive, options->positive_count, &out->positive,
                          &out->positive_count, error);
    if (status == PERCEPT_OK)
        status = map_positive(storage, out, error);
    if (status != PERCEPT_OK)
        error_prefix(error, "data.positive");
    return status;
}

/* Replaces *part by its selection and marks its positive classes. */
static percept_status choose_examples(const DataOptions *options, const Chosen *chosen, size_t per_class,
                                      percept_dataset **part, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (chosen->class_count > 0 || per_class > 0) {
        percept_dataset *selected = NULL;
        status = dataset_select(*part, chosen->classes, chosen->class_count, per_class, &selected, error);
        if (status != PERCEPT_OK) {
            error_prefix(error, options->class_count > 0 ? "data.classes" : "data.per_class");
            return status;
        }
        percept_dataset_free(*part);
        *part = selected;
    }
    if (options->positive_count > 0)
        status = dataset_mark_positive(*part, chosen->positive, chosen->positive_count, options->source.schema != NULL,
                                       error);
    if (status != PERCEPT_OK)
        error_prefix(error, "data.positive");
    return status;
}

/* The same for all parts of what was opened; *valid and *test may be NULL. */
static percept_status choose_classes(const DataOptions *options, percept_dataset **train, percept_dataset **valid,
                                     percept_dataset **test, percept_error *error)
{
    Chosen chosen = {0};
    percept_status status = find_chosen(options, (*train)->storage, &chosen, error);
    if (status == PERCEPT_OK)
        status = choose_examples(options, &chosen, options->per_class, train, error);
    if (status == PERCEPT_OK && *valid != NULL)
        status = choose_examples(options, &chosen, 0, valid, error);
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

/* The training part is known, so missing values can be replaced: by the fills of the model for which the data are read,
 * or by those of the training part. Pictures have no missing values. No other thread has the storage yet. */
static percept_status fill_missing(const DataOptions *options, const percept_dataset *train, percept_error *error)
{
    Storage *storage = train->storage;
    const Schema *schema = options->source.schema;
    const MissingKind missing = options->source.missing;
    const bool pictures = storage->type == PERCEPT_UINT8 && !storage->table;
    percept_status status = PERCEPT_OK;
    if (schema != NULL && schema->width == storage->width)
        status = schema_replace(schema, &storage->schema, error);
    else if (missing == MISSING_ZERO)
        status = storage_fill_with_zero(storage, error);
    else if (missing == MISSING_MEAN && !pictures)
        status = storage_learn_fills(storage, train, error);
    return status == PERCEPT_OK ? storage_fill_missing(storage, error) : status;
}

/* The test part is for the model that is made when all has been chosen. */
static percept_status cut_folds(const DataOptions *options, percept_dataset *parts[CUT_PARTS], percept_error *error)
{
    RandomStream stream = options->folding;
    percept_dataset_free(parts[CUT_TEST]);
    parts[CUT_TEST] = NULL;
    return folds_cut(&parts[CUT_TRAIN], &parts[CUT_VALID], options->folds, options->fold, &stream, error);
}

/* Rows of a view from row `first` of the storage on. */
static size_t count_from(const percept_dataset *data, size_t first)
{
    size_t count = 0;
    for (size_t i = 0; i < data->count; i++)
        count += data->rows[i] >= first ? 1 : 0;
    return count;
}

/* What cannot be done with files for validation or test. */
static percept_status check_files(const DataOptions *options, percept_error *error)
{
    const char *key = options->test_file != NULL ? "data.test_file" : "data.validation_file";
    const char *what = !data_is_file(options)     ? "data.name is a dataset with sets of its own"
                       : options->split_count > 0 ? "data.split gives the sizes of all sets"
                       : options->join            ? "data.join makes one set of all"
                       : options->validation_file != NULL && options->folds > 0 ? "data.folds cuts validation sets"
                       : options->validation_file != NULL && options->validation > 0
                           ? "data.validation asks for another validation set"
                       : options->test_file != NULL && options->test_told ? "data.test asks for another test set"
                                                                          : NULL;
    if (what == NULL)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s names a file, but %s; leave one of the two out", key, what);
}

/* What does not go together with an order in time. */
static percept_status check_order(const DataOptions *options, percept_error *error)
{
    const char *what = options->shuffle                ? "data.shuffle true"
                       : options->stratify             ? "data.stratify true"
                       : options->folds > 0            ? "data.folds"
                       : options->source.group != NULL ? "data.group"
                       : !data_is_file(options)        ? "a dataset that is no file"
                                                       : NULL;
    if (!options->by_time || what == NULL)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "data.order time (or data.time) cuts the last rows off for validation and test, which %s does not "
                     "go with; leave one of the two out",
                     what);
}

/* Refuses options that contradict each other or cannot be applied. */
static percept_status check_sizes(const DataOptions *options, bool own_test, size_t own_valid, percept_error *error)
{
    if (options->whole)
        return PERCEPT_OK;
    if (check_order(options, error) != PERCEPT_OK)
        return PERCEPT_ERROR_ARGUMENT;
    if (options->validation_file != NULL && own_valid > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.validation_file names a file, but '%s' has a validation set of its own; leave it out",
                         options->name);
    if (options->split_count > 0 && (options->validation >= 0 || options->test_told))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.split gives the sizes of all sets, and so does %s; leave one of the two out",
                         options->test_told ? "data.test" : "data.validation");
    if (options->test_told && own_test)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.test asks for a test set, but '%s' has one of its own; leave data.test out, or set "
                         "data.join to make one of both first",
                         options->name);
    if (options->test_told && own_valid > 0 && options->validation < 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.test asks for a test set beside the validation set that '%s' has of its own; set "
                         "data.validation too, and all is cut anew, or leave data.test out",
                         options->name);
    return PERCEPT_OK;
}

/* Opens the data, and the files of validation and test part beside them. */
static percept_status open_all(const DataOptions *options, percept_dataset **whole, percept_dataset **valid,
                               percept_dataset **test, percept_error *error)
{
    const SourceOptions *source = &options->source;
    const bool beside = !options->whole && (options->validation_file != NULL || options->test_file != NULL);
    percept_status status = beside ? check_files(options, error) : PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = source_open(options->name, options->directory, source, whole, test, error);
    if (status != PERCEPT_OK || !beside)
        return status;
    if (options->test_file != NULL && *test != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.test_file names a file, but '%s' has a test set of its own; leave it out",
                         options->name);
    if (options->validation_file != NULL)
        status = part_file_open(options->validation_file, "data.validation_file", source, *whole, valid, error);
    if (status == PERCEPT_OK && options->test_file != NULL)
        status = part_file_open(options->test_file, "data.test_file", source, *whole, test, error);
    if (status == PERCEPT_OK && options->validation_file != NULL)
        status = part_file_compare(options->name, options->validation_file, "validation set", (*whole)->storage, error);
    if (status == PERCEPT_OK && options->test_file != NULL)
        status = part_file_compare(options->name, options->test_file, "test set", (*whole)->storage, error);
    return status;
}

/* Selects and joins the data from open_all, and splits them; parts in *valid and *test that are not used stay there. */
static percept_status make_parts(const DataOptions *options, RandomStream *stream, percept_dataset **whole,
                                 percept_dataset **valid, percept_dataset **test, percept_dataset *parts[CUT_PARTS],
                                 percept_error *error)
{
    const size_t end = (*whole)->count; /* of the training part in the storage, whose last rows may be for validation */
    percept_status status = choose_classes(options, whole, valid, test, error);
    const bool joined = options->join && !options->whole && *test != NULL;
    if (status == PERCEPT_OK && joined)
        status = join_parts(whole, test, error);
    if (status != PERCEPT_OK)
        return status;
    Storage *storage = (*whole)->storage;
    storage->own_valid = joined ? 0 : count_from(*whole, end - storage->own_valid);
    status = check_sizes(options, *test != NULL, storage->own_valid, error);
    if (status != PERCEPT_OK)
        return status;
    const DataOptions decided = data_decide(options, *test != NULL, storage->own_valid);
    const CutOptions how = {decided.shuffle, decided.stratify, decided.by_time};
    storage->own_test = *test != NULL;
    status = choose_sizes(&decided, (*whole)->count, *test != NULL, storage->cut, error);
    if (status == PERCEPT_OK)
        status = cut_rows(*whole, storage->cut, &how, stream, parts, error);
    if (status == PERCEPT_OK && parts[CUT_TEST] == NULL && decided.split_count < CUT_PARTS) {
        parts[CUT_TEST] = *test;
        *test = NULL;
    }
    if (status == PERCEPT_OK && *valid != NULL) {
        parts[CUT_VALID] = *valid;
        *valid = NULL;
    }
    if (status == PERCEPT_OK && decided.folds > 0)
        status = cut_folds(&decided, parts, error);
    const percept_data data = {parts[CUT_TRAIN], parts[CUT_VALID], parts[CUT_TEST]};
    return status == PERCEPT_OK ? part_notes_add(&data, decided.shuffle, &storage->notes, error) : status;
}

percept_status data_prepare(const DataOptions *options, RandomStream *stream, percept_data *out, percept_error *error)
{
    percept_dataset *whole = NULL, *valid = NULL, *test = NULL, *parts[CUT_PARTS] = {NULL, NULL, NULL};
    percept_status status = open_all(options, &whole, &valid, &test, error);
    if (status == PERCEPT_OK)
        status = make_parts(options, stream, &whole, &valid, &test, parts, error);
    if (status == PERCEPT_OK)
        status = fill_missing(options, parts[CUT_TRAIN], error);
    for (size_t p = CUT_VALID; status == PERCEPT_OK && p < CUT_PARTS; p++)
        status = part_file_fill(parts[CUT_TRAIN], parts[p], error);
    percept_dataset_free(whole);
    percept_dataset_free(valid);
    percept_dataset_free(test);
    *out = (percept_data){parts[CUT_TRAIN], parts[CUT_VALID], parts[CUT_TEST]};
    if (status != PERCEPT_OK)
        percept_data_free(out);
    return status;
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
