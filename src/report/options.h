/* How reports are made. */
#ifndef REPORT_OPTIONS_H
#define REPORT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ReportOptions {
    bool stored;    /* only what the folder holds: no data are read and no model is measured */
    bool no_plot;   /* no pictures are drawn where there are none */
    bool inside;    /* a part of a larger page: subheadings instead of headings */
    size_t threads; /* to measure with, 0: one a core */
} ReportOptions;

#endif
