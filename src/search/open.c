/* Opening and closing a search, and running it. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "search/ensemble.h"
#include "search/errand.h"
#include "search/state.h"
#include "search/text.h"

/* ---- Opening ----------------------------------------------------------------------------------------------------- */

/* Any point: data are the same at all, or at each their own. */
static void take_any_point(const Space *space, double *point)
{
    RandomStream stream;
    random_default_rng(&stream, 0);
    for (size_t d = 0; d < space->count; d++)
        point[d] = dimension_draw(&space->dimensions[d], &stream);
}

/* That there is a first trial. */
static percept_status check_first(const Search *search, percept_error *error)
{
    const Ledger none = {0};
    double point[SPACE_MOST_DIMENSIONS];
    Job job;
    StrategyAnswer answer = STRATEGY_OVER;
    return strategy_next(search->strategy, &none, &job, point, &answer, error);
}

/* All that needs no folder. The space belongs to the search from here on. */
static percept_status prepare(Search *search, Space *space, size_t jobs, percept_error *error)
{
    const Candidates candidates = {.space = space, .refuses = trials_refuse, .user = search};
    double point[SPACE_MOST_DIMENSIONS];
    pthread_mutex_init(&search->mutex, NULL);
    pthread_cond_init(&search->changed, NULL);
    search->space = space;
    search->median = strcmp(search_setting_text(&space->settings, "metric"), "median") == 0;
    search->diverged_below = search_setting_number(&space->settings, "diverged_below");
    search->repeats = (size_t)search_setting_integer(&space->settings, "repeats");
    search->jobs = search->slot_count = jobs > 0 ? jobs : team_cores();
    search->most_members = search_setting_count_or(&space->settings, "ensemble", 0);
    if (isnan(search->minutes))
        search->minutes = search_setting_number_or(&space->settings, "minutes", NAN);
    percept_status status =
        memory_allocate_zeroed(search->jobs, sizeof *search->slots, "the threads", &search->slots, error);
    if (status == PERCEPT_OK)
        status = settle_ensemble(search, error);
    if (status == PERCEPT_OK)
        status = search_settings_decide(&space->settings, error);
    if (status == PERCEPT_OK)
        status = shared_data_create(&search->shared, error);
    take_any_point(space, point);
    const double began = pool_clock();
    if (status == PERCEPT_OK)
        status = settle_search(search, point, error);
    search->loading = pool_clock() - began;
    if (status == PERCEPT_OK)
        status = strategy_create(&candidates, &search->strategy, error);
    return status == PERCEPT_OK ? check_first(search, error) : status;
}

/* "runs" and "digits-001" of "runs/digits-001/". */
static percept_status split_folder(Search *search, percept_error *error)
{
    percept_status status = memory_copy_string(search->folder, &search->runs_folder, error);
    if (status == PERCEPT_OK)
        status = file_last_name(search->folder, &search->name, error);
    if (status != PERCEPT_OK)
        return status;
    size_t length = strlen(search->runs_folder);
    while (length > 1 && search->runs_folder[length - 1] == '/')
        length--;
    while (length > 0 && search->runs_folder[length - 1] != '/')
        length--;
    while (length > 1 && search->runs_folder[length - 1] == '/')
        length--;
    search->runs_folder[length] = '\0';
    return PERCEPT_OK;
}

/* The database beside the folder. */
static percept_status open_database(Search *search, percept_error *error)
{
    percept_status status = split_folder(search, error);
    return status == PERCEPT_OK ? database_open(search->runs_folder, DATABASE_WRITE, &search->database, error) : status;
}

/* Determines whether the search in the folder is done. A search to be continued must have the same space (NULL:
 * any). */
static percept_status check_past(Search *search, const char *space, percept_error *error)
{
    SearchRows rows = {0};
    percept_status status = database_searches(search->database, &rows, error);
    for (size_t i = 0; status == PERCEPT_OK && i < rows.count; i++) {
        const SearchRow *row = &rows.rows[i];
        if (row->folder == NULL || strcmp(row->folder, search->name) != 0)
            continue;
        search->finished = row->state == RUN_DONE;
        if (space != NULL && row->space != NULL && !space_texts_agree(row->space, space))
            status =
                error_set(error, PERCEPT_ERROR_ARGUMENT,
                          "%s is not what the search was begun with, so that its trials would be of two kinds; undo "
                          "the change, or begin another search with it",
                          search->space->path);
    }
    search_rows_clear(&rows);
    return status;
}

