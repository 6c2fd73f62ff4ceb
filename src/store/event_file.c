#include "store/event_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/crc32c.h"
#include "store/event_histogram.h"

#define PREFIX "events.out.tfevents."

/* Field numbers of TensorFlow's event.proto and summary.proto. */
enum { EVENT_WALL_TIME = 1, EVENT_STEP, EVENT_FILE_VERSION, EVENT_SUMMARY = 5, EVENT_SESSION_LOG = 7 };
enum { SESSION_STATUS = 1, SESSION_START = 1 };
enum { VALUE_TAG = 1, VALUE_SCALAR, VALUE_HISTOGRAM = 5 };

struct EventFile {
    FILE *stream;
    char *path;
    ProtoWriter event;
    size_t summary; /* of the event that is being made */
    EventHistogram histogram;
};

/* ---- Records ------------------------------------------------------------------------------------------------------ */

static void put_little_endian(uint8_t *bytes, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

/* Masked, so that a checksum of bytes that hold checksums is one, too (TensorFlow, record_writer.h). */
static uint32_t masked_crc(const void *bytes, size_t size)
{
    const uint32_t crc = crc32c(bytes, size);
    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

static percept_status fail(const EventFile *file, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_IO, "cannot write '%s': %s", file->path, strerror(errno));
}

/* Writes the event in hand as a record. */
static percept_status write_event(EventFile *file, percept_error *error)
{
    const Buffer *event = &file->event.buffer;
    uint8_t head[12], tail[4];
    percept_status status = proto_status(&file->event, error);
    if (status != PERCEPT_OK)
        return status;
    put_little_endian(head, event->size, 8);
    put_little_endian(head + 8, masked_crc(head, 8), 4);
    put_little_endian(tail, masked_crc(event->bytes, event->size), 4);
    if (fwrite(head, sizeof head, 1, file->stream) != 1 || fwrite(event->bytes, event->size, 1, file->stream) != 1 ||
        fwrite(tail, sizeof tail, 1, file->stream) != 1 || fflush(file->stream) != 0)
        return fail(file, error);
    return PERCEPT_OK;
}

/* ---- Events ------------------------------------------------------------------------------------------------------- */

static void begin_event(EventFile *file, uint64_t step)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    proto_restart(&file->event);
    proto_double(&file->event, EVENT_WALL_TIME, (double)now.tv_sec + 1e-9 * (double)now.tv_nsec);
    if (step > 0)
        proto_integer(&file->event, EVENT_STEP, step);
}

/* What every file begins with: its version, and that training begins at this step. */
static percept_status write_start(EventFile *file, uint64_t step, percept_error *error)
{
    begin_event(file, 0);
    proto_text(&file->event, EVENT_FILE_VERSION, "brain.Event:2");
    percept_status status = write_event(file, error);
    if (status != PERCEPT_OK)
        return status;
    begin_event(file, step);
    const size_t session = proto_begin(&file->event, EVENT_SESSION_LOG);
    proto_integer(&file->event, SESSION_STATUS, SESSION_START);
    proto_end(&file->event, session);
    return write_event(file, error);
}

void event_file_begin(EventFile *file, uint64_t step)
{
    begin_event(file, step);
    file->summary = proto_begin(&file->event, EVENT_SUMMARY);
}

void event_file_scalar(EventFile *file, const char *tag, double value)
{
    const size_t message = proto_begin(&file->event, EVENT_VALUE);
    proto_text(&file->event, VALUE_TAG, tag);
    proto_float(&file->event, VALUE_SCALAR, (float)value);
    proto_end(&file->event, message);
}

void event_file_histogram(EventFile *file, const char *tag, percept_type type, const void *values, size_t count)
{
    EventHistogram *histogram = &file->histogram;
    char name[256];
    event_histogram_count(histogram, type, values, count);
    if (histogram->count > 0) {
        const size_t message = proto_begin(&file->event, EVENT_VALUE);
        proto_text(&file->event, VALUE_TAG, tag);
        event_histogram_write(histogram, &file->event, VALUE_HISTOGRAM);
        proto_end(&file->event, message);
    }
    snprintf(name, sizeof name, "%s_not_finite", tag);
    if (histogram->not_finite > 0)
        event_file_scalar(file, name, (double)histogram->not_finite);
}

ProtoWriter *event_file_values(EventFile *file)
{
    return &file->event;
}

percept_status event_file_end(EventFile *file, percept_error *error)
{
    proto_end(&file->event, file->summary);
    return write_event(file, error);
}

/* ---- The file ----------------------------------------------------------------------------------------------------- */

/* Seconds for the name of a new file: now, or later than in the names that are there. */
static long long choose_time(const char *folder)
{
    long long seconds = (long long)time(NULL);
    DIR *entries = opendir(folder);
    const struct dirent *entry = NULL;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        const bool is_event_file = strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0;
        const long long other = is_event_file ? strtoll(entry->d_name + strlen(PREFIX), NULL, 10) : 0;
        if (other >= seconds && other < seconds + 1000000) /* not an invented value */
            seconds = other + 1;
    }
    if (entries != NULL)
        closedir(entries);
    return seconds;
}

static percept_status open_file(EventFile *file, const char *folder, percept_error *error)
{
    char host[256] = "", name[sizeof host + 80];
    (void)gethostname(host, sizeof host - 1);
    for (char *c = host; *c != '\0'; c++)
        if (*c == '/')
            *c = '-';
    snprintf(name, sizeof name, PREFIX "%010lld.%s.%ld", choose_time(folder), host[0] != '\0' ? host : "localhost",
             (long)getpid());
    percept_status status = file_join(folder, name, &file->path, error);
    if (status != PERCEPT_OK)
        return status;
    file->stream = fopen(file->path, "wxe");
    return file->stream == NULL ? fail(file, error) : PERCEPT_OK;
}

percept_status event_file_create(const char *folder, uint64_t step, EventFile **out, percept_error *error)
{
    EventFile *file = NULL;
    percept_status status = file_make_folder(folder, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(1, sizeof *file, "an event file", &file, error);
    if (status != PERCEPT_OK)
        return status;
    event_histogram_init(&file->histogram);
    status = open_file(file, folder, error);
    if (status == PERCEPT_OK)
        status = write_start(file, step, error);
    if (status == PERCEPT_OK)
        *out = file;
    else
        event_file_close(file);
    return status;
}

void event_file_close(EventFile *file)
{
    if (file == NULL)
        return;
    if (file->stream != NULL)
        (void)fclose(file->stream); /* all is written: each event is flushed */
    proto_clear(&file->event);
    memory_free(file->path);
    memory_free(file);
}
