#include "report/search_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "report/run_report.h"
#include "report/search_table.h"
#include "show/show.h"
#include "show/trials_read.h"

#define TEXT_SIZE 400

/* ---- Texts ------------------------------------------------------------------------------------------------- */

static void tell_state(Page *page, const Trials *trials)
{
    const SearchRow *search = trials->search;
    char text[TEXT_SIZE], count[TRIALS_TEXT_SIZE];
    trials_count_text(trials, count);
    if (search->state != RUN_DONE) {
        snprintf(text, sizeof text, "This search is not over (%s%s%.80s). It can be resumed.",
                 run_state_name(search->state), search->message != NULL ? ": " : "",
                 search->message != NULL ? search->message : "");
        page_notice(page, PAGE_PLAIN, text);
    }
    page_text_format(page, "%s.", count);
    if (trials->best == trials->count)
        page_notice(page, PAGE_BAD, "No trial has been trained to its end.");
}

static void add_figure_tile(Page *page, const Trials *trials)
{
    char note[64];
    if (trials->best == trials->count)
        return;
    const Trial *best = &trials->list[trials->best];
    const TextNumber figure = search_figure(trials, best->figure), deviation = search_figure(trials, best->deviation);
    snprintf(note, sizeof note, "trial %zu%s%s", best->number, isnan(best->deviation) ? "" : ", ± ", deviation.text);
    page_tile(page, figure.text, trials->by_accuracy ? "best validation accuracy" : "best validation loss", note,
              PAGE_GOOD);
}

static TextNumber time_text(double seconds)
{
    TextNumber text;
    if (seconds < 120)
        snprintf(text.text, sizeof text.text, "%.1f s", seconds);
    else
        snprintf(text.text, sizeof text.text, seconds < 7200 ? "%.0f min" : "%.1f h",
                 seconds / (seconds < 7200 ? 60 : 3600));
    return text;
}

static void add_tiles(Page *page, const Trials *trials)
{
    double seconds = 0;
    for (size_t t = 0; t < trials->count; t++)
        seconds += trials->list[t].seconds;
    const TextNumber count = text_count(trials->count), time = time_text(seconds);
    page_tiles_begin(page);
    add_figure_tile(page, trials);
    if (!isnan(trials->test_accuracy))
        page_tile(page, text_percent(trials->test_accuracy).text, "test accuracy", "of the best, trained again",
                  PAGE_PLAIN);
    else if (!isnan(trials->test_loss))
        page_tile(page, text_loss(trials->test_loss).text, "test loss", "of the best, trained again", PAGE_PLAIN);
    page_tile(page, count.text, "trials", NULL, PAGE_PLAIN);
    page_tile(page, time.text, "of training", "over all trials", PAGE_QUIET);
    page_tiles_end(page);
}

static void add_facts(Page *page, const Trials *trials)
{
    const SearchRow *search = trials->search;
    page_facts_begin(page);
    page_fact(page, "strategy", search->strategy != NULL ? search->strategy : "");
    page_fact(page, "objective", search->objective != NULL ? search->objective : "");
    page_fact(page, "score of a trial", trials->by_median ? "median over its repeats" : "mean over its repeats");
    page_facts_end(page);
    if (search->space != NULL) {
        page_details_begin(page, "space.yaml");
        page_code(page, search->space);
        page_details_end(page);
    }
}

/* What was chosen for the best trial. */
static void add_choice(Page *page, const Trials *trials)
{
    if (trials->best == trials->count)
        return;
    page_subheading(page, "The best trial");
    page_facts_begin(page);
    for (size_t k = 0; k < trials->key_count; k++) {
        const char *value = trials->keys[k].texts[trials->best];
        page_fact(page, trials->keys[k].name, value != NULL ? value : "");
    }
    page_facts_end(page);
}

/* ---- Pictures ----------------------------------------------------------------------------------------------------- */

/* Draws a picture anew, since a search grows, and puts it into the page; where that cannot be, the page says why. One that
 * does not suit the search is left out. */
