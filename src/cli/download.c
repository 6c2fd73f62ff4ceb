#include "cli/download.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <curl/curl.h>

#include "cli/interrupt.h"
#include "percept/percept.h"

#define CONNECT_SECONDS 20L
/* Slower than this for DownloadAttempt.silence is a broken connection. */
#define LEAST_BYTES_PER_SECOND 100L
#define MOST_REDIRECTIONS 5L

enum { HTTP_PARTIAL = 206, HTTP_TIMEOUT = 408, HTTP_RANGE = 416, HTTP_MANY = 429 };

/* An attempt while it runs. */
typedef struct Transfer {
    DownloadAttempt *attempt;
    CURL *curl;
    int file;
    size_t begin;        /* bytes that were there */
    size_t size;         /* bytes that are there */
    bool started;        /* the body has begun */
    bool has_range;      /* the server says where its bytes belong: */
    size_t range;        /* here */
    bool local_failure;  /* the disk's fault */
    bool server_failure; /* the reason is written already */
} Transfer;

static long response_code(const Transfer *transfer)
{
    long code = 0;
    (void)curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

/* ---- What libcurl calls ------------------------------------------------------------------------------------------ */

/* "Content-Range: bytes 100-199/200". A new status line begins a new answer, after a redirection. */
static size_t on_header(char *data, size_t size, size_t count, void *user)
{
    static const char name[] = "content-range: bytes ";
    Transfer *transfer = user;
    const size_t length = size * count, skip = sizeof name - 1;
    if (length >= 5 && memcmp(data, "HTTP/", 5) == 0)
        transfer->has_range = false;
    if (length <= skip || strncasecmp(data, name, skip) != 0)
        return length;
    size_t place = 0, digits = 0;
    for (; skip + digits < length && data[skip + digits] >= '0' && data[skip + digits] <= '9'; digits++)
        if (__builtin_mul_overflow(place, (size_t)10, &place) ||
            __builtin_add_overflow(place, (size_t)(data[skip + digits] - '0'), &place))
            return length;
    transfer->has_range = digits > 0;
    transfer->range = place;
    return length;
}

static bool fail_locally(Transfer *transfer, const char *doing)
{
    snprintf(transfer->attempt->reason, sizeof transfer->attempt->reason, "cannot %s '%.150s': %s", doing,
             transfer->attempt->part, strerror(errno));
    transfer->local_failure = true;
    return false;
}

static bool refuse(Transfer *transfer, const char *reason)
{
    snprintf(transfer->attempt->reason, sizeof transfer->attempt->reason, "%s", reason);
    transfer->server_failure = true;
    return false;
}

/* Before the first bytes: do they belong behind those that are there? */
static bool start_body(Transfer *transfer)
{
    transfer->started = true;
    if (transfer->begin == 0)
        return true;
    if (response_code(transfer) == HTTP_PARTIAL) {
        transfer->attempt->continued = true;
        if (!transfer->has_range || transfer->range != transfer->begin)
            return refuse(transfer, "the server sends another part of the file than requested");
        return true;
    }
    if (ftruncate(transfer->file, 0) != 0 || lseek(transfer->file, 0, SEEK_SET) != 0)
        return fail_locally(transfer, "start anew");
    transfer->begin = transfer->size = 0;
    return true;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    Transfer *transfer = user;
    const size_t length = size * count;
    if (!transfer->started && !start_body(transfer))
        return 0;
    if (length > transfer->attempt->most - transfer->size) {
        refuse(transfer, "the server sends more bytes than the file can have");
        transfer->attempt->useless = true;
        return 0;
    }
    for (size_t written = 0; written < length;) {
        const ssize_t got = write(transfer->file, data + written, length - written);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            fail_locally(transfer, "write");
            return 0;
        }
        written += (size_t)got;
        transfer->size += (size_t)got;
    }
    return length;
}

static int on_progress(void *user, curl_off_t total, curl_off_t done, curl_off_t up_total, curl_off_t up_done)
{
    Transfer *transfer = user;
    curl_off_t rate = 0;
    (void)done;
    (void)up_total;
    (void)up_done;
    (void)curl_easy_getinfo(transfer->curl, CURLINFO_SPEED_DOWNLOAD_T, &rate);
    if (transfer->started)
        transfer_bar_update(transfer->attempt->bar, transfer->size, total > 0 ? transfer->begin + (uint64_t)total : 0,
                            rate > 0 ? (uint64_t)rate : 0);
    return interrupt_signal() != 0;
}

/* ---- The attempt --------------------------------------------------------------------------------------------------- */

