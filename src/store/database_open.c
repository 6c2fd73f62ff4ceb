/* Opening and closing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/database_file.h"
#include "store/schema.h"
#include "store/transactions.h"

const char *database_folder(const Database *database)
{
    return database->folder;
}

/* ---- Where it lies ------------------------------------------------------------------------------------------------ */

/* File systems that several machines write to: the log's index is memory that only one machine's processes share. */
static percept_status refuse_network(const char *folder, percept_error *error)
{
    static const unsigned long kinds[] = {0x6969, 0x517B, 0xFF534D42, 0xFE534D42, 0x5346414F}; /* NFS, SMB, AFS */
    struct statfs facts;
    if (statfs(folder[0] == '\0' ? "." : folder, &facts) != 0)
        return PERCEPT_OK; /* problems are reported when the file is opened */
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (((unsigned long)facts.f_type & 0xFFFFFFFF) == kinds[i])
            return error_set(error, PERCEPT_ERROR_IO,
                             "the folder '%s' lies on a network file system, where the runs database cannot be kept; "
                             "choose a runs folder on a local disk",
                             folder);
    return PERCEPT_OK;
}

/* "file:…?immutable=1" of a path, in which nothing is special to SQLite. */
static percept_status make_address(const char *path, char **out, percept_error *error)
{
    static const char prefix[] = "file:", suffix[] = "?immutable=1";
    percept_status status = memory_allocate(3 * strlen(path) + sizeof prefix + sizeof suffix, 1, "a path", out, error);
    if (status != PERCEPT_OK)
        return status;
    char *to = *out + sprintf(*out, "%s", prefix);
    for (; *path != '\0'; path++)
        to += sprintf(to, strchr("%?#", *path) != NULL ? "%%%02X" : "%c", (unsigned char)*path);
    memcpy(to, suffix, sizeof suffix);
    return PERCEPT_OK;
}

/* True if a database is read-only and has no log beside it: SQLite would try to create one. */
static bool only_to_read(const Database *database, percept_error *error)
{
    char *log = NULL;
    if (access(database->folder[0] == '\0' ? "." : database->folder, W_OK) == 0 ||
        memory_allocate(strlen(database->path) + sizeof "-wal", 1, "a path", &log, error) != PERCEPT_OK)
        return false;
    sprintf(log, "%s-wal", database->path);
    const bool alone = !file_exists(log);
    memory_free(log);
    return alone;
}

/* ---- Opening ------------------------------------------------------------------------------------------------------ */

static void alive(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *boot = count == 3 ? (const char *)sqlite3_value_text(values[2]) : NULL;
    sqlite3_result_int(
        context, boot != NULL && process_alive(sqlite3_value_int64(values[0]), sqlite3_value_int64(values[1]), boot));
}

static int patience_of(const Database *database)
{
    return database->patience != NULL ? database->patience->milliseconds : DATABASE_PATIENCE_MS;
}

/* SQLite asks whether to try again, what it did `attempt` times already. */
static int wait_for_others(void *user, int attempt)
{
    enum { NAP_MS = 5 };
    static const struct timespec nap = {.tv_nsec = NAP_MS * 1000000};
    DatabasePatience *patience = user;
    patience->exhausted = attempt * NAP_MS >= patience->milliseconds;
    if (!patience->exhausted)
        nanosleep(&nap, NULL);
    return !patience->exhausted;
}

static int set_patience(Database *database)
{
    return database->patience != NULL ? sqlite3_busy_handler(database->file, wait_for_others, database->patience)
                                      : sqlite3_busy_timeout(database->file, DATABASE_PATIENCE_MS);
}

/* The process that creates the database turns the log on. SQLite does not wait if another process does so at the same
 * time. */
static percept_status turn_log_on(Database *database, percept_error *error)
{
    static const struct timespec nap = {.tv_nsec = 10000000};
    const double begin = database_clock();
    int code = SQLITE_BUSY;
    for (;;) {
        code = sqlite3_exec(database->file, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        if (code != SQLITE_BUSY || database_clock() - begin > 1e-3 * patience_of(database))
            return code == SQLITE_OK ? PERCEPT_OK : database_fail(database, error);
        nanosleep(&nap, NULL);
    }
}

static percept_status open_file(Database *database, DatabaseMode mode, percept_error *error)
{
    char *address = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mode == DATABASE_WRITE ? SQLITE_OPEN_CREATE : 0);
    percept_status status = PERCEPT_OK;
    if (mode == DATABASE_READ && only_to_read(database, error)) {
        flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
        status = make_address(database->path, &address, error);
    }
    if (status == PERCEPT_OK &&
        sqlite3_open_v2(address != NULL ? address : database->path, &database->file, flags, NULL) != SQLITE_OK)
        status = database_fail(database, error);
    memory_free(address);
    if (status == PERCEPT_OK && mode == DATABASE_WRITE && sqlite3_db_readonly(database->file, "main") != 0)
        status = error_set(error, PERCEPT_ERROR_IO,
                           "the runs database '%s' may not be written to; allow writing, or choose another runs folder",
                           database->path);
    return status;
}

