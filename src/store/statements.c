#include "store/statements.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "store/schema.h"

#define STATEMENTS_STEP 32

percept_status database_fail(Database *database, percept_error *error)
{
    return schema_fail(database->file, database->path, error);
}

/* ---- Statements --------------------------------------------------------------------------------------------------- */

static percept_status find_statement(Database *database, const char *sql, sqlite3_stmt **out, percept_error *error)
{
    const size_t count = database->statement_count;
    for (size_t s = 0; s < count; s++)
        if (database->statements[s].sql == sql) {
            *out = database->statements[s].statement;
            return PERCEPT_OK;
        }
    if (count % STATEMENTS_STEP == 0) {
        const size_t size = sizeof *database->statements;
        percept_status status = memory_grow(&database->statements, count * size, count + STATEMENTS_STEP, size,
                                            "statements of the runs database", error);
        if (status != PERCEPT_OK)
            return status;
    }
    if (sqlite3_prepare_v3(database->file, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) != SQLITE_OK)
        return database_fail(database, error);
    database->statements[database->statement_count++] = (KeptStatement){sql, *out};
    return PERCEPT_OK;
}

static int bind_cell(sqlite3_stmt *statement, int place, const Cell *cell)
{
    switch (cell->type) {
    case CELL_INTEGER:
        return sqlite3_bind_int64(statement, place, cell->integer);
    case CELL_REAL:
        return sqlite3_bind_double(statement, place, cell->real);
    case CELL_TEXT:
        return sqlite3_bind_text(statement, place, cell->text, -1, SQLITE_STATIC);
    default:
        return sqlite3_bind_blob64(statement, place, cell->text, cell->size, SQLITE_STATIC);
    }
}

percept_status database_bind(Database *database, sqlite3_stmt *statement, const Cell *cells, size_t count,
                             percept_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (bind_cell(statement, (int)i + 1, &cells[i]) != SQLITE_OK)
            return database_fail(database, error);
    return PERCEPT_OK;
}

percept_status database_prepare(Database *database, const char *sql, const Cell *cells, size_t count,
                                sqlite3_stmt **out, percept_error *error)
{
    percept_status status = find_statement(database, sql, out, error);
    if (status != PERCEPT_OK)
        return status;
    sqlite3_reset(*out);
    return database_bind(database, *out, cells, count, error);
}

percept_status database_execute(Database *database, const char *sql, const Cell *cells, size_t count,
                                percept_error *error)
{
    sqlite3_stmt *statement = NULL;
    percept_status status = database_prepare(database, sql, cells, count, &statement, error);
    if (status != PERCEPT_OK)
        return status;
    if (sqlite3_step(statement) != SQLITE_DONE)
        status = database_fail(database, error);
    sqlite3_reset(statement);
    return status;
}

percept_status database_integer(Database *database, const char *sql, const Cell *cells, size_t count, int64_t *out,
                                percept_error *error)
{
    sqlite3_stmt *statement = NULL;
    percept_status status = database_prepare(database, sql, cells, count, &statement, error);
    if (status != PERCEPT_OK)
        return status;
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    else if (code != SQLITE_DONE)
        status = database_fail(database, error);
    sqlite3_reset(statement);
    return status;
}

percept_status column_text(sqlite3_stmt *statement, int column, char **out, percept_error *error)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    *out = NULL;
    if (text == NULL && sqlite3_column_type(statement, column) != SQLITE_NULL)
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for a text of the runs database");
    return text != NULL ? memory_copy_string(text, out, error) : PERCEPT_OK;
}

double column_real(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, column);
}

/* ---- Rows --------------------------------------------------------------------------------------------------------- */

percept_status database_rows(Database *database, sqlite3_stmt *statement, ReadRow *read, size_t size, void *rows,
                             size_t *count, percept_error *error)
{
    char *block = NULL;
    size_t used = 0, capacity = 0;
    int code = SQLITE_ROW;
    percept_status status = PERCEPT_OK;
    while (status == PERCEPT_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (used == capacity) {
            capacity = 2 * capacity + 16;
            status = memory_grow(&block, used * size, capacity, size, "rows of the runs database", error);
            if (status != PERCEPT_OK)
                break;
        }
        status = read(statement, block + used++ * size, error); /* a row cut short is released with the others */
    }
    if (status == PERCEPT_OK && code != SQLITE_DONE)
        status = database_fail(database, error);
    memcpy(rows, &block, sizeof block); /* rows points to a pointer of any type */
    *count = used;
    return status;
}
