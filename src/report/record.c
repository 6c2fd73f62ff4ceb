#include "report/record.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/dataset.h"
#include "model/model.h"
#include "recipe/experiment.h"
#include "store/data_record.h"

/* A matrix of more classes than this is no use to a reader, nor to be believed. */
#define MOST_CLASSES 10000

/* ---- The summary ------------------------------------------------------------------------------------------------- */

static double real_or_nan(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static RecordMetrics metrics_of(const json_t *part)
{
    return (RecordMetrics){real_or_nan(json_object_get(part, "loss")), real_or_nan(json_object_get(part, "accuracy"))};
}

static size_t count_of(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) > 0 ? (size_t)json_integer_value(value) : 0;
}

static percept_status read_confusion(const json_t *rows, Record *record, percept_error *error)
{
    const size_t classes = json_array_size(rows);
    if (classes == 0 || classes > MOST_CLASSES)
        return PERCEPT_OK;
    percept_status status = memory_allocate_zeroed(classes * classes, sizeof *record->confusion, "the confusion matrix",
                                                   &record->confusion, error);
    for (size_t k = 0; status == PERCEPT_OK && k < classes; k++)
        for (size_t j = 0; j < classes; j++)
            record->confusion[k * classes + j] = count_of(json_array_get(json_array_get(rows, k), j));
    if (status == PERCEPT_OK)
        record->classes = classes;
    return status;
}

static percept_status take_summary(const json_t *summary, Record *record, percept_error *error)
{
    const json_t *test = json_object_get(summary, "test"), *best = json_object_get(summary, "best_epoch");
    record->finished = true;
    record->epochs = count_of(json_object_get(summary, "epochs"));
    record->best_epoch = json_is_integer(best) ? (long)json_integer_value(best) : -1;
    record->stopped_early = json_is_true(json_object_get(summary, "stopped_early"));
    record->train = metrics_of(json_object_get(summary, "train"));
    record->valid = metrics_of(json_object_get(summary, "valid"));
    record->test = metrics_of(test);
    record->temperature = real_or_nan(json_object_get(json_object_get(summary, "calibration"), "temperature"));
    record->test_count = count_of(json_object_get(test, "count"));
    return read_confusion(json_object_get(test, "confusion"), record, error);
}

/* "folder/name" if it is there; *path stays NULL if not. */
static percept_status find(const char *folder, const char *name, char **path, percept_error *error)
{
    char *joined = NULL;
    percept_status status = file_join(folder, name, &joined, error);
    if (status == PERCEPT_OK && file_exists(joined))
        *path = joined;
    else
        memory_free(joined);
    return status;
}

static percept_status read_summary(Record *record, percept_error *error)
{
    char *path = NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = find(record->folder, "summary.json", &path, error);
    if (status == PERCEPT_OK && path != NULL)
        status = file_read(path, &bytes, &size, error);
    if (status == PERCEPT_OK && path != NULL) {
        json_error_t reason;
        json_t *summary = json_loadb((const char *)bytes, size, 0, &reason);
        if (json_is_object(summary))
            status = take_summary(summary, record, error);
        else
            status = error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is no summary of a run: line %d: %s", path,
                               reason.line, reason.text);
        json_decref(summary);
    }
    memory_free(bytes);
    memory_free(path);
    return status;
}

/* ---- Epochs and folds -------------------------------------------------------------------------------------------- */

static double last_value(const Table *table, const char *name)
{
    const int column = table_find(table, name);
    return column < 0 || table->rows == 0 ? NAN : table->values[(table->rows - 1) * table->columns + (size_t)column];
}

/* The finished epochs; a run without a summary takes its metrics from the last one. */
static percept_status read_metrics(Record *record, percept_error *error)
{
    char *path = NULL;
    percept_status status = find(record->folder, "metrics.csv", &path, error);
    if (status == PERCEPT_OK && path != NULL)
        status = table_read(path, &record->metrics, error);
    if (status == PERCEPT_OK && !record->finished) {
        const Table *table = &record->metrics;
        record->epochs = table->rows;
        record->train = (RecordMetrics){last_value(table, "train_loss"), last_value(table, "train_accuracy")};
        record->valid = (RecordMetrics){last_value(table, "valid_loss"), last_value(table, "valid_accuracy")};
    }
    memory_free(path);
    return status;
}

