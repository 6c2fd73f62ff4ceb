/* The database as the room itself sees it: the open file, statements, transactions. */
#ifndef STORE_DATABASE_FILE_H
#define STORE_DATABASE_FILE_H

#include <pthread.h>
#include <sqlite3.h>
#include <time.h>

#include "recipe/value.h"
#include "store/database.h"
#include "store/process.h"

/* How often what is kept back is written, and what others ask is looked at. */
#define DATABASE_PERIOD 0.25

/* Another process' transaction is waited for that long. */
#define DATABASE_PATIENCE_MS 15000

/* An epoch kept back. */
typedef struct KeptEpoch {
    int64_t run;
    percept_progress progress;
} KeptEpoch;

/* What somebody asked, as last seen. */
typedef struct SeenRequest {
    int64_t id;
    bool search; /* of a search, not of a run */
    RunRequest request;
} SeenRequest;

/* A statement that was prepared once. */
typedef struct KeptStatement {
    const char *sql; /* its text's address is its name */
    sqlite3_stmt *statement;
} KeptStatement;

struct Database {
    sqlite3 *file;
    char *folder, *path;
    pthread_mutex_t mutex; /* held from *_begin to *_end */
    Process process;
    DatabasePatience *patience; /* or NULL: DATABASE_PATIENCE_MS */

    KeptStatement *statements;
    size_t statement_count;

    KeptEpoch *epochs;
    size_t epoch_count, epoch_capacity;
    double flushed; /* database_clock() when epochs were last written */

    SeenRequest *requests;
    size_t request_count;
    double looked; /* when they were seen */
};

/* Seconds since some moment, for what passes; and since 1970. */
double database_clock(void);
double database_now(void);

/* ---- Transactions -------------------------------------------------------------------------------------------------- */

/* Takes the database and starts a transaction, in which all that was kept back is written. write_end follows in any case,
 * with the status reached: it commits, or takes everything back; and lets go of the database. */
percept_status database_write_begin(Database *database, percept_error *error);
percept_status database_write_end(Database *database, percept_status status, percept_error *error);

/* Takes the database for reading, after writing what was kept back. */
void database_read_begin(Database *database);
void database_read_end(Database *database);

/* Writes what was kept back, if that is due. For who has the database, outside of a transaction. Others that write at the
 * moment are not waited for: it stays for the next time. */
percept_status database_flush_due(Database *database, percept_error *error);

/* Writes the kept epochs inside a transaction; they are forgotten by write_end. */
percept_status database_write_epochs(Database *database, percept_error *error);

/* ---- Statements ---------------------------------------------------------------------------------------------------- */

/* A value for a `?` of a statement. */
typedef struct Cell {
    enum { CELL_INTEGER, CELL_REAL, CELL_TEXT, CELL_BYTES } type;
    size_t size; /* of bytes */
    int64_t integer;
    double real;      /* NaN: NULL */
    const void *text; /* or bytes; NULL: NULL */
} Cell;

#define INTEGER(value) ((Cell){.type = CELL_INTEGER, .integer = (int64_t)(value)})
#define REAL(value) ((Cell){.type = CELL_REAL, .real = (value)})
#define TEXT(value) ((Cell){.type = CELL_TEXT, .text = (value)})
#define BYTES(value, bytes) ((Cell){.type = CELL_BYTES, .text = (value), .size = (bytes)})

/* Cells and their number, for the functions below. */
#define CELLS(...) (const Cell[]){__VA_ARGS__}, sizeof((const Cell[]){__VA_ARGS__}) / sizeof(Cell)

/* The statement with its cells, ready for its first row; kept for the next time by the address of its text, which must be
 * a constant. sqlite3_reset ends its use. Texts must stay until then. */
percept_status database_prepare(Database *database, const char *sql, const Cell *cells, size_t count,
                                sqlite3_stmt **out, percept_error *error);

/* Runs a statement that gives no rows. */
percept_status database_execute(Database *database, const char *sql, const Cell *cells, size_t count,
                                percept_error *error);

/* The first column of the only row as an integer; *out stays as it is if there is no row. */
percept_status database_integer(Database *database, const char *sql, const Cell *cells, size_t count, int64_t *out,
                                percept_error *error);

/* Rows of a query, gathered: *rows is released with memory_free, also after a failure, when it holds the rows before. */
typedef percept_status ReadRow(sqlite3_stmt *statement, void *row, percept_error *error);
percept_status database_rows(Database *database, sqlite3_stmt *statement, ReadRow *read, size_t size, void *rows,
                             size_t *count, percept_error *error);

/* Takes the database, and gathers the rows of a kept statement. */
percept_status database_select(Database *database, const char *sql, const Cell *cells, size_t cell_count, ReadRow *read,
                               size_t size, void *rows, size_t *count, percept_error *error);

/* Binds cells from parameter 1 on. */
percept_status database_bind(Database *database, sqlite3_stmt *statement, const Cell *cells, size_t count,
                             percept_error *error);

/* One write in a transaction of its own. */
percept_status database_change(Database *database, const char *sql, const Cell *cells, size_t count,
                               percept_error *error);

/* What SQLite has just refused. */
percept_status database_fail(Database *database, percept_error *error);

/* A column as a copied text (NULL stays NULL), and as a number (NULL is NaN). */
percept_status column_text(sqlite3_stmt *statement, int column, char **out, percept_error *error);
double column_real(sqlite3_stmt *statement, int column);

/* ---- Words --------------------------------------------------------------------------------------------------------- */

RunState database_state_of(const char *name);          /* RUN_FAILED for what is none */
RunRequest database_request_of(const char *name);      /* REQUEST_NONE for NULL */
const char *database_request_name(RunRequest request); /* NULL for REQUEST_NONE */

/* State as it is told, of a row of runs or searches: SQL. */
#define STATE_SQL                                                                                                      \
    "(CASE WHEN state IN ('running', 'paused') AND NOT alive(pid, process_start, boot) THEN 'interrupted' ELSE state " \
    "END)"
#define IN_PROGRESS_SQL "(state IN ('running', 'paused') AND alive(pid, process_start, boot))"

/* All values of a recipe as a JSON object, keys in the table's order; released with memory_free. */
percept_status recipe_json(const percept_recipe *recipe, char **out, percept_error *error);

/* One of its values, likewise. */
percept_status value_json(const Key *key, const Value *value, char **out, percept_error *error);

#endif
