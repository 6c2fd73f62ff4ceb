/* Search spaces: every form that is told of is read, what makes no sense is refused with its line and what would do, and what
 * is written reads back to the same. Conditions hold where they should. */
#include "spaces.h"

#include "search/condition.h"

#define LEARNING_RATE "space: {train.learning_rate: {low: 0.001, high: 1, scale: log}}\n"

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static void forms_are_read(void **state)
{
    (void)state;
    Space *space = make_space("name: forms\n"
                              "train.epochs: 7\n"
                              "search: {strategy: halving, trials: 9, halving: {reduction: 3}}\n"
                              "space:\n"
                              "  train.learning_rate: {low: 0.001, high: 1, scale: log, steps: 4}\n"
                              "  train.batch_size: [32, 64]\n"
                              "  train.optimizer: [sgd, adam]\n"
                              "  model.layers: [64-10, [64, 32, 10]]\n"
                              "  train.epochs: {low: 1, high: 9}\n"
                              "conditions: train.batch_size > 32\n");
    assert_int_equal(space->count, 5);
    assert_int_equal(recipe_integer(space->base, "train.epochs"), 7);
    assert_int_equal(search_setting_integer(&space->settings, "trials"), 9);
    assert_int_equal(search_setting_integer(&space->settings, "halving.reduction"), 3);
    assert_true(space->dimensions[0].logarithmic && !space->dimensions[0].integer);
    assert_int_equal(dimension_grid_count(&space->dimensions[0]), 4);
    assert_close(dimension_grid_value(&space->dimensions[0], 1), 0.01, 1e-12);
    assert_string_equal(space->dimensions[3].choices[1], "64-32-10");
    assert_true(space->dimensions[4].integer);
    assert_int_equal(space->condition_count, 1);
    space_free(space);
}

static void hidden_layers_take_inputs_and_outputs_from_the_data(void **state)
{
    (void)state;
    Space *space = make_space("space: {model.hidden: {depth: [0, 1, 3], width: {low: 4, high: 9}}}\n");
    const struct {
        double point[4];
        const char *layers, *column;
    } cases[] = {
        {{0, NAN, NAN, NAN}, "12-3", "0"}, {{1, 5, NAN, NAN}, "12-5-3", "5"}, {{2, 4, 9, 6}, "12-4-9-6-3", "4-9-6"}};
    assert_int_equal(space->count, 4);
    assert_int_equal(space_columns(space), 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;
        percept_recipe *recipe = NULL;
        assert_ok(percept_recipe_create(&recipe, error));
        assert_ok(space_apply(space, cases[i].point, 12, 3, recipe, error));
        assert_ok(recipe_format(recipe, "model.layers", &text, error));
        assert_string_equal(text, cases[i].layers);
        memory_free(text);
        assert_ok(space_column_text(space, 0, cases[i].point, &text, error));
        assert_string_equal(text, cases[i].column);
        memory_free(text);
        percept_recipe_free(recipe);
    }
    assert_true(space_has(space, cases[1].point, 1));
    assert_false(space_has(space, cases[1].point, 2));
    space_free(space);
}

