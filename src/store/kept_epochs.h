/* Epochs that are kept back, to be written together. */
#ifndef STORE_KEPT_EPOCHS_H
#define STORE_KEPT_EPOCHS_H

#include "store/database_file.h"

/* Keeps one more. */
percept_status kept_epochs_add(Database *database, int64_t run, const percept_progress *progress, percept_error *error);

/* Writes the kept epochs inside a transaction; they are forgotten by database_write_end. */
percept_status kept_epochs_write(Database *database, percept_error *error);

#endif
