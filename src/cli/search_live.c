#include "cli/search_live.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "cli/search_report.h"
#include "cli/text.h"
#include "plot/terminal.h"

#define BAR_LEAST 10
#define BAR_MOST 30

/* Trainings that are shown; more would scroll away. */
#define MOST_SHOWN 16

struct SearchLive {
    const Search *search;
    Terminal terminal;
    size_t lines; /* lines below the last permanent one */
    double best;  /* score of the best so far; NaN */
    size_t ended;
};

/* ---- Lines that stay --------------------------------------------------------------------------------------------- */

/* "epochs 10, learning_rate 0.1, hidden 256-128" */
static void add_point(Line *line, const Search *search, const SearchTrial *trial)
{
    const Space *space = search_space(search);
    for (size_t c = 0; c < space_columns(space); c++) {
        char *text = NULL;
        if (space_column_text(space, c, trial->point, &text, NULL) == PERCEPT_OK && text[0] != '\0')
            line_add(line, ", %s %s", search_short_name(space, c), text_plain(text).text);
        memory_free(text);
    }
}

static void add_figure(Line *line, const Search *search, const SearchTrial *trial)
{
    char figure[SEARCH_FIGURE], deviation[SEARCH_FIGURE];
    search_figure_text(search, trial->figure, figure);
    line_add(line, "%s", figure);
    if (!isnan(trial->deviation)) {
        search_figure_text(search, trial->deviation, deviation);
        line_add(line, " ± %s", deviation);
    }
}

static void add_trial(Line *line, const Search *search, const SearchTrial *trial)
{
    line_add(line, "trial %zu: ", trial->number);
    if (isnan(trial->figure))
        line_add(line, "%s", run_state_name(trial->state));
    else
        add_figure(line, search, trial);
    line_add(line, ", %zu epoch%s", trial->epochs, trial->epochs == 1 ? "" : "s");
    add_point(line, search, trial);
    if (trial->diverged > 0 && !isnan(trial->figure))
        line_add(line, "; %zu diverged", trial->diverged);
    if (trial->message != NULL && trial->state == RUN_FAILED)
        line_add(line, ": %s", trial->message);
}

static bool is_best(SearchLive *live, const SearchTrial *trial)
{
    const double score = search_by_accuracy(live->search) ? trial->figure : -trial->figure;
    if (isnan(score) || score <= live->best)
        return false;
    live->best = score;
    return true;
}

/* The lines below the last one that stays are taken away. */
static void add_clearing(Line *line, const SearchLive *live)
{
    for (size_t i = 0; i < live->lines; i++)
        line_add(line, "\033[A" TERMINAL_CLEAR_LINE);
}

/* Cut to the width of the terminal: a wrapped line could not be erased completely. */
static void cut(Line *line, size_t from, size_t width)
{
    const size_t kept = text_prefix(line->text + from, width);
    if (from + kept < line->length)
        line->length = from + kept;
    line->text[line->length] = '\0';
}

void search_live_ended(const SearchTrial *trial, void *user)
{
    SearchLive *live = user;
    Line line = {0};
    const bool best = is_best(live, trial);
    live->ended++;
    if (live->terminal.live && !best)
        return;
    if (live->terminal.live)
        add_clearing(&line, live);
    const size_t begin = line.length;
    add_trial(&line, live->search, trial);
    if (live->terminal.live) {
        cut(&line, begin, terminal_width(&live->terminal) - 4);
        line_add(&line, "  ");
        line_add_coloured(&line, &live->terminal, "33", live->terminal.unicode ? "★" : "*");
        live->lines = 0;
    } else if (best) {
        line_add(&line, ", best so far");
    }
    line_add(&line, "\n");
    terminal_show(&live->terminal, &line);
}

/* ---- Redrawn lines --------------------------------------------------------------------------------------------- */

static double part_done(const SearchRunning *running)
{
    const double within = running->steps > 0 ? (double)running->step / (double)running->steps : 0;
    return running->epochs > 0 ? ((double)running->epoch + within) / (double)running->epochs : 0;
}

