/* A predicate, as a filter of runs and as a condition of a search. Its tree is sound; a filter that is taken becomes SQL that
 * SQLite takes, too, and a condition holds or does not. */
#include "search/condition.h"
#include "store/filter.h"
#include "store/predicate.h"

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

static void check_filter(const char *text, bool readable)
{
    percept_error error = {PERCEPT_OK, ""};
    Filter filter = {0};
    const percept_status status = filter_parse(text, &filter, &error);
    fuzz_assert(status != PERCEPT_OK || readable);
    if (status != PERCEPT_OK) {
        fuzz_check_failure(status, &error);
        fuzz_assert(filter.sql == NULL && filter.count == 0);
        return;
    }
    check_sql(&filter);
    filter_clear(&filter);
}

static void check_condition(const char *text, bool readable)
{
    percept_error error = {PERCEPT_OK, ""};
    percept_recipe *recipe = NULL;
    Condition *condition = NULL;
    bool holds = false;
    const percept_status status = condition_create(text, &condition, &error);
    fuzz_assert(status != PERCEPT_OK || readable);
    if (status != PERCEPT_OK) {
        fuzz_check_failure(status, &error);
        fuzz_assert(condition == NULL);
        return;
    }
    fuzz_assert(percept_recipe_create(&recipe, &error) == PERCEPT_OK);
    fuzz_assert(condition_holds(condition, recipe, &holds, &error) == PERCEPT_OK);
    percept_recipe_free(recipe);
    condition_free(condition);
}

/* Nodes stand behind those that they join, and all but the last are joined once; words lie in the text, one after the
 * other. */
static void check_tree(const Predicate *predicate, size_t length)
{
    size_t joined = 0, last = 0, values = 0;
    fuzz_assert(predicate->count > 0 && predicate->count <= PREDICATE_MOST_NODES);
    for (size_t n = 0; n < predicate->count; n++) {
        const PredicateNode *node = &predicate->nodes[n];
        if (node->kind != PREDICATE_COMPARISON) {
            fuzz_assert(node->left < n && node->right < n);
            joined += node->kind == PREDICATE_NOT ? 1 : 2;
            continue;
        }
        fuzz_assert(node->value_count > 0 && (node->comparison == PREDICATE_IN || node->value_count == 1));
        fuzz_assert(last <= node->name.place && node->name.place < node->sign.place);
        last = node->sign.place;
        for (size_t v = 0; v < node->value_count; v++) {
            fuzz_assert(last < node->values[v].place && strlen(node->values[v].text) < length);
            last = node->values[v].place;
        }
        values += node->value_count;
    }
    fuzz_assert(joined == predicate->count - 1 && values == predicate->value_count && last < length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    percept_error error = {PERCEPT_OK, ""};
    Predicate predicate = {0};
    char *text = malloc(size + 1);
    fuzz_assert(text != NULL);
    memcpy(text, bytes, size);
    text[size] = '\0';
    const percept_status status = predicate_read(text, "filter", "a name", &predicate, &error);
    if (status == PERCEPT_OK) {
        check_tree(&predicate, strlen(text));
        predicate_clear(&predicate);
    } else {
        fuzz_check_failure(status, &error);
        fuzz_assert(predicate.nodes == NULL && predicate.text == NULL);
    }
    check_filter(text, status == PERCEPT_OK);
    check_condition(text, status == PERCEPT_OK);
    free(text);
    return 0;
}