static percept_status add_picture(Page *page, const char *word, Trials *trials, const char *folder,
                                  const ReportOptions *options, const char *caption, percept_error *error)
{
    percept_error why = {PERCEPT_OK, ""};
    char text[sizeof why.message + 40];
    const ShowRun run = {.name = word, .folder = folder, .trials = trials};
    if (!options->no_plot && show_draw(show_kind_find(word), &run, 1, NULL, folder, word, &why) != PERCEPT_OK) {
        if (why.status == PERCEPT_ERROR_MEMORY)
            return error_set(error, why.status, "%s", why.message);
        snprintf(text, sizeof text, "A picture is missing: %s.", why.message);
        if (why.status != PERCEPT_ERROR_ARGUMENT)
            page_notice(page, PAGE_QUIET, text);
        return PERCEPT_OK;
    }
    if (page_picture_exists(folder, word))
        page_picture(page, folder, word, caption);
    return PERCEPT_OK;
}

static percept_status add_pictures(Page *page, Trials *trials, const char *folder, const ReportOptions *options,
                                   percept_error *error)
{
    char *plots = NULL;
    percept_status status = file_join(folder, "plots", &plots, error);
    if (status == PERCEPT_OK && !options->no_plot)
        status = file_make_folder(plots, error);
    if (status == PERCEPT_OK)
        status = add_picture(page, "parallel", trials, plots, options,
                             "A line for each trial, from what was chosen for it to the score that came of it. Colours "
                             "go by rank, from violet for the worst to yellow for the best of those that finished. "
                             "Equal values are spread a little, so that no line hides another",
                             error);
    if (status == PERCEPT_OK)
        status = add_picture(
            page, "keys", trials, plots, options,
            "Score against each setting, one point per trial. At the bottom are trials without a score, and "
            "scores so bad that they would squash the axis",
            error);
    if (status == PERCEPT_OK && trials->rung_count > 0) {
        page_subheading(page, "Rungs");
        status = add_picture(page, "rungs", trials, plots, options,
                             "Successive halving: trials from rung to rung, and where they stopped", error);
        search_table_rungs(page, trials);
    }
    memory_free(plots);
    return status;
}

/* ---- The page ----------------------------------------------------------------------------------------------------- */

/* The winner's own report, folded. tested: its loss on the test part, or NaN. */
static percept_status add_best(Page *page, const char *folder, double tested, const ReportOptions *options,
                               percept_error *error)
{
    char *best = NULL, *recipe = NULL;
    ReportOptions inside = *options;
    inside.inside = true;
    percept_status status = file_join(folder, "best", &best, error);
    if (status == PERCEPT_OK)
        status = file_join(best, "recipe.yaml", &recipe, error);
    if (status == PERCEPT_OK && file_exists(recipe)) {
        page_heading(page, "The best, trained again");
        page_text(page, isnan(tested)
                            ? "It was trained anew with the settings of the best trial."
                            : "It was trained anew with the settings of the best trial, and the test part was "
                              "read for it alone, once.");
        page_details_begin(page, "its report");
        status = report_run_sections(page, best, &inside, error);
        page_details_end(page);
    }
    memory_free(recipe);
    memory_free(best);
    return status;
}

static percept_status write_page(Page *page, Trials *trials, const char *folder, const ReportOptions *options,
                                 percept_error *error)
{
    tell_state(page, trials);
    if (trials->count > 0)
        add_tiles(page, trials);
    page_heading(page, "What was searched");
    add_facts(page, trials);
    add_choice(page, trials);
    if (trials->count == 0)
        return PERCEPT_OK;
    page_heading(page, "What came of it");
    percept_status status = add_pictures(page, trials, folder, options, error);
    if (status == PERCEPT_OK) {
        page_heading(page, "Trials");
        status = search_table_trials(page, trials, error);
    }
    return status == PERCEPT_OK ? add_best(page, folder, trials->test_loss, options, error) : status;
}

percept_status report_search_page(const char *folder, const ReportOptions *options, Page **out, percept_error *error)
{
    char subtitle[TEXT_SIZE], *name = NULL;
    Trials trials = {0};
    percept_status status = trials_read(folder, &trials, error);
    if (status == PERCEPT_OK)
        status = file_last_name(folder, &name, error);
    if (status == PERCEPT_OK) {
        snprintf(subtitle, sizeof subtitle, "a search (%s) of %zu trial%s",
                 trials.search->strategy != NULL ? trials.search->strategy : "unknown", trials.count,
                 trials.count == 1 ? "" : "s");
        status = page_create(name, subtitle, out, error);
    }
    if (status == PERCEPT_OK)
        status = write_page(*out, &trials, folder, options, error);
    memory_free(name);
    trials_clear(&trials);
    return status;
}
