/* One attempt to download a file over HTTP or HTTPS, through libcurl. */
#ifndef CLI_DOWNLOAD_H
#define CLI_DOWNLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/transfer_bar.h"

typedef enum DownloadOutcome {
    DOWNLOAD_DONE,        /* the file is complete */
    DOWNLOAD_AGAIN,       /* try again: the connection broke, or the server is busy */
    DOWNLOAD_NEXT,        /* this server cannot send the file; try the next one */
    DOWNLOAD_STOP,        /* no server can help: the file cannot be written */
    DOWNLOAD_INTERRUPTED, /* Ctrl-C or SIGTERM */
} DownloadOutcome;

typedef struct DownloadAttempt {
    const char *url;  /* http:// or https:// */
    const char *part; /* the file that is written; its content must be the beginning of the file at url */
    size_t most;      /* largest allowed size in bytes */
    long silence;     /* seconds: a server that sends almost nothing for this long is given up */
    TransferBar *bar;
    /* Filled in: */
    bool continued;   /* the download continued from the content of `part` */
    bool useless;     /* the content of `part` is not the beginning of the file */
    long retry_after; /* seconds to wait, requested by the server; else 0 */
    char reason[256]; /* why the download is not complete */
} DownloadAttempt;

/* Requests the missing rest of the file and appends it, following at most five redirections to HTTP or HTTPS addresses. If
 * the server sends the whole file instead, it is written from the beginning. */
DownloadOutcome download_attempt(DownloadAttempt *attempt);

#endif
