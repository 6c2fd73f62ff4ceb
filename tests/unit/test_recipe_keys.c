/* The keys of recipes as programs see them. */
#include <string.h>

#include "recipe/recipe.h"
#include "recipe/value.h"
#include "unit.h"

static size_t find(const char *name)
{
    size_t i = 0;
    while (i < percept_key_count() && strcmp(percept_key_name(i), name) != 0)
        i++;
    assert_true(i < percept_key_count());
    return i;
}

static void every_key_describes_itself(void **state)
{
    (void)state;
    percept_recipe *recipe = NULL;
    char value[512], again[512];
    assert_ok(percept_recipe_create(&recipe, error));
    for (size_t i = 0; i < percept_key_count(); i++) {
        const char *name = percept_key_name(i), *fallback = percept_key_default(i);
        assert_non_null(percept_key_help(i));
        assert_true((fallback == NULL) == (percept_key_default_rule(i) != NULL));
        assert_true((percept_key_type_of(i) == PERCEPT_KEY_CHOICE) == (percept_key_choice(i, 0) != NULL));
        assert_null(percept_key_choice(i, 1000));
        assert_ok(percept_recipe_get(recipe, name, value, sizeof value, NULL, error));
        if (fallback == NULL)
            continue;
        assert_ok(percept_recipe_set(recipe, name, fallback, error)); /* the default is a value that is allowed */
        assert_ok(percept_recipe_get(recipe, name, again, sizeof again, NULL, error));
        assert_string_equal(value, again);
    }
    percept_recipe_free(recipe);
}

