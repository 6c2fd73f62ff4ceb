#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/run_folder.h"

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

percept_status run_folder_write_summary(const char *folder, const percept_result *result, const percept_metrics *test,
                                        percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(folder, "summary.json", &path, error);
    if (status != PERCEPT_OK)
        return status;
    json_t *best = result->best_epoch < 0 ? json_null() : json_integer(result->best_epoch);
    json_t *summary = json_pack("{s:o, s:I, s:b, s:o, s:o, s:o}", "best_epoch", best, "epochs",
                                (json_int_t)result->epochs, "stopped_early", result->stopped_early, "test",
                                test_figures(test), "train", figures(result->train_loss, result->train_accuracy),
                                "valid", figures(result->valid_loss, result->valid_accuracy));
    char *text =
        summary == NULL ? NULL : json_dumps(summary, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(12));
    json_decref(summary);
    FileWriter *writer = NULL;
    status = text == NULL ? error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for '%s'", path)
                          : file_writer_open(path, &writer, error);
    if (status == PERCEPT_OK) {
        file_writer_write(writer, text, strlen(text));
        file_writer_write(writer, "\n", 1);
        status = file_writer_commit(writer, error);
    }
    free(text);
    memory_free(path);
    return status;
}
