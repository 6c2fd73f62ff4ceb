/* Reports as files of HTML. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/error.h"
#include "report/options.h"

/* Writes the page of a run (run_report.h), of a search (search_report.h), or of several runs: their comparison, then each in
 * a folded block. count ≥ 1. */
percept_status report_write(const char *const *folders, size_t count, const char *path, const ReportOptions *options,
                            percept_error *error);

#endif
