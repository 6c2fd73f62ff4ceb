/* Recipes from YAML: every form that is allowed is read, everything else is refused with its line, nothing crashes the
 * reader. */
#include "yamls.h"

/* ---- What is read ----------------------------------------------------------------------------------------------- */

static void every_form_of_a_value_is_read(void **state)
{
    (void)state;
    percept_recipe *recipe = NULL;
    assert_ok(load_text("# a comment\n"
                        "name: 'it''s: a \"name\"'\n"
                        "seed: 7\n"
                        "data.name: &which digits\n"
                        "data:\n"
                        "  classes: [3, 7]\n"
                        "  positive:\n"
                        "    - 1\n"
                        "    - 2\n"
                        "  split: &parts [0.8, 1e-1, .1]\n"
                        "  directory: *which\n"
                        "train:\n"
                        "  epochs: \"3\"\n"
                        "  shuffle: false # not this time\n"
                        "model: {layers: 784-64-10, activation: relu, l1: *parts}\n"
                        "train.batch_size: !!int 64\n",
                        &recipe, error));
    assert_value(recipe, "name", "it's: a \"name\"");
    assert_value(recipe, "seed", "7");
    assert_value(recipe, "data.name", "digits");
    assert_value(recipe, "data.directory", "digits");
    assert_value(recipe, "data.classes", "3,7");
    assert_value(recipe, "data.positive", "1,2");
    assert_value(recipe, "data.split", "0.8,0.1,0.1");
    assert_value(recipe, "model.l1", "0.8,0.1,0.1");
    assert_value(recipe, "model.layers", "784-64-10");
    assert_value(recipe, "train.epochs", "3");
    assert_value(recipe, "train.batch_size", "64");
    assert_false(recipe_boolean(recipe, "train.shuffle"));
    percept_recipe_free(recipe);
}

static void empty_files_and_sections_are_all_defaults(void **state)
{
    (void)state;
    static const char *const texts[] = {"",         "\n\n",        "# nothing\n",           "---\n...\n", "---\n",
                                        "train:\n", "train: {}\n", "train:\n# epochs: 3\n", "{}",         "~\n"};
    percept_recipe *defaults = NULL;
    assert_ok(percept_recipe_create(&defaults, error));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        percept_recipe *recipe = NULL;
        assert_ok(load_text(texts[i], &recipe, error));
        assert_equal_recipes(defaults, recipe);
        percept_recipe_free(recipe);
    }
    percept_recipe_free(defaults);
}

/* ---- What is refused -------------------------------------------------------------------------------------------- */

