/* The page of a search: settings, results, pictures of all trials, a sortable table, and the winner. */
#ifndef REPORT_SEARCH_REPORT_H
#define REPORT_SEARCH_REPORT_H

#include "report/options.h"
#include "report/page.h"

/* Makes the page of the search in a folder (show/trials.h), called after it. Released with page_free. */
percept_status report_search_page(const char *folder, const ReportOptions *options, Page **out, percept_error *error);

#endif