static void ranges_and_choices_are_those_that_are_checked(void **state)
{
    (void)state;
    percept_error failure;
    percept_recipe *recipe = NULL;
    double low = 0, high = 0;
    int low_excluded = 0, high_excluded = 0;
    assert_ok(percept_recipe_create(&recipe, error));
    percept_key_range(find("train.learning_rate"), &low, &high, &low_excluded, &high_excluded);
    assert_true(low == 0 && isinf(high) && low_excluded == 1 && high_excluded == 0);
    assert_int_equal(percept_recipe_set(recipe, "train.learning_rate", "0", &failure), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(percept_key_type_of(find("train.epochs")), PERCEPT_KEY_INTEGER);
    assert_int_equal(percept_key_type_of(find("train.shuffle")), PERCEPT_KEY_BOOLEAN);
    assert_int_equal(percept_key_type_of(find("data.name")), PERCEPT_KEY_TEXT);
    assert_true(percept_key_is_list(find("model.layers")) && !percept_key_is_list(find("seed")));
    percept_key_range(find("data.name"), &low, &high, NULL, NULL);
    assert_true(isnan(low) && isnan(high));
    for (size_t c = 0; percept_key_choice(find("train.schedule"), c) != NULL; c++)
        assert_ok(percept_recipe_set(recipe, "train.schedule", percept_key_choice(find("train.schedule"), c), error));
    percept_recipe_free(recipe);
}

static void past_the_last_key_is_nothing(void **state)
{
    (void)state;
    const size_t end = percept_key_count();
    double low = 0;
    int excluded = 7;
    assert_null(percept_key_name(end));
    assert_null(percept_key_help(end));
    assert_null(percept_key_default(end));
    assert_null(percept_key_default_rule(end));
    assert_null(percept_key_choice(end, 0));
    assert_int_equal(percept_key_type_of(end), PERCEPT_KEY_NONE);
    assert_int_equal(percept_key_is_list(end), 0);
    percept_key_range(end, &low, NULL, &excluded, NULL);
    assert_true(isnan(low) && excluded == 0);
}

static void a_recipe_goes_through_its_text(void **state)
{
    (void)state;
    percept_recipe *recipe = NULL, *again = NULL;
    char text[16384], value[64], first[4];
    size_t length = 0, needed = 0;
    assert_ok(percept_recipe_parse("train:\n  epochs: 7\nmodel.layers: [4, 9, 2]\n", &recipe, error));
    assert_ok(percept_recipe_text(recipe, NULL, 0, &needed, error));
    assert_true(needed < sizeof text);
    assert_ok(percept_recipe_text(recipe, text, sizeof text, &length, error));
    assert_int_equal(length, needed);
    assert_int_equal(strlen(text), length);
    assert_ok(percept_recipe_parse(text, &again, error));
    assert_ok(percept_recipe_get(again, "model.layers", value, sizeof value, &length, error));
    assert_string_equal(value, "4-9-2");
    assert_ok(percept_recipe_get(again, "model.layers", first, sizeof first, &length, error));
    assert_string_equal(first, "4-9"); /* cut */
    assert_int_equal(length, 5);
    percept_recipe_free(recipe);
    percept_recipe_free(again);
}

static void messages_name_line_and_key(void **state)
{
    (void)state;
    percept_error failure;
    percept_recipe *recipe = NULL;
    char value[8];
    assert_int_equal(percept_recipe_parse("seed: 1\ntrain:\n  epochs: many\n", &recipe, &failure),
                     PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(failure.message, "recipe:3"));
    assert_int_equal(percept_recipe_parse("seed: [1\n", &recipe, &failure), PERCEPT_ERROR_FORMAT);
    assert_null(recipe);
    assert_ok(percept_recipe_parse("", &recipe, error));
    assert_int_equal(percept_recipe_get(recipe, "train.epoch", value, sizeof value, NULL, &failure),
                     PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(failure.message, "train.epochs"));
    percept_recipe_free(recipe);
}

static void a_recipe_finds_every_key_by_its_name(void **state)
{
    (void)state;
    percept_recipe *recipe = NULL, *copy = NULL;
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(recipe_copy(recipe, &copy, error));
    for (size_t i = 0; i < recipe_key_count(); i++) {
        assert_ptr_equal(key_index_find(&recipe->index, recipe_key_at(i)->name), recipe_key_at(i));
        assert_ptr_equal(key_index_find(&copy->index, recipe_key_at(i)->name), recipe_key_at(i));
    }
    assert_null(key_index_find(&recipe->index, ""));
    assert_null(key_index_find(&recipe->index, "train"));
    assert_null(key_index_find(&recipe->index, "train.epoch"));
    percept_recipe_free(recipe);
    percept_recipe_free(copy);
}

/* FNV-1a over a text and its end. */
static uint64_t hash(uint64_t seed, const char *text)
{
    for (size_t i = 0; i <= strlen(text); i++)
        seed = (seed ^ (unsigned char)text[i]) * 0x100000001b3;
    return seed;
}

/* Checkpoints store the identity, so it may not change from one release to the next. */
static void an_identity_hashes_what_is_not_the_default(void **state)
{
    (void)state;
    const uint64_t none = 0xcbf29ce484222325;
    const char *const without[] = {"train.epochs", NULL};
    percept_recipe *recipe = NULL;
    uint64_t identity = 0;
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_recipe_set(recipe, "train.clip_norm", "0.00", error)); /* its default, 0 */
    assert_ok(percept_recipe_set(recipe, "train.checkpoint_every", "7", error));
    assert_ok(recipe_identity(recipe, NULL, &identity, error));
    assert_true(identity == none);
    assert_ok(percept_recipe_set(recipe, "train.epochs", "3", error));
    assert_ok(percept_recipe_set(recipe, "train.learning_rate", "0.50", error));
    assert_ok(recipe_identity(recipe, NULL, &identity, error));
    assert_true(identity == hash(hash(hash(hash(none, "train.epochs"), "3"), "train.learning_rate"), "0.5") ||
                identity == hash(hash(hash(hash(none, "train.learning_rate"), "0.5"), "train.epochs"), "3"));
    assert_ok(recipe_identity(recipe, without, &identity, error));
    assert_true(identity == hash(hash(none, "train.learning_rate"), "0.5"));
    percept_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_describes_itself),
        cmocka_unit_test(ranges_and_choices_are_those_that_are_checked),
        cmocka_unit_test(past_the_last_key_is_nothing),
        cmocka_unit_test(a_recipe_goes_through_its_text),
        cmocka_unit_test(messages_name_line_and_key),
        cmocka_unit_test(a_recipe_finds_every_key_by_its_name),
        cmocka_unit_test(an_identity_hashes_what_is_not_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
