/* Filters of runs: what they find, and what they refuse. */
#include "databases.h"
#include "store/filter.h"

static Scratch scratch;
static Database *database;

/* Runs a to d, with figures and keys to tell them apart; d has no accuracy. */
static int make_runs(void **state)
{
    static const struct {
        const char *folder, *key, *value;
        double accuracy;
    } runs[] = {
        {"a", "train.batch_size", "256", 0.5},
        {"b", "train.learning_rate", "0.05", 0.75},
        {"c", "model.layers", "784-64-10", 0.875},
        {"d", "train.shuffle", "false", NAN},
    };
    (void)state;
    scratch_open(&scratch);
    database = open_database(scratch.folder, DATABASE_WRITE);
    for (size_t i = 0; i < 4; i++) {
        const percept_result result = {.epochs = i, .best_epoch = -1, .valid_accuracy = runs[i].accuracy};
        const RunRecord record = {.kind = "train",
                                  .name = i == 2 ? "It's so" : "plain",
                                  .folder = runs[i].folder,
                                  .recipe = recipe_with(runs[i].key, runs[i].value)};
        int64_t run = 0;
        assert_ok(database_begin_run(database, &record, 0, &run, error));
        assert_ok(database_end_run(database, run, i == 3 ? RUN_FAILED : RUN_DONE, &result, NULL, NULL, error));
        free_recipe(record.recipe);
    }
    assert_ok(database_tag(database, 1, "good", false, error));
    assert_ok(database_tag(database, 1, "first", false, error));
    return 0;
}

static int remove_runs(void **state)
{
    (void)state;
    database_close(database);
    scratch_remove(scratch.folder);
    return 0;
}

static void expect_found(const char *where, const char *expected)
{
    RunRows rows = {0};
    char found[8] = "";
    percept_error reason;
    if (database_runs(database, &(RunQuery){.where = where}, &rows, &reason) != PERCEPT_OK)
        fail_msg("%s: %s", where, reason.message);
    for (size_t i = 0; i < rows.count; i++)
        found[i] = rows.rows[i].folder[0];
    run_rows_clear(&rows);
    if (strcmp(found, expected) != 0)
        fail_msg("%s finds '%s', not '%s'", where, found, expected);
}

static void comparisons_find_what_fits(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"valid_accuracy > 0.5", "bc"},
        {"valid_accuracy >= 0.5", "abc"},
        {"valid_accuracy = 0.75", "b"},
        {"valid_accuracy != 0.75", "ac"},
        {"valid_accuracy<.6", "a"},
        {"epoch <= 1", "ab"},
        {"id = 3", "c"},
        {"train.batch_size = 256", "a"},
        {"train.batch_size != 256", "bcd"},
        {"train.learning_rate = 0.05", "b"},
        {"train.learning_rate = 5e-2", "b"},
        {"train.shuffle = false", "d"},
        {"train.shuffle = true", "abc"},
        {"model.layers = 784-64-10", "c"},
        {"model.layers = [784,64,10]", "c"},
        {"model.layers ~ 64", "c"},
        {"name = \"It's so\"", "c"},
        {"name = 'It''s so'", "c"},
        {"name ~ SO", "c"},
        {"name ~ %", ""},
        {"name = 'x'' or ''1'", ""},
        {"folder = a", "a"},
        {"state = failed", "d"},
        {"tags ~ good", "a"},
        {"tags = 'first, good'", "a"},
        {"started > 2020-01-01", "abcd"},
        {"started < 2020-01-01T12:30", ""},
        {"started > 1500000000", "abcd"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_found(cases[i][0], cases[i][1]);
}

static void and_binds_closer_than_or_and_not_closest(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"folder = a or folder = b and valid_accuracy > 0.9", "a"},
        {"(folder = a or folder = b) and valid_accuracy > 0.6", "b"},
        {"not folder = a and not folder = b", "cd"},
        {"not (folder = a or folder = b)", "cd"},
        {"not not folder = a", "a"},
        {"NOT valid_accuracy > 0.6", "ad"}, /* what is not there fits no comparison */
        {"((folder=a))OR(folder=b)", "ab"},
        {"  folder = a  ", "a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_found(cases[i][0], cases[i][1]);
}

static void what_is_no_filter_is_refused_with_what_was_expected(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "ends where a column or a key"},
        {"valid_acuracy > 0.5", "did you mean 'valid_accuracy'?"},
        {"batch_size = 1", "did you mean 'train.batch_size'?"},
        {"xyzzy = 1", "neither a column of runs nor a key of recipes"},
        {"valid_accuracy", "ends where one of ="},
        {"valid_accuracy is 3", "has 'is 3' where one of = "},
        {"valid_accuracy >", "ends where a value"},
        {"valid_accuracy > high", "compared with a number, not with 'high'"},
        {"valid_accuracy > 0.5 or", "ends where a column"},
        {"valid_accuracy > 0.5 batch", "has 'batch' where and, or or the filter's end"},
        {"(valid_accuracy > 0.5", "a closing parenthesis"},
        {"valid_accuracy > 0.5)", "has ')' where"},
        {"name = 'x", "a closing quote"},
        {"name < b", "no order"},
        {"train.shuffle = maybe", "train.shuffle"},
        {"train.optimizer = adma", "adam"},
        {"started > 2020-13-45", "a time such as"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        RunRows rows = {0};
        assert_refused(database_runs(database, &(RunQuery){.where = cases[i][0]}, &rows, error), PERCEPT_ERROR_ARGUMENT,
                       cases[i][1]);
    }
}

/* "(((…a=1…" and the like. */
static void expect_too_much(const char *begin, size_t count, const char *piece, const char *text)
{
    char filter[8192];
    size_t length = (size_t)snprintf(filter, sizeof filter, "%s", begin);
    Filter out = {0};
    for (size_t i = 0; i < count; i++)
        length += (size_t)snprintf(filter + length, sizeof filter - length, "%s", piece);
    assert_refused(filter_parse(filter, &out, error), PERCEPT_ERROR_ARGUMENT, text);
}

static void filters_have_bounds(void **state)
{
    (void)state;
    expect_too_much("", 100, "(", "inside one another");
    expect_too_much("", 100, "not ", "inside one another");
    expect_too_much("id=1", 64, " or id=1", "at most 64 comparisons");
    expect_too_much("name=", 5000, "x", "at most 4095 bytes");
    char longest[2048];
    int length = snprintf(longest, sizeof longest, "id=1");
    for (size_t i = 0; i < 63; i++)
        length += snprintf(longest + length, sizeof longest - (size_t)length, " and not state!=''");
    Filter out = {0};
    assert_ok(filter_parse(longest, &out, error));
    assert_int_equal(out.count, 64);
    filter_clear(&out);
    expect_found(longest, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons_find_what_fits),
        cmocka_unit_test(and_binds_closer_than_or_and_not_closest),
        cmocka_unit_test(what_is_no_filter_is_refused_with_what_was_expected),
        cmocka_unit_test(filters_have_bounds),
    };
    return cmocka_run_group_tests(tests, make_runs, remove_runs);
}
