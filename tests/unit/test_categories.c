/* Categories: codes and vocabularies from a table to a network. */
#include "csvs.h"
#include "failing_memory.h"

#include <math.h>

#include "base/file.h"
#include "data/categories.h"
#include "data/scaler.h"
#include "model/schema_text.h"
#include "recipe/initial.h"
#include "scalers.h"

/* Feature j is a category with these texts, which NULL ends. */
static void check_vocabulary(const Schema *schema, size_t j, const char *const *texts)
{
    size_t count = 0;
    while (texts[count] != NULL)
        count++;
    assert_true(schema_is_category(schema, j));
    assert_int_equal(schema->vocabularies[j].count, count);
    for (size_t k = 0; k < count; k++)
        assert_string_equal(schema->vocabularies[j].values[k], texts[k]);
}

#define VOCABULARY(schema, j, ...) check_vocabulary(schema, j, (const char *const[]){__VA_ARGS__, NULL})

static const char mixed[] = "town,x,letter,day,y\n"
                            "rome,1,b,2,0\n"
                            "oslo,2,a,02,1\n"
                            "rome,3,b,2,0\n"
                            ",4,\"say \"\"a\"\"\",2,1\n"
                            "oslo,5,\"say \"\"a\"\"\",02,0\n"
                            "oslo,6,a,02,0\n"
                            "lima,7,b,2,1\n";

static Storage *read_mixed(void)
{
    const char *const categories[] = {"4"};
    return read_text(mixed, &(SourceOptions){.categories = categories, .category_count = 1, .missing = MISSING_MEAN});
}

/* ---- Reading --------------------------------------------------------------------------------------------------- */

static void texts_that_repeat_are_categories_behind_the_numbers(void **state)
{
    (void)state;
    Storage *storage = read_mixed();
    const Schema *schema = &storage->schema;
    assert_int_equal(storage->width, 4);
    assert_int_equal(storage->missing, 0); /* categories need no fill */
    assert_string_equal(schema->names[0], "x");
    assert_string_equal(schema->names[1], "town");
    assert_false(schema_is_category(schema, 0));
    VOCABULARY(schema, 1, "rome", "oslo", "lima");
    VOCABULARY(schema, 2, "b", "a", "say \"a\"");
    VOCABULARY(schema, 3, "2", "02"); /* as they are written */
    assert_int_equal(schema->places[0], 1);
    assert_int_equal(schema->places[1], 0);
    assert_int_equal(schema->places[3], 3);
    assert_true(feature(storage, 1, 1) == 1 && isnan(feature(storage, 3, 1)) && feature(storage, 4, 2) == 2);
    storage_release(storage);
}