static void what_is_wrong_is_refused_with_its_line(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"seed: 1\ntrain:\n  epohcs: 3\n", ":3: unknown key 'train.epohcs'; did you mean 'train.epochs'?"},
        {"trian:\n  epochs: 3\n", ":1: unknown section 'trian'; did you mean 'train'?"},
        {"nothing_like_it:\n  epochs: 3\n", ":1: unknown section 'nothing_like_it'; `percept train --help-all`"},
        {"epochs: 3\n", ":1: unknown key 'epochs'; did you mean 'train.epochs'?"},
        {"train:\n  train.epochs: 3\n", ":2: unknown key 'train.train.epochs'; did you mean 'train.epochs'?"},
        {"\nseed: ten\n", ":2: seed: expected integer ≥ 0, found 'ten'"},
        {"train:\n  epochs: 0\n", ":2: train.epochs: expected integer ≥ 1, found '0'"},
        {"train:\n  shuffle: yes\n", ":2: train.shuffle: expected true or false, found 'yes'"},
        {"train:\n  epochs:\n", ":2: train.epochs: expected integer ≥ 1, found nothing; leave the key out"},
        {"name: ~\n", ":1: name: expected text, found nothing"},
        {"name: null\n", "found nothing"},
        {"name: ''\n", ":1: name: expected text, found nothing"},
        {"seed: [1, 2]\n", ":1: seed: expected integer ≥ 0, found a list"},
        {"seed: {a: 1}\n", ":1: seed: expected integer ≥ 0, found a mapping"},
        {"train: 5\n", ":1: train is a section, but a value follows"},
        {"train: [5]\n", ":1: train is a section, but a list follows"},
        {"data:\n  classes: []\n", ":2: data.classes: expected list of texts, found an empty"},
        {"data:\n  classes:\n    - 1\n    - [2]\n", ":4: data.classes: expected list"},
        {"data:\n  classes: [1, ]\n  positive: [1, ~]\n", ":3: data.positive: expected list"},
        {"seed: 1\nseed: 2\n", ":2: seed is given twice, first in line 1"},
        {"train:\n  epochs: 1\ntrain.epochs: 2\n", ":3: train.epochs is given twice, first in line 2"},
        {"train:\n  epochs: 1\n\ntrain:\n  epochs: 1\n", ":5: train.epochs is given twice, first in line 2"},
        {"- seed\n", ":1: expected a recipe, such as \"train.epochs: 5\", found a list"},
        {"seed\n", ":1: expected a recipe, such as \"train.epochs: 5\", found a value"},
        {"? [a]\n: 1\n", ":1: expected the name of a key, found a list"},
        {"train:\n  ? {a: b}\n  : 1\n", ":2: expected the name of a key, found a mapping"},
        {"seed: 1\n---\nseed: 2\n", ":3: a second document begins"},
        {"data.name: !include other.yaml\n", ":1: the tag '!include' means nothing"},
        {"!recipe\nseed: 1\n", ":1: the tag '!recipe' means nothing"},
        {"data.name: \"a\\0b\"\n", ":1: a text with a NUL byte"},
        {"seed: [1\ntrain: 2\n", "not YAML"},
        {"seed: 1\n\ttrain: 2\n", "not YAML"},
        {"seed: *nowhere\n", ":1: not YAML: found undefined alias"},
        {"seed: \"\n", "not YAML"},
        {"name: caf\xe9\n", "not YAML"},
        {"<<: {seed: 1}\n", ":1: unknown section '<<'"},
        {"train:\n  &a epochs: &b [*b]\n", ":2: train.epochs: expected integer ≥ 1, found a list"},
        {"data:\n  classes: &b [*b]\n", ":2: data.classes: expected list"},
        {"&a train: &b\n  *a : *b\n", ":1: unknown key 'train.train'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        percept_error error = {PERCEPT_OK, ""};
        percept_recipe *recipe = NULL;
        const percept_status status = load_text(cases[i][0], &recipe, &error);
        if (status != error.status || (status != PERCEPT_ERROR_ARGUMENT && status != PERCEPT_ERROR_FORMAT) ||
            strncmp(error.message, first_path, strlen(first_path)) != 0 || strstr(error.message, cases[i][1]) == NULL ||
            strchr(error.message, '\n') != NULL)
            fail_msg("\"%s\": status %d, \"%s\" lacks \"%s\"", cases[i][0], (int)status, error.message, cases[i][1]);
        assert_null(recipe);
        assert_int_equal(percept_recipe_load(first_path, &recipe, NULL), status);
    }
}

static void files_that_cannot_be_read_are_told_by_name(void **state)
{
    (void)state;
    static const char *const paths[] = {"/nowhere/at/all.yaml", "/tmp"};
    for (size_t i = 0; i < 2; i++) {
        percept_error error;
        percept_recipe *recipe = NULL;
        assert_int_equal(percept_recipe_load(paths[i], &recipe, &error), PERCEPT_ERROR_IO);
        assert_non_null(strstr(error.message, paths[i]));
        assert_null(recipe);
    }
    percept_error error;
    percept_recipe *recipe = NULL;
    assert_int_equal(percept_recipe_load("/dev/zero", &recipe, &error), PERCEPT_ERROR_FORMAT);
    assert_non_null(strstr(error.message, "more than 65536 bytes"));
}

/* ---- Hostile files ---------------------------------------------------------------------------------------------- */

