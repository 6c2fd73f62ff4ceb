/* Runs side by side: the settings in which they differ, and their metrics. */
#ifndef REPORT_COMPARISON_H
#define REPORT_COMPARISON_H

#include "report/page.h"

/* Adds a table of the settings in which runs differ and of their metrics, and pictures of the runs over each other, which
 * are drawn in the folder `plots`; NULL: none are. */
percept_status report_comparison(Page *page, const char *const *folders, size_t count, const char *plots,
                                 percept_error *error);

#endif
