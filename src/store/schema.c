#include "store/schema.h"

#include <stdio.h>

#include "base/number.h"

/* Times are seconds since 1970, durations are seconds; missing values are NULL; states and requests are words. The
 * meaning of a column never changes, so other tools may rely on this description. */

/* A process is identified by pid, process_start (clock ticks since boot) and boot (its id): store/process.h. */
#define PROCESS_COLUMNS "pid INTEGER, process_start INTEGER, boot TEXT"

static const char version_1[] =
    /* What was tried together. folder: beside the database; space: YAML. */
    "CREATE TABLE searches ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, folder TEXT UNIQUE, strategy TEXT, objective TEXT, space TEXT,"
    " planned INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'running', request TEXT, message TEXT,"
    " best_run INTEGER REFERENCES runs(id) ON DELETE SET NULL,"
    " started REAL, ended REAL, updated REAL, " PROCESS_COLUMNS ");"
    /* One training. folder: beside the database, NULL if it has none. recipe: a JSON object of all keys that have a value.
     * valid_…: of best_epoch; train_…: of the last epoch. epochs: planned; epoch: finished. seconds: of training, those
     * before the run was last taken up (seconds_before) included. */
    "CREATE TABLE runs ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, search INTEGER REFERENCES searches(id) ON DELETE CASCADE,"
    " kind TEXT, name TEXT, folder TEXT UNIQUE, trial INTEGER NOT NULL DEFAULT 0, repeat INTEGER NOT NULL DEFAULT 0,"
    " state TEXT NOT NULL DEFAULT 'running', request TEXT, message TEXT,"
    " recipe TEXT, dataset TEXT, checksum TEXT, version TEXT, machine TEXT,"
    " train_count INTEGER NOT NULL DEFAULT 0, valid_count INTEGER NOT NULL DEFAULT 0,"
    " test_count INTEGER NOT NULL DEFAULT 0, parameters INTEGER NOT NULL DEFAULT 0,"
    " threads INTEGER NOT NULL DEFAULT 0, epochs INTEGER NOT NULL DEFAULT 0, epoch INTEGER NOT NULL DEFAULT 0,"
    " best_epoch INTEGER, train_loss REAL, train_accuracy REAL, valid_loss REAL, valid_accuracy REAL, test_loss REAL,"
    " test_accuracy REAL, started REAL, ended REAL, updated REAL, seconds REAL, seconds_before REAL NOT NULL DEFAULT 0,"
    " " PROCESS_COLUMNS ");"
    "CREATE UNIQUE INDEX runs_of_searches ON runs(search, kind, trial, repeat) WHERE search IS NOT NULL;"
    "CREATE INDEX runs_asked ON runs(request) WHERE request IS NOT NULL;"
    /* A finished epoch, from 0. best: better than all before it. seconds: since training began, as in runs. */
    "CREATE TABLE epochs ("
    " run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, epoch INTEGER NOT NULL,"
    " best INTEGER NOT NULL DEFAULT 0, learning_rate REAL, seconds REAL, train_loss REAL, train_accuracy REAL,"
    " valid_loss REAL, valid_accuracy REAL, test_loss REAL, test_accuracy REAL,"
    " PRIMARY KEY (run, epoch)) WITHOUT ROWID;"
    "CREATE TABLE tags ("
    " run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, tag TEXT NOT NULL,"
    " PRIMARY KEY (run, tag)) WITHOUT ROWID;"
    /* Files of a run; path: beside the database. */
    "CREATE TABLE artifacts ("
    " run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, path TEXT NOT NULL,"
    " PRIMARY KEY (run, path)) WITHOUT ROWID;";

static const char version_2[] =
    /* Where trials of successive halving came to, and whether they were trained on. */
    "CREATE TABLE rungs ("
    " search INTEGER NOT NULL REFERENCES searches(id) ON DELETE CASCADE, trial INTEGER NOT NULL, rung INTEGER NOT NULL,"
    " epochs INTEGER NOT NULL, figure REAL, promoted INTEGER NOT NULL, PRIMARY KEY (search, trial, rung)) WITHOUT "
    "ROWID;"
    /* Pictures that a run took for something else after an epoch. pixels: height × width grey bytes. */
    "CREATE TABLE wrong ("
    " run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, place INTEGER NOT NULL, epoch INTEGER NOT NULL,"
    " label INTEGER NOT NULL, predicted INTEGER NOT NULL, label_name TEXT, predicted_name TEXT, confidence REAL,"
    " width INTEGER NOT NULL, height INTEGER NOT NULL, pixels BLOB NOT NULL, PRIMARY KEY (run, place));";

/* Step i makes version i + 1 of version i. A step that was published is never changed: the next change is a new step. */
static const char *const steps[] = {version_1, version_2};

int schema_version(void)
{
    return sizeof steps / sizeof *steps;
}

/* ---- Failures ----------------------------------------------------------------------------------------------------- */

typedef struct Failure {
    int code; /* of SQLite */
    percept_status status;
    const char *reason; /* NULL: SQLite's own words */
    const char *hint;
} Failure;

