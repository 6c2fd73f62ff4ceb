#include "cli/transfer_bar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define REDRAW_SECONDS 0.1
#define BAR_COLUMNS 24
#define NAME_COLUMNS 28

/* The line of a terminal that the cursor is on, emptied. */
#define CLEAR_LINE "\r\033[K"

static double now(void)
{
    struct timespec time = {0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

TransferBar transfer_bar_begin(const char *name)
{
    const char *kind = getenv("TERM");
    const bool dumb = kind != NULL && strcmp(kind, "dumb") == 0;
    return (TransferBar){.name = name, .terminal = isatty(STDERR_FILENO) == 1 && !dumb};
}

TransferSize transfer_size(uint64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    TransferSize size;
    double amount = (double)bytes / 1000;
    size_t unit = 0;
    if (bytes < 1000) {
        snprintf(size.text, sizeof size.text, "%u bytes", (unsigned)bytes);
        return size;
    }
    for (; amount >= 999.95 && unit + 1 < sizeof units / sizeof units[0]; unit++)
        amount /= 1000;
    snprintf(size.text, sizeof size.text, "%.1f %s", amount, units[unit]);
    return size;
}

void transfer_bar_update(TransferBar *bar, uint64_t done, uint64_t total, uint64_t rate)
{
    const double time = now();
    if (!bar->terminal || (bar->live && time - bar->drawn < REDRAW_SECONDS))
        return;
    char cells[BAR_COLUMNS + 1];
    const uint64_t filled = total > 0 && done < total ? (uint64_t)((double)done / (double)total * BAR_COLUMNS) : 0;
    memset(cells, '.', BAR_COLUMNS);
    memset(cells, '#', total > 0 && done >= total ? BAR_COLUMNS : (size_t)filled);
    cells[BAR_COLUMNS] = '\0';
    fprintf(stderr, CLEAR_LINE "%-*.*s ", NAME_COLUMNS, NAME_COLUMNS, bar->name);
    if (total > 0)
        fprintf(stderr, "%s %s of ", cells, transfer_size(done).text);
    fprintf(stderr, "%s", transfer_size(total > 0 ? total : done).text);
    if (rate > 0)
        fprintf(stderr, "  %s/s", transfer_size(rate).text);
    fflush(stderr);
    bar->live = true;
    bar->drawn = time;
}

void transfer_bar_end(TransferBar *bar)
{
    if (bar->live)
        fputs(CLEAR_LINE, stderr);
    bar->live = false;
}