/* Checkpoints, scheduler and workshop, when folder and database are there. */
static percept_status make_ready(Search *search, const char *space, percept_error *error)
{
    const SearchSettings *settings = &search->space->settings;
    const SchedulerHooks hooks = {.begin = trials_begin, .ended = trials_ended, .user = search};
    const SearchRecord record = {.name = recipe_text(search->space->base, "name"),
                                 .strategy = search_setting_text(settings, "strategy"),
                                 .objective = search_setting_text(settings, "objective"),
                                 .folder = search->name,
                                 .space = space,
                                 .planned = search->strategy->trials * search->repeats};
    percept_status status = file_join(search->folder, RUN_FOLDER_CHECKPOINTS, &search->checkpoints, error);
    if (status == PERCEPT_OK)
        status = file_make_folder(search->checkpoints, error);
    if (status == PERCEPT_OK)
        status = database_begin_search(search->database, &record, &search->id, error);
    if (status == PERCEPT_OK)
        status = replay_read(search, error);
    search->workshop.space = search->space;
    search->workshop.shared = search->shared;
    search->workshop.database = search->database;
    search->workshop.search = search->id;
    search->workshop.own_seeds = search->strategy->kind->own_seeds;
    search->workshop.keep_models = search->most_members > 0;
    search->workshop.repeats = search->repeats;
    search->workshop.name = search->name;
    search->workshop.checkpoints = search->checkpoints;
    if (status == PERCEPT_OK)
        status = scheduler_create(search->strategy, (size_t)search_setting_integer(settings, "workers"), &hooks,
                                  &search->scheduler, error);
    return status;
}

/* space.yaml, with all that was decided. */
static percept_status write_space(const Search *search, const char *text, percept_error *error)
{
    char *path = NULL;
    FileWriter *writer = NULL;
    percept_status status = file_join(search->folder, RUN_FOLDER_SEARCH, &path, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, &writer, error);
    if (status == PERCEPT_OK) {
        file_writer_print(writer, "# A search space for Percept %s: `percept search` searches it.\n%s", PERCEPT_VERSION,
                          text);
        status = file_writer_commit(writer, error);
    }
    memory_free(path);
    return status;
}

static percept_status make_folder(Search *search, const char *folder, bool force, percept_error *error)
{
    Buffer text = {0};
    percept_status status = space_write(search->space, &text, error);
    if (status == PERCEPT_OK)
        status = run_folder_create(folder, recipe_text(search->space->base, "name"), force, &search->folder, error);
    if (status == PERCEPT_OK)
        status = run_folder_lock(search->folder, &search->lock, error);
    if (status == PERCEPT_OK)
        status = open_database(search, error);
    if (status == PERCEPT_OK) /* before there is anything to resume: a folder of that name may have been removed */
        status = database_forget_search(search->database, search->name, error);
    if (status == PERCEPT_OK)
        status = write_space(search, (const char *)text.bytes, error);
    if (status == PERCEPT_OK)
        status = make_ready(search, (const char *)text.bytes, error);
    buffer_clear(&text);
    return status;
}

static percept_status give(Search *search, percept_status status, Search **out)
{
    if (status == PERCEPT_OK)
        *out = search;
    else
        search_close(search);
    return status;
}

static percept_status create(double minutes, Search **out, percept_error *error)
{
    percept_status status = memory_allocate_zeroed(1, sizeof **out, "a search", out, error);
    if (status == PERCEPT_OK) {
        (*out)->lock = -1;
        (*out)->minutes = minutes;
        (*out)->opened = pool_clock();
    }
    return status;
}

percept_status search_open(Space *space, const char *folder, bool force, size_t jobs, Search **out,
                           percept_error *error)
{
    Search *search = NULL;
    percept_status status = create(NAN, &search, error);
    if (status != PERCEPT_OK) {
        space_free(space);
        return status;
    }
    status = recipe_make_absolute(space->base, error);
    if (status != PERCEPT_OK) {
        space_free(space);
        return give(search, status, out);
    }
    status = prepare(search, space, jobs, error);
    if (status == PERCEPT_OK)
        status = make_folder(search, folder, force, error);
    return give(search, status, out);
}

/* A search that a time limit ended can go on. It has left its checkpoints, which others do not. */
static percept_status give_more_time(Search *search, percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(search->folder, RUN_FOLDER_CHECKPOINTS, &path, error);
    if (status == PERCEPT_OK && file_exists(path))
        search->finished = false;
    memory_free(path);
    return status;
}

static percept_status reopen(Search *search, const char *folder, size_t jobs, percept_error *error)
{
    Buffer text = {0};
    char *path = NULL;
    Space *space = NULL;
    percept_status status = memory_copy_string(folder, &search->folder, error);
    if (status == PERCEPT_OK)
        status = file_join(folder, RUN_FOLDER_SEARCH, &path, error);
    if (status == PERCEPT_OK && !file_exists(path))
        status =
            error_set(error, PERCEPT_ERROR_IO, "'%s' holds no search to resume (no " RUN_FOLDER_SEARCH ")", folder);
    if (status == PERCEPT_OK)
        status = run_folder_lock(folder, &search->lock, error);
    if (status == PERCEPT_OK)
        status = open_database(search, error);
    if (status == PERCEPT_OK)
        status = check_past(search, NULL, error);
    if (status == PERCEPT_OK && !isnan(search->minutes))
        status = give_more_time(search, error);
    if (status == PERCEPT_OK && !search->finished)
        status = space_read(path, &space, error);
    if (status == PERCEPT_OK && !search->finished) {
        status = prepare(search, space, jobs, error);
        if (status == PERCEPT_OK)
            status = space_write(space, &text, error);
        if (status == PERCEPT_OK)
            status = check_past(search, (const char *)text.bytes, error);
        search->finished = false; /* it was looked up again */
        if (status == PERCEPT_OK)
            status = make_ready(search, (const char *)text.bytes, error);
    }
    buffer_clear(&text);
    memory_free(path);
    return status;
}

