#include "report/report.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "report/comparison.h"
#include "report/run_report.h"
#include "report/search_report.h"
#include "show/trials_read.h"

static percept_status write_runs(Page *page, const char *const *folders, size_t count, const ReportOptions *options,
                                 const char *path, percept_error *error)
{
    char *plots = NULL;
    ReportOptions inside = *options;
    inside.inside = true;
    page_heading(page, "Comparison");
    percept_status status = file_beside(path, "plots", &plots, error);
    if (status == PERCEPT_OK)
        status = report_comparison(page, folders, count, options->no_plot ? NULL : plots, error);
    memory_free(plots);
    page_heading(page, "The runs");
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        char *name = NULL;
        status = file_last_name(folders[i], &name, error);
        if (status == PERCEPT_OK) {
            page_details_begin(page, name);
            status = report_run_sections(page, folders[i], &inside, error);
            page_details_end(page);
        }
        memory_free(name);
    }
    return status;
}

percept_status report_write(const char *const *folders, size_t count, const char *path, const ReportOptions *options,
                            percept_error *error)
{
    Page *page = NULL;
    char title[80];
    percept_status status = PERCEPT_OK;
    if (count == 1 && trials_are_in(folders[0])) {
        status = report_search_page(folders[0], options, &page, error);
    } else if (count == 1) {
        status = report_run_page(folders[0], options, &page, error);
    } else {
        snprintf(title, sizeof title, "%zu runs compared", count);
        status = page_create(title, NULL, &page, error);
        if (status == PERCEPT_OK)
            status = write_runs(page, folders, count, options, path, error);
    }
    if (status == PERCEPT_OK)
        status = page_write(page, path, error);
    page_free(page);
    return status;
}