/* `count` times `piece` behind `head`. */
static void write_repeated(const char *head, const char *piece, size_t count)
{
    const size_t head_size = strlen(head), size = strlen(piece);
    char *text = malloc(head_size + size * count);
    assert_non_null(text);
    memcpy(text, head, head_size);
    for (size_t i = 0; i < count; i++)
        memcpy(text + head_size + i * size, piece, size);
    write_bytes(text, head_size + size * count);
    free(text);
}

static void deep_and_long_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *head, *piece;
        size_t count;
    } cases[] = {
        {"seed: ", "[", 10000},           {"seed: ", "{a: ", 10000},
        {"seed: ", "- ", 30000},          {"", "? ", 30000},
        {"seed: ", "&a ", 20000},         {"", "train:\n", 9000},
        {"data.name: ", "x", 65000},      {"", "a: b\n", 13000},
        {"", "- - - - -\n", 6000},        {"seed: ", "!", 65000},
        {"", "%TAG ! a\n", 7000},         {"", "---\n", 16000},
        {"data.classes: [", "1,", 32000}, {"data.classes: [", "*a,", 21000},
        {"train: &a {? ", "[*a,", 10000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        percept_recipe *recipe = NULL;
        percept_error error = {PERCEPT_OK, ""};
        write_repeated(cases[i].head, cases[i].piece, cases[i].count);
        const percept_status status = percept_recipe_load(first_path, &recipe, &error);
        assert_int_equal(status, error.status);
        assert_int_equal(status == PERCEPT_OK, recipe != NULL);
        percept_recipe_free(recipe);
    }
}

/* Bytes of a good recipe are changed, dropped and doubled at random: the reader takes the file or says why not. */
static void damaged_files_never_crash_the_reader(void **state)
{
    (void)state;
    static const char good[] =
        "name: \"a \\u263A b\"\nseed: 7\ndata:\n  classes: [3, 7]\n  split:\n    - 0.8\n    - 0.2\n"
        "model: {layers: 784-64-10, l1: &a [0.1, 0], l2: *a}\ntrain:\n  shuffle: true\n";
    static const char spice[] = "\0\t\n :-[]{},&*!|>'\"%@`#?~\xff\xc3\xa9\xef\xbb\xbf";
    for (int round = 0; round < 3000; round++) {
        char text[sizeof good];
        size_t size = sizeof good - 1;
        memcpy(text, good, size);
        for (size_t change = 1 + below(4); change > 0; change--) {
            const size_t at = below(size);
            if (below(3) == 0)
                memmove(text + at, text + at + 1, --size - at);
            else
                text[at] = spice[below(sizeof spice)];
        }
        write_bytes(text, size);
        percept_recipe *recipe = NULL;
        percept_error error = {PERCEPT_OK, ""};
        const percept_status status = percept_recipe_load(first_path, &recipe, &error);
        assert_int_equal(status, error.status);
        assert_int_equal(status == PERCEPT_OK, recipe != NULL);
        if (status != PERCEPT_OK && strpbrk(error.message, "\n\r\t\x1b") != NULL)
            fail_msg("not one line: \"%s\"", error.message);
        percept_recipe_free(recipe);
    }
}

/* ---- The recipes that come with the program --------------------------------------------------------------------- */

/* recipes/NAME of the project */
static void load_shipped(const char *name, percept_recipe **out)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/recipes/%s", PERCEPT_SOURCE, name);
    assert_ok(percept_recipe_load(path, out, error));
}

static void the_demonstration_says_its_layers_and_leaves_the_rest(void **state)
{
    (void)state;
    percept_recipe *recipe = NULL;
    load_shipped("demo.yaml", &recipe);
    assert_value(recipe, "data.name", "fashion-mnist");
    assert_int_equal(recipe_count(recipe, "model.layers"), 4);
    assert_false(recipe_is_set(recipe, "model.output"));
    percept_recipe_free(recipe);
}

