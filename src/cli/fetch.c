#include "cli/fetch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/gzip.h"
#include "base/memory.h"
#include "cli/checksum.h"
#include "cli/download.h"
#include "cli/interrupt.h"
#include "data/source.h"

/* Attempts in a row that bring nothing new, and attempts in all, before a mirror is given up. */
#define MOST_IDLE 4
#define MOST_ATTEMPTS 100
/* Milliseconds: before the first attempt after an idle one, doubled for each more; at most; between two looks for an
 * interrupt. */
#define FIRST_WAIT 500L
#define LONGEST_WAIT 30000L
#define TICK 50L

/* A file on its way. */
typedef struct Fetch {
    const OriginFile *file;
    const char *folder;
    long silence;
    char reasons[600]; /* of the mirrors that would not do */
} Fetch;

/* ---- Names ----------------------------------------------------------------------------------------------------- */

/* "MIRROR/NAME.gz" */
static percept_status name_url(const Fetch *fetch, const char *mirror, char **url, percept_error *error)
{
    const size_t length = strlen(mirror), size = length + strlen(fetch->file->name) + sizeof "/.gz";
    percept_status status = memory_allocate(size, 1, "an address", url, error);
    if (status == PERCEPT_OK)
        snprintf(*url, size, "%s%s%s.gz", mirror, length > 0 && mirror[length - 1] == '/' ? "" : "/",
                 fetch->file->name);
    return status;
}

/* "NAME.gz.HASH.part": mirrors pack a file differently, so what came from one cannot be continued by another. The hash is
 * 32-bit FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo, 1991) of the address. */
