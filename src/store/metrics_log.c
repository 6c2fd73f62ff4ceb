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

/* A column that not every run has. */
typedef struct Column {
    const char *name;
    bool accuracy, validation; /* needs classes; needs validation data */
    size_t offset;             /* of its value in percept_progress */
} Column;

static const Column columns[] = {
    {"train_loss", false, false, offsetof(percept_progress, train_loss)},
    {"train_accuracy", true, false, offsetof(percept_progress, train_accuracy)},
    {"valid_loss", false, true, offsetof(percept_progress, valid_loss)},
    {"valid_accuracy", true, true, offsetof(percept_progress, valid_accuracy)},
};

#define COLUMNS (sizeof columns / sizeof *columns)

/* Room for a line: the epoch and the columns with their commas, by name or number. */
#define LINE_SIZE ((COLUMNS + 1) * (NUMBER_SIZE + 1))

struct MetricsLog {
    int file;
    char *path;
    bool accuracy, validation;
};

static bool has_column(const MetricsLog *log, const Column *column)
{
    return (log->accuracy || !column->accuracy) && (log->validation || !column->validation);
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

static percept_status write_header(MetricsLog *log, percept_error *error)
{
    char line[LINE_SIZE];
    int length = snprintf(line, sizeof line, "epoch");
    for (size_t c = 0; c < COLUMNS; c++)
        if (has_column(log, &columns[c]))
            length += snprintf(line + length, sizeof line - (size_t)length, ",%s", columns[c].name);
    snprintf(line + length, sizeof line - (size_t)length, "\n");
    return write_line(log, line, error);
}

percept_status metrics_log_open(const char *folder, bool accuracy, bool validation, MetricsLog **out,
                                percept_error *error)
{
    MetricsLog *log = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *log, "the metrics log", &log, error);
    if (status != PERCEPT_OK)
        return status;
    log->file = -1;
    log->accuracy = accuracy;
    log->validation = validation;
    status = file_join(folder, "metrics.csv", &log->path, error);
    if (status == PERCEPT_OK) {
        log->file = open(log->path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
        status = log->file < 0 ? fail(log, error) : write_header(log, error);
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
        if (!has_column(log, &columns[c]))
            continue;
        double value = 0;
        memcpy(&value, (const char *)progress + columns[c].offset, sizeof value);
        number_format_digits(value, DIGITS, number);
        length += snprintf(line + length, sizeof line - (size_t)length, ",%s", number);
    }
    snprintf(line + length, sizeof line - (size_t)length, "\n");
    return write_line(log, line, error);
}

percept_status metrics_log_close(MetricsLog *log, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (log == NULL)
        return PERCEPT_OK;
    /* EINVAL: what is written to has no disk behind it, such as a pipe. */
    if (log->file >= 0 && fsync(log->file) != 0 && errno != EINVAL)
        status = fail(log, error);
    if (log->file >= 0 && close(log->file) != 0 && status == PERCEPT_OK)
        status = fail(log, error);
    memory_free(log->path);
    memory_free(log);
    return status;
}