percept_status search_reopen_for(const char *folder, size_t jobs, double minutes, Search **out, percept_error *error)
{
    Search *search = NULL;
    percept_status status = create(minutes, &search, error);
    return status == PERCEPT_OK ? give(search, reopen(search, folder, jobs, error), out) : status;
}

percept_status search_reopen(const char *folder, size_t jobs, Search **out, percept_error *error)
{
    return search_reopen_for(folder, jobs, NAN, out, error);
}

/* All have the data of a first trial; a trial that cannot be begun anywhere is no matter of theirs. */
static percept_status check_crew(const Search *search, const SearchCrew *crew, percept_error *error)
{
    double point[SPACE_MOST_DIMENSIONS];
    percept_recipe *recipe = NULL;
    const DataSet *set = NULL;
    percept_status status = PERCEPT_OK;
    take_any_point(search->space, point);
    if (work_recipe(search->space, search->shared, point, 0, &recipe, &set, NULL) == PERCEPT_OK)
        status = errand_check(crew, recipe, set->checksum, error);
    shared_data_give_back(search->shared, set);
    percept_recipe_free(recipe);
    return status;
}

percept_status search_join(Search *search, const SearchCrew *crew, percept_error *error)
{
    const size_t count = search->jobs + crew->lanes;
    const percept_status status = memory_grow(&search->slots, search->jobs * sizeof *search->slots, count,
                                              sizeof *search->slots, "the threads", error);
    if (status != PERCEPT_OK)
        return status;
    search->slot_count = count;
    for (size_t lane = 0; lane < crew->lanes; lane++)
        search->slots[search->jobs + lane] = (Slot){.crew = crew, .lane = lane};
    return check_crew(search, crew, error);
}

void search_close(Search *search)
{
    if (search == NULL)
        return;
    trials_release(search);
    memory_free(search->ensemble.parts);
    replay_clear(search);
    scheduler_free(search->scheduler);
    strategy_free(search->strategy);
    database_close(search->database);
    shared_data_free(search->shared);
    if (search->space != NULL) {
        pthread_mutex_destroy(&search->mutex);
        pthread_cond_destroy(&search->changed);
    }
    space_free(search->space);
    memory_free(search->slots);
    run_folder_unlock(search->lock);
    memory_free(search->checkpoints);
    memory_free(search->name);
    memory_free(search->runs_folder);
    memory_free(search->folder);
    memory_free(search);
}

/* ---- Running ---------------------------------------------------------------------------------------------------- */

/* Every trial diverged or failed, or there was no time. */
static percept_status refuse_all(const Search *search, percept_error *error)
{
    if (search->out_of_time)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "no trial came to its end in %g minutes; continue with more time (--minutes)",
                         search->minutes);
    const RepeatRecord *first = &search->runs[0];
    return error_set(error, PERCEPT_ERROR_DIVERGED, "none of the %zu trials came to an end; the first: %s",
                     search->trial_count, first->message != NULL ? first->message : "its figure is lost");
}

percept_status search_run(Search *search, const SearchWatcher *watcher, percept_error *error)
{
    percept_error later;
    percept_status status = pool_work(search, watcher, error);
    for (size_t t = 0; search->out_of_time && t < search->trial_count; t++)
        if (search->trials[t].state == RUN_RUNNING)
            search->trials[t].state = RUN_INTERRUPTED;
    if (status == PERCEPT_OK)
        status = trials_prune(search, error);
    const percept_status written = results_write_table(search, status == PERCEPT_OK ? error : &later);
    if (status == PERCEPT_OK)
        status = written;
    if (status == PERCEPT_OK && search_winner(search) == search->trial_count)
        status = refuse_all(search, error);
    if (status != PERCEPT_OK)
        (void)database_end_search(search->database, search->id,
                                  status == PERCEPT_ERROR_INTERRUPTED ? RUN_INTERRUPTED : RUN_FAILED, search->best_run,
                                  status == PERCEPT_ERROR_INTERRUPTED || error == NULL ? NULL : error->message, &later);
    return status;
}

percept_status search_finish(Search *search, percept_error *error)
{
    if (!search->out_of_time) /* else more time may be given */
        ensemble_forget_all(search);
    (void)rmdir(search->checkpoints); /* stays if something else is in it */
    return database_end_search(search->database, search->id, RUN_DONE, search->best_run, NULL, error);
}