static void show_running(const SearchLive *live, const SearchRunning *running, size_t width)
{
    Line line = {0};
    char name[64], figure[SEARCH_FIGURE] = "", tail[128];
    snprintf(name, sizeof name, "  trial %zu", running->trial);
    if (search_repeats(live->search) > 1)
        snprintf(name + strlen(name), sizeof name - strlen(name), ", run %zu", running->repeat + 1);
    if (!isnan(running->figure))
        search_figure_text(live->search, running->figure, figure);
    snprintf(tail, sizeof tail, "  epoch %zu/%zu  %s", running->epoch, running->epochs, figure);
    const size_t taken = 20 + strlen(tail), room = width > taken ? width - taken : 0;
    line_add(&line, "%-18s", name);
    if (room >= BAR_LEAST)
        line_add_bar(&line, &live->terminal, room < BAR_MOST ? room : BAR_MOST, part_done(running));
    line_add(&line, "%s\n", tail);
    terminal_show(&live->terminal, &line);
}

static void add_count(Line *line, size_t count, const char *word)
{
    if (count > 0)
        line_add(line, ", %zu %s", count, word);
}

/* False if there are as many trials as time allows. */
static bool has_plan(const Search *search)
{
    return search_setting_is_set(&search_space(search)->settings, "trials");
}

static void show_counts(const SearchLive *live, const SearchView *view, size_t width)
{
    Line line = {0};
    char figure[SEARCH_FIGURE];
    const bool planned = has_plan(live->search), rungs = search_has_rungs(live->search);
    line_add(&line, "%zu", rungs ? view->begun : view->done);
    if (planned)
        line_add(&line, " of %zu", view->planned);
    line_add(&line, " %s", rungs ? "begun" : "done");
    add_count(&line, search_has_rungs(live->search) ? view->done : 0, "done");
    add_count(&line, view->waiting, "waiting");
    add_count(&line, view->pruned, "pruned");
    add_count(&line, view->diverged, "diverged");
    add_count(&line, view->failed, "failed");
    line_add(&line, "   %s", text_count((size_t)view->epochs_trained).text);
    if (planned)
        line_add(&line, " of %s", text_count((size_t)(view->epochs_trained + view->epochs_left)).text);
    line_add(&line, " epochs   %s", text_duration(view->seconds).text);
    if (view->paused)
        line_add(&line, ", paused");
    else if (!isnan(view->left))
        line_add(&line, ", about %s left", text_duration(view->left).text);
    if (view->best < view->begun) {
        search_figure_text(live->search, view->best_trial.figure, figure);
        line_add(&line, "   best %s (trial %zu)", figure, view->best);
    }
    cut(&line, 0, width);
    line_add(&line, "\n");
    terminal_show(&live->terminal, &line);
}

void search_live_view(const SearchView *view, void *user)
{
    SearchLive *live = user;
    Line line = {0};
    if (!live->terminal.live)
        return;
    const size_t width = terminal_width(&live->terminal) - 1;
    const size_t shown = view->running_count < MOST_SHOWN ? view->running_count : MOST_SHOWN;
    add_clearing(&line, live);
    terminal_show(&live->terminal, &line);
    for (size_t i = 0; i < shown; i++)
        show_running(live, &view->running[i], width);
    show_counts(live, view, width);
    live->lines = shown + 1;
}

/* ------------------------------------------------------------------------------------------------------------------ */

static void show_head(const SearchLive *live)
{
    const Search *search = live->search;
    const SearchSettings *settings = &search_space(search)->settings;
    const size_t repeats = search_repeats(search), jobs = search_jobs(search);
    const int64_t workers = search_setting_integer(settings, "workers");
    const char *strategy = search_setting_text(settings, "strategy");
    fprintf(live->terminal.stream, "search    %s: %s trials", strategy,
            has_plan(search) ? text_count(search_planned(search)).text : "all");
    if (!isnan(search_minutes(search)))
        fprintf(live->terminal.stream, " in %g minutes", search_minutes(search));
    if (repeats > 1)
        fprintf(live->terminal.stream, " of %zu runs", repeats);
    fprintf(live->terminal.stream, ", %zu at once\nfolder    %s\n", jobs, text_plain(search_folder(search)).text);
    if (search_needs_workers(search) && (size_t)workers < jobs)
        fprintf(live->terminal.stream,
                "note      search.workers is %lld, so at most %lld trials run at once; a larger number changes\n"
                "          the results\n",
                (long long)workers, (long long)workers);
    fputc('\n', live->terminal.stream);
}

percept_status search_live_create(const Search *search, FILE *stream, bool terminal, SearchLive **out,
                                  percept_error *error)
{
    SearchLive *live = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *live, "the progress", &live, error);
    if (status != PERCEPT_OK)
        return status;
    live->search = search;
    live->terminal = terminal_open(stream, terminal);
    live->best = -INFINITY;
    show_head(live);
    *out = live;
    return PERCEPT_OK;
}

void search_live_free(SearchLive *live)
{
    memory_free(live);
}
