/* Models: a saved model is the same model again, to the bit, and parts and data that do not fit it are refused. */
#include "base/memory.h"
#include "in_scratch.h"
#include "model/model_file.h"
#include "model/safetensors.h"

static char path[SCRATCH_PATH], other[SCRATCH_PATH];

static int set_up(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, "a.safetensors", path);
    scratch_path(&scratch, "b.safetensors", other);
    return 0;
}

static char *const class_names[] = {(char[]){"T-shirt/top"}, (char[]){"größe, \"L\""}, (char[]){""}};

static Network make_network(void)
{
    static const uint64_t sizes[] = {4, 5, 2, 3};
    static const char *const hidden[] = {"relu", "tanh"};
    static const double l1[] = {0, 1e-4, 1.0 / 3}, l2[] = {0.1}, dropout[] = {0.5, 0.1};
    const NetworkOptions options = {.sizes = sizes,
                                    .size_count = 4,
                                    .hidden_activations = hidden,
                                    .hidden_activation_count = 2,
                                    .output_activation = "softmax",
                                    .loss = "cross-entropy",
                                    .sum = true,
                                    .l1 = l1,
                                    .l1_count = 3,
                                    .l2 = l2,
                                    .l2_count = 1,
                                    .dropout = dropout,
                                    .dropout_count = 2,
                                    .label_smoothing = 0.05};
    Network network = {0};
    assert_ok(network_create(&options, &network, error));
    return network;
}

static Scaler make_scaler(bool means)
{
    Scaler scaler = {.kind = means ? SCALER_STANDARDIZE : SCALER_NONE, .width = 4, .divisor = means ? 0.1 : 255};
    if (!means)
        return scaler;
    assert_ok(memory_allocate(4, sizeof(double), "a mean", &scaler.mean, error));
    assert_ok(memory_allocate(4, sizeof(double), "a deviation", &scaler.deviation, error));
    for (size_t j = 0; j < 4; j++) {
        scaler.mean[j] = 1.0 / ((double)j + 3);
        scaler.deviation[j] = (double)j + 1e-300;
    }
    scaler.deviation[0] = 1e-300;
    return scaler;
}

/* Names, kinds and fills of four columns. */
static void describe_columns(percept_model *model)
{
    char *names[] = {(char[]){"a"}, (char[]){"b \"quoted\""}, (char[]){"\xc3\xa4"}, (char[]){""}};
    char *tokens[] = {(char[]){"-999"}}, *ignored[] = {(char[]){"row"}, (char[]){"note"}};
    FeatureKind kinds[] = {FEATURE_NUMBER, FEATURE_BOOLEAN, FEATURE_NUMBER, FEATURE_NUMBER};
    double fills[] = {0.1, 1, -1e300, 0};
    char label[] = "kind";
    const Schema schema = {.width = 4,
                           .names = names,
                           .kinds = kinds,
                           .fills = fills,
                           .label = label,
                           .ignored = ignored,
                           .ignored_count = 2,
                           .missing_tokens = tokens,
                           .missing_token_count = 1};
    assert_ok(model_set_schema(model, &schema, error));
}

static percept_model *make_model(percept_type precision, bool means)
{
    Network network = make_network();
    Scaler scaler = make_scaler(means);
    percept_model *model = NULL;
    double values[5 * 4 + 5 + 2 * 5 + 2 + 3 * 2 + 3];
    assert_ok(model_create(&network, precision, &scaler, 3, class_names, &model, error));
    assert_int_equal(percept_model_parameters(model), sizeof values / sizeof *values);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        values[i] = 1.0 / ((double)i - 7.5);
    model_set_parameters(model, values);
    if (means)
        describe_columns(model);
    return model;
}

static void expect_same_bytes(const char *a, const char *b)
{
    static char bytes[2][1 << 16];
    FILE *files[] = {fopen(a, "rb"), fopen(b, "rb")};
    size_t sizes[2] = {0};
    for (size_t f = 0; f < 2; f++) {
        assert_non_null(files[f]);
        sizes[f] = fread(bytes[f], 1, sizeof bytes[f], files[f]);
        fclose(files[f]);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], sizes[0]);
}

static void expect_same_schema(const Schema *a, const Schema *b)
{
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->names == NULL, b->names == NULL);
    assert_int_equal(a->fills == NULL, b->fills == NULL);
    assert_int_equal(a->label == NULL, b->label == NULL);
    assert_int_equal(a->missing_token_count, b->missing_token_count);
    assert_int_equal(a->ignored_count, b->ignored_count);
    for (size_t i = 0; i < a->ignored_count; i++)
        assert_string_equal(a->ignored[i], b->ignored[i]);
    for (size_t j = 0; a->names != NULL && b->names != NULL && j < a->width; j++)
        assert_string_equal(a->names[j], b->names[j]);
    if (a->kinds != NULL && b->kinds != NULL)
        assert_memory_equal(a->kinds, b->kinds, a->width * sizeof *a->kinds);
    if (a->fills != NULL && b->fills != NULL)
        assert_memory_equal(a->fills, b->fills, a->width * sizeof *a->fills);
    if (a->label != NULL)
        assert_string_equal(a->label, b->label);
}

