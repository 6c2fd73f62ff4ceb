#include "data/prepare.h"

#include "base/memory.h"
#include "data/categories.h"
#include "data/choose_classes.h"
#include "data/cut.h"
#include "data/folds.h"
#include "data/part_file.h"
#include "data/part_notes.h"
#include "data/part_sizes.h"
#include "data/source.h"

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

/* The training part is known, so categories can be learned from it; or they are those of the model for which the data are
 * read. No other thread has the storages yet. */
static percept_status settle_categories(const DataOptions *options, percept_dataset *const parts[CUT_PARTS],
                                        percept_error *error)
{
    Storage *first = parts[CUT_TRAIN]->storage, *others[] = {NULL, NULL};
    const size_t rare = options->source.rare > 1 ? options->source.rare : 1;
    for (size_t p = CUT_VALID; p < CUT_PARTS; p++)
        if (parts[p] != NULL && parts[p]->storage != first && parts[p]->storage != others[0])
            others[p - CUT_VALID] = parts[p]->storage;
    return options->source.schema != NULL ? categories_note_unknown(first, others, 2, error)
                                          : categories_learn(parts[CUT_TRAIN], rare, others, 2, error);
}

/* The training part is known, so missing values can be replaced: by the fills of the model for which the data are read,
 * or by those of the training part. Pictures have no missing values. No other thread has the storage yet. */
static percept_status fill_missing(const DataOptions *options, const percept_dataset *train, percept_error *error)
{
    Storage *storage = train->storage;
    const Schema *schema = options->source.schema;
    const MissingKind missing = options->source.missing;
    const bool below = missing == MISSING_BELOW || (options->source.below_in_tables && storage->table);
    const bool pictures = storage->type == PERCEPT_UINT8 && !storage->table;
    percept_status status = PERCEPT_OK;
    if (schema != NULL && schema->width == storage->width)
        status = schema_replace(schema, &storage->schema, error);
    else if (missing == MISSING_ZERO)
        status = storage_fill_with_zero(storage, error);
    else if (missing_is_kept(missing) && !pictures)
        status = storage_learn_fills(storage, train, below, error);
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
    status = part_sizes(&decided, (*whole)->count, *test != NULL, storage->cut, error);
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

/* Makes the parts of what was opened, which is then released. */
static percept_status prepare_parts(const DataOptions *options, RandomStream *stream, percept_dataset *whole,
                                    percept_dataset *valid, percept_dataset *test, percept_data *out,
                                    percept_error *error)
{
    percept_dataset *parts[CUT_PARTS] = {NULL, NULL, NULL};
    percept_status status = make_parts(options, stream, &whole, &valid, &test, parts, error);
    if (status == PERCEPT_OK)
        status = settle_categories(options, parts, error);
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

percept_status data_prepare(const DataOptions *options, RandomStream *stream, percept_data *out, percept_error *error)
{
    percept_dataset *whole = NULL, *valid = NULL, *test = NULL;
    percept_status status = open_all(options, &whole, &valid, &test, error);
    if (status == PERCEPT_OK)
        return prepare_parts(options, stream, whole, valid, test, out, error);
    percept_dataset_free(whole);
    percept_dataset_free(valid);
    percept_dataset_free(test);
    *out = (percept_data){NULL, NULL, NULL};
    return status;
}

/* A view of all examples, which the parts may take the place of. */
static percept_status view_all(const percept_dataset *dataset, percept_dataset **out, percept_error *error)
{
    uint32_t *rows = NULL;
    percept_status status = memory_allocate(dataset->count, sizeof *rows, "the rows of a dataset", &rows, error);
    for (size_t i = 0; status == PERCEPT_OK && i < dataset->count; i++)
        rows[i] = (uint32_t)i;
    if (status == PERCEPT_OK)
        status = dataset_subset(dataset, rows, dataset->count, out, error);
    memory_free(rows);
    return status;
}

percept_status data_split(const DataOptions *options, RandomStream *stream, const percept_dataset *dataset,
                          percept_data *out, percept_error *error)
{
    percept_dataset *whole = NULL;
    percept_status status = view_all(dataset, &whole, error);
    return status == PERCEPT_OK ? prepare_parts(options, stream, whole, NULL, NULL, out, error) : status;
}
