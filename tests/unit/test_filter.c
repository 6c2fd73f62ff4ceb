/* Filters of runs: what they find, and what they refuse. */
#include "databases.h"

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
        {"valid_accuracy <= 0.5", "a"},
        {"valid_accuracy < 0.75", "a"},
        {"epoch <= 1", "ab"},
        {"epoch < 1", "a"},
        {"epoch > 1", "cd"},
        {"epoch >= 1", "bcd"},
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
        {"valid_accuracy == 0.75", "b"},
        {"valid_accuracy in [0.5, 0.75]", "ab"},
        {"epoch IN[1,2]", "bc"},
        {"train.batch_size in [200, 300]", "a"},
        {"started in [2020-01-01, 2020-01-01T12:30]", ""},
        {"folder in [a, 'c', x]", "ac"},
        {"not folder in [a, b]", "cd"},
        {"name in ['It''s so', \"plain, or not\"]", "c"},
        {"model.layers in [784-64-10, 784-10]", "c"},
        {"train.shuffle in [false]", "d"},
        {"state in [done, running]", "abc"},
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
        {"", "expected a column of runs or a key of recipes, not its end, at character 1"},
        {"id = 1 or valid_acuracy > 0.5", "filter, at character 11: 'valid_acuracy' is neither"},
        {"valid_acuracy > 0.5", "did you mean 'valid_accuracy'?"},
        {"batch_size = 1", "did you mean 'train.batch_size'?"},
        {"xyzzy = 1", "neither a column of runs nor a key of recipes"},
        {"valid_accuracy", "expected a comparison: = != < <= > >= ~ or in, not its end"},
        {"valid_accuracy is 3", "expected a comparison: = != < <= > >= ~ or in, not 'is 3', at character 16"},
        {"valid_accuracy >", "expected a value, not its end, at character 17"},
        {"valid_accuracy > high", "at character 18: valid_accuracy is compared with a number, not with 'high'"},
        {"valid_accuracy > 0.5 or", "expected a column of runs"},
        {"valid_accuracy > 0.5 batch", "expected and, or, or the end, not 'batch', at character 22"},
        {"(valid_accuracy > 0.5", "expected and, or, or ), not its end"},
        {"valid_accuracy > 0.5)", "not ')', at character 21"},
        {"name = 'x", "a quote is not closed, at character 8"},
        {"name < b", "no order; compare them with =, !=, ~ or in, at character 6"},
        {"epoch in 3", "expected [ after in, not '3'"},
        {"epoch in [1]", "the smallest and the largest"},
        {"epoch in [1, 2, 3]", "the smallest and the largest"},
        {"epoch in [1, x]", "at character 14: epoch is compared with a number"},
        {"name in [a b]", "expected , or ], not 'b]'"},
        {"name in [a,]", "expected a value, not ']'"},
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

/* Parentheses and `not` as deep as they may be, on either side of what they are joined with, and comparisons as many as
 * there is room for are more than SQLite's parser would take as they stand. */
static void what_a_filter_may_be_the_database_takes(void **state)
{
    (void)state;
    static const struct {
        const char *begin, *piece, *end, *close;
        size_t count;
    } cases[] = {
        {"", "(", "id = 1", ")", 63},
        {"", "not ", "id != 1", "", 63},
        {"", "not (", "id != 1", ")", 31},
        {"", "id = 1 and (id = 1 or (", "id = 1", "))", 31},
        {"", "id = 1 and not (id = 2 or ", "id = 2", ")", 31},
        {"", "not (not id = 1 or ", "not id = 1", ")", 31},
        {"id = 1", " or folder = a", "", "", 280},
        {"", "id = 1 and ", "id = 1", "", 370},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char filter[8192];
        int length = snprintf(filter, sizeof filter, "%s", cases[i].begin);
        for (size_t n = 0; n < cases[i].count; n++)
            length += snprintf(filter + length, sizeof filter - (size_t)length, "%s", cases[i].piece);
        length += snprintf(filter + length, sizeof filter - (size_t)length, "%s", cases[i].end);
        for (size_t n = 0; n < cases[i].count; n++)
            length += snprintf(filter + length, sizeof filter - (size_t)length, "%s", cases[i].close);
        expect_found(filter, "a");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons_find_what_fits),
        cmocka_unit_test(and_binds_closer_than_or_and_not_closest),
        cmocka_unit_test(what_is_no_filter_is_refused_with_what_was_expected),
        cmocka_unit_test(what_a_filter_may_be_the_database_takes),
    };
    return cmocka_run_group_tests(tests, make_runs, remove_runs);
}
