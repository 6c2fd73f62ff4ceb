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

static void format_header(const MetricsLog *log, char line[LINE_SIZE])
{
    int length = snprintf(line, LINE_SIZE, "epoch");
    for (size_t c = 0; c < COLUMNS; c++)
        if (has_column(log, &columns[c]))
            length += snprintf(line + length, LINE_SIZE - (size_t)length, ",%s", columns[c].name);
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
                         "'%s' does not begin with the %zu epochs that the checkpoint comes after: it was changed; put "
                         "it back, or remove the checkpoint to begin the run anew",
                         log->path, epochs);
    log->file = open(log->path, O_WRONLY | O_APPEND | O_CLOEXEC);
    return log->file < 0 || ftruncate(log->file, (off_t)kept) != 0 ? fail(log, error) : PERCEPT_OK;
}

percept_status metrics_log_open(const char *folder, bool accuracy, bool validation, size_t epochs, MetricsLog **out,
                                percept_error *error)
{
    char header[LINE_SIZE];
    MetricsLog *log = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *log, "the metrics log", &log, error);
    if (status != PERCEPT_OK)
        return status;
    *log = (MetricsLog){.file = -1, .accuracy = accuracy, .validation = validation};
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

percept_status metrics_log_sync(MetricsLog *log, percept_error *error)
{
    /* EINVAL: what is written to has no disk behind it, such as a pipe. */
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
