/* Reports of runs as pages: what was run, how it went, how good the model is, pictures, and the recipe. */
#ifndef REPORT_RUN_REPORT_H
#define REPORT_RUN_REPORT_H

#include "report/page.h"
#include "report/record.h"

typedef struct ReportOptions {
    bool stored;    /* only what the folder holds: no data are read and no model is measured */
    bool no_plot;   /* no pictures are drawn where there are none */
    bool inside;    /* a part of a larger page: subheadings instead of headings */
    size_t threads; /* to measure with, 0: one a core */
} ReportOptions;

/* Adds all about one run to a page: an unfinished run, a cross-validation, one whose data are gone; each says so. */
percept_status report_run_sections(Page *page, const char *folder, const ReportOptions *options, percept_error *error);

/* Adds a table of the settings in which runs differ and of their figures, and pictures of the runs over each other, which
 * are drawn in the folder `plots`; NULL: none are. */
percept_status report_comparison(Page *page, const char *const *folders, size_t count, const char *plots,
                                 percept_error *error);

/* Writes the page of a run, of a search (search_report.h), or of several runs (at least one): their comparison, then each in a folded block. */
percept_status report_write(const char *const *folders, size_t count, const char *path, const ReportOptions *options,
                            percept_error *error);

#endif