static void expect_same_model(const percept_model *a, const percept_model *b)
{
    assert_int_equal(a->precision, b->precision);
    assert_int_equal(a->network.depth, b->network.depth);
    assert_int_equal(a->network.loss, b->network.loss);
    assert_int_equal(a->network.sum, b->network.sum);
    assert_true(a->network.label_smoothing == b->network.label_smoothing);
    assert_int_equal(a->network.dropout_units, b->network.dropout_units);
    for (size_t l = 0; l < a->network.depth; l++) {
        const Layer *left = &a->network.layers[l], *right = &b->network.layers[l];
        assert_int_equal(left->inputs, right->inputs);
        assert_int_equal(left->outputs, right->outputs);
        assert_int_equal(left->activation, right->activation);
        assert_true(left->l1 == right->l1 && left->l2 == right->l2);
        assert_true(left->dropout == right->dropout && left->dropout_offset == right->dropout_offset);
    }
    assert_memory_equal(a->parameters, b->parameters, a->network.parameter_count * model_real_size(a));
    assert_int_equal(a->scaler.kind, b->scaler.kind);
    assert_int_equal(a->scaler.width, b->scaler.width);
    assert_true(a->scaler.divisor == b->scaler.divisor);
    assert_int_equal(a->scaler.mean == NULL, b->scaler.mean == NULL);
    if (a->scaler.mean != NULL) {
        assert_memory_equal(a->scaler.mean, b->scaler.mean, a->scaler.width * sizeof(double));
        assert_memory_equal(a->scaler.deviation, b->scaler.deviation, a->scaler.width * sizeof(double));
    }
    expect_same_schema(&a->schema, &b->schema);
    assert_int_equal(percept_model_classes(a), percept_model_classes(b));
    for (size_t k = 0; k < percept_model_classes(a); k++)
        assert_string_equal(percept_model_class_name(a, k), percept_model_class_name(b, k));
}

static void saved_and_loaded_it_is_the_same_to_the_bit(void **state)
{
    (void)state;
    static const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    for (size_t p = 0; p < 2; p++)
        for (int means = 0; means < 2; means++) {
            percept_model *model = make_model(precisions[p], means), *loaded = NULL;
            assert_ok(percept_model_save(model, path, error));
            assert_ok(percept_model_load(path, &loaded, error));
            expect_same_model(model, loaded);
            assert_ok(percept_model_save(loaded, other, error));
            expect_same_bytes(path, other);
            percept_model_free(loaded);
            percept_model_free(model);
        }
}

static void regression_has_no_classes(void **state)
{
    (void)state;
    const uint64_t sizes[] = {2, 1};
    const NetworkOptions options = {
        .sizes = sizes, .size_count = 2, .output_activation = "identity", .loss = "mean-squared-error"};
    Network network = {0};
    Scaler scaler = {.kind = SCALER_NONE, .width = 2, .divisor = 1};
    percept_model *model = NULL, *loaded = NULL;
    assert_ok(network_create(&options, &network, error));
    assert_ok(model_create(&network, PERCEPT_FLOAT64, &scaler, 0, NULL, &model, error));
    assert_ok(percept_model_save(model, path, error));
    assert_ok(percept_model_load(path, &loaded, error));
    expect_same_model(model, loaded);
    assert_int_equal(percept_model_classes(loaded), 0);
    assert_int_equal(percept_model_inputs(loaded), 2);
    assert_int_equal(percept_model_outputs(loaded), 1);
    percept_model_free(loaded);
    percept_model_free(model);
}

static void parameters_lie_in_the_file_as_in_memory(void **state)
{
    (void)state;
    percept_model *model = make_model(PERCEPT_FLOAT32, true);
    Safetensors *file = NULL;
    assert_ok(percept_model_save(model, path, error));
    assert_ok(safetensors_read(path, &file, error));
    const Tensor *first = safetensors_find(file, "layers.0.weight"), *last = safetensors_find(file, "layers.2.bias");
    assert_non_null(first);
    assert_non_null(last);
    const size_t bytes = percept_model_parameters(model) * sizeof(float);
    assert_memory_equal(first->data, model->parameters, bytes);
    assert_ptr_equal((const char *)last->data + 3 * sizeof(float), (const char *)first->data + bytes);
    /* float64 lies on multiples of 8, whatever the number of float32: others map the file */
    assert_int_equal((uintptr_t)safetensors_find(file, "scaler.mean")->data % 8, 0);
    assert_int_equal((uintptr_t)safetensors_find(file, "scaler.deviation")->data % 8, 0);
    safetensors_free(file);
    percept_model_free(model);
}

