/* A progress line on a terminal for the download of a file. */
#ifndef CLI_TRANSFER_BAR_H
#define CLI_TRANSFER_BAR_H

#include <stdbool.h>
#include <stdint.h>

typedef struct TransferBar {
    const char *name;
    bool terminal; /* false: nothing is shown */
    bool live;     /* the line of the cursor shows a bar */
    double drawn;  /* seconds, monotonic */
} TransferBar;

/* A bar on standard error, if that is a terminal. */
TransferBar transfer_bar_begin(const char *name);

/* Shows the bytes received of `total` (0: unknown), and the bytes per second. Redraws at most ten times a second. */
void transfer_bar_update(TransferBar *bar, uint64_t done, uint64_t total, uint64_t rate);

/* Removes the bar. */
void transfer_bar_end(TransferBar *bar);

/* "532 bytes", "9.9 MB": 1000 bytes are a kB. */
typedef struct TransferSize {
    char text[32];
} TransferSize;
TransferSize transfer_size(uint64_t bytes);

#endif
