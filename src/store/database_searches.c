/* Searches and their rungs: written and read. */
#include "base/memory.h"
#include "store/database_words.h"
#include "store/transactions.h"

/* ---- Writing ------------------------------------------------------------------------------------------------------ */

static const char find_search[] = "SELECT id FROM searches WHERE folder = ?";
static const char add_search[] = "INSERT INTO searches (folder) VALUES (?)";
static const char begin_search[] =
    "UPDATE searches SET name = ?2, strategy = ?3, objective = ?4, space = ?5, planned = ?6, pid = ?7,"
    " process_start = ?8, boot = ?9, started = coalesce(started, ?10), updated = ?10, ended = NULL, state = 'running',"
    " request = NULL, message = NULL WHERE id = ?1";
static const char end_search[] =
    "UPDATE searches SET state = ?2, best_run = ?3, message = ?4, request = NULL, ended = ?5, updated = ?5"
    " WHERE id = ?1";
static const char forget_search[] = "DELETE FROM searches WHERE folder = ?";
static const char set_search_state[] = "UPDATE searches SET state = ?2, updated = ?3 WHERE id = ?1";
static const char set_rung[] =
    "INSERT OR REPLACE INTO rungs (search, trial, rung, epochs, figure, promoted) VALUES (?, ?, ?, ?, ?, ?)";

percept_status database_begin_search(Database *database, const SearchRecord *record, int64_t *search,
                                     percept_error *error)
{
    const Process *process = &database->process;
    int64_t found = 0;
    percept_status status = database_write_begin(database, error);
    if (status == PERCEPT_OK && record->folder != NULL)
        status = database_integer(database, find_search, CELLS(TEXT_CELL(record->folder)), &found, error);
    if (status == PERCEPT_OK && found == 0) {
        status = database_execute(database, add_search, CELLS(TEXT_CELL(record->folder)), error);
        found = sqlite3_last_insert_rowid(database->file);
    }
    if (status == PERCEPT_OK)
        status =
            database_execute(database, begin_search,
                             CELLS(INTEGER_CELL(found), TEXT_CELL(record->name), TEXT_CELL(record->strategy),
                                   TEXT_CELL(record->objective), TEXT_CELL(record->space),
                                   INTEGER_CELL(record->planned), INTEGER_CELL(process->pid),
                                   INTEGER_CELL(process->start), TEXT_CELL(process->boot), REAL_CELL(database_now())),
                             error);
    status = database_write_end(database, status, error);
    if (status == PERCEPT_OK)
        *search = found;
    return status;
}

percept_status database_forget_search(Database *database, const char *folder, percept_error *error)
{
    return database_change(database, forget_search, CELLS(TEXT_CELL(folder)), error);
}

percept_status database_end_search(Database *database, int64_t search, RunState state, int64_t best_run,
                                   const char *message, percept_error *error)
{
    return database_change(database, end_search,
                           CELLS(INTEGER_CELL(search), TEXT_CELL(run_state_name(state)),
                                 best_run != 0 ? INTEGER_CELL(best_run) : TEXT_CELL(NULL), TEXT_CELL(message),
                                 REAL_CELL(database_now())),
                           error);
}

percept_status database_set_search_state(Database *database, int64_t search, RunState state, percept_error *error)
{
    return database_change(database, set_search_state,
                           CELLS(INTEGER_CELL(search), TEXT_CELL(run_state_name(state)), REAL_CELL(database_now())),
                           error);
}

percept_status database_set_rung(Database *database, int64_t search, const RungRow *rung, percept_error *error)
{
    return database_change(database, set_rung,
                           CELLS(INTEGER_CELL(search), INTEGER_CELL(rung->trial), INTEGER_CELL(rung->rung),
                                 INTEGER_CELL(rung->epochs), REAL_CELL(rung->figure), INTEGER_CELL(rung->promoted)),
                           error);
}

/* ---- Reading ------------------------------------------------------------------------------------------------------ */

/* Counts the started runs of a search, by reported state. */
#define RUNS_IN(state) "(SELECT count(*) FROM runs WHERE search = searches.id AND state = '" state "')"
static const char read_searches[] =
    "SELECT id, best_run, name, folder, strategy, objective, space, message, " STATE_SQL ", request, planned,"
    " (SELECT count(*) FROM runs WHERE search = searches.id), " RUNS_IN("done") ", " RUNS_IN(
        "diverged") ","
                    " " RUNS_IN("failed") ", " RUNS_IN("pruned") ", started, ended, updated FROM searches ORDER BY id";
static const char read_rungs[] =
    "SELECT trial, rung, epochs, figure, promoted FROM rungs WHERE search = ? ORDER BY rung, figure, trial";

static percept_status read_search(sqlite3_stmt *statement, void *row, percept_error *error)
{
    SearchRow *search = row;
    *search = (SearchRow){
        .id = sqlite3_column_int64(statement, 0),
        .best_run = sqlite3_column_int64(statement, 1),
        .state = database_state_of((const char *)sqlite3_column_text(statement, 8)),
        .request = database_request_of((const char *)sqlite3_column_text(statement, 9)),
        .planned = (size_t)sqlite3_column_int64(statement, 10),
        .runs = (size_t)sqlite3_column_int64(statement, 11),
        .done = (size_t)sqlite3_column_int64(statement, 12),
        .diverged = (size_t)sqlite3_column_int64(statement, 13),
        .failed = (size_t)sqlite3_column_int64(statement, 14),
        .pruned = (size_t)sqlite3_column_int64(statement, 15),
        .started = column_real(statement, 16),
        .ended = column_real(statement, 17),
        .updated = column_real(statement, 18),
    };
    char **const texts[] = {&search->name,      &search->folder, &search->strategy,
                            &search->objective, &search->space,  &search->message};
    percept_status status = PERCEPT_OK;
    for (int i = 0; i < 6 && status == PERCEPT_OK; i++)
        status = column_text(statement, 2 + i, texts[i], error);
    return status;
}

percept_status database_searches(Database *database, SearchRows *out, percept_error *error)
{
    SearchRows found = {0};
    percept_status status = database_select(database, read_searches, NULL, 0, read_search, sizeof *found.rows,
                                            &found.rows, &found.count, error);
    if (status == PERCEPT_OK)
        *out = found;
    else
        search_rows_clear(&found);
    return status;
}

void search_rows_clear(SearchRows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        SearchRow *row = &rows->rows[i];
        char *const texts[] = {row->name, row->folder, row->strategy, row->objective, row->space, row->message};
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            memory_free(texts[t]);
    }
    memory_free(rows->rows);
    *rows = (SearchRows){0};
}

static percept_status read_rung(sqlite3_stmt *statement, void *row, percept_error *error)
{
    (void)error;
    *(RungRow *)row = (RungRow){
        .trial = (size_t)sqlite3_column_int64(statement, 0),
        .rung = (size_t)sqlite3_column_int64(statement, 1),
        .epochs = (size_t)sqlite3_column_int64(statement, 2),
        .figure = column_real(statement, 3),
        .promoted = sqlite3_column_int(statement, 4) != 0,
    };
    return PERCEPT_OK;
}

percept_status database_rungs(Database *database, int64_t search, RungRow **rows, size_t *count, percept_error *error)
{
    RungRow *found = NULL;
    percept_status status = database_select(database, read_rungs, CELLS(INTEGER_CELL(search)), read_rung, sizeof *found,
                                            &found, count, error);
    if (status == PERCEPT_OK)
        *rows = found;
    else
        memory_free(found);
    return status;
}
