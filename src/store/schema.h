/* The tables of the runs database, and how an older database becomes one of this version. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"

/* Marks a file as Percept's: "Prcp", in SQLite's header as application_id. */
#define SCHEMA_APPLICATION 0x50726370

/* The version that this library writes. */
int schema_version(void);

/* Creates the tables in an empty database, and updates an older one in one transaction. Refuses a newer version, and a
 * database that is not Percept's (PERCEPT_ERROR_FORMAT). An older one that must not be written to (writable false) is
 * PERCEPT_ERROR_IO. Several processes may try at once. */
percept_status schema_prepare(sqlite3 *file, const char *path, bool writable, percept_error *error);

/* Describes the error that SQLite has just reported for a file: full disk, no permission, locked, damaged, …. */
percept_status schema_fail(sqlite3 *file, const char *path, percept_error *error);

#endif
