/* The runs database as a file: versions, files that are none, several processes at once, processes that are killed. */
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "databases.h"
#include "in_scratch.h"
#include "skip.h"
#include "store/database_file.h"
#include "store/schema.h"

#define NOBODY 65534

static char path[SCRATCH_PATH];

static int set_up(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, DATABASE_FILE, path);
    return 0;
}

/* Runs SQL in the file, without the library. */
static void run_sql(const char *sql)
{
    sqlite3 *file = NULL;
    assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
    if (sqlite3_exec(file, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(file));
    sqlite3_close(file);
}

static int keep_text(void *out, int columns, char **values, char **names)
{
    (void)columns;
    (void)names;
    snprintf(out, 256, "%s", values[0]);
    return 0;
}

static void expect_sql(const char *sql, const char *expected)
{
    sqlite3 *file = NULL;
    char found[256] = "";
    assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
    assert_int_equal(sqlite3_exec(file, sql, keep_text, found, NULL), SQLITE_OK);
    sqlite3_close(file);
    assert_string_equal(found, expected);
}

static void expect_refusal(DatabaseMode mode, percept_status status, const char *text)
{
    Database *database = NULL;
    assert_refused(database_open(scratch.folder, mode, &database, error), status, text);
    assert_null(database);
}

/* ---- Versions ------------------------------------------------------------------------------------------------------ */

/* Version 1 as it was, with a run, and without what version 2 brought. */
static const char version_1[] =
    "CREATE TABLE searches (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, folder TEXT UNIQUE, strategy TEXT,"
    " objective TEXT, space TEXT, planned INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'running',"
    " request TEXT, message TEXT, best_run INTEGER REFERENCES runs(id) ON DELETE SET NULL, started REAL, ended REAL,"
    " updated REAL, pid INTEGER, process_start INTEGER, boot TEXT);"
    "CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " search INTEGER REFERENCES searches(id) ON DELETE CASCADE, kind TEXT, name TEXT, folder TEXT UNIQUE,"
    " trial INTEGER NOT NULL DEFAULT 0, repeat INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'running',"
    " request TEXT, message TEXT, recipe TEXT, dataset TEXT, checksum TEXT, version TEXT, machine TEXT,"
    " train_count INTEGER NOT NULL DEFAULT 0, valid_count INTEGER NOT NULL DEFAULT 0,"
    " test_count INTEGER NOT NULL DEFAULT 0, parameters INTEGER NOT NULL DEFAULT 0,"
    " threads INTEGER NOT NULL DEFAULT 0, epochs INTEGER NOT NULL DEFAULT 0, epoch INTEGER NOT NULL DEFAULT 0,"
    " best_epoch INTEGER, train_loss REAL, train_accuracy REAL, valid_loss REAL, valid_accuracy REAL, test_loss REAL,"
    " test_accuracy REAL, started REAL, ended REAL, updated REAL, seconds REAL,"
    " seconds_before REAL NOT NULL DEFAULT 0, pid INTEGER, process_start INTEGER, boot TEXT);"
    "CREATE UNIQUE INDEX runs_of_searches ON runs(search, kind, trial, repeat) WHERE search IS NOT NULL;"
    "CREATE INDEX runs_asked ON runs(request) WHERE request IS NOT NULL;"
    "CREATE TABLE epochs (run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, epoch INTEGER NOT NULL,"
    " best INTEGER NOT NULL DEFAULT 0, learning_rate REAL, seconds REAL, train_loss REAL, train_accuracy REAL,"
    " valid_loss REAL, valid_accuracy REAL, test_loss REAL, test_accuracy REAL, PRIMARY KEY (run, epoch)) WITHOUT "
    "ROWID;"
    "CREATE TABLE tags (run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, tag TEXT NOT NULL,"
    " PRIMARY KEY (run, tag)) WITHOUT ROWID;"
    "CREATE TABLE artifacts (run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, path TEXT NOT NULL,"
    " PRIMARY KEY (run, path)) WITHOUT ROWID;"
    "INSERT INTO runs (kind, name, folder, state, recipe) VALUES ('train', 'old', 'old-001', 'done', '{}');"
    "INSERT INTO tags VALUES (1, 'kept');"
    "PRAGMA application_id = 1349673840; PRAGMA user_version = 1;";

static void an_older_version_is_brought_up_to_date_with_all_that_is_in_it(void **state)
{
    (void)state;
    run_sql(version_1);
    Database *database = open_database(scratch.folder, DATABASE_READ);
    RunRow row = read_run(database, 1);
    assert_string_equal(row.name, "old");
    assert_string_equal(row.tags, "kept");
    free_run(&row);
    const int64_t search = begin_search(database, "s");
    assert_ok(database_set_rung(database, search, &(RungRow){.figure = 1}, error)); /* came with version 2 */
    database_close(database);
    char version[16];
    snprintf(version, sizeof version, "%d", schema_version());
    expect_sql("PRAGMA user_version", version);
}

static void a_migrated_database_has_the_tables_of_a_new_one(void **state)
{
    (void)state;
    static const char tables[] = "SELECT group_concat(name || ':' || (SELECT count(*) FROM pragma_table_info(t.name)))"
                                 " FROM (SELECT name FROM sqlite_schema WHERE type IN ('table', 'index')"
                                 "  AND name NOT LIKE 'sqlite%' ORDER BY name) AS t";
    static const char expected[] =
        "artifacts:2,epochs:11,rungs:6,runs:37,runs_asked:0,runs_of_searches:0,searches:17,tags:2,wrong:11";
    run_sql(version_1);
    database_close(open_database(scratch.folder, DATABASE_WRITE));
    expect_sql(tables, expected);
    assert_int_equal(unlink(path), 0);
    database_close(open_database(scratch.folder, DATABASE_WRITE));
    expect_sql(tables, expected);
}

static void a_migration_that_fails_changes_nothing(void **state)
{
    (void)state;
    run_sql(version_1);
    run_sql("CREATE TABLE wrong (something TEXT)"); /* where version 2 makes its last table */
    expect_refusal(DATABASE_WRITE, PERCEPT_ERROR_IO, "already exists");
    expect_sql("PRAGMA user_version", "1");
    expect_sql("SELECT count(*) FROM sqlite_schema WHERE name = 'rungs'", "0");
}

static void a_newer_version_is_refused_with_both_versions(void **state)
{
    (void)state;
    char expected[64];
    database_close(open_database(scratch.folder, DATABASE_WRITE));
    run_sql("PRAGMA user_version = 99");
    snprintf(expected, sizeof expected, "has version 99, and Percept %s knows versions up to %d", PERCEPT_VERSION,
             schema_version());
    expect_refusal(DATABASE_WRITE, PERCEPT_ERROR_FORMAT, expected);
    expect_refusal(DATABASE_READ, PERCEPT_ERROR_FORMAT, expected);
}

/* ---- Files that cannot be used ------------------------------------------------------------------------------------- */

static void what_is_no_database_of_percept_is_refused(void **state)
{
    (void)state;
    expect_refusal(DATABASE_READ, PERCEPT_ERROR_IO, "there is no runs database");
    run_sql("CREATE TABLE other (a TEXT)");
    expect_refusal(DATABASE_WRITE, PERCEPT_ERROR_FORMAT, "not one of Percept's");
    char text[4096];
    memset(text, 'x', sizeof text);
    scratch_write(path, text, sizeof text);
    expect_refusal(DATABASE_WRITE, PERCEPT_ERROR_FORMAT, "no SQLite database");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0777), 0);
    expect_refusal(DATABASE_WRITE, PERCEPT_ERROR_IO, "cannot be opened");
}

