/* A run from its beginning to its end. */
#include <math.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/database_words.h"
#include "store/recipe_json.h"
#include "store/transactions.h"

/* ---- Beginning ---------------------------------------------------------------------------------------------------- */

static const char find_by_folder[] = "SELECT id FROM runs WHERE folder = ?";
static const char find_in_search[] = "SELECT id FROM runs WHERE search = ? AND kind = ? AND trial = ? AND repeat = ?";
static const char add_run[] = "INSERT INTO runs (kind) VALUES (?)";

static const char begin_run[] =
    "UPDATE runs SET search = ?2, kind = ?3, name = ?4, folder = ?5, trial = ?6, repeat = ?7, recipe = ?8, dataset = "
    "?9,"
    " checksum = ?10, version = ?11, machine = ?12, train_count = ?13, valid_count = ?14, test_count = ?15,"
    " parameters = ?16, threads = ?17, epochs = ?18, epoch = ?19, pid = ?20, process_start = ?21, boot = ?22,"
    " started = iif(?19 > 0, coalesce(started, ?23), ?23), updated = ?23, ended = NULL, state = 'running',"
    " request = NULL, message = NULL, test_loss = NULL, test_accuracy = NULL WHERE id = ?1";

/* The state of a run that continues after its first epochs. */
static const char forget_epochs[] = "DELETE FROM epochs WHERE run = ? AND epoch >= ?";
static const char restore_figures[] =
    "UPDATE runs SET"
    " (best_epoch, valid_loss, valid_accuracy) = (SELECT epoch, valid_loss, valid_accuracy FROM epochs"
    "  WHERE run = runs.id AND best ORDER BY epoch DESC LIMIT 1),"
    " (train_loss, train_accuracy, seconds) = (SELECT train_loss, train_accuracy, seconds FROM epochs"
    "  WHERE run = runs.id ORDER BY epoch DESC LIMIT 1),"
    " seconds_before = coalesce((SELECT max(seconds) FROM epochs WHERE run = runs.id), 0) WHERE id = ?";
static const char forget_artifacts[] = "DELETE FROM artifacts WHERE run = ?";
static const char forget_wrong[] = "DELETE FROM wrong WHERE run = ?";

/* Name of the host, its system and its processors. */
#define MACHINE_SIZE 256
static void describe_machine(char text[MACHINE_SIZE])
{
    struct utsname facts;
    text[0] = '\0';
    if (uname(&facts) == 0)
        snprintf(text, MACHINE_SIZE, "%.64s, %ld processors, %.64s, %.16s %.64s", facts.nodename,
                 sysconf(_SC_NPROCESSORS_ONLN), facts.machine, facts.sysname, facts.release);
}

/* The row of a run that was begun before, or a new one. */
static percept_status find_run(Database *database, const RunRecord *record, int64_t *run, bool *made,
                               percept_error *error)
{
    percept_status status = PERCEPT_OK;
    *run = 0;
    if (record->folder != NULL)
        status = database_integer(database, find_by_folder, CELLS(TEXT_CELL(record->folder)), run, error);
    if (status == PERCEPT_OK && *run == 0 && record->search != 0)
        status = database_integer(database, find_in_search,
                                  CELLS(INTEGER_CELL(record->search), TEXT_CELL(record->kind),
                                        INTEGER_CELL(record->trial), INTEGER_CELL(record->repeat)),
                                  run, error);
    *made = status == PERCEPT_OK && *run == 0;
    if (*made) {
        status = database_execute(database, add_run, CELLS(TEXT_CELL(record->kind)), error);
        *run = sqlite3_last_insert_rowid(database->file);
    }
    return status;
}

static size_t count_of(const percept_dataset *part)
{
    return part != NULL ? percept_dataset_count(part) : 0;
}