/* The folds that have a summary; they are run one after the other. */
static percept_status read_folds(Record *record, percept_error *error)
{
    const size_t count = (size_t)recipe_integer(record->recipe, "data.folds");
    bool there = true;
    percept_status status =
        memory_allocate_zeroed(count, sizeof *record->fold_list, "the folds", &record->fold_list, error);
    for (size_t f = 0; status == PERCEPT_OK && f < count && there; f++) {
        char name[48], *path = NULL, *folder = NULL;
        snprintf(name, sizeof name, "fold-%zu", f);
        status = file_join(record->folder, name, &folder, error);
        if (status == PERCEPT_OK)
            status = find(folder, "summary.json", &path, error);
        there = path != NULL;
        if (status == PERCEPT_OK && there)
            status = run_folder_read_fold(folder, &record->fold_list[f], error);
        if (status == PERCEPT_OK && there)
            record->fold_count++;
        memory_free(path);
        memory_free(folder);
    }
    return status;
}

/* ---- The folder -------------------------------------------------------------------------------------------------- */

static percept_status read_recipe(Record *record, percept_error *error)
{
    char *path = NULL;
    percept_status status = find(record->folder, "recipe.yaml", &path, error);
    if (status == PERCEPT_OK && path == NULL)
        status = error_set(error, PERCEPT_ERROR_IO, "'%s' holds no run (no recipe.yaml); give the folder of one",
                           record->folder);
    if (status == PERCEPT_OK)
        status = percept_recipe_load(path, &record->recipe, error);
    memory_free(path);
    return status;
}

static percept_status read_model(Record *record, percept_error *error)
{
    char *path = NULL;
    percept_status status = find(record->folder, "model.safetensors", &path, error);
    if (status == PERCEPT_OK && path != NULL)
        status = percept_model_load(path, &record->model, error);
    memory_free(path);
    return status;
}

percept_status record_open(const char *folder, Record *out, percept_error *error)
{
    Record record = {.best_epoch = -1, .train = {NAN, NAN}, .valid = {NAN, NAN}, .test = {NAN, NAN}, .part = "test"};
    percept_status status = memory_copy_string(folder, &record.folder, error);
    if (status == PERCEPT_OK)
        status = read_recipe(&record, error);
    if (status == PERCEPT_OK) {
        record.folds = recipe_integer(record.recipe, "data.folds") > 0 && !recipe_is_set(record.recipe, "data.fold");
        status = read_summary(&record, error);
    }
    if (status == PERCEPT_OK)
        status = record.folds ? read_folds(&record, error) : read_metrics(&record, error);
    if (status == PERCEPT_OK && !record.folds)
        status = read_model(&record, error);
    if (status == PERCEPT_OK)
        *out = record;
    else
        record_close(&record);
    return status;
}

void record_close(Record *record)
{
    memory_free(record->folder);
    percept_recipe_free(record->recipe);
    memory_free(record->confusion);
    table_clear(&record->metrics);
    memory_free(record->fold_list);
    percept_model_free(record->model);
    percept_data_free(&record->data);
    percept_report_clear(&record->report);
    *record = (Record){0};
}

/* ---- Measured again ---------------------------------------------------------------------------------------------- */

/* The part that says most of the model: one that it was not made on. The test part is for finished models. */
static percept_dataset *choose_part(Record *record)
{
    static const char *const names[] = {"test", "validation", "training"};
    percept_dataset *const parts[] = {record->data.test, record->data.valid, record->data.train};
    size_t p = record->finished ? 0 : 1;
    while (p + 1 < sizeof parts / sizeof parts[0] && parts[p] == NULL)
        p++;
    record->part = names[p];
    return parts[p];
}

percept_status record_measure(Record *record, size_t threads, percept_error *error)
{
    record->report = (percept_report){.struct_size = sizeof record->report};
    percept_status status = data_record_load(record->folder, record->recipe, record->model, &record->data,
                                             &record->changed, &record->missing);
    if (status == PERCEPT_OK && record->model != NULL)
        status = percept_model_report(record->model, choose_part(record), threads, &record->report, &record->missing);
    if (status == PERCEPT_OK)
        record->missing.status = PERCEPT_OK;
    if (status == PERCEPT_ERROR_MEMORY)
        return error_set(error, status, "%s", record->missing.message);
    return PERCEPT_OK;
}

const char *record_class_name(const Record *record, size_t k, char number[24])
{
    if (record->model != NULL && k < percept_model_classes(record->model))
        return percept_model_class_name(record->model, k);
    snprintf(number, 24, "%zu", k);
    return number;
}
