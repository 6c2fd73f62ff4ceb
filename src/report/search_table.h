/* The tables of a search's page. For search_report.c. */
#ifndef REPORT_SEARCH_TABLE_H
#define REPORT_SEARCH_TABLE_H

#include "base/number_text.h"
#include "report/page.h"
#include "show/trials.h"

/* A score: "97.10 %", or a loss; "" if there is none. */
TextNumber search_figure(const Trials *trials, double figure);

/* A sortable table of all trials, the best first. */
percept_status search_table_trials(Page *page, const Trials *trials, percept_error *error);

/* Rungs: how many trials reached them, continued, and were lost before. */
void search_table_rungs(Page *page, const Trials *trials);

#endif