static void what_makes_no_sense_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"train.epochs: 3\n", "no section 'space'"},
        {"space: {}\n", "expected keys"},
        {"\nspace:\n  train.learning_rat: [1]\n", "yaml:3: unknown key 'train.learning_rat'; did you mean"},
        {"space: {model.hiden: [4]}\n", "did you mean 'model.hidden'?"},
        {"space: {train.batch_size: []}\n", "the list is empty"},
        {"space: {train.batch_size: [8, 16, 8]}\n", "8 is in the list twice"},
        {"space: {train.learning_rate: [0.1, 0.10]}\n", "0.1 is in the list twice"},
        {"space: {train.batch_size: [0]}\n", "yaml:1: train.batch_size: expected integer"},
        {"space: {train.batch_size: 8}\n", "expected a list of values"},
        {"space: {train.optimizer: [agd]}\n", "did you mean 'sgd'?"},
        {"space: {train.optimizer: {low: 1, high: 2}}\n", "is no number; give a list"},
        {"space: {train.learning_rate: {low: 1, high: 1}}\n", "low (1) must be below high (1)"},
        {"space: {train.learning_rate: {low: 2, high: 1}}\n", "must be below high"},
        {"space: {train.weight_decay: {low: 0, high: 1, scale: log}}\n", "begins above 0"},
        {"space: {train.learning_rate: {low: 0, high: 1}}\n", "expected number > 0"},
        {"space: {train.learning_rate: {low: 0.1, high: 1, scale: logg}}\n", "scale is linear or log"},
        {"space: {train.learning_rate: {low: 0.1, hihg: 1}}\n", "did you mean 'high'?"},
        {"space: {train.learning_rate: {low: 0.1}}\n", "high is missing"},
        {"space: {train.batch_size: {low: 1, high: 3, steps: 4}}\n", "fewer integers than steps"},
        {"space: {train.batch_size: {low: 1.5, high: 3}}\n", "must be integers"},
        {"space: {seed: [1, 2]}\n", "search.repeats"},
        {"space: {metrics.test: [true, false]}\n", "read once"},
        {"space: {model.hidden: {depth: [1]}}\n", "width is missing"},
        {"space: {model.hidden: {depth: [99], width: [4]}}\n", "numbers of hidden layers"},
        {"space: {model.hidden: [4], model.layers: [8-4-2]}\n", "given twice"},
        {"search: {trails: 3}\n" LEARNING_RATE, "yaml:1: unknown key 'search.trails'; did you mean 'search.trials'?"},
        {"search: {trials: 0}\n" LEARNING_RATE, "search.trials: expected integer"},
        {"search: {strategy: gird}\n" LEARNING_RATE, "did you mean 'grid'?"},
        {"search: {halving: {reduction: 1}}\n" LEARNING_RATE, "search.halving.reduction: expected"},
        {LEARNING_RATE "conditions: [train.epochs]\n", "yaml:2: condition 'train.epochs': expected a comparison"},
        {LEARNING_RATE "conditions: [model.paramters < 3]\n", "did you mean 'model.parameters'?"},
        {LEARNING_RATE LEARNING_RATE, "space is given twice"},
        {LEARNING_RATE "train.epochs: 0\n", "train.epochs: expected integer"},
        {"- 1\n", "expected a recipe with a section"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Space *space = NULL;
        percept_error error = {PERCEPT_OK, ""};
        const percept_status status = read_space(cases[i].text, &space, &error);
        if (status == PERCEPT_OK || strstr(error.message, cases[i].message) == NULL)
            fail_msg("%s: status %d, message '%s'", cases[i].text, (int)status, error.message);
    }
}

static void what_is_written_reads_back_to_the_same(void **state)
{
    (void)state;
    Space *space = make_space("search: {strategy: tpe, tpe: {gamma: 0.2}, objective: valid_loss}\n"
                              "space:\n"
                              "  train.learning_rate: {low: 0.001, high: 1, scale: log, steps: 4}\n"
                              "  model.hidden: {depth: {low: 1, high: 2}, width: [8, 16]}\n"
                              "  data.drop: [\"a \\\"b\\\"\", [c, d]]\n"
                              "conditions: ['train.optimizer = \"adam\" or model.depth > 1']\n");
    Buffer first = {0}, second = {0};
    Space *again = NULL;
    assert_ok(space_write(space, &first, error));
    again = make_space((const char *)first.bytes);
    assert_ok(space_write(again, &second, error));
    assert_string_equal((const char *)first.bytes, (const char *)second.bytes);
    buffer_clear(&first);
    buffer_clear(&second);
    space_free(again);
    space_free(space);
}

/* ---- Drawing ----------------------------------------------------------------------------------------------------- */

static void draws_stay_in_range_and_fill_it_evenly(void **state)
{
    (void)state;
    const Dimension dimensions[] = {
        {.low = 0.001, .high = 1, .logarithmic = true},
        {.low = 3, .high = 6, .integer = true},
        {.low = 1, .high = 64, .integer = true, .logarithmic = true},
    };
    RandomStream stream;
    random_default_rng(&stream, 7);
    for (size_t d = 0; d < sizeof dimensions / sizeof *dimensions; d++) {
        const Dimension *dimension = &dimensions[d];
        const double middle = (dimension_lowest(dimension) + dimension_highest(dimension)) / 2;
        size_t lower = 0, ends = 0;
        for (size_t i = 0; i < 4000; i++) {
            const double value = dimension_draw(dimension, &stream);
            assert_true(value >= dimension->low && value <= dimension->high);
            assert_true(!dimension->integer || value == floor(value));
            lower += dimension_to_scale(dimension, value) < middle;
            ends += value == dimension->low;
        }
        /* half of 4,000, within five deviations; the middle itself may be a value of the integers */
        assert_true(d == 2 || (lower > 1840 && lower < 2160));
        assert_true(d != 1 || (ends > 860 && ends < 1140)); /* each of four integers */
    }
}

/* ---- Conditions -------------------------------------------------------------------------------------------------- */