static void a_damaged_database_is_refused_with_a_message(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    begin_run(database, "a", 0);
    database_close(database);
    const int file = open(path, O_WRONLY);
    char noise[4096];
    struct stat facts;
    memset(noise, 0xa5, sizeof noise);
    assert_int_equal(fstat(file, &facts), 0);
    for (off_t at = sizeof noise; at < facts.st_size; at += (off_t)sizeof noise)
        assert_int_equal(pwrite(file, noise, sizeof noise, at), sizeof noise);
    close(file);
    RunRows rows = {0};
    database = open_database(scratch.folder, DATABASE_READ);
    assert_refused(database_runs(database, &(RunQuery){0}, &rows, error), PERCEPT_ERROR_FORMAT, "it is damaged");
    database_close(database);
}

static void what_may_only_be_read_is_read_and_not_written(void **state)
{
    (void)state;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    begin_run(database, "a", 0);
    database_close(database);
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(scratch.folder, 0555), 0);
    const bool root = geteuid() == 0; /* who may write anywhere, so goes on as somebody else */
    if (root && setresuid(NOBODY, NOBODY, 0) != 0)
        skip_because("root cannot become another user here");
    expect_refusal(DATABASE_WRITE, PERCEPT_ERROR_IO, "may not be written to");
    database = open_database(scratch.folder, DATABASE_READ);
    RunRow row = read_run(database, 1);
    free_run(&row);
    assert_refused(database_tag(database, 1, "x", false, error), PERCEPT_ERROR_IO, "may only be read");
    database_close(database);
    if (root)
        assert_int_equal(setresuid(0, 0, 0), 0);
    assert_int_equal(chmod(scratch.folder, 0755), 0);
}

