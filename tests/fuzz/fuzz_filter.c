/* A filter of runs. One that is taken becomes SQL that SQLite takes, too. */
#include "store/filter.h"

#include "store/schema.h"

#include "fuzz.h"

static void no_alive(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_result_int(context, 0);
}

/* An empty database in memory. */
static sqlite3 *open_database(void)
{
    sqlite3 *file = NULL;
    percept_error error = {PERCEPT_OK, ""};
    fuzz_assert(sqlite3_open(":memory:", &file) == SQLITE_OK);
    fuzz_assert(sqlite3_create_function(file, "alive", 3, SQLITE_UTF8, NULL, no_alive, NULL, NULL) == SQLITE_OK);
    fuzz_assert(schema_prepare(file, ":memory:", true, &error) == PERCEPT_OK);
    return file;
}

static void check_sql(const Filter *filter)
{
    static sqlite3 *file; /* for all inputs */
    sqlite3_stmt *statement = NULL;
    char *sql = NULL;
    if (file == NULL)
        file = open_database();
    fuzz_assert(asprintf(&sql, "SELECT id FROM runs WHERE %s", filter->sql) > 0);
    if (sqlite3_prepare_v2(file, sql, -1, &statement, NULL) != SQLITE_OK)
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(file));
    fuzz_assert(statement != NULL && (size_t)sqlite3_bind_parameter_count(statement) == filter->count);
    fuzz_assert(sqlite3_step(statement) == SQLITE_DONE);
    sqlite3_finalize(statement);
    free(sql);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    percept_error error = {PERCEPT_OK, ""};
    Filter filter = {0};
    char *text = malloc(size + 1);
    fuzz_assert(text != NULL);
    memcpy(text, bytes, size);
    text[size] = '\0';
    const percept_status status = filter_parse(text, &filter, &error);
    free(text);
    if (status != PERCEPT_OK) {
        fuzz_check_failure(status, &error);
        fuzz_assert(filter.sql == NULL && filter.count == 0);
        return 0;
    }
    check_sql(&filter);
    filter_clear(&filter);
    return 0;
}
