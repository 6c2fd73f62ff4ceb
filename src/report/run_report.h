/* The report of a run: what was run, how it went, how good the model is, pictures, and the recipe. */
#ifndef REPORT_RUN_REPORT_H
#define REPORT_RUN_REPORT_H

#include "report/options.h"
#include "report/page.h"

/* Adds the report of one run to a page. It states if a run is unfinished, a cross-validation, or without its data. */
percept_status report_run_sections(Page *page, const char *folder, const ReportOptions *options, percept_error *error);

/* Makes the page of the run in a folder, called after it. Released with page_free. */
percept_status report_run_page(const char *folder, const ReportOptions *options, Page **out, percept_error *error);

#endif
