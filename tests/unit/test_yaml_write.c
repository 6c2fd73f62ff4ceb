/* Recipes to YAML: what is written reads back to the same bytes. */
#include "yamls.h"

/* What YAML could take for something else than text, alone or within it. */
static const char *const pieces[] = {"a",
                                     "Z",
                                     "0",
                                     "-",
                                     ".",
                                     ":",
                                     ": ",
                                     " #",
                                     "'",
                                     "\"",
                                     "\\",
                                     "\n",
                                     "\t",
                                     " ",
                                     "[",
                                     "}",
                                     ",",
                                     "&",
                                     "*",
                                     "!",
                                     "|",
                                     "%",
                                     "@",
                                     "`",
                                     "~",
                                     "null",
                                     "true",
                                     "NULL",
                                     "---",
                                     "- a",
                                     "é",
                                     "€",
                                     "😀",
                                     "\x01",
                                     "\r",
                                     "\x7f",
                                     "\xc2\x85",
                                     "\xe2\x80\xa8",
                                     "yes",
                                     "1e5",
                                     "=",
                                     "<<",
                                     "\xef\xbb\xbf",
                                     "\xef\xbf\xbe",
                                     "?",
                                     "0x1f",
                                     "\n\n",
                                     "..."};
enum { PIECES = sizeof pieces / sizeof pieces[0] };

static void random_text(char *text, size_t size)
{
    size_t used = 0;
    for (size_t left = 1 + below(8); left > 0; left--) {
        const char *piece = pieces[below(PIECES)];
        if (used + strlen(piece) + 1 >= size)
            break;
        memcpy(text + used, piece, strlen(piece));
        used += strlen(piece);
    }
    text[used] = '\0';
}

static double random_number(const Key *key)
{
    const double low = isfinite(key->low) ? key->low : -1e300, high = isfinite(key->high) ? key->high : 1e300;
    const double unit = (double)(next_bits() >> 11) * 0x1p-53;
    const double value = isfinite(key->high) ? low + (high - low) * unit : low + ldexp(unit, (int)below(600) - 300);
    return value > low && value < high ? value : low + (high - low) / 3;
}

static void random_item(const Key *key, char *text, size_t size)
{
    size_t choices = 0;
    switch (key->type) {
    case KEY_TEXT:
        random_text(text, size);
        break;
    case KEY_BOOLEAN:
        snprintf(text, size, "%s", below(2) == 0 ? "true" : "false");
        break;
    case KEY_CHOICE:
        while (key->choice(choices) != NULL)
            choices++;
        snprintf(text, size, "%s", key->choice(below(choices)));
        break;
    case KEY_INTEGER:
        snprintf(text, size, "%llu",
                 (unsigned long long)(isfinite(key->high) ? (uint64_t)key->low + below((size_t)(key->high - key->low))
                                                          : 1 + (next_bits() >> (1 + below(62)))));
        break;
    case KEY_NUMBER:
        number_format(random_number(key), text);
        break;
    }
}

/* Sets about two keys of three to random values. */
static void set_at_random(percept_recipe *recipe)
{
    for (size_t i = 0; i < recipe_key_count(); i++) {
        const Key *key = recipe_key_at(i);
        char items[5][64];
        const char *texts[5];
        const size_t count = key->list ? 1 + below(5) : 1;
        if (below(3) == 0)
            continue;
        for (size_t k = 0; k < count; k++) {
            random_item(key, items[k], sizeof items[k]);
            texts[k] = items[k];
        }
        assert_ok(recipe_set_items(recipe, key, texts, count, error));
    }
}

static void what_is_written_reads_back_to_the_same_bytes(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++) {
        percept_recipe *recipe = NULL, *back = NULL;
        assert_ok(percept_recipe_create(&recipe, error));
        set_at_random(recipe);
        assert_ok(percept_recipe_save(recipe, first_path, error));
        assert_ok(percept_recipe_load(first_path, &back, error));
        assert_equal_recipes(recipe, back);
        assert_ok(percept_recipe_save(back, second_path, error));
        char *first = read_bytes(first_path), *second = read_bytes(second_path);
        assert_string_equal(first, second);
        free(first);
        free(second);
        percept_recipe_free(recipe);
        percept_recipe_free(back);
    }
}

