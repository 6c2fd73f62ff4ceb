/* The table of keys is sound; values are read strictly, refused with what would be right, and written so that they read
 * back the same. */
#include "unit.h"

#include <float.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "failing_memory.h"
#include "recipe/recipe.h"
#include "recipe/value.h"

/* A stream of bits that is the same everywhere (G. Marsaglia, 2003: xorshift64). */
static uint64_t next_bits(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static percept_recipe *defaults(void)
{
    percept_recipe *recipe = NULL;
    assert_ok(percept_recipe_create(&recipe, error));
    return recipe;
}

/* The formatted value of a key equals `wanted`. */
static void assert_value(const percept_recipe *recipe, const char *name, const char *wanted)
{
    char *text = NULL;
    assert_ok(recipe_format(recipe, name, &text, error));
    assert_string_equal(text, wanted);
    memory_free(text);
}

/* Setting the key fails, with a message that has `part` in it, and leaves the value alone. */
static void assert_refused(percept_recipe *recipe, const char *name, const char *text, const char *part)
{
    percept_error error = {PERCEPT_OK, ""};
    char *before = NULL;
    const bool known = recipe_key_find(name) != NULL;
    if (known)
        assert_int_equal(recipe_format(recipe, name, &before, NULL), PERCEPT_OK);
    if (recipe_set(recipe, name, text, "--set", &error) != PERCEPT_ERROR_ARGUMENT)
        fail_msg("%s=%s is taken, or fails otherwise: %s", name, text, error.message);
    if (strstr(error.message, part) == NULL || strncmp(error.message, "--set: ", 7) != 0 ||
        strpbrk(error.message, "\n\r\x1b") != NULL)
        fail_msg("%s=%s: \"%s\" lacks \"%s\"", name, text, error.message, part);
    if (known)
        assert_value(recipe, name, before);
    memory_free(before);
}

/* ---- The table -------------------------------------------------------------------------------------------------- */

static void every_row_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < recipe_key_count(); i++) {
        const Key *key = recipe_key_at(i);
        assert_ptr_equal(recipe_key_find(key->name), key);
        if ((key->fallback == NULL) == (key->unset == NULL))
            fail_msg("%s: give a default, or say what happens without one", key->name);
        if (key->help == NULL || strlen(key->help) < 8 || strlen(key->help) > 110 || strchr(key->help, '\n') != NULL)
            fail_msg("%s: its help is no line", key->name);
        if ((key->type == KEY_CHOICE) != (key->choice != NULL))
            fail_msg("%s: type and choices do not fit", key->name);
        if (key->flag != NULL && strncmp(key->flag, "--", 2) != 0)
            fail_msg("%s: its flag is no flag", key->name);
    }
    assert_null(recipe_key_at(recipe_key_count()));
    assert_null(recipe_key_find(""));
    assert_null(recipe_key_find("train"));
}

static void names_and_flags_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < recipe_key_count(); i++)
        for (size_t j = 0; j < i; j++) {
            const Key *a = recipe_key_at(i), *b = recipe_key_at(j);
            if (strcmp(a->name, b->name) == 0 || (a->flag != NULL && b->flag != NULL && strcmp(a->flag, b->flag) == 0))
                fail_msg("%s and %s clash", a->name, b->name);
        }
}

static size_t section_length(const char *name)
{
    return strchr(name, '.') != NULL ? strcspn(name, ".") : 0;
}

/* A YAML file has each section once, so the table must not come back to one. */
static void sections_lie_together(void **state)
{
    (void)state;
    for (size_t i = 1; i < recipe_key_count(); i++) {
        const char *name = recipe_key_at(i)->name, *previous = recipe_key_at(i - 1)->name;
        const size_t length = section_length(name);
        if (length == section_length(previous) && strncmp(name, previous, length) == 0)
            continue;
        for (size_t j = 0; j < i; j++)
            if (section_length(recipe_key_at(j)->name) == length && strncmp(recipe_key_at(j)->name, name, length) == 0)
                fail_msg("%s lies apart from %s", name, recipe_key_at(j)->name);
    }
}