static void texts_that_do_not_repeat_are_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *text, *note; /* NULL: a category */
    } cases[] = {
        {"a,b,y\n1,u,0\n2,v,1\n3,u,0\n4,v,1\n", NULL},
        {"a,b,y\n1,u,0\n2,v,1\n3,u,0\n4,w,1\n", "left out, texts that hardly repeat"},
        {"a,b,y\n1,u,0\n2,v,1\n3,w,0\n4,x,1\n", "left out, texts that are all different: column 2 (b)"},
        {"a,b,y\n1,u,0\n2,u,1\n3,u,0\n4,u,1\n", "left out, constant: column 2 (b)"},
        {"a,b,y\n1,u,0\n2,,1\n3,u,0\n4,u,1\n", NULL}, /* a gap says something */
        {"a,b,y\n1,no,0\n2,maybe,1\n3,maybe,0\n4,no,1\n", NULL},
        {"a,b,c,y\n1,u,p,0\n2,v,q,1\n3,w,p,0\n4,x,q,1\n", "all different: column 2 (b)"},
        {"a,b,c,y\n1,u,p,0\n2,v,q,1\n3,w,r,0\n4,x,s,1\n", "all different: column 2 (b), column 3 (c)"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        Storage *storage = read_text(cases[c].text, &(SourceOptions){.missing = MISSING_MEAN});
        if (cases[c].note != NULL)
            expect_note(storage, NOTE_TAKEN, cases[c].note);
        else
            assert_true(schema_is_category(&storage->schema, 1));
        storage_release(storage);
    }
    const char *const told[] = {"b=category"};
    Storage *storage = read_text(cases[2].text, &(SourceOptions){.columns = told, .column_count = 1});
    assert_true(schema_is_category(&storage->schema, 1));
    storage_release(storage);
    /* A file without names could not be read again without the column; numbers that are not written as such are mistakes. */
    refuse("1,u,0\n2,v,1\n3,w,0\n4,x,1\n", &(SourceOptions){.header = HEADER_NO}, PERCEPT_ERROR_FORMAT,
           "line 1, column 2: 'u' is not a number; --drop 2");
    refuse("b,y\nu,0\nv,1\nw,0\nx,1\n", NULL, PERCEPT_ERROR_FORMAT,
           "line 2, column 1 (b): 'u' is not a number; --drop b");
    refuse("a,b,y\n1,$2,0\n2,$3,1\n3,$2,0\n4,$3,1\n", NULL, PERCEPT_ERROR_FORMAT, "write it without its sign");
}

/* A rare text that comes after the lines from which the header is detected. */
static void a_column_may_begin_with_many_gaps(void **state)
{
    (void)state;
    static char text[16384];
    size_t size = (size_t)sprintf(text, "a,b,y\n");
    for (size_t i = 0; i < 300; i++)
        size += (size_t)sprintf(text + size, "%zu,,%zu\n", i * i % 97, i % 2);
    sprintf(text + size, "1,pool,0\n2,pool,1\n3,spa,1\n4,spa,0\n");
    Storage *storage = read_text(text, &(SourceOptions){.missing = MISSING_MEAN});
    VOCABULARY(&storage->schema, 1, "pool", "spa");
    storage_release(storage);
}

static void a_text_that_could_not_be_saved_is_refused(void **state)
{
    (void)state;
    refuse("a,b,y\n1,u\xE4,0\n2,v,1\n3,u\xE4,0\n4,v,1\n", NULL, PERCEPT_ERROR_FORMAT, "the text is not UTF-8");
    Storage *storage =
        read_text("a,b,y\n1,u\xE4,0\n2,v,1\n3,u\xE4,0\n4,v,1\n", &(SourceOptions){.encoding = ENCODING_LATIN1});
    VOCABULARY(&storage->schema, 1, "u\xC3\xA4", "v");
    storage_release(storage);
}

static void a_model_reads_by_its_own_vocabulary(void **state)
{
    (void)state;
    Storage *trained = read_mixed();
    Storage *storage =
        read_text("day,letter,x,town\n02,a,1,bonn\n2,c,2,oslo\n3,\"say \"\"a\"\"\",3,\n",
                  &(SourceOptions){.schema = &trained->schema, .label = "none", .missing = MISSING_ZERO});
    const double codes[] = {1, NAN, 1, 1, 2, 1, NAN, 0, 3, NAN, 2, NAN};
    for (size_t e = 0; e < sizeof codes / sizeof codes[0]; e++)
        assert_true(isnan(codes[e]) ? isnan(feature(storage, e / 4, e % 4))
                                    : feature(storage, e / 4, e % 4) == codes[e]);
    assert_int_equal(storage->unknown[1], 1); /* bonn; a gap is no unknown text */
    assert_int_equal(storage->unknown[2], 1);
    assert_int_equal(storage->unknown[3], 1);
    storage_release(storage);
    /* Without names columns have the order of the training file, not that of the features. */
    storage = read_text("oslo,1,a,02\nrome,2,b,2\n",
                        &(SourceOptions){.schema = &trained->schema, .label = "none", .header = HEADER_NO});
    assert_true(feature(storage, 0, 0) == 1 && feature(storage, 0, 1) == 1 && feature(storage, 1, 2) == 0);
    assert_null(storage->unknown);
    storage_release(storage);
    /* A text of a category shows that the first line is a row. */
    storage = read_text("oslo,,a,02\n",
                        &(SourceOptions){.schema = &trained->schema, .label = "none", .missing = MISSING_ZERO});
    assert_int_equal(storage->count, 1);
    storage_release(storage);
    storage_release(trained);
}