/* ---- Several processes ---------------------------------------------------------------------------------------------- */

#define WRITERS 4
#define RUNS_EACH 40

static void write_runs(int writer)
{
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    for (int r = 0; r < RUNS_EACH; r++) {
        char folder[32];
        snprintf(folder, sizeof folder, "run-%d-%d", writer, r);
        const int64_t run = begin_run(database, folder, 0);
        for (size_t epoch = 0; epoch < 5; epoch++)
            add_epoch(database, run, epoch, true);
        assert_ok(database_end_run(database, run, RUN_DONE, NULL, NULL, NULL, error));
    }
    database_close(database);
}

static void processes_that_write_at_once_lose_nothing(void **state)
{
    (void)state;
    pid_t children[WRITERS];
    for (int w = 0; w < WRITERS; w++) {
        children[w] = fork(); /* there is no database yet: they make it together, too */
        assert_true(children[w] >= 0);
        if (children[w] == 0) {
            write_runs(w);
            _exit(0);
        }
    }
    for (int w = 0; w < WRITERS; w++) {
        int status = 0;
        assert_int_equal(waitpid(children[w], &status, 0), children[w]);
        assert_int_equal(status, 0);
    }
    expect_sql("SELECT count(*) FROM runs WHERE state = 'done' AND epoch = 5", "160");
    expect_sql("SELECT count(*) FROM epochs", "800");
    expect_sql("PRAGMA integrity_check", "ok");
    assert_int_equal(scratch_count(scratch.folder), 1);
}

/* Another connection, which makes the tables while the first one looks at the file. */
typedef struct Rival {
    sqlite3 *file;
    const char *path;
    int at, begun; /* at which of the first one's statements; how many have begun */
} Rival;

/* SQLite's trace: a statement begins, and holds no lock of its own yet. */
static int intrude(unsigned event, void *user, void *statement, void *text)
{
    Rival *rival = user;
    (void)event, (void)statement, (void)text;
    if (++rival->begun == rival->at)
        (void)schema_prepare(rival->file, rival->path, true, NULL); /* it may be locked out */
    return 0;
}

static void a_database_that_another_makes_meanwhile_is_not_taken_for_a_foreign_one(void **state)
{
    (void)state;
    bool more = true;
    for (int at = 1; more; at++) {
        Scratch own;
        char place[SCRATCH_PATH];
        sqlite3 *file = NULL;
        scratch_open(&own);
        Rival rival = {.path = scratch_path(&own, "percept.db", place), .at = at};
        assert_int_equal(sqlite3_open(place, &file), SQLITE_OK);
        assert_int_equal(sqlite3_open(place, &rival.file), SQLITE_OK);
        assert_int_equal(sqlite3_trace_v2(file, SQLITE_TRACE_STMT, intrude, &rival), SQLITE_OK);
        assert_ok(schema_prepare(file, place, true, error));
        assert_ok(schema_prepare(rival.file, place, true, error));
        more = rival.begun >= at;
        assert_int_equal(sqlite3_close(file), SQLITE_OK);
        assert_int_equal(sqlite3_close(rival.file), SQLITE_OK);
        scratch_remove(own.folder);
    }
}

/* What a thread of a search does. */
typedef struct Worker {
    pthread_t thread;
    Database *database;
    int64_t search;
    size_t first; /* of its trials */
} Worker;

static void *work(void *user)
{
    const Worker *worker = user;
    for (size_t t = 0; t < RUNS_EACH; t++) {
        const int64_t run = begin_trial(worker->database, worker->search, "trial", worker->first + t, 0);
        for (size_t epoch = 0; epoch < 5; epoch++) {
            add_epoch(worker->database, run, epoch, true);
            (void)database_request(worker->database, run);
        }
        assert_ok(database_end_run(worker->database, run, RUN_DONE, NULL, NULL, NULL, error));
        (void)database_search_request(worker->database, worker->search);
    }
    return NULL;
}