static void defaults_are_the_table_s(void **state)
{
    (void)state;
    percept_recipe *recipe = defaults();
    for (size_t i = 0; i < recipe_key_count(); i++) {
        const Key *key = recipe_key_at(i);
        assert_int_equal(recipe_is_set(recipe, key->name), key->fallback != NULL);
        if (key->fallback == NULL) {
            assert_value(recipe, key->name, "");
            assert_int_equal(recipe_count(recipe, key->name), 0);
        }
    }
    assert_string_equal(recipe_text(recipe, "data.name"), "fashion-mnist");
    assert_null(recipe_text(recipe, "name"));
    assert_null(recipe_text(recipe, "model.output"));
    assert_string_equal(recipe_text(recipe, "train.optimizer"), "adam");
    assert_string_equal(recipe_texts(recipe, "model.activation")[0], "relu");
    assert_int_equal(recipe_integer(recipe, "seed"), 0);
    assert_int_equal(recipe_integer(recipe, "train.epochs"), 20);
    assert_true(recipe_number(recipe, "train.rise") == 0.3);
    assert_true(recipe_numbers(recipe, "model.l2")[0] == 0 && recipe_count(recipe, "model.l2") == 1);
    assert_true(recipe_boolean(recipe, "train.shuffle"));
    assert_false(recipe_boolean(recipe, "data.join"));
    assert_null(recipe_integers(recipe, "model.layers"));
    percept_recipe_free(recipe);
}

static void descriptions_say_type_range_and_choices(void **state)
{
    (void)state;
    static const char *const wanted[][2] = {
        {"name", "text"},
        {"seed", "integer ≥ 0"},
        {"threads", "integer from 0 to 1024"},
        {"precision", "one of float32, float64, bfloat16"},
        {"data.join", "true or false"},
        {"data.split", "list of numbers ≥ 0"},
        {"data.divisor", "number > 0"},
        {"model.layers", "list of integers from 1 to 2147483648"},
        {"train.momentum", "number ≥ 0 and < 1"},
        {"train.epochs", "integer ≥ 1"},
    };
    char text[RECIPE_DESCRIPTION_SIZE], tiny[4];
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        recipe_describe(recipe_key_find(wanted[i][0]), text, sizeof text);
        assert_string_equal(text, wanted[i][1]);
    }
    for (size_t i = 0; i < recipe_key_count(); i++) {
        recipe_describe(recipe_key_at(i), text, sizeof text);
        assert_true(strlen(text) + 1 < sizeof text); /* room was left, so nothing is cut */
    }
    recipe_describe(recipe_key_find("model.activation"), text, sizeof text);
    assert_memory_equal(text, "one or more of ", strlen("one or more of "));
    assert_non_null(strstr(text, "relu"));
    recipe_describe(recipe_key_find("train.epochs"), tiny, sizeof tiny);
    assert_string_equal(tiny, "int");
}

/* ---- Reading values --------------------------------------------------------------------------------------------- */

/* Both bounds of every range, and the nearest values beyond them. */
static void ranges_end_where_they_say(void **state)
{
    (void)state;
    percept_recipe *recipe = defaults();
    for (size_t i = 0; i < recipe_key_count(); i++) {
        const Key *key = recipe_key_at(i);
        const bool whole = key->type == KEY_INTEGER;
        if (!whole && key->type != KEY_NUMBER)
            continue;
        const double bounds[2] = {key->low, key->high}, away[2] = {-INFINITY, INFINITY};
        const bool exclusive[2] = {key->above_low, key->below_high};
        for (size_t side = 0; side < 2; side++) {
            char at[NUMBER_SIZE], beyond[NUMBER_SIZE];
            if (!isfinite(bounds[side]))
                continue;
            number_format(bounds[side], at);
            number_format(whole ? bounds[side] + (side == 0 ? -1 : 1) : nextafter(bounds[side], away[side]), beyond);
            if (exclusive[side])
                assert_refused(recipe, key->name, at, "expected");
            else
                assert_ok(recipe_set(recipe, key->name, at, NULL, error));
            assert_refused(recipe, key->name, beyond, "expected");
        }
    }
    percept_recipe_free(recipe);
}

static void every_choice_is_taken_by_its_name(void **state)
{
    (void)state;
    percept_recipe *recipe = defaults();
    for (size_t i = 0; i < recipe_key_count(); i++) {
        const Key *key = recipe_key_at(i);
        if (key->type != KEY_CHOICE)
            continue;
        assert_non_null(key->choice(0));
        for (size_t c = 0; key->choice(c) != NULL; c++) {
            assert_ok(recipe_set(recipe, key->name, key->choice(c), NULL, error));
            assert_value(recipe, key->name, key->choice(c));
        }
        assert_refused(recipe, key->name, "no such thing", key->choice(0));
    }
    percept_recipe_free(recipe);
}

