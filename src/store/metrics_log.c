#include "store/metrics_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"

#define DIGITS 12

typedef enum Need { MEAN, SUM, ACCURACY, NAIVE, RMSE, MAE, R2 } Need;
typedef enum Part { TRAIN, VALID, TEST } Part;

/* A column that not every run has. */
typedef struct Column {
    const char *name;
    Part part;
    Need need;
    size_t offset; /* of its value in percept_progress */
} Column;

#define VALUE(name) offsetof(percept_progress, name)

static const Column table[] = {
    {"train_loss", TRAIN, MEAN, VALUE(train_loss)},
    {"loss_sum", TRAIN, SUM, VALUE(train_loss_sum)},
    {"train_accuracy", TRAIN, ACCURACY, VALUE(train_accuracy)},
    {"valid_loss", VALID, MEAN, VALUE(valid_loss)},
    {"valid_loss_sum", VALID, SUM, VALUE(valid_loss_sum)},
    {"valid_accuracy", VALID, ACCURACY, VALUE(valid_accuracy)},
    {"test_loss", TEST, MEAN, VALUE(test_loss)},
    {"test_loss_sum", TEST, SUM, VALUE(test_loss_sum)},
    {"test_accuracy", TEST, ACCURACY, VALUE(test_accuracy)},
    {"train_loss_naive", TRAIN, NAIVE, VALUE(train_loss_naive)},
    {"valid_loss_naive", VALID, NAIVE, VALUE(valid_loss_naive)},
    {"test_loss_naive", TEST, NAIVE, VALUE(test_loss_naive)},
    {"valid_rmse", VALID, RMSE, VALUE(valid_rmse)},
    {"valid_mae", VALID, MAE, VALUE(valid_mae)},
    {"valid_r2", VALID, R2, VALUE(valid_r2)},
    {"test_rmse", TEST, RMSE, VALUE(test_rmse)},
    {"test_mae", TEST, MAE, VALUE(test_mae)},
    {"test_r2", TEST, R2, VALUE(test_r2)},
};

#define COLUMNS (sizeof table / sizeof *table)

_Static_assert(COLUMNS == METRICS_FIGURES, "the header tells how many figures there are");

/* Room for a line: the epoch and the columns with their commas, by name or number. */
#define LINE_SIZE ((COLUMNS + 1) * (NUMBER_SIZE + 1))

struct MetricsLog {
    int file;
    char *path;
    MetricsColumns columns;
};

static bool has_column(const MetricsColumns *has, const Column *column)
{
    const bool parts[] = {[TRAIN] = true, [VALID] = has->validation, [TEST] = has->test};
    const bool needs[] = {
        [MEAN] = !has->sum,      [SUM] = has->sum,       [ACCURACY] = has->accuracy, [NAIVE] = has->naive,
        [RMSE] = !has->accuracy, [MAE] = !has->accuracy, [R2] = !has->accuracy};
    return parts[column->part] && needs[column->need];
}

MetricsColumns metrics_log_columns(const percept_recipe *recipe, bool accuracy, bool validation)
{
    return (MetricsColumns){
        .accuracy = accuracy,
        .validation = validation,
        .test = recipe_boolean(recipe, "metrics.test"),
        .sum = strcmp(recipe_text(recipe, "metrics.loss"), "sum") == 0,
        .naive = recipe_boolean(recipe, "metrics.naive"),
    };
}

static double value_of(const Column *column, const percept_progress *progress)
{
    double value = 0;
    memcpy(&value, (const char *)progress + column->offset, sizeof value);
    return value;
}

bool metrics_figure(const MetricsColumns *columns, size_t index, const percept_progress *progress, MetricsFigure *out)
{
    static const char *const parts[] = {[TRAIN] = "train", [VALID] = "valid", [TEST] = "test"};
    static const char *const needs[] = {
        [MEAN] = "loss", [SUM] = "loss_sum", [ACCURACY] = "accuracy", [NAIVE] = "loss_naive", [RMSE] = "rmse",
        [MAE] = "mae",   [R2] = "r2"};
    if (!has_column(columns, &table[index]))
        return false;
    *out = (MetricsFigure){needs[table[index].need], parts[table[index].part], value_of(&table[index], progress)};
    return true;
}

static percept_status fail(const MetricsLog *log, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_IO, "cannot write '%s': %s", log->path, strerror(errno));
}