static void texts_that_look_like_something_else_stay_texts(void **state)
{
    (void)state;
    static const char *const names[] = {"name", "data.name", "data.directory"};
    for (size_t first = 0; first < PIECES; first += 3) {
        percept_recipe *recipe = NULL, *back = NULL;
        assert_ok(percept_recipe_create(&recipe, error));
        for (size_t i = 0; i < 3 && first + i < PIECES; i++)
            assert_ok(recipe_set(recipe, names[i], pieces[first + i], NULL, error));
        assert_ok(percept_recipe_save(recipe, first_path, error));
        assert_ok(percept_recipe_load(first_path, &back, error));
        assert_equal_recipes(recipe, back);
        percept_recipe_free(recipe);
        percept_recipe_free(back);
    }
}

static void the_written_file_is_pleasant_to_read(void **state)
{
    (void)state;
    percept_recipe *recipe = NULL;
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(recipe_set(recipe, "model.layers", "784-64-10", NULL, error));
    assert_ok(recipe_set(recipe, "name", "no", NULL, error));
    assert_ok(recipe_set(recipe, "data.directory", "/some/where", NULL, error));
    assert_ok(recipe_set(recipe, "data.name", "1e5", NULL, error));
    assert_ok(recipe_set(recipe, "train.epsilon", "0.00001", NULL, error));
    assert_ok(percept_recipe_save(recipe, first_path, error));
    char *text = read_bytes(first_path);
    assert_memory_equal(text, "# A recipe", strlen("# A recipe"));
    assert_non_null(strstr(text, "\nname: \"no\"\nseed: 0\n"));
    assert_non_null(strstr(text, "\ndata:\n  name: \"1e5\"\n  directory: /some/where\n"));
    assert_non_null(strstr(text, "\nmodel:\n  layers: [784, 64, 10]\n  activation: relu\n"));
    assert_non_null(strstr(text, "  epsilon: 1e-05\n"));
    assert_null(strstr(text, "learning_rate")); /* unset */
    free(text);
    percept_recipe_free(recipe);
}

static void a_failed_write_is_told_and_leaves_nothing(void **state)
{
    (void)state;
    percept_recipe *recipe = NULL;
    percept_error error = {PERCEPT_OK, ""};
    assert_int_equal(percept_recipe_create(&recipe, NULL), PERCEPT_OK);
    assert_int_equal(percept_recipe_save(recipe, "/nowhere/at/all.yaml", &error), PERCEPT_ERROR_IO);
    assert_non_null(strstr(error.message, "/nowhere/at/all.yaml"));
    percept_recipe_free(recipe);
}

static void every_lack_of_memory_is_told(void **state)
{
    (void)state;
    static const char text[] = "name: a\ndata:\n  classes: [3, 7]\nmodel.layers: 4-3-2\n";
    bool done = false;
    write_bytes(text, strlen(text));
    for (long allowed = 0; !done; allowed++) {
        percept_recipe *recipe = NULL;
        percept_error error = {PERCEPT_OK, ""};
        memory_left = allowed;
        percept_status status = percept_recipe_load(first_path, &recipe, &error);
        if (status == PERCEPT_OK)
            status = percept_recipe_save(recipe, second_path, &error);
        memory_left = -1;
        done = status == PERCEPT_OK;
        if (!done) {
            assert_int_equal(status, PERCEPT_ERROR_MEMORY);
            assert_non_null(strstr(error.message, "not enough memory"));
        }
        percept_recipe_free(recipe);
        assert_true(allowed < 10000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_back_to_the_same_bytes),
        cmocka_unit_test(texts_that_look_like_something_else_stay_texts),
        cmocka_unit_test(the_written_file_is_pleasant_to_read),
        cmocka_unit_test(a_failed_write_is_told_and_leaves_nothing),
        cmocka_unit_test(every_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("written yaml", tests, make_folder, remove_folder);
}
