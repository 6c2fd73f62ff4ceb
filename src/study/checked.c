#include "study/checked.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/cells.h"

/* Rows of wrong gradients under a table of groups. */
#define MOST_WRONG 20

/* ---- Single numbers ---------------------------------------------------------------------------------------------- */

/* The text of a verdict beside a ratio. */
static const char *const verdicts[CHECK_VERDICTS] = {
    [CHECK_EQUAL] = "equal",
    [CHECK_ZERO] = "equal: both are 0",
    [CHECK_KINK] = "right; a kink is near",
    [CHECK_STEP] = "right; too small for this step",
    [CHECK_WRONG] = "wrong",
};

static void add_entry(Page *page, const Network *network, const CheckReport *report, const CheckEntry *entry,
                      const double *loop)
{
    char name[CHECK_NAME_SIZE];
    Cells cells = {0};
    check_name(network, entry->number, name);
    cells_add(&cells, "%s", name);
    cells_add(&cells, "%s", verdicts[entry->verdict]);
    cells_add(&cells, "%.10e", entry->gradient);
    if (loop != NULL && entry->number < network->parameter_count)
        cells_add(&cells, "%.10e", loop[entry->number]);
    else if (loop != NULL)
        cells_add(&cells, " ");
    cells_add(&cells, "%.10e", entry->difference);
    if (entry->verdict == CHECK_ZERO)
        cells_add(&cells, "\xE2\x80\x93"); /* a dash */
    else if (report->method == CHECK_COMPLEX)
        cells_apart(&cells,
                    fabs(entry->gradient - entry->difference) / fmax(fabs(entry->gradient), fabs(entry->difference)));
    else
        cells_add(&cells, "%.8f", entry->difference / entry->gradient);
    cells_row(&cells, page, entry->verdict == CHECK_WRONG ? PAGE_BAD : PAGE_PLAIN);
}

static void report_entries(Page *page, const char *caption, const Network *network, const CheckReport *report,
                           const double *loop, bool wrong_only)
{
    const char *columns[6] = {"parameter", "verdict", "gradient"};
    size_t count = 3, rows = 0;
    if (loop != NULL)
        columns[count++] = "loop form";
    columns[count++] = report->method == CHECK_COMPLEX ? "complex step" : "difference";
    columns[count++] = report->method == CHECK_COMPLEX ? "relative error" : "ratio";
    cells_table(page, caption, columns, count, 2);
    for (size_t e = 0; e < report->entry_count && (!wrong_only || rows < MOST_WRONG); e++)
        if (!wrong_only || report->entries[e].verdict == CHECK_WRONG) {
            add_entry(page, network, report, &report->entries[e], loop);
            rows++;
        }
    page_table_end(page);
}

/* ---- Groups ------------------------------------------------------------------------------------------------------ */

static void add_group(Page *page, const CheckReport *report, const CheckGroup *group, const char *name)
{
    Cells cells = {0};
    cells_add(&cells, "%s", name);
    cells_add(&cells, "%zu", group->checked);
    for (int v = 0; v < CHECK_VERDICTS; v++)
        cells_add(&cells, "%zu", group->counts[v]);
    cells_apart(&cells, group->largest_error);
    if (report->method != CHECK_COMPLEX) {
        cells_number(&cells, group->ratio_low, 8);
        cells_number(&cells, group->ratio_high, 8);
    }
    cells_row(&cells, page, group->counts[CHECK_WRONG] > 0 ? PAGE_BAD : PAGE_PLAIN);
}

static void report_groups(Page *page, const char *caption, const Network *network, const CheckReport *report)
{
    static const char *const columns[] = {"",     "checked", "equal",         "both 0",       "kink",
                                          "step", "wrong",   "largest error", "lowest ratio", "highest ratio"};
    const size_t count = sizeof columns / sizeof columns[0];
    cells_table(page, caption, columns, report->method == CHECK_COMPLEX ? count - 2 : count, 1);
    for (size_t g = 0; g < report->group_count; g++) {
        char name[CHECK_NAME_SIZE];
        check_name(network, report->groups[g].first, name);
        name[strcspn(name, "[")] = '\0';
        if (report->groups[g].checked > 0)
            add_group(page, report, &report->groups[g], name);
    }
    add_group(page, report, &report->all, "all");
    page_table_end(page);
}

/* ------------------------------------------------------------------------------------------------------------------ */

void checked_report(Page *page, const char *caption, const Network *network, const CheckReport *report,
                    const double *loop)
{
    if (report->entry_count <= CHECKED_ROWS) {
        report_entries(page, caption, network, report, loop, false);
        return;
    }
    report_groups(page, caption, network, report);
    if (report->all.counts[CHECK_WRONG] > 0)
        report_entries(page, "The first of those that are wrong", network, report, loop, true);
}

percept_status checked_figures(StudyWork *work, const char *prefix, const CheckReport *report, percept_error *error)
{
    const CheckGroup *all = &report->all;
    const struct {
        const char *name;
        double value;
    } figures[] = {
        {"checked", (double)all->checked},
        {"zero", (double)all->counts[CHECK_ZERO]},
        {"wrong", (double)all->counts[CHECK_WRONG]},
        {"largest error", all->largest_error},
        {"lowest ratio", all->ratio_low},
        {"highest ratio", all->ratio_high},
    };
    percept_status status = PERCEPT_OK;
    for (size_t f = 0; f < sizeof figures / sizeof figures[0] && status == PERCEPT_OK; f++) {
        char name[PART_NAME_SIZE + 48];
        snprintf(name, sizeof name, "%s %s", prefix, figures[f].name);
        if (!isnan(figures[f].value))
            status = part_figure(work, NULL, name, figures[f].value, error);
    }
    return status;
}
