/* Locks and transactions: one thread at a time uses the database, and one process writes. */
#ifndef STORE_TRANSACTIONS_H
#define STORE_TRANSACTIONS_H

#include "store/statements.h"

/* Locks the database and starts a transaction, in which all collected epochs are written. write_end must follow in any
 * case, with the status reached: it commits or rolls back, and unlocks the database. */
percept_status database_write_begin(Database *database, percept_error *error);
percept_status database_write_end(Database *database, percept_status status, percept_error *error);

/* Locks the database for reading, after writing collected epochs. */
void database_read_begin(Database *database);
void database_read_end(Database *database);

/* Writes collected epochs if that is due. The caller has locked the database and is in no transaction. If another
 * process is writing, it does not wait: the epochs are written the next time. */
percept_status database_flush_due(Database *database, percept_error *error);

/* Locks the database, and collects the rows of a cached statement. */
percept_status database_select(Database *database, const char *sql, const Cell *cells, size_t cell_count, ReadRow *read,
                               size_t size, void *rows, size_t *count, percept_error *error);

/* One write in a separate transaction. */
percept_status database_change(Database *database, const char *sql, const Cell *cells, size_t count,
                               percept_error *error);

#endif
