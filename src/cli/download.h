/* A file from the network, as far as one attempt brings it: HTTP and HTTPS, through libcurl. */
#ifndef CLI_DOWNLOAD_H
#define CLI_DOWNLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/transfer_bar.h"

typedef enum DownloadOutcome {
    DOWNLOAD_DONE,        /* all that the server has is there */
    DOWNLOAD_AGAIN,       /* it may go better next time: the connection broke, the server is busy */
    DOWNLOAD_NEXT,        /* this server will not do */
    DOWNLOAD_STOP,        /* no server will do: the disk refuses */
    DOWNLOAD_INTERRUPTED, /* Ctrl-C or SIGTERM */
} DownloadOutcome;

typedef struct DownloadAttempt {
    const char *url;  /* http:// or https:// */
    const char *part; /* the file that grows; what it holds is taken as the beginning of what is at url */
    size_t most;      /* bytes it may grow to */
    long silence;     /* seconds: a server that sends next to nothing for so long is given up */
    TransferBar *bar;
    /* Filled in: */
    bool continued;   /* what was there has been built upon */
    bool useless;     /* what is there cannot be the beginning of the file */
    long retry_after; /* seconds that the server wants to be left alone, 0 if it does not say */
    char reason[256]; /* why it is not done */
} DownloadAttempt;

/* Asks for what is missing of the file and appends it, following at most five redirections to addresses of HTTP and HTTPS.
 * A server that sends the whole file instead of the rest makes it start anew. */
DownloadOutcome download_attempt(DownloadAttempt *attempt);

#endif