static percept_status write_run(Database *database, int64_t run, const RunRecord *record, const char *recipe,
                                size_t epoch, percept_error *error)
{
    char machine[MACHINE_SIZE];
    const percept_data data = record->data != NULL ? *record->data : (percept_data){0};
    const Process *process = &database->process;
    describe_machine(machine);
    const Cell cells[] = {
        INTEGER_CELL(run),
        record->search != 0 ? INTEGER_CELL(record->search) : TEXT_CELL(NULL),
        TEXT_CELL(record->kind),
        TEXT_CELL(record->name),
        TEXT_CELL(record->folder),
        INTEGER_CELL(record->trial),
        INTEGER_CELL(record->repeat),
        TEXT_CELL(recipe),
        TEXT_CELL(file_below_here(recipe_text(record->recipe, "data.name"))),
        TEXT_CELL(record->checksum),
        TEXT_CELL(percept_version()),
        TEXT_CELL(machine),
        INTEGER_CELL(count_of(data.train)),
        INTEGER_CELL(count_of(data.valid)),
        INTEGER_CELL(count_of(data.test)),
        INTEGER_CELL(record->parameters),
        INTEGER_CELL(record->threads),
        INTEGER_CELL(recipe_integer(record->recipe, "train.epochs")),
        INTEGER_CELL(epoch),
        INTEGER_CELL(process->pid),
        INTEGER_CELL(process->start),
        TEXT_CELL(process->boot),
        REAL_CELL(database_now()),
    };
    return database_execute(database, begin_run, cells, sizeof cells / sizeof *cells, error);
}

/* The rows of an earlier attempt, reduced to the epochs from which the run continues. */
static percept_status cut_run(Database *database, int64_t run, size_t epoch, percept_error *error)
{
    percept_status status =
        database_execute(database, forget_epochs, CELLS(INTEGER_CELL(run), INTEGER_CELL(epoch)), error);
    if (status == PERCEPT_OK)
        status = database_execute(database, restore_figures, CELLS(INTEGER_CELL(run)), error);
    if (status == PERCEPT_OK)
        status = database_execute(database, forget_wrong, CELLS(INTEGER_CELL(run)), error);
    if (status == PERCEPT_OK)
        status = database_execute(database, forget_artifacts, CELLS(INTEGER_CELL(run)), error);
    return status;
}

percept_status database_begin_run(Database *database, const RunRecord *record, size_t epoch, int64_t *run,
                                  percept_error *error)
{
    char *recipe = NULL;
    int64_t found = 0;
    bool made = false;
    percept_status status = recipe_json(record->recipe, &recipe, error);
    if (status == PERCEPT_OK) {
        status = database_write_begin(database, error);
        if (status == PERCEPT_OK)
            status = find_run(database, record, &found, &made, error);
        if (status == PERCEPT_OK)
            status = write_run(database, found, record, recipe, epoch, error);
        if (status == PERCEPT_OK && !made)
            status = cut_run(database, found, epoch, error);
        status = database_write_end(database, status, error);
    }
    if (status == PERCEPT_OK)
        *run = found;
    memory_free(recipe);
    return status;
}

/* ---- State and end ------------------------------------------------------------------------------------------------ */

static const char end_run[] =
    "UPDATE runs SET state = ?2, message = ?3, request = NULL, updated = ?4, ended = iif(?2 = 'waiting', NULL, ?4)"
    " WHERE id = ?1";
static const char set_result[] =
    "UPDATE runs SET epoch = ?2, best_epoch = ?3, train_loss = ?4, train_accuracy = ?5, valid_loss = ?6,"
    " valid_accuracy = ?7, seconds = seconds_before + ?8 WHERE id = ?1";
static const char set_test[] = "UPDATE runs SET test_loss = ?2, test_accuracy = ?3 WHERE id = ?1";
static const char set_state[] = "UPDATE runs SET state = ?2, updated = ?3 WHERE id = ?1";