static const Failure failures[] = {
    {SQLITE_NOMEM, PERCEPT_ERROR_MEMORY, "not enough memory", ""},
    {SQLITE_FULL, PERCEPT_ERROR_IO, "the disk is full", "; make room"},
    {SQLITE_BUSY, PERCEPT_ERROR_IO, "another program holds it", "; end that program, or try again later"},
    {SQLITE_LOCKED, PERCEPT_ERROR_IO, "another program holds it", "; end that program, or try again later"},
    {SQLITE_READONLY, PERCEPT_ERROR_IO, "file or folder may only be read",
     "; allow writing, or choose another runs folder"},
    {SQLITE_CANTOPEN, PERCEPT_ERROR_IO, "it cannot be opened", "; is it a file, and may this user read and write it?"},
    {SQLITE_PERM, PERCEPT_ERROR_IO, "permission denied", "; allow reading and writing"},
    {SQLITE_NOTADB, PERCEPT_ERROR_FORMAT, "it is no SQLite database", "; move it away"},
    {SQLITE_CORRUPT, PERCEPT_ERROR_FORMAT, "it is damaged",
     "; move it away, or save what is left with sqlite3's .recover"},
};

percept_status schema_fail(sqlite3 *file, const char *path, percept_error *error)
{
    const int code = file == NULL ? SQLITE_NOMEM : sqlite3_errcode(file);
    Failure failure = {code, PERCEPT_ERROR_IO, NULL, ""};
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (failures[i].code == (code & 0xff))
            failure = failures[i];
    return error_set(error, failure.status, "the runs database '%s' cannot be used: %s%s", path,
                     failure.reason != NULL ? failure.reason : sqlite3_errmsg(file), failure.hint);
}

/* ---- Versions ----------------------------------------------------------------------------------------------------- */

static int keep_integer(void *out, int columns, char **values, char **names)
{
    (void)columns, (void)names;
    return values[0] == NULL || integer_parse(values[0], out) != INTEGER_OK;
}

static percept_status run_text(sqlite3 *file, const char *path, const char *sql, int64_t *out, percept_error *error)
{
    return sqlite3_exec(file, sql, out != NULL ? keep_integer : NULL, out, NULL) == SQLITE_OK
               ? PERCEPT_OK
               : schema_fail(file, path, error);
}

/* The version of the file, 0 for an empty one; refuses other files. Call it inside a transaction: several reads must
 * see one state of the file, and another process may be creating its tables at this moment. */
static percept_status read_version(sqlite3 *file, const char *path, int64_t *version, percept_error *error)
{
    int64_t application = 0, tables = 0;
    percept_status status = run_text(file, path, "PRAGMA application_id", &application, error);
    if (status == PERCEPT_OK)
        status = run_text(file, path, "PRAGMA user_version", version, error);
    if (status == PERCEPT_OK && application != SCHEMA_APPLICATION)
        status = run_text(file, path, "SELECT count(*) FROM sqlite_schema", &tables, error);
    if (status != PERCEPT_OK)
        return status;
    if (application != SCHEMA_APPLICATION && (tables > 0 || application != 0 || *version != 0))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' is a database, but not one of Percept's; move it away, or choose another runs folder",
                         path);
    if (*version > schema_version() || *version < 0)
        return error_set(
            error, PERCEPT_ERROR_FORMAT,
            "the runs database '%s' has version %lld, and Percept %s knows versions up to %d: a newer Percept "
            "wrote it; use that, or choose another runs folder",
            path, (long long)*version, PERCEPT_VERSION, schema_version());
    return PERCEPT_OK;
}

/* All steps that are missing, inside a transaction. */
static percept_status migrate(sqlite3 *file, const char *path, percept_error *error)
{
    int64_t version = 0;
    char mark[96];
    /* Checks again, now that no other process can write: another process may have been faster. */
    percept_status status = read_version(file, path, &version, error);
    if (status != PERCEPT_OK || version == schema_version())
        return status;
    for (int64_t step = version; step < schema_version() && status == PERCEPT_OK; step++)
        status = run_text(file, path, steps[step], NULL, error);
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", SCHEMA_APPLICATION,
             schema_version());
    return status == PERCEPT_OK ? run_text(file, path, mark, NULL, error) : status;
}

/* Ends a transaction, whatever came of it. */
static percept_status end(sqlite3 *file, const char *path, percept_status status, percept_error *error)
{
    if (status == PERCEPT_OK)
        status = run_text(file, path, "COMMIT", NULL, error);
    if (!sqlite3_get_autocommit(file))
        (void)sqlite3_exec(file, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

percept_status schema_prepare(sqlite3 *file, const char *path, bool writable, percept_error *error)
{
    int64_t version = 0;
    percept_status status = run_text(file, path, "BEGIN", NULL, error);
    if (status == PERCEPT_OK)
        status = end(file, path, read_version(file, path, &version, error), error);
    if (status != PERCEPT_OK || version == schema_version())
        return status;
    if (!writable)
        return error_set(error, PERCEPT_ERROR_IO,
                         "the runs database '%s' is of an older version (%lld) and may not be written to: open it once "
                         "with `percept runs list` as a user who may write",
                         path, (long long)version);
    status = run_text(file, path, "BEGIN IMMEDIATE", NULL, error);
    if (status == PERCEPT_OK)
        status = end(file, path, migrate(file, path, error), error);
    return status;
}
