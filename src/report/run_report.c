#include "report/run_report.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "recipe/recipe.h"
#include "report/draw.h"
#include "report/sections.h"

/* ---- Notices ----------------------------------------------------------------------------------------------------- */

/* Room for the reason why data are missing, and more. */
#define NOTICE_SIZE (sizeof((percept_error *)NULL)->message + 200)

static void tell_unfinished(Page *page, const Record *record)
{
    char text[200];
    const char *so_far = record->folds ? "folds" : "epochs";
    const size_t done = record->folds ? record->fold_count : record->epochs;
    const long long all = recipe_integer(record->recipe, record->folds ? "data.folds" : "train.epochs");
    snprintf(text, sizeof text, "This run is not finished: %zu of %lld %s are done. It can be resumed.", done, all,
             so_far);
    if (!record->finished)
        page_notice(page, PAGE_PLAIN, text);
}

static void tell_missing(Page *page, const Record *record)
{
    char text[NOTICE_SIZE];
    const bool kept = record->classes > 0 || record->report.metrics != NULL;
    if (record->missing.status == PERCEPT_OK)
        return;
    snprintf(text, sizeof text, "The model could not be measured again%s: %s.",
             kept ? "; the metrics here are those stored with the run" : "", record->missing.message);
    page_notice(page, PAGE_QUIET, text);
}

static void tell_changed(Page *page, const Record *record)
{
    char text[200];
    snprintf(text, sizeof text,
             "The data have changed since the run was trained (the %s): metrics that are measured again here may count "
             "examples from training.",
             record->changed != NULL ? record->changed : "");
    if (record->changed != NULL)
        page_notice(page, PAGE_PLAIN, text);
}

static void tell_undrawn(Page *page, const Drawn *drawn)
{
    char text[NOTICE_SIZE];
    if (drawn->failure.status == PERCEPT_OK)
        return;
    snprintf(text, sizeof text, "Pictures are missing: %s.", drawn->failure.message);
    page_notice(page, PAGE_QUIET, text);
}

/* ---- A run ------------------------------------------------------------------------------------------------------- */

static percept_status fold_sections(Page *page, const Record *record, const ReportOptions *options,
                                    percept_error *error);

static percept_status write_sections(Page *page, const Record *record, const ReportOptions *options,
                                     percept_error *error)
{
    Drawn drawn = {0};
    percept_status status = PERCEPT_OK;
    tell_unfinished(page, record);
    tell_missing(page, record);
    tell_changed(page, record);
    section_tiles(page, record);
    section_begin(page, options, "What was run");
    section_facts(page, record);
    if (!options->no_plot)
        status = draw_run(record, &drawn, error);
    tell_undrawn(page, &drawn);
    section_pictures(page, record->folder, options);
    section_metrics(page, record, options);
    section_columns(page, record, options);
    section_epochs(page, record, options);
    if (status == PERCEPT_OK && record->folds)
        status = fold_sections(page, record, options, error);
    section_begin(page, options, "Recipe");
    section_recipe(page, record);
    return status;
}

static percept_status open_record(const char *folder, const ReportOptions *options, Record *record,
                                  percept_error *error)
{
    percept_status status = record_open(folder, record, error);
    if (status == PERCEPT_OK && !options->stored && !record->folds)
        status = record_measure(record, options->threads, error);
    return status;
}

percept_status report_run_sections(Page *page, const char *folder, const ReportOptions *options, percept_error *error)
{
    Record record = {0};
    percept_status status = open_record(folder, options, &record, error);
    if (status == PERCEPT_OK)
        status = write_sections(page, &record, options, error);
    record_close(&record);
    return status;
}

/* Each started fold, in a folded block. Their models are not measured again, since the metrics of the folds are
 * above. */
static percept_status fold_sections(Page *page, const Record *record, const ReportOptions *options,
                                    percept_error *error)
{
    percept_status status = PERCEPT_OK;
    const size_t folds = (size_t)recipe_integer(record->recipe, "data.folds");
    ReportOptions inside = *options;
    inside.inside = inside.stored = true;
    section_begin(page, options, "Folds");
    for (size_t f = 0; status == PERCEPT_OK && f < folds; f++) {
        char name[48], *folder = NULL, *recipe = NULL;
        snprintf(name, sizeof name, "fold-%zu", f);
        status = file_join(record->folder, name, &folder, error);
        if (status == PERCEPT_OK)
            status = file_join(folder, "recipe.yaml", &recipe, error);
        if (status == PERCEPT_OK && file_exists(recipe)) {
            page_details_begin(page, name);
            status = report_run_sections(page, folder, &inside, error);
            page_details_end(page);
        }
        memory_free(recipe);
        memory_free(folder);
    }
    return status;
}

/* ---- Its page ---------------------------------------------------------------------------------------------------- */

percept_status report_run_page(const char *folder, const ReportOptions *options, Page **out, percept_error *error)
{
    char network[NETWORK_TEXT_SIZE], subtitle[2 * NETWORK_TEXT_SIZE], *name = NULL;
    Page *page = NULL;
    Record record = {0};
    percept_status status = open_record(folder, options, &record, error);
    if (status == PERCEPT_OK)
        status = file_last_name(folder, &name, error);
    if (status == PERCEPT_OK) {
        network_text(&record, network);
        snprintf(subtitle, sizeof subtitle, "%s%s%.400s", network, network[0] != '\0' ? ", on " : "",
                 file_below_here(recipe_text(record.recipe, "data.name")));
        status = page_create(name, subtitle, &page, error);
    }
    if (status == PERCEPT_OK)
        status = write_sections(page, &record, options, error);
    memory_free(name);
    record_close(&record);
    if (status == PERCEPT_OK)
        *out = page;
    else
        page_free(page);
    return status;
}