/* One write for the whole line; more only where a full disk or a signal cut it. */
static percept_status write_line(MetricsLog *log, const char *line, percept_error *error)
{
    size_t left = strlen(line);
    while (left > 0) {
        const ssize_t written = write(log->file, line, left);
        if (written < 0 && errno != EINTR)
            return fail(log, error);
        if (written > 0) {
            line += written;
            left -= (size_t)written;
        }
    }
    return PERCEPT_OK;
}

static void format_header(const MetricsLog *log, char line[LINE_SIZE])
{
    int length = snprintf(line, LINE_SIZE, "epoch");
    for (size_t c = 0; c < COLUMNS; c++)
        if (has_column(&log->columns, &table[c]))
            length += snprintf(line + length, LINE_SIZE - (size_t)length, ",%s", table[c].name);
    snprintf(line + length, LINE_SIZE - (size_t)length, "\n");
}

/* Bytes of the header and of `epochs` lines after it; 0 if the text does not begin with them. */
static size_t kept_bytes(const char *text, size_t size, const char *header, size_t epochs)
{
    size_t at = strlen(header);
    if (size < at || memcmp(text, header, at) != 0)
        return 0;
    for (size_t epoch = 0; epoch < epochs; epoch++) {
        char number[32];
        const int length = snprintf(number, sizeof number, "%zu,", epoch);
        const char *end = at < size ? memchr(text + at, '\n', size - at) : NULL;
        if (end == NULL || strncmp(text + at, number, (size_t)length) != 0)
            return 0;
        at = (size_t)(end - text) + 1;
    }
    return at;
}

/* Opens the file at the end of its first `epochs` epochs. */
static percept_status reopen(MetricsLog *log, const char *header, size_t epochs, percept_error *error)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = file_read(log->path, &bytes, &size, error);
    if (status != PERCEPT_OK)
        return status;
    const size_t kept = kept_bytes((const char *)bytes, size, header, epochs);
    memory_free(bytes);
    if (kept == 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' was changed: it does not begin with the %zu epochs of the checkpoint; restore it, or "
                         "remove the checkpoint to start the run again",
                         log->path, epochs);
    log->file = open(log->path, O_WRONLY | O_APPEND | O_CLOEXEC);
    return log->file < 0 || ftruncate(log->file, (off_t)kept) != 0 ? fail(log, error) : PERCEPT_OK;
}

percept_status metrics_log_open(const char *folder, MetricsColumns columns, size_t epochs, MetricsLog **out,
                                percept_error *error)
{
    char header[LINE_SIZE];
    MetricsLog *log = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *log, "the metrics log", &log, error);
    if (status != PERCEPT_OK)
        return status;
    *log = (MetricsLog){.file = -1, .columns = columns};
    format_header(log, header);
    status = file_join(folder, "metrics.csv", &log->path, error);
    if (status == PERCEPT_OK && epochs > 0) {
        status = reopen(log, header, epochs, error);
    } else if (status == PERCEPT_OK) {
        log->file = open(log->path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
        status = log->file < 0 ? fail(log, error) : write_line(log, header, error);
    }
    if (status == PERCEPT_OK)
        *out = log;
    else
        (void)metrics_log_close(log, NULL);
    return status;
}

percept_status metrics_log_add(MetricsLog *log, const percept_progress *progress, percept_error *error)
{
    char line[LINE_SIZE], number[NUMBER_SIZE];
    int length = snprintf(line, sizeof line, "%zu", progress->epoch);
    for (size_t c = 0; c < COLUMNS; c++) {
        if (!has_column(&log->columns, &table[c]))
            continue;
        number_format_digits(value_of(&table[c], progress), DIGITS, number);
        length += snprintf(line + length, sizeof line - (size_t)length, ",%s", number);
    }
    snprintf(line + length, sizeof line - (size_t)length, "\n");
    return write_line(log, line, error);
}

percept_status metrics_log_sync(MetricsLog *log, percept_error *error)
{
    /* EINVAL: the output is not on a disk, for example a pipe. */
    return fsync(log->file) != 0 && errno != EINVAL ? fail(log, error) : PERCEPT_OK;
}

percept_status metrics_log_close(MetricsLog *log, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (log == NULL)
        return PERCEPT_OK;
    if (log->file >= 0) {
        status = metrics_log_sync(log, error);
        if (close(log->file) != 0 && status == PERCEPT_OK)
            status = fail(log, error);
    }
    memory_free(log->path);
    memory_free(log);
    return status;
}
