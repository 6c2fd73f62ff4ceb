/* How reports are made. */
#ifndef REPORT_OPTIONS_H
#define REPORT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ReportOptions {
    bool stored;    /* use only the content of the folder: no data are read and no model is measured */
    bool no_plot;   /* do not draw missing pictures */
    bool inside;    /* a part of a larger page: subheadings instead of headings */
    size_t threads; /* for measuring, 0: one per core */
} ReportOptions;

#endif