static void values_are_read_in_every_form(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"seed", "9223372036854775807", "9223372036854775807"},
        {"seed", " 007 ", "7"},
        {"train.learning_rate", ".5", "0.5"},
        {"train.learning_rate", "+1E-3", "0.001"},
        {"train.learning_rate", "0.1", "0.1"},
        {"train.learning_rate", "0.30000000000000004", "0.30000000000000004"},
        {"train.learning_rate", "5e-324", "4.94065645841247e-324"},
        {"train.shuffle", "false", "false"},
        {"data.classes", "3,7", "3,7"},
        {"data.classes", "[3, 7]", "3,7"},
        {"data.classes", " [ 3 ,\t7 ] ", "3,7"},
        {"data.classes", "[3]", "3"},
        {"data.classes", "Iris-setosa,\"a, b\"", "Iris-setosa,\"a, b\""},
        {"data.split", "0.8,0.1,0.1", "0.8,0.1,0.1"},
        {"model.layers", "784-64-10", "784-64-10"},
        {"model.layers", "784 - 64 - 10", "784-64-10"},
        {"model.layers", "784,64,10", "784-64-10"},
        {"model.layers", "[784-64-10]", "784-64-10"},
        {"model.activation", "tanh, relu", "tanh,relu"},
        {"data.name", " a,b = [c]\n", " a,b = [c]\n"},
        {"data.drop", "id", "id"},
        {"data.drop", " id , [name] ,3", "id,\"[name]\",3"},
        {"data.drop", "[a b, c]", "a b,c"},
        {"data.drop", "\"height, in m\", \"the \"\"best\"\"\",x", "\"height, in m\",the \"best\",x"},
        {"data.drop", "\" a\",\"b \",\"\"\"c\"\"\"", "\" a\",\"b \",\"\"\"c\"\"\""},
    };
    percept_recipe *recipe = defaults();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_ok(recipe_set(recipe, cases[i][0], cases[i][1], "--set", error));
        assert_value(recipe, cases[i][0], cases[i][2]);
    }
    assert_int_equal(recipe_count(recipe, "model.layers"), 3);
    assert_int_equal(recipe_integers(recipe, "model.layers")[2], 10);
    assert_true(recipe_numbers(recipe, "data.split")[0] == 0.8);
    assert_string_equal(recipe_texts(recipe, "model.activation")[1], "relu");
    percept_recipe_free(recipe);
}

static void what_is_wrong_is_refused_with_what_is_right(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"train.epochs", "1e5", "expected integer ≥ 1, found '1e5'; write it with decimal digits alone"},
        {"train.epochs", "3.0", "decimal digits"},
        {"train.epochs", "", "expected integer ≥ 1, found nothing"},
        {"train.epochs", "ten", "expected integer ≥ 1, found 'ten'"},
        {"train.epochs", "3,4", "found '3,4'"},
        {"train.epochs", "0x10", "found '0x10'"},
        {"train.epochs", "1_000", "found '1_000'"},
        {"seed", "-1", "expected integer ≥ 0, found '-1'"},
        {"seed", "9223372036854775808", "does not fit 64 bits"},
        {"threads", "1025", "expected integer from 0 to 1024"},
        {"train.learning_rate", "nan", "expected number > 0, found 'nan'"},
        {"train.learning_rate", "inf", "found 'inf'"},
        {"train.learning_rate", "1e999", "found '1e999'"},
        {"train.learning_rate", "0x1p-3", "found '0x1p-3'"},
        {"train.learning_rate", "0,1", "found '0,1'"},
        {"train.learning_rate", "1e", "found '1e'"},
        {"train.learning_rate", "--1", "found '--1'"},
        {"train.shuffle", "yes", "expected true or false, found 'yes'"},
        {"train.shuffle", "True", "found 'True'; did you mean 'true'?"},
        {"train.shuffle", "1", "expected true or false"},
        {"train.optimizer", "adm", "did you mean 'adam'?"},
        {"model.activation", "relu,rleu", "found 'rleu'; did you mean 'relu'?"},
        {"data.classes", "[]", "found an empty list"},
        {"data.classes", "3,,7", "found an empty item"},
        {"data.drop", "a,,b", "found an empty item"},
        {"data.drop", "[]", "found an empty list"},
        {"data.drop", "a,b\xff", "not UTF-8"},
        {"model.layers", "784-64-", "found an empty item"},
        {"model.layers", "784-0-10", "found '0'"},
        {"data.name", "", "expected text, found nothing"},
        {"data.name", "caf\xe9", "found 'caf?', which is not UTF-8"},
        {"data.name", "\xed\xa0\x80", "not UTF-8"},     /* a surrogate */
        {"data.name", "\xc0\xaf", "not UTF-8"},         /* overlong */
        {"data.name", "\xf4\x90\x80\x80", "not UTF-8"}, /* past U+10FFFF */
        {"data.name", "\xe2\x82", "not UTF-8"},         /* cut */
        {"train.epochs", "\x1b[31m\n", "found '?[31m'"},
    };
    percept_recipe *recipe = defaults();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_refused(recipe, cases[i][0], cases[i][1], cases[i][2]);
    percept_recipe_free(recipe);
}