static void threads_that_share_a_database_lose_nothing(void **state)
{
    (void)state;
    Worker workers[WRITERS];
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t search = begin_search(database, "s");
    for (size_t w = 0; w < WRITERS; w++) {
        workers[w] = (Worker){.database = database, .search = search, .first = w * RUNS_EACH};
        assert_int_equal(pthread_create(&workers[w].thread, NULL, work, &workers[w]), 0);
    }
    for (size_t w = 0; w < WRITERS; w++)
        assert_int_equal(pthread_join(workers[w].thread, NULL), 0);
    database_close(database);
    expect_sql("SELECT count(*) FROM runs WHERE state = 'done' AND epoch = 5", "160");
    expect_sql("SELECT count(*) FROM epochs", "800");
}

/* Runs without end, each of which takes three transactions at least. */
static void write_until_killed(void)
{
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    for (int r = 0;; r++) {
        char folder[32];
        snprintf(folder, sizeof folder, "run-%d-%d", (int)getpid(), r);
        const int64_t run = begin_run(database, folder, 0);
        for (size_t epoch = 0; epoch < 7; epoch++)
            add_epoch(database, run, epoch, true);
        assert_ok(database_end_run(database, run, RUN_DONE, NULL, NULL, NULL, error));
    }
}

static void expect_whole(void)
{
    expect_sql("PRAGMA integrity_check", "ok");
    expect_sql("SELECT count(*) FROM pragma_foreign_key_check", "0");
    expect_sql("SELECT count(*) FROM runs WHERE state = 'done' AND (epoch != 7 OR"
               " (SELECT count(*) FROM epochs WHERE run = id) != 7)",
               "0");
    expect_sql("SELECT count(*) FROM runs WHERE epoch != (SELECT count(*) FROM epochs WHERE run = id)", "0");
}

static void a_process_killed_at_any_moment_leaves_whole_transactions(void **state)
{
    (void)state;
    for (off_t kill_after = 0; kill_after < 12; kill_after++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            write_until_killed();
        /* Killed when it has come so far: the log grows past some size, another one each time. */
        char log[SCRATCH_PATH];
        struct stat facts = {0};
        scratch_path(&scratch, DATABASE_FILE "-wal", log);
        while (facts.st_size < 1 + kill_after * 54321)
            if (stat(log, &facts) != 0)
                facts.st_size = 0;
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        if (kill_after > 0 || access(path, F_OK) == 0)
            expect_whole();
    }
    RunRows rows = {0};
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    assert_ok(database_runs(database, &(RunQuery){0}, &rows, error));
    for (size_t i = 0; i < rows.count; i++)
        assert_true(rows.rows[i].state == RUN_DONE || rows.rows[i].state == RUN_INTERRUPTED);
    run_rows_clear(&rows);
    database_close(database);
}

static void an_epoch_is_not_waited_for_where_another_process_writes(void **state)
{
    (void)state;
    sqlite3 *other = NULL;
    Database *database = open_database(scratch.folder, DATABASE_WRITE);
    const int64_t run = begin_run(database, "a", 0);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    add_epoch(database, run, 0, true);
    database->flushed = 0; /* so the next one is due */
    add_epoch(database, run, 1, true);
    assert_int_equal(database->epoch_count, 2);
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    RunRow row = read_run(database, run);
    assert_int_equal(row.epoch, 2);
    free_run(&row);
    database_close(database);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, remove_scratch)
    const struct CMUnitTest tests[] = {
        TEST(an_older_version_is_brought_up_to_date_with_all_that_is_in_it),
        TEST(a_migrated_database_has_the_tables_of_a_new_one),
        TEST(a_migration_that_fails_changes_nothing),
        TEST(a_newer_version_is_refused_with_both_versions),
        TEST(what_is_no_database_of_percept_is_refused),
        TEST(a_damaged_database_is_refused_with_a_message),
        TEST(what_may_only_be_read_is_read_and_not_written),
        TEST(processes_that_write_at_once_lose_nothing),
        TEST(a_database_that_another_makes_meanwhile_is_not_taken_for_a_foreign_one),
        TEST(threads_that_share_a_database_lose_nothing),
        TEST(a_process_killed_at_any_moment_leaves_whole_transactions),
        TEST(an_epoch_is_not_waited_for_where_another_process_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
