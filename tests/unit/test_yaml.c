/* Recipes from YAML: every form that is allowed is read, everything else is refused with its line, nothing crashes the
 * reader, and what is written reads back to the same bytes. */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/number.h"
#include "failing_memory.h"
#include "recipe/recipe.h"
#include "recipe/value.h"
#include "recipe/yaml.h"

/* ---- Tools ------------------------------------------------------------------------------------------------------ */

/* A stream of bits that is the same everywhere (G. Marsaglia, 2003: xorshift64). */
static uint64_t bits = 88172645463325252u;

static uint64_t next_bits(void)
{
    bits ^= bits << 13;
    bits ^= bits >> 7;
    bits ^= bits << 17;
    return bits;
}

static size_t below(size_t bound)
{
    return bound > 0 ? (size_t)(next_bits() >> 11) % bound : 0;
}

static char folder[] = "/tmp/percept-yaml-XXXXXX";
static char first_path[64], second_path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(first_path, sizeof first_path, "%s/a.yaml", folder);
    snprintf(second_path, sizeof second_path, "%s/b.yaml", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(first_path);
    unlink(second_path);
    return rmdir(folder);
}

static void write_bytes(const char *bytes, size_t size)
{
    FILE *file = fopen(first_path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* The file's bytes, 0 at their end; released with free. */
static char *read_bytes(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = calloc(size + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return text;
}

static percept_status load_text(const char *text, percept_recipe **out, percept_error *error)
{
    write_bytes(text, strlen(text));
    return percept_recipe_load(first_path, out, error);
}

static void assert_value(const percept_recipe *recipe, const char *name, const char *wanted)
{
    char *text = NULL;
    assert_ok(recipe_format(recipe, name, &text, error));
    assert_string_equal(text, wanted);
    memory_free(text);
}

static void assert_equal_recipes(const percept_recipe *a, const percept_recipe *b)
{
    for (size_t i = 0; i < recipe_key_count(); i++) {
        char *text = NULL;
        assert_ok(recipe_format(a, recipe_key_at(i)->name, &text, error));
        assert_value(b, recipe_key_at(i)->name, text);
        memory_free(text);
    }
}

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

/* ---- What is written -------------------------------------------------------------------------------------------- */

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
    assert_ok(percept_recipe_save(recipe, first_path, error));
    char *text = read_bytes(first_path);
    assert_memory_equal(text, "# A recipe", strlen("# A recipe"));
    assert_non_null(strstr(text, "\nname: \"no\"\nseed: 0\n"));
    assert_non_null(strstr(text, "\ndata:\n  name: \"1e5\"\n  directory: /some/where\n"));
    assert_non_null(strstr(text, "\nmodel:\n  layers: [784, 64, 10]\n  activation: relu\n"));
    assert_non_null(strstr(text, "  epsilon: 1e-08\n"));
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
    load_shipped("fashion-mnist.yaml", &recipe);
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
        cmocka_unit_test(what_is_written_reads_back_to_the_same_bytes),
        cmocka_unit_test(texts_that_look_like_something_else_stay_texts),
        cmocka_unit_test(the_written_file_is_pleasant_to_read),
        cmocka_unit_test(a_failed_write_is_told_and_leaves_nothing),
        cmocka_unit_test(every_lack_of_memory_is_told),
        cmocka_unit_test(the_demonstration_says_its_layers_and_leaves_the_rest),
        cmocka_unit_test(the_mnist_recipe_is_read),
        cmocka_unit_test(what_a_study_says_beside_its_recipe_is_passed_over),
        cmocka_unit_test(a_mapping_inside_a_file_changes_a_recipe),
    };
    return cmocka_run_group_tests_name("yaml", tests, make_folder, remove_folder);
}