static bool set_options(Transfer *transfer, char error_text[CURL_ERROR_SIZE])
{
    CURL *curl = transfer->curl;
    const DownloadAttempt *attempt = transfer->attempt;
    char range[32];
    CURLcode code = curl_easy_setopt(curl, CURLOPT_URL, attempt->url);
#define SET(option, value) code = code == CURLE_OK ? curl_easy_setopt(curl, option, value) : code
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 1L);
    SET(CURLOPT_MAXREDIRS, MOST_REDIRECTIONS);
    SET(CURLOPT_FAILONERROR, 1L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_USERAGENT, "percept/" PERCEPT_VERSION);
    SET(CURLOPT_CONNECTTIMEOUT, attempt->silence < CONNECT_SECONDS ? attempt->silence : CONNECT_SECONDS);
    SET(CURLOPT_LOW_SPEED_LIMIT, LEAST_BYTES_PER_SECOND);
    SET(CURLOPT_LOW_SPEED_TIME, attempt->silence);
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)attempt->most);
    SET(CURLOPT_ERRORBUFFER, error_text);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, transfer);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, transfer);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(CURLOPT_XFERINFODATA, transfer);
    if (transfer->begin > 0) {
        snprintf(range, sizeof range, "%zu-", transfer->begin);
        SET(CURLOPT_RANGE, range); /* libcurl keeps a copy */
    }
#undef SET
    return code == CURLE_OK;
}

static bool is_busy(long code)
{
    return code == HTTP_TIMEOUT || code == HTTP_MANY || code >= 500;
}

/* What an answer of 400 or more means. */
static DownloadOutcome judge_status(Transfer *transfer)
{
    const long code = response_code(transfer);
    curl_off_t wait = 0;
    /* Nothing follows the existing bytes: the file may be complete. */
    if (code == HTTP_RANGE && transfer->begin > 0) {
        transfer->attempt->continued = true;
        return DOWNLOAD_DONE;
    }
    if (curl_easy_getinfo(transfer->curl, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK)
        transfer->attempt->retry_after = (long)wait;
    snprintf(transfer->attempt->reason, sizeof transfer->attempt->reason, "the server answered %ld", code);
    return is_busy(code) ? DOWNLOAD_AGAIN : DOWNLOAD_NEXT;
}

static DownloadOutcome judge(Transfer *transfer, CURLcode code, const char *error_text)
{
    static const CURLcode passing[] = {CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR,
                                       CURLE_SEND_ERROR,   CURLE_HTTP2,       CURLE_OPERATION_TIMEDOUT,
                                       CURLE_HTTP2_STREAM};
    DownloadAttempt *attempt = transfer->attempt;
    if (interrupt_signal() != 0)
        return DOWNLOAD_INTERRUPTED;
    if (code == CURLE_OK)
        return DOWNLOAD_DONE;
    if (transfer->local_failure)
        return DOWNLOAD_STOP;
    if (transfer->server_failure)
        return DOWNLOAD_NEXT;
    if (code == CURLE_HTTP_RETURNED_ERROR)
        return judge_status(transfer);
    if (code == CURLE_OPERATION_TIMEDOUT && transfer->size == transfer->begin) {
        snprintf(attempt->reason, sizeof attempt->reason, "the server sent nothing for %ld s", attempt->silence);
        return DOWNLOAD_NEXT;
    }
    const bool no_certificates = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
    snprintf(attempt->reason, sizeof attempt->reason, "%.180s%s",
             error_text[0] != '\0' ? error_text : curl_easy_strerror(code),
             no_certificates ? "; is the package ca-certificates installed?" : "");
    for (size_t p = 0; p < sizeof passing / sizeof passing[0]; p++)
        if (passing[p] == code)
            return DOWNLOAD_AGAIN;
    return DOWNLOAD_NEXT;
}

static bool open_part(Transfer *transfer)
{
    transfer->file = open(transfer->attempt->part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (transfer->file < 0)
        return fail_locally(transfer, "write");
    const off_t end = lseek(transfer->file, 0, SEEK_END);
    if (end < 0)
        return fail_locally(transfer, "read");
    transfer->begin = transfer->size = (size_t)end;
    if (transfer->size <= transfer->attempt->most)
        return true;
    transfer->begin = transfer->size = 0; /* whatever it is, it is no part of the file */
    return ftruncate(transfer->file, 0) == 0 && lseek(transfer->file, 0, SEEK_SET) == 0 ? true
                                                                                        : fail_locally(transfer, "cut");
}

DownloadOutcome download_attempt(DownloadAttempt *attempt)
{
    Transfer transfer = {.attempt = attempt, .file = -1};
    char error_text[CURL_ERROR_SIZE] = "";
    DownloadOutcome outcome = DOWNLOAD_STOP;
    attempt->continued = attempt->useless = false;
    attempt->retry_after = 0;
    attempt->reason[0] = '\0';
    const bool opened = open_part(&transfer);
    transfer.curl = opened ? curl_easy_init() : NULL;
    if (transfer.curl != NULL && set_options(&transfer, error_text)) {
        const CURLcode code = curl_easy_perform(transfer.curl);
        outcome = judge(&transfer, code, error_text);
    } else if (opened) {
        snprintf(attempt->reason, sizeof attempt->reason, "libcurl cannot be used for '%.150s'", attempt->url);
    }
    curl_easy_cleanup(transfer.curl);
    if (transfer.file >= 0 && (fsync(transfer.file) != 0 || close(transfer.file) != 0) && outcome == DOWNLOAD_DONE) {
        (void)fail_locally(&transfer, "write");
        outcome = DOWNLOAD_STOP;
    }
    return outcome;
}
