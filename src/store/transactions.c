#include "store/transactions.h"

#include <string.h>

#include "store/kept_epochs.h"

static const char begin_sql[] = "BEGIN IMMEDIATE", commit_sql[] = "COMMIT";

/* Commits or takes back; kept epochs that are in the file now are forgotten. */
static percept_status end(Database *database, percept_status status, percept_error *error)
{
    const bool open = !sqlite3_get_autocommit(database->file);
    if (status == PERCEPT_OK && open)
        status = database_execute(database, commit_sql, NULL, 0, error);
    if (status == PERCEPT_OK && open) {
        database->epoch_count = 0;
        database->flushed = database_clock();
    }
    if (!sqlite3_get_autocommit(database->file))
        (void)sqlite3_exec(database->file, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

static percept_status begin(Database *database, percept_error *error)
{
    percept_status status = database_execute(database, begin_sql, NULL, 0, error);
    return status == PERCEPT_OK ? kept_epochs_write(database, error) : status;
}

percept_status database_write_begin(Database *database, percept_error *error)
{
    pthread_mutex_lock(&database->mutex);
    return begin(database, error);
}

percept_status database_write_end(Database *database, percept_status status, percept_error *error)
{
    status = end(database, status, error);
    pthread_mutex_unlock(&database->mutex);
    return status;
}

void database_read_begin(Database *database)
{
    pthread_mutex_lock(&database->mutex);
    if (database->epoch_count > 0) /* a failure is reported by the next write */
        (void)end(database, begin(database, NULL), NULL);
}

void database_read_end(Database *database)
{
    pthread_mutex_unlock(&database->mutex);
}

percept_status database_flush_due(Database *database, percept_error *error)
{
    const double now = database_clock();
    if (database->epoch_count == 0 || now - database->flushed < DATABASE_PERIOD)
        return PERCEPT_OK;
    sqlite3_busy_timeout(database->file, 0);
    percept_status status = database_execute(database, begin_sql, NULL, 0, error);
    const bool busy = status != PERCEPT_OK && (sqlite3_errcode(database->file) & 0xff) == SQLITE_BUSY;
    sqlite3_busy_timeout(database->file, DATABASE_PATIENCE_MS);
    if (busy) {
        database->flushed = now;
        return PERCEPT_OK;
    }
    if (status == PERCEPT_OK)
        status = kept_epochs_write(database, error);
    return end(database, status, error);
}

percept_status database_select(Database *database, const char *sql, const Cell *cells, size_t cell_count, ReadRow *read,
                               size_t size, void *rows, size_t *count, percept_error *error)
{
    sqlite3_stmt *statement = NULL;
    memset(rows, 0, sizeof(void *));
    *count = 0;
    database_read_begin(database);
    percept_status status = database_prepare(database, sql, cells, cell_count, &statement, error);
    if (status == PERCEPT_OK)
        status = database_rows(database, statement, read, size, rows, count, error);
    sqlite3_reset(statement);
    database_read_end(database);
    return status;
}

percept_status database_change(Database *database, const char *sql, const Cell *cells, size_t count,
                               percept_error *error)
{
    percept_status status = database_write_begin(database, error);
    if (status == PERCEPT_OK)
        status = database_execute(database, sql, cells, count, error);
    return database_write_end(database, status, error);
}