/* ---- Learning -------------------------------------------------------------------------------------------------- */

static void the_training_part_decides_the_vocabulary(void **state)
{
    (void)state;
    Storage *storage = read_mixed();
    percept_dataset *train = NULL;
    assert_ok(dataset_view(storage, 0, 6, &train, error)); /* without lima */
    assert_ok(categories_learn(train, 1, NULL, 0, error));
    const Schema *schema = &storage->schema;
    VOCABULARY(schema, 1, "oslo", "rome");
    VOCABULARY(schema, 2, "02", "2");
    VOCABULARY(schema, 3, "a", "b", "say \"a\""); /* the largest is the last */
    assert_string_equal(schema->names[1], "town");
    assert_string_equal(schema->names[2], "day");
    assert_string_equal(schema->names[3], "letter");
    assert_int_equal(schema->places[2], 3);
    assert_int_equal(schema->places[3], 2);
    assert_true(feature(storage, 0, 1) == 1 && feature(storage, 0, 2) == 1 && feature(storage, 0, 3) == 1);
    assert_true(isnan(feature(storage, 6, 1)) && feature(storage, 6, 0) == 7);
    assert_string_equal(storage->notes.list[storage->notes.count - 1].text,
                        "1 value of town was not in the training data and counts as unknown");
    percept_dataset_free(train);
    storage_release(storage);
}

/* Of rows "oslo", "rome", … only texts that occur twice stay. */
static void rare_texts_count_as_unknown(void **state)
{
    (void)state;
    Storage *storage = read_text("n,town,y\n1,oslo,a\n2,rome,b\n3,oslo,a\n4,lima,b\n5,rome,a\n6,oslo,b\n",
                                 &(SourceOptions){.label = "y"});
    percept_dataset *train = NULL;
    assert_ok(dataset_view(storage, 0, 6, &train, error));
    assert_ok(categories_learn(train, 2, NULL, 0, error));
    VOCABULARY(&storage->schema, 1, "oslo", "rome");
    assert_true(feature(storage, 0, 1) == 0 && feature(storage, 4, 1) == 1 && isnan(feature(storage, 3, 1)));
    assert_string_equal(storage->notes.list[storage->notes.count - 1].text,
                        "1 value of town counts as unknown: texts that the training data have less than 2 times");
    percept_dataset_free(train);
    storage_release(storage);
}

/* A column of 300 texts, whose codes take two bytes, and one of 3 change places; every row keeps its texts. */
static void columns_of_codes_of_any_size_change_places(void **state)
{
    (void)state;
    enum { ROWS = 900, MANY = 300, LINE = 40 };
    static char text[LINE * (ROWS + 1)];
    size_t used = (size_t)snprintf(text, sizeof text, "n,many,few,y\n");
    for (size_t i = 0; i < ROWS; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%zu.25,m%zu,f%zu,%zu\n", i, i * 7 % MANY, i * 5 % 3,
                                 i % 2);
    Storage *storage = read_text(text, NULL);
    percept_dataset *train = NULL;
    assert_true(storage_is_packed(storage));
    assert_ok(dataset_view(storage, 0, ROWS, &train, error));
    assert_ok(categories_learn(train, 1, NULL, 0, error));
    const Vocabulary *words = storage->schema.vocabularies;
    assert_true(words[1].count == 3 && words[2].count == MANY);
    for (size_t i = 0; i < ROWS; i++) {
        const char *few = words[1].values[(size_t)feature(storage, i, 1)];
        const char *many = words[2].values[(size_t)feature(storage, i, 2)];
        assert_true(strtoul(few + 1, NULL, 10) == i * 5 % 3 && strtoul(many + 1, NULL, 10) == i * 7 % MANY);
        assert_true(feature(storage, i, 0) == (double)i + 0.25);
    }
    percept_dataset_free(train);
    storage_release(storage);
}