static void the_mnist_recipe_is_read(void **state)
{
    (void)state;
    percept_recipe *recipe = NULL;
    load_shipped("mnist.yaml", &recipe);
    assert_value(recipe, "data.name", "mnist");
    percept_recipe_free(recipe);
}

/* ---- Studies ---------------------------------------------------------------------------------------------------- */

static const char study[] = "about: what it shows\n"
                            "seed: 1\n"
                            "runs:\n"
                            "  short: {train.epochs: 3, lines: 5}\n"
                            "  none: ~\n"
                            "  wrong:\n"
                            "    seed: 2\n"
                            "    train.epoch: 3\n"
                            "notes: [any, {thing: 1}]\n"
                            "parts: {runs: {}}\n"
                            "train: {epochs: 9}\n";

static void what_a_study_says_beside_its_recipe_is_passed_over(void **state)
{
    (void)state;
    percept_recipe *recipe = NULL;
    assert_ok(load_text(study, &recipe, error));
    assert_value(recipe, "seed", "1");
    assert_value(recipe, "train.epochs", "9");
    percept_recipe_free(recipe);
    assert_int_equal(load_text("train:\n  runs: 3\n", &recipe, NULL), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(load_text("run:\n  runs: 3\n", &recipe, NULL), PERCEPT_ERROR_ARGUMENT);
}

/* The value under a name in a mapping. */
static yaml_node_t *value_under(yaml_document_t *document, const yaml_node_t *mapping, const char *name)
{
    const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
    for (; pair < mapping->data.mapping.pairs.top; pair++)
        if (strcmp((char *)yaml_document_get_node(document, pair->key)->data.scalar.value, name) == 0)
            return yaml_document_get_node(document, pair->value);
    fail_msg("no %s", name);
    return NULL;
}

static void a_mapping_inside_a_file_changes_a_recipe(void **state)
{
    (void)state;
    static const char *const skip[] = {"lines", NULL};
    yaml_document_t document;
    percept_error why;
    percept_recipe *recipe = NULL;
    assert_ok(load_text(study, &recipe, error));
    assert_ok(yaml_open(first_path, &document, error));
    const yaml_node_t *runs = value_under(&document, yaml_document_get_root_node(&document), "runs");
    const yaml_node_t *sooner = value_under(&document, runs, "short");
    assert_ok(recipe_set_mapping(recipe, &document, sooner, first_path, skip, error));
    assert_value(recipe, "train.epochs", "3");
    assert_value(recipe, "seed", "1");
    assert_int_equal(recipe_set_mapping(recipe, &document, sooner, first_path, NULL, &why), PERCEPT_ERROR_ARGUMENT);
    assert_ok(recipe_set_mapping(recipe, &document, NULL, first_path, NULL, error));
    assert_ok(recipe_set_mapping(recipe, &document, value_under(&document, runs, "none"), first_path, NULL, error));
    const yaml_node_t *wrong = value_under(&document, runs, "wrong");
    assert_int_equal(recipe_set_mapping(recipe, &document, wrong, "a.yaml", NULL, &why), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(why.message, "a.yaml:8: unknown key 'train.epoch'; did you mean 'train.epochs'?"));
    yaml_document_delete(&document);
    percept_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_a_value_is_read),
        cmocka_unit_test(empty_files_and_sections_are_all_defaults),
        cmocka_unit_test(what_is_wrong_is_refused_with_its_line),
        cmocka_unit_test(files_that_cannot_be_read_are_told_by_name),
        cmocka_unit_test(deep_and_long_files_are_refused),
        cmocka_unit_test(damaged_files_never_crash_the_reader),
        cmocka_unit_test(the_demonstration_says_its_layers_and_leaves_the_rest),
        cmocka_unit_test(the_mnist_recipe_is_read),
        cmocka_unit_test(what_a_study_says_beside_its_recipe_is_passed_over),
        cmocka_unit_test(a_mapping_inside_a_file_changes_a_recipe),
    };
    return cmocka_run_group_tests_name("yaml", tests, make_folder, remove_folder);
}
