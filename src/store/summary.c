#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "store/run_folder.h"

#define SUMMARY "summary.json"

/* A JSON number, or null for what JSON has no word for. */
static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *figures(double loss, double accuracy)
{
    return json_pack("{s:o, s:o}", "accuracy", number(accuracy), "loss", number(loss));
}

/* classes × classes counts as a list of rows, or NULL for lack of memory. */
static json_t *matrix(const uint64_t *counts, size_t classes)
{
    json_t *rows = json_array();
    bool good = rows != NULL;
    for (size_t k = 0; k < classes && good; k++) {
        json_t *row = json_array();
        for (size_t j = 0; j < classes && good; j++)
            good = json_array_append_new(row, json_integer((json_int_t)counts[k * classes + j])) == 0;
        good = json_array_append_new(rows, row) == 0 && good;
    }
    if (good)
        return rows;
    json_decref(rows);
    return NULL;
}

static json_t *test_figures(const percept_metrics *test)
{
    if (test == NULL)
        return json_null();
    const size_t classes = test->confusion == NULL ? 0 : test->classes;
    return json_pack("{s:o, s:o, s:I, s:o}", "accuracy", number(test->accuracy), "confusion",
                     matrix(test->confusion, classes), "count", (json_int_t)test->count, "loss", number(test->loss));
}

/* Writes the summary and releases it; NULL means that there was no memory for it. */
static percept_status write_summary(const char *folder, json_t *summary, percept_error *error)
{
    char *path = NULL, *text = NULL;
    FileWriter *writer = NULL;
    percept_status status =
        json_text(summary, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(12), "the summary", &text, error);
    json_decref(summary);
    if (status == PERCEPT_OK)
        status = file_join(folder, SUMMARY, &path, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, &writer, error);
    if (status == PERCEPT_OK) {
        file_writer_write(writer, text, strlen(text));
        file_writer_write(writer, "\n", 1);
        status = file_writer_commit(writer, error);
    }
    memory_free(text);
    memory_free(path);
    return status;
}

/* Adds what calibration came to, if the model is calibrated. NULL: there was no memory for it, as with a summary of NULL. */
static json_t *add_calibration(json_t *summary, const percept_result *result)
{
    if (!(result->temperature > 0))
        return summary;
    json_t *calibration = json_pack("{s:{s:o, s:o}, s:{s:o, s:o}, s:o}", "after", "expected_error",
                                    number(result->calibration_error_after), "log_loss", number(result->log_loss_after),
                                    "before", "expected_error", number(result->calibration_error_before), "log_loss",
                                    number(result->log_loss_before), "temperature", number(result->temperature));
    if (json_object_set_new(summary, "calibration", calibration) == 0)
        return summary;
    json_decref(summary);
    return NULL;
}

percept_status run_folder_write_summary(const char *folder, const percept_result *result, const percept_metrics *test,
                                        percept_error *error)
{
    json_t *best = result->best_epoch < 0 ? json_null() : json_integer(result->best_epoch);
    json_t *summary = json_pack("{s:o, s:I, s:b, s:o, s:o, s:o}", "best_epoch", best, "epochs",
                                (json_int_t)result->epochs, "stopped_early", result->stopped_early, "test",
                                test_figures(test), "train", figures(result->train_loss, result->train_accuracy),
                                "valid", figures(result->valid_loss, result->valid_accuracy));
    return write_summary(folder, add_calibration(summary, result), error);
}

/* ---- Cross-validation --------------------------------------------------------------------------------------------- */

static double real_or_nan(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : NAN;
}

percept_status run_folder_read_fold(const char *folder, FoldFigures *out, percept_error *error)
{
    char *path = NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = file_join(folder, SUMMARY, &path, error);
    if (status == PERCEPT_OK)
        status = file_read(path, &bytes, &size, error);
    if (status == PERCEPT_OK) {
        json_error_t reason;
        json_t *summary = json_loadb((const char *)bytes, size, 0, &reason);
        const json_t *valid = json_object_get(summary, "valid"), *best = json_object_get(summary, "best_epoch");
        *out = (FoldFigures){.best_epoch = json_is_integer(best) ? (long)json_integer_value(best) : -1,
                             .loss = real_or_nan(json_object_get(valid, "loss")),
                             .accuracy = real_or_nan(json_object_get(valid, "accuracy"))};
        if (valid == NULL)
            status =
                error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is no summary of a run; remove it to run it again", path);
        json_decref(summary);
    }
    memory_free(bytes);
    memory_free(path);
    return status;
}

FoldSpread fold_spread(const FoldFigures *folds, size_t count, bool accuracy)
{
    double sum = 0, squares = 0;
    for (size_t f = 0; f < count; f++)
        sum += accuracy ? folds[f].accuracy : folds[f].loss;
    const double mean = sum / (double)count;
    for (size_t f = 0; f < count; f++) {
        const double difference = (accuracy ? folds[f].accuracy : folds[f].loss) - mean;
        squares += difference * difference;
    }
    return (FoldSpread){mean, sqrt(squares / (double)(count - 1))};
}

static json_t *spread(const FoldFigures *folds, size_t count, bool accuracy)
{
    const FoldSpread found = fold_spread(folds, count, accuracy);
    return json_pack("{s:o, s:o}", "deviation", number(found.deviation), "mean", number(found.mean));
}

percept_status run_folder_write_folds(const char *folder, const FoldFigures *folds, size_t count, percept_error *error)
{
    json_t *list = json_array();
    bool good = list != NULL;
    for (size_t f = 0; f < count && good; f++) {
        json_t *best = folds[f].best_epoch < 0 ? json_null() : json_integer(folds[f].best_epoch);
        good = json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "accuracy", number(folds[f].accuracy),
                                                     "best_epoch", best, "loss", number(folds[f].loss))) == 0;
    }
    json_t *summary = NULL;
    if (good)
        summary = json_pack("{s:o, s:{s:o, s:o}}", "folds", list, "valid", "accuracy", spread(folds, count, true),
                            "loss", spread(folds, count, false));
    else
        json_decref(list);
    return write_summary(folder, summary, error);
}