static void conditions_hold_where_they_should(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool holds;
    } cases[] = {
        {"train.batch_size = 128", true},
        {"train.batch_size in [100, 200]", true},
        {"train.batch_size in [129, 200]", false},
        {"train.batch_size in [128, 200]", true}, /* both ends belong to it */
        {"train.batch_size in [100, 128]", true},
        {"train.batch_size in [100, 127]", false},
        {"train.batch_size < 128", false},
        {"train.batch_size <= 128", true},
        {"train.batch_size > 128", false},
        {"train.batch_size >= 128", true},
        {"train.batch_size!=128", false},
        {"train.optimizer = adam", true},
        {"train.optimizer in [sgd, \"adam\"]", true},
        {"train.optimizer != 'adam'", false},
        {"model.parameters == 4810", true}, /* 65 · 64 + 65 · 10 */
        {"model.parameters <= 4809", false},
        {"model.depth >= 1 and train.epochs > 20", false},
        {"model.depth >= 1 and train.epochs > 20 or train.momentum < 1", true},
        {"model.depth > 1 and (train.epochs > 20 or train.momentum < 1)", false},
        {"not train.epochs > 20", true},
        {"not (train.epochs > 20 or not train.shuffle = false)", false},
        {"model.layers = 64-64-10", true},
        {"model.layers = [64,64,10]", true},
        {"model.layers in [64-10, 64-64-10]", true},
        {"NOT train.optimizer IN[sgd]", true},
        {"train.decay >= 0", false},           /* not set: no comparison holds … */
        {"train.learning_rate = 0.001", true}, /* … except with the optimizer's default */
        {"train.nesterov = true", false},
        {"train.nesterov = false", true},
    };
    percept_recipe *recipe = NULL;
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_recipe_set(recipe, "model.layers", "64-64-10", error));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Condition *condition = NULL;
        bool holds = !cases[i].holds;
        assert_ok(condition_create(cases[i].text, &condition, error));
        assert_ok(condition_holds(condition, recipe, &holds, error));
        if (holds != cases[i].holds)
            fail_msg("%s: %s", cases[i].text, holds ? "holds" : "does not hold");
        condition_free(condition);
    }
    percept_recipe_free(recipe);
}

static void conditions_that_cannot_be_read_say_where(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "expected a key"},
        {"train.epochs >", "expected a value, not its end, at character 15"},
        {"train.epochs > ten", "expected a number, at character 16"},
        {"train.epochs > 3 train.epochs", "expected and, or, or the end, not 'train.epochs', at character 18"},
        {"(train.epochs > 3", "expected and, or, or )"},
        {"train.epochs in [3]", "two numbers"},
        {"train.epochs in 3", "expected ["},
        {"train.epochs in [3, 4, 5]", "two numbers, the least and the most, at character 18"},
        {"train.optimizer < adam", "no number"},
        {"train.optimizer ~ ada", "do not know ~ (contains)"},
        {"train.optimizer = adm", "did you mean 'adam'?"},
        {"train.optimizer = 'adam", "not closed"},
        {"epochs > 3", "condition, at character 1: unknown key 'epochs'; did you mean 'train.epochs'?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Condition *condition = NULL;
        assert_refused(condition_create(cases[i].text, &condition, error), PERCEPT_ERROR_ARGUMENT, cases[i].message);
    }
    char deep[4000] = "";
    for (size_t i = 0; i + 1 < sizeof deep; i++)
        deep[i] = '(';
    Condition *condition = NULL;
    assert_refused(condition_create(deep, &condition, error), PERCEPT_ERROR_ARGUMENT, "too deeply");
}

static void a_space_with_former_names_is_the_same_space(void **state)
{
    (void)state;
#define SPACE(setting) "name: a\nsearch:\n  trials: 4\n" setting "space:\n  train.epochs: [1, 2]\n"
    assert_true(space_texts_agree(SPACE("  metric: mean\n"), SPACE("  metric: mean\n")));
    assert_true(space_texts_agree(SPACE("  figure: mean\n"), SPACE("  metric: mean\n")));
    assert_false(space_texts_agree(SPACE("  figure: mean\n"), SPACE("  metric: median\n")));
    assert_false(space_texts_agree(SPACE("  figure: mean\n"), SPACE("  seed: mean\n")));
    assert_false(space_texts_agree(SPACE("  figure: mean\n"), SPACE("")));
    assert_false(space_texts_agree(SPACE(""), SPACE("") "conditions:\n"));
#undef SPACE
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_read),
        cmocka_unit_test(hidden_layers_take_inputs_and_outputs_from_the_data),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_its_line),
        cmocka_unit_test(what_is_written_reads_back_to_the_same),
        cmocka_unit_test(draws_stay_in_range_and_fill_it_evenly),
        cmocka_unit_test(conditions_hold_where_they_should),
        cmocka_unit_test(conditions_that_cannot_be_read_say_where),
        cmocka_unit_test(a_space_with_former_names_is_the_same_space),
    };
    return cmocka_run_group_tests_name("search spaces", tests, NULL, NULL);
}