static percept_status write_result(Database *database, int64_t run, const percept_result *result, percept_error *error)
{
    return database_execute(database, set_result,
                            CELLS(INTEGER_CELL(run), INTEGER_CELL(result->epochs),
                                  result->best_epoch >= 0 ? INTEGER_CELL(result->best_epoch) : TEXT_CELL(NULL),
                                  REAL_CELL(result->train_loss), REAL_CELL(result->train_accuracy),
                                  REAL_CELL(result->valid_loss), REAL_CELL(result->valid_accuracy),
                                  REAL_CELL(result->seconds)),
                            error);
}

percept_status database_end_run(Database *database, int64_t run, RunState state, const percept_result *result,
                                const percept_metrics *test, const char *message, percept_error *error)
{
    percept_status status = database_write_begin(database, error);
    if (status == PERCEPT_OK && result != NULL)
        status = write_result(database, run, result, error);
    if (status == PERCEPT_OK && test != NULL)
        status = database_execute(database, set_test,
                                  CELLS(INTEGER_CELL(run), REAL_CELL(test->loss), REAL_CELL(test->accuracy)), error);
    if (status == PERCEPT_OK)
        status = database_execute(
            database, end_run,
            CELLS(INTEGER_CELL(run), TEXT_CELL(run_state_name(state)), TEXT_CELL(message), REAL_CELL(database_now())),
            error);
    return database_write_end(database, status, error);
}

percept_status database_set_state(Database *database, int64_t run, RunState state, percept_error *error)
{
    return database_change(database, set_state,
                           CELLS(INTEGER_CELL(run), TEXT_CELL(run_state_name(state)), REAL_CELL(database_now())),
                           error);
}

/* ---- What belongs to it ------------------------------------------------------------------------------------------- */

static const char add_artifact[] = "INSERT OR IGNORE INTO artifacts (run, path) VALUES (?, ?)";
static const char add_tag[] = "INSERT OR IGNORE INTO tags (run, tag) SELECT id, ?2 FROM runs WHERE id = ?1";
static const char remove_tag[] = "DELETE FROM tags WHERE run = ? AND tag = ?";
static const char find_id[] = "SELECT id FROM runs WHERE id = ?";
static const char find_in_progress[] = "SELECT id FROM runs WHERE id = ? AND " IN_PROGRESS_SQL;
static const char delete_run[] = "DELETE FROM runs WHERE id = ?";

percept_status database_add_artifact(Database *database, int64_t run, const char *path, percept_error *error)
{
    return database_change(database, add_artifact, CELLS(INTEGER_CELL(run), TEXT_CELL(path)), error);
}

static percept_status check_run(Database *database, int64_t run, percept_error *error)
{
    int64_t found = 0;
    percept_status status = database_integer(database, find_id, CELLS(INTEGER_CELL(run)), &found, error);
    if (status == PERCEPT_OK && found == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no run %lld; `percept runs list` shows all",
                           (long long)run);
    return status;
}

percept_status database_tag(Database *database, int64_t run, const char *tag, bool remove, percept_error *error)
{
    if (tag[0] == '\0')
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "a tag has at least one letter");
    percept_status status = database_write_begin(database, error);
    if (status == PERCEPT_OK)
        status = check_run(database, run, error);
    if (status == PERCEPT_OK)
        status =
            database_execute(database, remove ? remove_tag : add_tag, CELLS(INTEGER_CELL(run), TEXT_CELL(tag)), error);
    return database_write_end(database, status, error);
}

percept_status database_delete(Database *database, int64_t run, percept_error *error)
{
    int64_t busy = 0;
    percept_status status = database_write_begin(database, error);
    if (status == PERCEPT_OK)
        status = check_run(database, run, error);
    if (status == PERCEPT_OK)
        status = database_integer(database, find_in_progress, CELLS(INTEGER_CELL(run)), &busy, error);
    if (status == PERCEPT_OK && busy != 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "run %lld is in progress; stop it first", (long long)run);
    if (status == PERCEPT_OK)
        status = database_execute(database, delete_run, CELLS(INTEGER_CELL(run)), error);
    return database_write_end(database, status, error);
}
