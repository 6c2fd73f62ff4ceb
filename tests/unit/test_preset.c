/* Presets set what nobody has set, from the number of rows and columns, and the recipe then names all of it. */
#include "recipe/preset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static const PresetFacts table = {.table = true, .rows = 1000, .features = 7, .outputs = 3, .classes = 3};

static percept_recipe *recipe_of(const char *preset)
{
    percept_recipe *recipe = NULL;
    assert_int_equal(percept_recipe_create(&recipe, NULL), PERCEPT_OK);
    if (preset != NULL)
        assert_int_equal(recipe_set(recipe, "preset", preset, NULL, NULL), PERCEPT_OK);
    return recipe;
}

static void assert_value(const percept_recipe *recipe, const char *key, const char *expected)
{
    char *text = NULL;
    assert_int_equal(recipe_format(recipe, key, &text, NULL), PERCEPT_OK);
    assert_string_equal(text, expected);
    memory_free(text);
}

static void auto_is_tabular_for_tables_alone(void **state)
{
    (void)state;
    for (int is_table = 0; is_table < 2; is_table++) {
        PresetFacts facts = table;
        facts.table = is_table == 1;
        percept_recipe *recipe = recipe_of("auto");
        assert_int_equal(preset_apply(recipe, &facts, NULL), PERCEPT_OK);
        assert_value(recipe, "train.optimizer", is_table ? "adamw" : "adam");
        assert_false(recipe_is_set(recipe, "preset"));
        percept_recipe_free(recipe);
    }
}

static void plain_and_none_set_nothing(void **state)
{
    (void)state;
    const char *const presets[] = {NULL, "plain"};
    for (size_t p = 0; p < 2; p++) {
        percept_recipe *recipe = recipe_of(presets[p]), *before = recipe_of(NULL);
        uint64_t here = 0, there = 1;
        assert_int_equal(preset_apply(recipe, &table, NULL), PERCEPT_OK);
        assert_int_equal(recipe_identity(recipe, NULL, &here, NULL), PERCEPT_OK);
        assert_int_equal(recipe_identity(before, NULL, &there, NULL), PERCEPT_OK);
        assert_true(here == there);
        percept_recipe_free(recipe);
        percept_recipe_free(before);
    }
}

/* A key that is set to its own default is chosen, too; and a copy remembers what was. */
static void what_is_chosen_stays(void **state)
{
    (void)state;
    percept_recipe *first = recipe_of("tabular"), *recipe = NULL;
    assert_int_equal(recipe_set(first, "train.epochs", "20", NULL, NULL), PERCEPT_OK);
    assert_int_equal(recipe_set(first, "model.layers", "7-4-3", NULL, NULL), PERCEPT_OK);
    assert_int_equal(recipe_copy(first, &recipe, NULL), PERCEPT_OK);
    assert_int_equal(preset_apply(recipe, &table, NULL), PERCEPT_OK);
    assert_value(recipe, "train.epochs", "20");
    assert_value(recipe, "model.layers", "7-4-3");
    assert_value(recipe, "train.optimizer", "adamw");
    percept_recipe_free(first);
    percept_recipe_free(recipe);
}

static void probabilities_are_calibrated_where_that_is_possible(void **state)
{
    (void)state;
    for (int c = 0; c < 4; c++) {
        PresetFacts facts = table;
        percept_recipe *recipe = recipe_of("tabular");
        facts.validated = c != 1;
        facts.classes = c == 2 ? 0 : 3;
        if (c == 3)
            assert_int_equal(recipe_set(recipe, "model.output", "identity", NULL, NULL), PERCEPT_OK);
        assert_int_equal(preset_apply(recipe, &facts, NULL), PERCEPT_OK);
        assert_value(recipe, "train.calibration", c == 0 ? "temperature" : "none");
        percept_recipe_free(recipe);
    }
}

static void many_columns_of_few_rows_are_learned_with_a_penalty(void **state)
{
    (void)state;
    static const struct {
        size_t rows, features, classes;
        const char *l1;
    } cases[] = {{199, 50, 2, "0.001"}, {199, 50, 0, "0.001"}, {200, 50, 2, "0"}, {150, 49, 2, "0"}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        PresetFacts facts = table;
        facts.rows = cases[c].rows;
        facts.features = cases[c].features;
        facts.classes = cases[c].classes;
        percept_recipe *recipe = recipe_of("tabular");
        assert_int_equal(preset_apply(recipe, &facts, NULL), PERCEPT_OK);
        assert_value(recipe, "model.l1", cases[c].l1);
        percept_recipe_free(recipe);
    }
}

