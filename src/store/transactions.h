/* Who has the database: one thread at a time, and for writing one process. */
#ifndef STORE_TRANSACTIONS_H
#define STORE_TRANSACTIONS_H

#include "store/statements.h"

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

/* Takes the database, and gathers the rows of a kept statement. */
percept_status database_select(Database *database, const char *sql, const Cell *cells, size_t cell_count, ReadRow *read,
                               size_t size, void *rows, size_t *count, percept_error *error);

/* One write in a transaction of its own. */
percept_status database_change(Database *database, const char *sql, const Cell *cells, size_t count,
                               percept_error *error);

#endif
