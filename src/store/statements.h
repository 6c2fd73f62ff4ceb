/* SQL statements and their rows. The caller must have locked the database (transactions.h). */
#ifndef STORE_STATEMENTS_H
#define STORE_STATEMENTS_H

#include "store/database_file.h"

/* A value for a `?` of a statement. */
typedef struct Cell {
    enum { CELL_INTEGER, CELL_REAL, CELL_TEXT, CELL_BYTES } type;
    size_t size; /* of bytes */
    int64_t integer;
    double real;      /* NaN: NULL */
    const void *text; /* or bytes; NULL: NULL */
} Cell;

#define INTEGER_CELL(value) ((Cell){.type = CELL_INTEGER, .integer = (int64_t)(value)})
#define REAL_CELL(value) ((Cell){.type = CELL_REAL, .real = (value)})
#define TEXT_CELL(value) ((Cell){.type = CELL_TEXT, .text = (value)})
#define BYTES_CELL(value, bytes) ((Cell){.type = CELL_BYTES, .text = (value), .size = (bytes)})

/* Cells and their number, for the functions below. */
#define CELLS(...) (const Cell[]){__VA_ARGS__}, sizeof((const Cell[]){__VA_ARGS__}) / sizeof(Cell)

/* The statement with its cells bound, ready for its first row. It is cached by the address of its text, which must be a
 * constant. sqlite3_reset ends its use; texts must stay valid until then. */
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

/* Binds cells from parameter 1 on. */
percept_status database_bind(Database *database, sqlite3_stmt *statement, const Cell *cells, size_t count,
                             percept_error *error);

/* The error that SQLite has just reported. */
percept_status database_fail(Database *database, percept_error *error);

/* A column as a copied text (NULL stays NULL), and as a number (NULL is NaN). */
percept_status column_text(sqlite3_stmt *statement, int column, char **out, percept_error *error);
double column_real(sqlite3_stmt *statement, int column);

#endif