static void scaling_and_filling_leave_codes_alone(void **state)
{
    (void)state;
    Storage *storage = read_mixed();
    percept_dataset *train = NULL;
    Scaler scaler = {0};
    assert_ok(dataset_view(storage, 0, 7, &train, error));
    assert_ok(fit_scaler(&scaler, SCALER_STANDARDIZE, 1, train, error));
    assert_true(scaler.mean[0] == 4 && scaler.deviation[0] == 2);
    for (size_t j = 1; j < 4; j++)
        assert_true(scaler.mean[j] == 0 && scaler.deviation[j] == 1);
    scaler_clear(&scaler);
    assert_refused(fit_scaler(&scaler, SCALER_STANDARDIZE_ALL, 1, train, error), PERCEPT_ERROR_ARGUMENT,
                   "town is a category");
    assert_refused(fit_scaler(&scaler, SCALER_NONE, 2, train, error), PERCEPT_ERROR_ARGUMENT,
                   "data.divisor changes all");
    assert_ok(storage_learn_fills(storage, train, false, error));
    assert_ok(storage_fill_missing(storage, error));
    assert_true(storage->schema.fills[0] == 4 && storage->schema.fills[1] == 0);
    assert_true(isnan(feature(storage, 3, 1)));
    percept_dataset_free(train);
    storage_release(storage);
}

/* ---- Models ---------------------------------------------------------------------------------------------------- */

static void a_schema_comes_back_from_its_text(void **state)
{
    (void)state;
    Storage *storage = read_mixed();
    Schema back = {.width = 4};
    char *text = NULL, *again = NULL;
    assert_ok(schema_text_write(&storage->schema, &text, error));
    assert_ok(schema_text_read(text, &back, error));
    assert_ok(schema_text_write(&back, &again, error));
    assert_string_equal(text, again);
    VOCABULARY(&back, 2, "b", "a", "say \"a\"");
    memory_free(text);
    memory_free(again);
    schema_clear(&back);
    storage_release(storage);
}

/* Two columns of one name, of which the first is a category and so the second feature. */
static void equal_names_are_matched_in_the_order_of_the_file(void **state)
{
    (void)state;
    static const char text[] = "a,a,y\nu,1,0\nv,2,1\nu,3,0\nv,4,1\n";
    Storage *storage = read_text(text, NULL);
    VOCABULARY(&storage->schema, 1, "u", "v");
    Storage *again = read_text(text, &(SourceOptions){.schema = &storage->schema});
    for (size_t i = 0; i < 4; i++)
        assert_true(feature(again, i, 0) == feature(storage, i, 0) && feature(again, i, 1) == feature(storage, i, 1));
    storage_release(again);
    storage_release(storage);
}

/* A recipe's network for four features: a number, and categories of 2, 3 and 12 texts. */
static void check_network(const char *const *settings, size_t first_inputs, const char *const *kinds)
{
    char *texts[12] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    FeatureKind features[] = {FEATURE_NUMBER, FEATURE_CATEGORY, FEATURE_CATEGORY, FEATURE_CATEGORY};
    Vocabulary vocabularies[] = {{0, NULL}, {2, texts}, {3, texts}, {12, texts}};
    const Schema schema = {.width = 4, .kinds = features, .vocabularies = vocabularies};
    percept_recipe *recipe = NULL;
    Network network = {0};
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(recipe_set_pair(recipe, "model.layers=4-5-2", NULL, error));
    assert_ok(recipe_set_pair(recipe, "model.output=softmax", NULL, error));
    assert_ok(recipe_set_pair(recipe, "model.loss=cross-entropy", NULL, error));
    for (; *settings != NULL; settings++)
        assert_ok(recipe_set_pair(recipe, *settings, NULL, error));
    assert_ok(initial_network(recipe, &schema, &network, error));
    assert_int_equal(network_inputs(&network), 4);
    assert_int_equal(network.layers[0].inputs, first_inputs);
    size_t count = 0;
    for (; kinds[count] != NULL; count++) {
        assert_true(count < network.stage_count);
        assert_string_equal(network.stages[count].kind->name, kinds[count]);
    }
    assert_int_equal(network.stage_count, count);
    network_clear(&network);
    percept_recipe_free(recipe);
}

