/* What others ask of runs and searches in progress. */
#include "base/memory.h"
#include "store/database_words.h"
#include "store/transactions.h"

static const char read_requests[] = "SELECT 0, id, request FROM runs WHERE request IS NOT NULL UNION ALL"
                                    " SELECT 1, id, request FROM searches WHERE request IS NOT NULL";

static percept_status read_request(sqlite3_stmt *statement, void *row, percept_error *error)
{
    (void)error;
    *(SeenRequest *)row = (SeenRequest){
        .id = sqlite3_column_int64(statement, 1),
        .search = sqlite3_column_int(statement, 0) != 0,
        .request = database_request_of((const char *)sqlite3_column_text(statement, 2)),
    };
    return PERCEPT_OK;
}

/* Looks at all requests, which are few; what was seen before stays where that fails. */
static void look(Database *database)
{
    sqlite3_stmt *statement = NULL;
    SeenRequest *seen = NULL;
    size_t count = 0;
    percept_status status = database_prepare(database, read_requests, NULL, 0, &statement, NULL);
    if (status == PERCEPT_OK)
        status = database_rows(database, statement, read_request, sizeof *seen, &seen, &count, NULL);
    sqlite3_reset(statement);
    database->looked = database_clock();
    if (status != PERCEPT_OK) {
        memory_free(seen);
        return;
    }
    memory_free(database->requests);
    database->requests = seen;
    database->request_count = count;
}

static RunRequest request_of(Database *database, int64_t id, bool search)
{
    RunRequest request = REQUEST_NONE;
    pthread_mutex_lock(&database->mutex);
    (void)database_flush_due(database, NULL); /* the next epoch reports a failure */
    if (database_clock() - database->looked >= DATABASE_PERIOD)
        look(database);
    for (size_t r = 0; r < database->request_count; r++)
        if (database->requests[r].id == id && database->requests[r].search == search)
            request = database->requests[r].request;
    pthread_mutex_unlock(&database->mutex);
    return request;
}

RunRequest database_request(Database *database, int64_t run)
{
    return request_of(database, run, false);
}

RunRequest database_search_request(Database *database, int64_t search)
{
    return request_of(database, search, true);
}

/* ---- Asking ------------------------------------------------------------------------------------------------------- */

/* The number of rows that were asked: none where nothing is in progress. */
static const char ask_run[] = "UPDATE runs SET request = ?2 WHERE id = ?1 AND " IN_PROGRESS_SQL " RETURNING 1";
static const char ask_search[] = "UPDATE searches SET request = ?2 WHERE id = ?1 AND " IN_PROGRESS_SQL " RETURNING 1";

static percept_status ask(Database *database, bool search, int64_t id, RunRequest request, percept_error *error)
{
    int64_t asked = 0;
    percept_status status = database_write_begin(database, error);
    if (status == PERCEPT_OK)
        status = database_integer(database, search ? ask_search : ask_run,
                                  CELLS(INTEGER_CELL(id), TEXT_CELL(database_request_name(request))), &asked, error);
    if (status == PERCEPT_OK && asked == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "%s %lld is not in progress", search ? "search" : "run",
                           (long long)id);
    database->looked = 0;
    return database_write_end(database, status, error);
}

percept_status database_ask(Database *database, int64_t run, RunRequest request, percept_error *error)
{
    return ask(database, false, run, request, error);
}

percept_status database_ask_search(Database *database, int64_t search, RunRequest request, percept_error *error)
{
    return ask(database, true, search, request, error);
}
