/* Runs, as they are read. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "store/database_words.h"
#include "store/filter.h"
#include "store/run_columns.h"
#include "store/transactions.h"

/* ---- One row ------------------------------------------------------------------------------------------------------ */

static percept_status read_column(sqlite3_stmt *statement, int place, const RunColumn *column, RunRow *row,
                                  percept_error *error)
{
    void *field = (char *)row + column->offset;
    const char *text = NULL;
    switch (column->type) {
    case COLUMN_ID:
        *(int64_t *)field = sqlite3_column_int64(statement, place);
        break;
    case COLUMN_COUNT:
        *(size_t *)field = (size_t)sqlite3_column_int64(statement, place);
        break;
    case COLUMN_EPOCH:
        *(long *)field =
            sqlite3_column_type(statement, place) == SQLITE_NULL ? -1 : (long)sqlite3_column_int64(statement, place);
        break;
    case COLUMN_REAL:
    case COLUMN_TIME:
        *(double *)field = column_real(statement, place);
        break;
    case COLUMN_TEXT:
        return column_text(statement, place, field, error);
    case COLUMN_STATE:
        text = (const char *)sqlite3_column_text(statement, place);
        *(RunState *)field = database_state_of(text);
        break;
    case COLUMN_REQUEST:
        text = (const char *)sqlite3_column_text(statement, place);
        *(RunRequest *)field = database_request_of(text);
        break;
    }
    return PERCEPT_OK;
}

static percept_status read_run(sqlite3_stmt *statement, void *row, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    memset(row, 0, sizeof(RunRow));
    for (size_t c = 0; run_column_at(c) != NULL && status == PERCEPT_OK; c++)
        status = read_column(statement, (int)c, run_column_at(c), row, error);
    return status;
}

void run_rows_clear(RunRows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        for (size_t c = 0; run_column_at(c) != NULL; c++)
            if (run_column_at(c)->type == COLUMN_TEXT)
                memory_free(*(char **)((char *)&rows->rows[i] + run_column_at(c)->offset));
    memory_free(rows->rows);
    *rows = (RunRows){0};
}

/* ---- The query ---------------------------------------------------------------------------------------------------- */

/* Room for all columns by name or expression, conditions, order and limit; the filter comes on top. */
#define QUERY_SIZE 4096

/* Writes "SELECT …" of all columns; recipes, by far the longest of them, only where they are wanted. Returns its length. */
static int write_columns(const RunQuery *query, char *sql, size_t size)
{
    int at = snprintf(sql, size, "SELECT ");
    for (size_t c = 0; run_column_at(c) != NULL; c++) {
        const RunColumn *column = run_column_at(c);
        at += snprintf(sql + at, size - (size_t)at, "%s", c > 0 ? ", " : "");
        if (query->recipes_since > 0 && column->offset == offsetof(RunRow, recipe))
            at += snprintf(sql + at, size - (size_t)at, "iif(updated < %lld, NULL, recipe)",
                           (long long)query->recipes_since);
        else
            at += snprintf(sql + at, size - (size_t)at, "%s", column->sql != NULL ? column->sql : column->name);
    }
    return at;
}

/* "SELECT …" of a query in a new string. */
static percept_status make_query(const RunQuery *query, const Filter *filter, char **out, percept_error *error)
{
    const char *direction = query->descending ? "DESC" : "ASC";
    char order[RUN_KEY_SQL_SIZE], *sql = NULL;
    const size_t size = QUERY_SIZE + (filter->sql != NULL ? strlen(filter->sql) : 0);
    percept_status status = query->order != NULL ? run_key_sql(query->order, order, error) : PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = memory_allocate(size, 1, "a query", &sql, error);
    if (status != PERCEPT_OK)
        return status;
    int at = write_columns(query, sql, size);
    at += snprintf(sql + at, size - (size_t)at, " FROM runs WHERE %s", filter->sql != NULL ? filter->sql : "1");
    if (query->search != 0)
        at += snprintf(sql + at, size - (size_t)at, " AND search = %lld", (long long)query->search);
    if (query->id != 0)
        at += snprintf(sql + at, size - (size_t)at, " AND id = %lld", (long long)query->id);
    if (query->folder != NULL)
        at += snprintf(sql + at, size - (size_t)at, " AND folder = ?%zu", filter->count + 1);
    at += snprintf(sql + at, size - (size_t)at, " ORDER BY ");
    if (query->order != NULL) /* missing values come last, in either direction */
        at += snprintf(sql + at, size - (size_t)at, "%s IS NULL, %s %s, ", order, order, direction);
    at += snprintf(sql + at, size - (size_t)at, "id %s", direction);
    if (query->limit > 0)
        snprintf(sql + at, size - (size_t)at, " LIMIT %zu", query->limit);
    *out = sql;
    return PERCEPT_OK;
}

static percept_status run_query(Database *database, const char *sql, const Filter *filter, const char *folder,
                                RunRows *out, percept_error *error)
{
    sqlite3_stmt *statement = NULL;
    percept_status status = PERCEPT_OK;
    database_read_begin(database);
    if (sqlite3_prepare_v2(database->file, sql, -1, &statement, NULL) != SQLITE_OK)
        status = database_fail(database, error);
    if (status == PERCEPT_OK)
        status = database_bind(database, statement, filter->cells, filter->count, error);
    if (status == PERCEPT_OK && folder != NULL &&
        sqlite3_bind_text(statement, (int)filter->count + 1, folder, -1, SQLITE_STATIC) != SQLITE_OK)
        status = database_fail(database, error);
    if (status == PERCEPT_OK)
        status = database_rows(database, statement, read_run, sizeof *out->rows, &out->rows, &out->count, error);
    sqlite3_finalize(statement);
    database_read_end(database);
    return status;
}

percept_status database_runs(Database *database, const RunQuery *query, RunRows *out, percept_error *error)
{
    Filter filter = {0};
    RunRows found = {0};
    char *sql = NULL;
    percept_status status = query->where != NULL ? filter_parse(query->where, &filter, error) : PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = make_query(query, &filter, &sql, error);
    if (status == PERCEPT_OK)
        status = run_query(database, sql, &filter, query->folder, &found, error);
    if (status == PERCEPT_OK)
        *out = found;
    else
        run_rows_clear(&found);
    memory_free(sql);
    filter_clear(&filter);
    return status;
}

/* ---- Artifacts ---------------------------------------------------------------------------------------------------- */

static const char read_artifacts[] = "SELECT path FROM artifacts WHERE run = ? ORDER BY path";

static percept_status read_path(sqlite3_stmt *statement, void *row, percept_error *error)
{
    return column_text(statement, 0, row, error);
}

percept_status database_artifacts(Database *database, int64_t run, char ***paths, size_t *count, percept_error *error)
{
    char **found = NULL;
    size_t found_count = 0;
    percept_status status = database_select(database, read_artifacts, CELLS(INTEGER_CELL(run)), read_path,
                                            sizeof *found, &found, &found_count, error);
    if (status != PERCEPT_OK) {
        database_free_paths(found, found_count);
        return status;
    }
    *paths = found;
    *count = found_count;
    return PERCEPT_OK;
}

void database_free_paths(char **paths, size_t count)
{
    for (size_t i = 0; paths != NULL && i < count; i++)
        memory_free(paths[i]);
    memory_free(paths);
}