static void parts_that_do_not_fit_make_no_model(void **state)
{
    (void)state;
    Network network = make_network();
    Scaler scaler = {.kind = SCALER_NONE, .width = 5, .divisor = 1};
    percept_model *model = NULL;
    assert_refused(model_create(&network, PERCEPT_FLOAT32, &scaler, 3, class_names, &model, error),
                   PERCEPT_ERROR_ARGUMENT, "5 features");
    scaler.width = 4;
    assert_refused(model_create(&network, PERCEPT_FLOAT32, &scaler, 2, class_names, &model, error),
                   PERCEPT_ERROR_ARGUMENT, "2 classes");
    assert_refused(model_create(&network, PERCEPT_UINT8, &scaler, 3, class_names, &model, error),
                   PERCEPT_ERROR_ARGUMENT, "precision");
    assert_null(model);
    network_clear(&network); /* still the caller's */
}

static void class_names_must_be_utf8_to_be_saved(void **state)
{
    (void)state;
    Network network = make_network();
    Scaler scaler = make_scaler(false);
    char *const names[] = {(char[]){"a"}, (char[]){"gr\xfc\xdf"}, (char[]){"c"}};
    percept_model *model = NULL;
    assert_ok(model_create(&network, PERCEPT_FLOAT32, &scaler, 3, names, &model, error));
    assert_refused(percept_model_save(model, path, error), PERCEPT_ERROR_ARGUMENT, "UTF-8");
    assert_int_equal(scratch_count(scratch.folder), 0);
    percept_model_free(model);
}

static void data_that_do_not_fit_are_told_apart(void **state)
{
    (void)state;
    percept_model *model = make_model(PERCEPT_FLOAT32, false);
    const float features[2][5] = {{0}};
    const int32_t labels[] = {0, 2};
    static const struct {
        size_t width, classes;
        bool labels;
        const char *words;
    } cases[] = {{4, 3, true, NULL},
                 {5, 3, true, "takes 4 features, but the data has 5"},
                 {4, 4, true, "3 classes apart, but the data has 4"},
                 {4, 0, false, "no labels"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        percept_dataset *data = NULL;
        assert_ok(percept_dataset_create(PERCEPT_FLOAT32, 2, cases[i].width, features, cases[i].labels ? labels : NULL,
                                         cases[i].classes, NULL, &data, error));
        if (cases[i].words == NULL)
            assert_ok(model_check_data(model, data, error));
        else
            assert_refused(model_check_data(model, data, error), PERCEPT_ERROR_ARGUMENT, cases[i].words);
        percept_dataset_free(data);
    }
    percept_model_free(model);
}

static void set_parameter(percept_model *model, size_t i, double value)
{
    if (model->precision == PERCEPT_FLOAT64)
        ((double *)model->parameters)[i] = value;
    else
        ((float *)model->parameters)[i] = (float)value;
}

/* ReLU makes 0 of NaN, so that predictions of such a model look sound. */
static void a_model_that_is_not_finite_is_not_loaded(void **state)
{
    (void)state;
    static const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    for (size_t p = 0; p < 2; p++) {
        percept_model *model = make_model(precisions[p], true), *loaded = NULL;
        const Layer *last = &model->network.layers[model->network.depth - 1];
        set_parameter(model, 1, NAN);
        assert_ok(percept_model_save(model, path, error));
        assert_refused(percept_model_load(path, &loaded, error), PERCEPT_ERROR_FORMAT,
                       "value 1 of the tensor 'layers.0.weight' is not a number");
        assert_null(loaded);
        set_parameter(model, 1, 0.5);
        set_parameter(model, last->biases, -INFINITY);
        assert_ok(percept_model_save(model, path, error));
        assert_refused(percept_model_load(path, &loaded, error), PERCEPT_ERROR_FORMAT, ".bias' is infinite");
        assert_null(loaded);
        assert_ok(model_load_any(path, &loaded, error)); /* for who measures what a training left */
        percept_model_free(loaded);
        percept_model_free(model);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, remove_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(saved_and_loaded_it_is_the_same_to_the_bit), TEST(regression_has_no_classes),
        TEST(parameters_lie_in_the_file_as_in_memory),    TEST(parts_that_do_not_fit_make_no_model),
        TEST(class_names_must_be_utf8_to_be_saved),       TEST(data_that_do_not_fit_are_told_apart),
        TEST(a_model_that_is_not_finite_is_not_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