static percept_status name_part(const Fetch *fetch, const char *url, char **part, percept_error *error)
{
    uint32_t hash = 2166136261U;
    char name[256];
    for (const char *c = url; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619U;
    snprintf(name, sizeof name, "%s.gz.%08x.part", fetch->file->name, (unsigned)hash);
    return file_join(fetch->folder, name, part, error);
}

static size_t size_of(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && facts.st_size > 0 ? (size_t)facts.st_size : 0;
}

/* ---- Waiting ------------------------------------------------------------------------------------------------------ */

/* Sleeps before attempt number `idle` in a row that is made after nothing came; an interrupt ends it. */
static void wait_before(size_t idle, long retry_after)
{
    long wait = FIRST_WAIT << (idle - 1);
    if (retry_after > wait / 1000)
        wait = retry_after < LONGEST_WAIT / 1000 ? retry_after * 1000 : LONGEST_WAIT;
    for (; wait > 0 && interrupt_signal() == 0; wait -= TICK) {
        const struct timespec tick = {.tv_nsec = TICK * 1000000};
        (void)nanosleep(&tick, NULL);
    }
}

/* ---- One mirror ----------------------------------------------------------------------------------------------------- */

/* Attempts until the server has sent all, or will not do. *continued: some of it had come earlier. */
static DownloadOutcome try_mirror(DownloadAttempt *attempt, bool *continued)
{
    DownloadOutcome outcome = DOWNLOAD_AGAIN;
    size_t idle = 0;
    for (size_t n = 0; outcome == DOWNLOAD_AGAIN && idle < MOST_IDLE && n < MOST_ATTEMPTS; n++) {
        const size_t before = size_of(attempt->part);
        outcome = download_attempt(attempt);
        *continued = *continued || attempt->continued;
        idle = size_of(attempt->part) > before ? 0 : idle + 1;
        if (outcome == DOWNLOAD_AGAIN && idle > 0 && idle < MOST_IDLE)
            wait_before(idle, attempt->retry_after);
    }
    return interrupt_signal() != 0 ? DOWNLOAD_INTERRUPTED : outcome;
}

/* Gets the whole file from one mirror and checks it. If it was put together from several attempts and is wrong, it may be
 * that the server's file has changed in between: once more, from the start. */
static DownloadOutcome get_and_check(const Fetch *fetch, DownloadAttempt *attempt)
{
    percept_error wrong;
    for (size_t round = 0; round < 2; round++) {
        bool continued = false;
        const DownloadOutcome outcome = try_mirror(attempt, &continued);
        if (outcome != DOWNLOAD_DONE)
            return outcome;
        if (checksum_compare(attempt->part, fetch->file, &wrong) == PERCEPT_OK)
            return DOWNLOAD_DONE;
        unlink(attempt->part);
        snprintf(attempt->reason, sizeof attempt->reason, "sends wrong bytes: %.200s", wrong.message);
        if (!continued)
            break;
    }
    return DOWNLOAD_NEXT;
}

/* ---- Its place ------------------------------------------------------------------------------------------------------ */

/* Gives the checked file its name: with .gz if it is gzip. */
static percept_status put_in_place(const Fetch *fetch, const char *part, percept_error *error)
{
    uint8_t magic[2] = {0, 0};
    char name[256], *path = NULL;
    FILE *file = fopen(part, "rbe");
    const size_t got = file != NULL ? fread(magic, 1, sizeof magic, file) : 0;
    if (file != NULL)
        (void)fclose(file);
    snprintf(name, sizeof name, "%s%s", fetch->file->name, gzip_recognize(magic, got) ? ".gz" : "");
    percept_status status = file_join(fetch->folder, name, &path, error);
    if (status == PERCEPT_OK && rename(part, path) != 0)
        status = error_set(error, PERCEPT_ERROR_IO, "cannot write '%s': %s", path, strerror(errno));
    memory_free(path);
    return status;
}

/* Removes what other mirrors have left. */
static void remove_parts(const Fetch *fetch, const char *const *mirrors, size_t count)
{
    for (size_t m = 0; m < count; m++) {
        char *url = NULL, *part = NULL;
        if (name_url(fetch, mirrors[m], &url, NULL) == PERCEPT_OK && name_part(fetch, url, &part, NULL) == PERCEPT_OK)
            unlink(part);
        memory_free(url);
        memory_free(part);
    }
}

/* ---- All mirrors ----------------------------------------------------------------------------------------------------- */

static void note_reason(Fetch *fetch, const char *url, const char *reason)
{
    const char *host = strstr(url, "://");
    host = host != NULL ? host + 3 : url;
    const size_t used = strlen(fetch->reasons);
    snprintf(fetch->reasons + used, sizeof fetch->reasons - used, "%s%.*s: %s", used > 0 ? "; " : "",
             (int)strcspn(host, "/"), host, reason);
}

/* PERCEPT_OK with *done false: the next mirror is to be tried. */
static percept_status fetch_from(Fetch *fetch, const char *mirror, bool *done, uint64_t *fetched, percept_error *error)
{
    char *url = NULL, *part = NULL;
    TransferBar bar = transfer_bar_begin(fetch->file->name);
    percept_status status = name_url(fetch, mirror, &url, error);
    if (status == PERCEPT_OK)
        status = name_part(fetch, url, &part, error);
    if (status == PERCEPT_OK) {
        const size_t size = fetch->file->size;
        DownloadAttempt attempt = {
            .url = url, .part = part, .most = size + size / 100 + 65536, .silence = fetch->silence, .bar = &bar};
        const DownloadOutcome outcome = get_and_check(fetch, &attempt);
        transfer_bar_end(&bar);
        *done = outcome == DOWNLOAD_DONE;
        if (outcome == DOWNLOAD_DONE) {
            *fetched = size_of(part);
            status = put_in_place(fetch, part, error);
        } else if (outcome == DOWNLOAD_INTERRUPTED) {
            status = error_set(error, PERCEPT_ERROR_INTERRUPTED, "interrupted; the received part of '%s' is kept", url);
        } else if (outcome == DOWNLOAD_STOP) {
            status = error_set(error, PERCEPT_ERROR_IO, "%s", attempt.reason);
        } else {
            note_reason(fetch, url, attempt.reason);
        }
        if (attempt.useless || size_of(part) == 0 || size_of(part) > attempt.most)
            unlink(part);
    }
    memory_free(url);
    memory_free(part);
    return status;
}

/* Whether the file is there; a wrong one is refused. */
static percept_status look(const Fetch *fetch, bool *there, percept_error *error)
{
    char *path = NULL;
    percept_status status = source_find_file(fetch->folder, fetch->file->name, &path, error);
    *there = path != NULL;
    if (status == PERCEPT_OK && *there) {
        status = checksum_compare(path, fetch->file, error);
        if (status == PERCEPT_ERROR_FORMAT)
            error_set(error, PERCEPT_ERROR_IO,
                      "'%.300s' is there already, but has other content than it should have; move it away first", path);
    }
    memory_free(path);
    return status;
}

percept_status fetch_file(const OriginFile *file, const FetchPlan *plan, uint64_t *fetched, percept_error *error)
{
    Fetch fetch = {.file = file, .folder = plan->folder, .silence = plan->silence};
    bool done = false;
    *fetched = 0;
    percept_status status = look(&fetch, &done, error);
    if (status != PERCEPT_OK || done)
        return status;
    for (size_t m = 0; status == PERCEPT_OK && !done && m < plan->mirror_count; m++)
        status = fetch_from(&fetch, plan->mirrors[m], &done, fetched, error);
    if (status != PERCEPT_OK)
        return status;
    if (!done)
        return error_set(
            error, PERCEPT_ERROR_IO,
            "%s.gz could not be downloaded: %s; try again later, give another mirror with --mirror URL, or put the "
            "file into '%.200s' yourself",
            file->name, fetch.reasons, plan->folder);
    remove_parts(&fetch, plan->mirrors, plan->mirror_count);
    return PERCEPT_OK;
}