static void unknown_keys_are_refused_with_the_nearest(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"train.epoch", "'train.epochs'"},
        {"train.lerning_rate", "'train.learning_rate'"},
        {"trian.epochs", "'train.epochs'"},
        {"epochs", "'train.epochs'"},
        {"learning-rate", "'train.learning_rate'"},
        {"sede", "'seed'"},
        {"model.layer", "'model.layers'"},
        {"train.Optimizer", "'train.optimizer'"},
        {"train", "--help"},
        {"nothing.like_it_at_all", "--help"},
        {"", "--help"},
    };
    percept_recipe *recipe = defaults();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_refused(recipe, cases[i][0], "1", cases[i][1]);
    percept_recipe_free(recipe);
}

static void pairs_are_cut_at_the_first_equals_sign(void **state)
{
    (void)state;
    percept_recipe *recipe = defaults();
    assert_ok(recipe_set_pair(recipe, "data.name=a=b", "--set", error));
    assert_string_equal(recipe_text(recipe, "data.name"), "a=b");
    percept_error error;
    assert_int_equal(recipe_set_pair(recipe, "train.epochs", "--set", &error), PERCEPT_ERROR_ARGUMENT);
    assert_string_equal(error.message, "--set: expected KEY=VALUE such as train.epochs=5, found 'train.epochs'");
    assert_int_equal(recipe_set_pair(recipe, "=5", "--set", &error), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(recipe_set_pair(recipe, "train.epochs=", NULL, NULL), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(percept_recipe_set(recipe, "train.epochs", "0", &error), PERCEPT_ERROR_ARGUMENT);
    assert_string_equal(error.message, "train.epochs: expected integer ≥ 1, found '0'");
    percept_recipe_free(recipe);
}

static void long_values_are_cut_in_messages(void **state)
{
    (void)state;
    percept_recipe *recipe = defaults();
    char text[4000];
    for (size_t i = 0; i + 1 < sizeof text; i++)
        text[i] = "ab€"[i % 5];
    text[sizeof text - 1] = '\0';
    assert_refused(recipe, "train.epochs", text, "...'");
    percept_error error;
    assert_int_equal(recipe_set(recipe, "train.epochs", text, NULL, &error), PERCEPT_ERROR_ARGUMENT);
    assert_true(strlen(error.message) < 200);
    assert_true(text_is_utf8(error.message)); /* never cut within a character */
    percept_recipe_free(recipe);
}

/* ---- Numbers ---------------------------------------------------------------------------------------------------- */

/* Random bit patterns: all exponents, down to the subnormal. */
static void numbers_read_back_to_the_same_bits(void **state)
{
    (void)state;
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 200000; i++) {
        const uint64_t drawn = next_bits(&bits);
        double value = 0, back = 0;
        char text[NUMBER_SIZE];
        memcpy(&value, &drawn, sizeof value);
        if (!isfinite(value))
            continue;
        number_format(value, text);
        assert_true(strlen(text) + 1 < NUMBER_SIZE);
        if (!number_parse(text, &back) || back != value || signbit(back) != signbit(value))
            fail_msg("%a was written as %s", value, text);
    }
    char text[NUMBER_SIZE];
    number_format(0.1, text);
    assert_string_equal(text, "0.1");
    number_format(-DBL_MAX, text);
    assert_string_equal(text, "-1.7976931348623157e+308");
}

/* A program that links the library may have chosen a language that writes 0,5. */
static void numbers_are_alike_in_every_locale(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8", "nl_NL.UTF-8", "pt_BR.UTF-8"};
    const char *chosen = NULL;
    for (size_t i = 0; chosen == NULL && i < sizeof names / sizeof names[0]; i++)
        chosen = setlocale(LC_ALL, names[i]);
    if (chosen == NULL) {
        printf("skipped: no locale with a decimal comma is installed\n");
        skip();
    }
    double value = 0;
    char text[NUMBER_SIZE];
    const bool parsed = number_parse("0.5", &value) && !number_parse("0,5", &value);
    number_format(0.25, text);
    setlocale(LC_ALL, "C");
    assert_true(parsed && value == 0.5);
    assert_string_equal(text, "0.25");
}

/* ---- Copies and memory ------------------------------------------------------------------------------------------ */

static void copies_are_equal_and_independent(void **state)
{
    (void)state;
    percept_recipe *recipe = defaults(), *copy = NULL;
    assert_ok(recipe_set(recipe, "data.name", "a file.csv", NULL, error));
    assert_ok(recipe_set(recipe, "model.layers", "4-3-2", NULL, error));
    assert_ok(recipe_copy(recipe, &copy, error));
    for (size_t i = 0; i < recipe_key_count(); i++) {
        char *text = NULL;
        assert_ok(recipe_format(recipe, recipe_key_at(i)->name, &text, error));
        assert_value(copy, recipe_key_at(i)->name, text);
        memory_free(text);
    }
    assert_ok(recipe_set(recipe, "data.name", "another", NULL, error));
    assert_ok(recipe_set(recipe, "model.layers", "5-6", NULL, error));
    percept_recipe_free(recipe);
    assert_value(copy, "data.name", "a file.csv");
    assert_value(copy, "model.layers", "4-3-2");
    percept_recipe_free(copy);
    percept_recipe_free(NULL);
}

/* Creates, sets, copies and formats; *failed tells which step had no memory. */
static percept_status all_steps(percept_recipe **recipe, percept_recipe **copy, char **text, percept_error *error)
{
    percept_status status = percept_recipe_create(recipe, error);
    if (status == PERCEPT_OK)
        status = recipe_set(*recipe, "data.name", "digits", "--set", error);
    if (status == PERCEPT_OK)
        status = recipe_set_pair(*recipe, "model.layers=4-3-2", "--set", error);
    if (status == PERCEPT_OK)
        status = recipe_copy(*recipe, copy, error);
    if (status == PERCEPT_OK)
        status = recipe_format(*copy, "model.layers", text, error);
    return status;
}

static void every_lack_of_memory_is_told(void **state)
{
    (void)state;
    bool done = false;
    for (long allowed = 0; !done; allowed++) {
        percept_recipe *recipe = NULL, *copy = NULL;
        char *text = NULL;
        percept_error error = {PERCEPT_OK, ""};
        memory_left = allowed;
        const percept_status status = all_steps(&recipe, &copy, &text, &error);
        memory_left = -1;
        done = status == PERCEPT_OK;
        if (!done) {
            assert_int_equal(status, PERCEPT_ERROR_MEMORY);
            assert_non_null(strstr(error.message, "not enough memory"));
            assert_null(text);
        }
        memory_free(text);
        percept_recipe_free(copy);
        percept_recipe_free(recipe);
        assert_true(allowed < 10000);
    }
}

/* ---- The nearest word ------------------------------------------------------------------------------------------- */

static void the_nearest_word_is_the_one_meant(void **state)
{
    (void)state;
    static const char *const words[] = {"train", "evaluate", "predict", "relu", "tanh"};
    enum { COUNT = sizeof words / sizeof words[0] };
    assert_string_equal(nearest_word("trian", words, COUNT), "train");
    assert_string_equal(nearest_word("TRAIN", words, COUNT), "train");
    assert_string_equal(nearest_word("evalute", words, COUNT), "evaluate");
    assert_string_equal(nearest_word("rulu", words, COUNT), "relu");
    assert_null(nearest_word("export", words, COUNT));
    assert_null(nearest_word("", words, COUNT));
    assert_null(nearest_word("train", words, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(names_and_flags_are_unique),
        cmocka_unit_test(sections_lie_together),
        cmocka_unit_test(defaults_are_the_table_s),
        cmocka_unit_test(descriptions_say_type_range_and_choices),
        cmocka_unit_test(ranges_end_where_they_say),
        cmocka_unit_test(every_choice_is_taken_by_its_name),
        cmocka_unit_test(values_are_read_in_every_form),
        cmocka_unit_test(what_is_wrong_is_refused_with_what_is_right),
        cmocka_unit_test(unknown_keys_are_refused_with_the_nearest),
        cmocka_unit_test(pairs_are_cut_at_the_first_equals_sign),
        cmocka_unit_test(long_values_are_cut_in_messages),
        cmocka_unit_test(numbers_read_back_to_the_same_bits),
        cmocka_unit_test(numbers_are_alike_in_every_locale),
        cmocka_unit_test(copies_are_equal_and_independent),
        cmocka_unit_test(every_lack_of_memory_is_told),
        cmocka_unit_test(the_nearest_word_is_the_one_meant),
    };
    return cmocka_run_group_tests_name("recipe", tests, NULL, NULL);
}