#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void recipes_choose_how_features_are_encoded(void **state)
{
    (void)state;
    check_network(TEXTS("seed=1"), 1 + 1 + 3 + 8, TEXTS("table", "one-hot"));
    check_network(TEXTS("model.one_hot=2", "model.table_size=4"), 1 + 1 + 4 + 4, TEXTS("table", "one-hot"));
    check_network(TEXTS("model.one_hot=0", "model.table_size=2"), 1 + 6, TEXTS("table"));
    check_network(TEXTS("model.one_hot=12"), 1 + 1 + 3 + 12, TEXTS("one-hot"));
    check_network(TEXTS("model.embedding=piecewise-linear"), 16 + 1 + 3 + 8,
                  TEXTS("table", "one-hot", "piecewise-linear"));
    check_network(TEXTS("model.embedding=periodic", "model.embedding_size=7", "model.embedding_bins=5"), 7 + 1 + 3 + 8,
                  TEXTS("table", "one-hot", "periodic"));
    check_network(TEXTS("data.scale=quantile-normal", "model.clip=2"), 1 + 1 + 3 + 8,
                  TEXTS("table", "one-hot", "quantile-normal", "smooth-clip"));
    check_network(TEXTS("model.input_stages=feature-scale"), 1 + 1 + 3 + 8, TEXTS("table", "one-hot", "feature-scale"));
}

/* Texts become features through the functions of the library, as they do through a reader. */
static void a_program_finds_codes_by_texts(void **state)
{
    (void)state;
    char table[SCRATCH_PATH], saved[SCRATCH_PATH];
    percept_recipe *recipe = NULL;
    percept_data data = {NULL, NULL, NULL};
    percept_model *model = NULL, *loaded = NULL;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    scratch_write(scratch_path(&scratch, "table.csv", table), mixed, strlen(mixed));
    scratch_path(&scratch, "model.safetensors", saved);
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_recipe_set(recipe, "data.name", table, error));
    assert_ok(percept_recipe_set(recipe, "data.categories", "day", error));
    assert_ok(percept_recipe_set(recipe, "data.split", "7,0", error));
    assert_ok(percept_recipe_set(recipe, "model.embedding", "piecewise-linear", error));
    assert_ok(percept_recipe_set(recipe, "train.epochs", "2", error));
    assert_ok(percept_data_load(recipe, &data, error));
    assert_ok(percept_model_create(recipe, &data, &model, error));
    assert_ok(percept_model_train(model, recipe, &data, NULL, NULL, NULL, error));
    assert_ok(percept_model_save(model, saved, error));
    assert_ok(percept_model_load(saved, &loaded, error));
    static const char *const names[] = {"x", "day", "town", "letter"};
    for (size_t j = 0; j < 4; j++)
        assert_string_equal(percept_model_input_name(loaded, j), names[j]);
    assert_int_equal(percept_model_categories(loaded, 0), 0);
    assert_int_equal(percept_model_categories(loaded, 2), 3);
    assert_string_equal(percept_model_category(loaded, 2, 1), "oslo");
    assert_null(percept_model_category(loaded, 2, 3));
    assert_true(isnan(percept_model_category_code(loaded, 2, "bonn")));
    assert_true(isnan(percept_model_category_code(loaded, 0, "1")));
    const double row[] = {5, percept_model_category_code(loaded, 1, "02"),
                          percept_model_category_code(loaded, 2, "oslo"),
                          percept_model_category_code(loaded, 3, "say \"a\"")};
    double outputs[2], of_row[2], features[4];
    size_t found = 0;
    assert_ok(percept_model_predict(loaded, row, 1, 1, outputs, error));
    for (size_t i = 0; i < percept_dataset_count(data.train); i++) {
        percept_dataset_features(data.train, i, features);
        if (features[0] != 5)
            continue;
        found++;
        assert_ok(percept_model_predict(model, features, 1, 1, of_row, error));
        assert_memory_equal(outputs, of_row, sizeof outputs);
    }
    assert_int_equal(found, 1);
    assert_ok(percept_model_evaluate(loaded, data.train, 1, &metrics, error));
    const double mean[] = {0, 1, 0, 0}, deviation[] = {1, 1, 1, 1};
    assert_refused(percept_model_set_scale(loaded, mean, deviation, error), PERCEPT_ERROR_ARGUMENT,
                   "input 2 is a category");
    percept_metrics_clear(&metrics);
    percept_model_free(loaded);
    percept_model_free(model);
    percept_data_free(&data);
    percept_recipe_free(recipe);
}