static percept_status run_pragma(Database *database, const char *sql, percept_error *error)
{
    return sqlite3_exec(database->file, sql, NULL, NULL, NULL) == SQLITE_OK ? PERCEPT_OK
                                                                            : database_fail(database, error);
}

static bool is_new(const Database *database)
{
    struct stat facts;
    return stat(database->path, &facts) == 0 && facts.st_size == 0;
}

/* Puts the file on the disk. */
static percept_status sync_file(Database *database, percept_error *error)
{
    sqlite3_file *file = NULL;
    if (sqlite3_file_control(database->file, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK &&
        file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_IO, "the runs database '%s' cannot be written to the disk", database->path);
}

/* Tables and log. A database that is made waits for the disk once, where SQLite would do so a dozen times: as long as
 * nothing is in it, nothing can be lost. */
static percept_status prepare_tables(Database *database, bool writable, percept_error *error)
{
    const bool made = writable && is_new(database);
    percept_status status = made ? run_pragma(database, "PRAGMA synchronous = OFF", error) : PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = schema_prepare(database->file, database->path, writable, error);
    if (status == PERCEPT_OK && writable)
        status = turn_log_on(database, error);
    if (status == PERCEPT_OK && made)
        status = sync_file(database, error);
    return status == PERCEPT_OK ? run_pragma(database, "PRAGMA synchronous = NORMAL", error) : status;
}

static percept_status set_up(Database *database, percept_error *error)
{
    sqlite3 *file = database->file;
    const bool writable = sqlite3_db_readonly(file, "main") == 0;
    sqlite3_extended_result_codes(file, 1);
    if (set_patience(database) != SQLITE_OK ||
        sqlite3_create_function(file, "alive", 3, SQLITE_UTF8 | SQLITE_DIRECTONLY, NULL, alive, NULL, NULL) !=
            SQLITE_OK)
        return database_fail(database, error);
    percept_status status = run_pragma(database, "PRAGMA foreign_keys = ON", error);
    return status == PERCEPT_OK ? prepare_tables(database, writable, error) : status;
}

static percept_status prepare_folder(const Database *database, DatabaseMode mode, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (mode == DATABASE_WRITE && database->folder[0] != '\0')
        status = file_make_folder(database->folder, error);
    else if (mode == DATABASE_READ && !file_exists(database->path))
        status = error_set(error, PERCEPT_ERROR_IO, "there is no runs database '%s' yet; `percept train` makes it",
                           database->path);
    return status == PERCEPT_OK ? refuse_network(database->folder, error) : status;
}

percept_status database_open(const char *runs_folder, DatabaseMode mode, Database **out, percept_error *error)
{
    return database_open_patient(runs_folder, mode, NULL, out, error);
}

percept_status database_open_patient(const char *runs_folder, DatabaseMode mode, DatabasePatience *patience,
                                     Database **out, percept_error *error)
{
    Database *database = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *database, "the runs database", &database, error);
    if (status != PERCEPT_OK)
        return status;
    pthread_mutex_init(&database->mutex, NULL);
    database->patience = patience;
    process_self(&database->process);
    database->flushed = database->looked = database_clock();
    status = memory_copy_string(runs_folder, &database->folder, error);
    if (status == PERCEPT_OK)
        status = file_join(runs_folder, DATABASE_FILE, &database->path, error);
    if (status == PERCEPT_OK)
        status = prepare_folder(database, mode, error);
    if (status == PERCEPT_OK)
        status = open_file(database, mode, error);
    if (status == PERCEPT_OK)
        status = set_up(database, error);
    if (status == PERCEPT_OK)
        *out = database;
    else
        database_close(database);
    return status;
}

void database_close(Database *database)
{
    if (database == NULL)
        return;
    if (database->epoch_count > 0)
        (void)database_write_end(database, database_write_begin(database, NULL), NULL);
    for (size_t s = 0; s < database->statement_count; s++)
        sqlite3_finalize(database->statements[s].statement);
    (void)sqlite3_close(database->file); /* the last one of all processes puts the log into the file */
    pthread_mutex_destroy(&database->mutex);
    memory_free(database->statements);
    memory_free(database->epochs);
    memory_free(database->requests);
    memory_free(database->folder);
    memory_free(database->path);
    memory_free(database);
}
