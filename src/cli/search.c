/* percept search: the search from its space to its winner. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/ranks.h"
#include "cli/search_arguments.h"
#include "cli/search_live.h"
#include "cli/search_report.h"
#include "cli/shell.h"
#include "cli/text.h"
#include "dist/lanes.h"
#include "plot/curves.h"
#include "plot/progress.h"
#include "search/search.h"

/* ---- Searching --------------------------------------------------------------------------------------------------- */

static bool is_interrupted(void *user)
{
    (void)user;
    return interrupt_signal() != 0;
}

static void print_way_on(const Search *search)
{
    fputs("continue  ", stderr);
    shell_print_command(stderr, "search --resume", search_folder(search));
}

/* What was done is kept. */
static int tell_interrupt(const Search *search)
{
    const int signal = interrupt_signal();
    complain("%s; what was done is kept", signal != 0 ? "interrupted" : "stopped by request");
    print_way_on(search);
    return STATUS_SIGNAL + (signal != 0 ? signal : 2);
}

static int fail_later(const Search *search, percept_status status, const percept_error *error)
{
    if (status == PERCEPT_ERROR_INTERRUPTED)
        return tell_interrupt(search);
    complain("%s", error->message);
    if (status != PERCEPT_ERROR_DIVERGED)
        print_way_on(search);
    return STATUS_FAILED;
}

static percept_status run_trials(Search *search, const SearchArguments *arguments, percept_error *error)
{
    SearchLive *live = NULL;
    percept_status status = PERCEPT_OK;
    if (!arguments->quiet)
        status = search_live_create(search, stderr, isatty(STDERR_FILENO) == 1, &live, error);
    const SearchWatcher watcher = {.view = live != NULL ? search_live_view : NULL,
                                   .ended = live != NULL ? search_live_ended : NULL,
                                   .interrupted = is_interrupted,
                                   .user = live};
    if (status == PERCEPT_OK)
        status = search_run(search, &watcher, error);
    search_live_free(live);
    return status;
}

static int watch_best(const percept_progress *progress, void *user)
{
    ProgressBar *bar = user;
    if (bar != NULL)
        progress_bar_update(bar, progress);
    return interrupt_signal() != 0;
}

/* Trains the winner; its curves are drawn if they can be. */
static percept_status train_best(Search *search, const SearchArguments *arguments, SearchBest *best,
                                 percept_error *error)
{
    ProgressBar *bar = NULL;
    percept_error other;
    char *folder = NULL;
    if (!arguments->quiet) {
        fprintf(stderr, "\ntraining the winner, trial %zu, again\n", search_winner(search));
        (void)progress_bar_create(stderr, isatty(STDERR_FILENO) == 1, &bar, NULL); /* does without */
    }
    percept_status status = search_train_best(search, watch_best, bar, &best->result, &best->test, error);
    progress_bar_free(bar);
    best->trained = status == PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = file_join(search_folder(search), RUN_FOLDER_BEST, &folder, error);
    if (status == PERCEPT_OK && plot_curves(folder, best->result.best_epoch, &other) != PERCEPT_OK)
        warn("no curves were drawn: %s", other.message);
    memory_free(folder);
    return status;
}

/* After an interruption: what the finished trials make together, so that the best so far can be used. */
static void keep_best_so_far(Search *search, SearchBest *best)
{
    percept_error error;
    if (!search_wants_ensemble(search) || search_winner(search) == search_count(search))
        return;
    if (search_make_ensemble(search, &best->result, &best->test, &error) == PERCEPT_OK)
        complain("the best so far is in %s/" RUN_FOLDER_BEST, text_plain(search_folder(search)).text);
    else
        warn("the best so far was not kept: %s", error.message);
}

/* The winner: an ensemble, or the best trial trained again. */
static percept_status make_best(Search *search, const SearchArguments *arguments, SearchBest *best,
                                percept_error *error)
{
    if (!search_wants_ensemble(search))
        return train_best(search, arguments, best, error);
    percept_status status = search_make_ensemble(search, &best->result, &best->test, error);
    best->trained = status == PERCEPT_OK;
    return status;
}

static int search_to_end(Search *search, const SearchArguments *arguments)
{
    percept_error error;
    SearchBest best = {0};
    interrupt_watch();
    percept_status status = run_trials(search, arguments, &error);
    if (status == PERCEPT_OK && !arguments->no_best)
        status = make_best(search, arguments, &best, &error);
    if (status == PERCEPT_ERROR_INTERRUPTED && !arguments->no_best)
        keep_best_so_far(search, &best);
    interrupt_unwatch();
    if (status == PERCEPT_OK)
        status = search_finish(search, &error);
    int result = STATUS_DONE;
    if (status == PERCEPT_OK && arguments->json)
        status = search_report_json(search, &best, &error);
    else if (status == PERCEPT_OK && !arguments->quiet)
        status = search_report_print(search, &best, &error);
    if (status != PERCEPT_OK)
        result = fail_later(search, status, &error);
    percept_metrics_clear(&best.test);
    return result;
}

/* Other processes train along. */
static int search_with_others(Search *search, const SearchArguments *arguments, const World *world)
{
    Lanes lanes;
    percept_error error;
    percept_status status = lanes_open(&lanes, world, arguments->jobs, &error);
    if (status == PERCEPT_OK)
        status = search_join(search, &lanes.crew, &error);
    const int result = status == PERCEPT_OK ? search_to_end(search, arguments) : fail(&error);
    lanes_close(&lanes);
    return result;
}

/* Sets *led if the other processes have begun to work. */
static int search_or_resume(const SearchArguments *arguments, const World *world, bool *led)
{
    percept_error error;
    Space *space = NULL;
    Search *search = NULL;
    percept_status status = PERCEPT_OK;
    int result = arguments->resume == NULL ? search_arguments_space(arguments, &space) : PARSER_GO_ON;
    if (result != PARSER_GO_ON)
        return result;
    if (arguments->resume != NULL)
        status = search_reopen_for(arguments->resume, arguments->jobs, arguments->minutes, &search, &error);
    else
        status = search_open(space, arguments->out, arguments->force, arguments->jobs, &search, &error);
    if (status != PERCEPT_OK)
        return fail(&error);
    if (search_is_finished(search)) {
        if (!arguments->quiet)
            printf("%s is finished; there is nothing to resume\n", text_plain(arguments->resume).text);
        result = STATUS_DONE;
    } else {
        *led = world->launched;
        result = *led ? search_with_others(search, arguments, world) : search_to_end(search, arguments);
    }
    search_close(search);
    return result;
}

/* ---- Processes ----------------------------------------------------------------------------------------------------- */

/* The command, as the only process or as the one that leads the others. */
static int run(const World *world, int argc, char **argv)
{
    SearchArguments arguments;
    bool led = false;
    int status = search_arguments_read(argc, argv, &arguments);
    if (status == PARSER_GO_ON)
        status = search_or_resume(&arguments, world, &led);
    if (!led)
        lanes_refuse(world);
    search_arguments_clear(&arguments);
    return status;
}

static percept_status follow(const World *world, percept_error *error)
{
    return lanes_serve(world, ranks_give_up, error);
}

int command_search(int argc, char **argv)
{
    return ranks_run(argc, argv, run, follow);
}