/* At every allocation, from a table to a schema in text and back. */
static percept_status go_through(Schema *back, Storage **storage, percept_dataset **train, char **text,
                                 percept_error *error)
{
    const char *const categories[] = {"4"};
    const SourceOptions options = {.categories = categories, .category_count = 1, .missing = MISSING_MEAN};
    percept_status status = read_bytes(mixed, strlen(mixed), &options, storage, error);
    if (status == PERCEPT_OK)
        status = dataset_view(*storage, 0, 6, train, error);
    if (status == PERCEPT_OK)
        status = categories_learn(*train, 1, NULL, 0, error);
    if (status == PERCEPT_OK)
        status = schema_text_write(&(*storage)->schema, text, error);
    return status == PERCEPT_OK ? schema_text_read(*text, back, error) : status;
}

static void a_lack_of_memory_is_reported(void **state)
{
    (void)state;
    percept_status status = PERCEPT_ERROR_MEMORY;
    for (long allocations = 0; status != PERCEPT_OK; allocations++) {
        Schema back = {.width = 4};
        Storage *storage = NULL;
        percept_dataset *train = NULL;
        char *text = NULL;
        percept_error reason;
        memory_left = allocations;
        status = go_through(&back, &storage, &train, &text, &reason);
        memory_left = -1;
        assert_true(status == PERCEPT_OK || status == PERCEPT_ERROR_MEMORY);
        schema_clear(&back);
        memory_free(text);
        percept_dataset_free(train);
        storage_release(storage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(texts_that_repeat_are_categories_behind_the_numbers),
        IN_SCRATCH(texts_that_do_not_repeat_are_left_out),
        IN_SCRATCH(a_column_may_begin_with_many_gaps),
        IN_SCRATCH(a_text_that_could_not_be_saved_is_refused),
        IN_SCRATCH(a_model_reads_by_its_own_vocabulary),
        IN_SCRATCH(the_training_part_decides_the_vocabulary),
        IN_SCRATCH(rare_texts_count_as_unknown),
        IN_SCRATCH(columns_of_codes_of_any_size_change_places),
        IN_SCRATCH(scaling_and_filling_leave_codes_alone),
        IN_SCRATCH(a_schema_comes_back_from_its_text),
        IN_SCRATCH(equal_names_are_matched_in_the_order_of_the_file),
        IN_SCRATCH(a_lack_of_memory_is_reported),
        IN_SCRATCH(a_program_finds_codes_by_texts),
        IN_SCRATCH(recipes_choose_how_features_are_encoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