static void another_optimizer_keeps_its_own_settings(void **state)
{
    (void)state;
    percept_recipe *recipe = recipe_of("tabular");
    assert_int_equal(recipe_set(recipe, "train.optimizer", "sgd", NULL, NULL), PERCEPT_OK);
    assert_int_equal(preset_apply(recipe, &table, NULL), PERCEPT_OK);
    assert_false(recipe_is_set(recipe, "train.learning_rate"));
    assert_value(recipe, "train.weight_decay", "0");
    assert_value(recipe, "train.schedule", "cosine");
    percept_recipe_free(recipe);
}

/* Of two classes the loss tells more than the accuracy; without classes, or with more, nothing is decided here. */
static void two_classes_are_judged_by_the_loss(void **state)
{
    (void)state;
    for (size_t classes = 0; classes <= 3; classes++) {
        PresetFacts facts = table;
        facts.classes = classes;
        percept_recipe *recipe = recipe_of("tabular");
        assert_int_equal(preset_apply(recipe, &facts, NULL), PERCEPT_OK);
        assert_value(recipe, "train.monitor", classes == 2 ? "valid_loss" : "");
        percept_recipe_free(recipe);
    }
}

static void another_embedding_keeps_its_own_size(void **state)
{
    (void)state;
    percept_recipe *recipe = recipe_of("tabular");
    assert_int_equal(recipe_set(recipe, "model.embedding", "periodic", NULL, NULL), PERCEPT_OK);
    assert_int_equal(preset_apply(recipe, &table, NULL), PERCEPT_OK);
    assert_false(recipe_is_set(recipe, "model.embedding_size"));
    percept_recipe_free(recipe);
}

static void data_are_read_as_the_recipe_will_say(void **state)
{
    (void)state;
    const char *const presets[] = {"tabular", "plain", NULL};
    for (size_t p = 0; p < 3; p++) {
        percept_recipe *recipe = recipe_of(presets[p]);
        const char *missing = preset_missing(recipe);
        const size_t rare = preset_rare(recipe);
        assert_int_equal(preset_apply(recipe, &table, NULL), PERCEPT_OK);
        assert_string_equal(missing, recipe_text(recipe, "data.missing"));
        assert_int_equal(rare, recipe_integer(recipe, "data.rare"));
        percept_recipe_free(recipe);
    }
}

static void sizes_follow_from_the_rows(void **state)
{
    (void)state;
    const struct {
        size_t rows;
        size_t classes;
        const char *members, *batch, *epochs;
    } cases[] = {{1, 2, "8", "16", "40"},      {999, 0, "8", "32", "40"},           {1875, 0, "8", "128", "30"},
                 {2850, 2, "8", "128", "30"},  {5600, 0, "8", "256", "28"},         {49999, 2, "8", "256", "24"},
                 {50000, 2, "1", "256", "24"}, {SIZE_MAX / 64, 2, "1", "256", "24"}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        PresetFacts facts = table;
        facts.rows = cases[c].rows;
        facts.classes = cases[c].classes;
        percept_recipe *recipe = recipe_of("tabular");
        assert_int_equal(preset_apply(recipe, &facts, NULL), PERCEPT_OK);
        assert_value(recipe, "model.members", cases[c].members);
        assert_value(recipe, "train.batch_size", cases[c].batch);
        assert_value(recipe, "train.epochs", cases[c].epochs);
        percept_recipe_free(recipe);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auto_is_tabular_for_tables_alone),
        cmocka_unit_test(plain_and_none_set_nothing),
        cmocka_unit_test(what_is_chosen_stays),
        cmocka_unit_test(probabilities_are_calibrated_where_that_is_possible),
        cmocka_unit_test(many_columns_of_few_rows_are_learned_with_a_penalty),
        cmocka_unit_test(another_optimizer_keeps_its_own_settings),
        cmocka_unit_test(another_embedding_keeps_its_own_size),
        cmocka_unit_test(data_are_read_as_the_recipe_will_say),
        cmocka_unit_test(two_classes_are_judged_by_the_loss),
        cmocka_unit_test(sizes_follow_from_the_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
