/* Settings of optimizers: a recipe that names none has those of the optimizer's row. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "recipe/optimizer_keys.h"

static percept_recipe *recipe_with(const char *optimizer)
{
    percept_recipe *recipe = NULL;
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_recipe_set(recipe, "train.optimizer", optimizer, error));
    return recipe;
}

/* "0.9; 0.95 for muon": the text names the optimizer with its number, or no optimizer and the number of all others. */
static void expect_told(const Key *key, const char *optimizer, double value)
{
    char number[NUMBER_SIZE], named[64], others[64], name[64];
    number_format(value, number);
    if (key->type == KEY_BOOLEAN)
        snprintf(number, sizeof number, "%s", value > 0 ? "true" : "false");
    snprintf(named, sizeof named, "%s for %s", number, optimizer);
    snprintf(others, sizeof others, "else %s", number);
    snprintf(name, sizeof name, " for %s", optimizer);
    const bool own = strstr(key->unset, name) != NULL;
    const bool same = strncmp(key->unset, number, strlen(number)) == 0 || strstr(key->unset, others) != NULL;
    if (own ? strstr(key->unset, named) == NULL : !same)
        fail_msg("%s: the help says '%s', but %s has %s", key->name, key->unset, optimizer, number);
}

static void help_states_the_default_of_each_optimizer(void **state)
{
    (void)state;
    size_t seen = 0;
    for (size_t i = 0; optimizer_at_f64(i) != NULL; i++) {
        percept_recipe *recipe = recipe_with(optimizer_at_f64(i)->name);
        for (size_t k = 0; recipe_key_at(k) != NULL; k++) {
            double value = 0;
            if (!optimizer_keys_default(recipe, recipe_key_at(k)->name, &value))
                continue;
            expect_told(recipe_key_at(k), optimizer_at_f64(i)->name, value);
            seen++;
        }
        percept_recipe_free(recipe);
    }
    assert_true(seen > 0);
}

static void decided_settings_are_those_of_the_row(void **state)
{
    (void)state;
    for (size_t i = 0; optimizer_at_f64(i) != NULL; i++) {
        const Optimizer_f64 *row = optimizer_at_f64(i);
        percept_recipe *recipe = recipe_with(row->name);
        const OptimizerOptions before = optimizer_keys_options(recipe);
        assert_ok(optimizer_keys_decide(recipe, error));
        const OptimizerOptions after = optimizer_keys_options(recipe);
        assert_memory_equal(&before, &after, sizeof before);
        assert_true(after.beta2 == row->defaults.beta2 && after.momentum == row->defaults.momentum);
        assert_true(recipe_number(recipe, "train.learning_rate") == row->learning_rate);
        percept_recipe_free(recipe);
    }
}

static void what_a_recipe_names_stays(void **state)
{
    (void)state;
    percept_recipe *recipe = recipe_with("sgd");
    assert_ok(percept_recipe_set(recipe, "train.momentum", "0.5", error));
    assert_ok(percept_recipe_set(recipe, "train.nesterov", "true", error));
    assert_ok(optimizer_keys_decide(recipe, error));
    const OptimizerOptions options = optimizer_keys_options(recipe);
    assert_true(options.momentum == 0.5 && options.nesterov && options.beta1 == 0.9);
    percept_recipe_free(recipe);
}

/* Runs of earlier versions, whose recipes have these values as everyone's defaults, can still be resumed. */
static void the_defaults_of_the_past_leave_the_identity_as_it_was(void **state)
{
    (void)state;
    static const char *const past[][2] = {{"train.momentum", "0"},  {"train.nesterov", "false"},
                                          {"train.rho", "0.9"},     {"train.beta1", "0.9"},
                                          {"train.beta2", "0.999"}, {"train.epsilon", "1e-8"}};
    uint64_t unset = 0, set = 0;
    percept_recipe *recipe = recipe_with("adam");
    assert_ok(recipe_identity(recipe, NULL, &unset, error));
    for (size_t i = 0; i < sizeof past / sizeof *past; i++)
        assert_ok(percept_recipe_set(recipe, past[i][0], past[i][1], error));
    assert_ok(recipe_identity(recipe, NULL, &set, error));
    assert_true(unset == set);
    percept_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_states_the_default_of_each_optimizer),
        cmocka_unit_test(decided_settings_are_those_of_the_row),
        cmocka_unit_test(what_a_recipe_names_stays),
        cmocka_unit_test(the_defaults_of_the_past_leave_the_identity_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
