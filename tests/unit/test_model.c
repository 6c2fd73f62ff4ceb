/* Models: a saved model is the same model again, to the bit, and a file that is not one is told apart. */
#include "base/memory.h"
#include "in_scratch.h"
#include "model/model_file.h"
#include "model/safetensors.h"
#include "nn/activation.h"
#include "nn/loss.h"

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
    char *tokens[] = {(char[]){"-999"}};
    FeatureKind kinds[] = {FEATURE_NUMBER, FEATURE_BOOLEAN, FEATURE_NUMBER, FEATURE_NUMBER};
    double fills[] = {0.1, 1, -1e300, 0};
    char label[] = "kind";
    const Schema schema = {.width = 4,
                           .names = names,
                           .kinds = kinds,
                           .fills = fills,
                           .label = label,
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

/* ---- Files that are no model ------------------------------------------------------------------------------------- */

/* A sound file of a network 2-1, of either format, of which a test changes one thing. */
typedef struct Parts {
    float weight[2], bias[1];
    double mean[2], deviation[2];
    double fills[2];
    Tensor tensors[6];
    size_t tensor_count;
    MetadataEntry metadata[14];
    size_t metadata_count;
} Parts;

static void make_parts(Parts *parts)
{
    *parts = (Parts){.weight = {1, 2}, .bias = {3}, .mean = {0, 1}, .deviation = {1, 2}};
    const Tensor tensors[] = {{"scaler.mean", TENSOR_F64, 1, {2, 0}, parts->mean},
                              {"scaler.deviation", TENSOR_F64, 1, {2, 0}, parts->deviation},
                              {"layers.0.weight", TENSOR_F32, 2, {1, 2}, parts->weight},
                              {"layers.0.bias", TENSOR_F32, 1, {1, 0}, parts->bias}};
    const MetadataEntry metadata[] = {{"format", "percept-model"},
                                      {"format_version", "1"},
                                      {"precision", "float32"},
                                      {"activations", "[\"sigmoid\"]"},
                                      {"loss", "binary-cross-entropy"},
                                      {"reduction", "mean"},
                                      {"l1", "[0]"},
                                      {"l2", "[0]"},
                                      {"dropout", "[]"},
                                      {"label_smoothing", "0"},
                                      {"scaler", "standardize"},
                                      {"scaler_divisor", "255"},
                                      {"classes", "[\"no\",\"yes\"]"}};
    memcpy(parts->tensors, tensors, sizeof tensors);
    memcpy(parts->metadata, metadata, sizeof metadata);
    parts->tensor_count = 4;
    parts->metadata_count = 13;
}

/* The same model in the second format, with what it knows of its columns. */
static void make_second_parts(Parts *parts)
{
    make_parts(parts);
    const MetadataEntry metadata[] = {
        {"format", "percept-model"},
        {"format_version", "2"},
        {"precision", "float32"},
        {"layers", "[{\"kind\":\"dense\",\"activation\":\"sigmoid\",\"l1\":0,\"l2\":0}]"},
        {"loss", "binary-cross-entropy"},
        {"reduction", "mean"},
        {"label_smoothing", "0"},
        {"features", "[{\"kind\":\"number\",\"name\":\"age\"},{\"kind\":\"boolean\",\"name\":\"smoker\"}]"},
        {"missing_tokens", "[\"-9\"]"},
        {"scaler_divisor", "255"},
        {"classes", "[\"no\",\"yes\"]"},
        {"targets", "[]"},
        {"label", "ill"},
        {"ids", "[\"patient\"]"}};
    memcpy(parts->metadata, metadata, sizeof metadata);
    parts->metadata_count = 14;
    parts->fills[0] = 40.5;
    parts->tensors[parts->tensor_count++] = (Tensor){"features.fill", TENSOR_F64, 1, {2, 0}, parts->fills};
}

static void write_parts(const Parts *parts)
{
    assert_ok(
        safetensors_write(path, parts->tensors, parts->tensor_count, parts->metadata, parts->metadata_count, error));
}

static void expect_refusal(const Parts *parts, const char *words)
{
    percept_model *model = NULL;
    percept_error reason = {PERCEPT_OK, ""};
    write_parts(parts);
    assert_refused(percept_model_load(path, &model, error), PERCEPT_ERROR_FORMAT, words);
    assert_null(model);
    assert_int_equal(percept_model_load(path, &model, NULL), PERCEPT_ERROR_FORMAT);
    percept_model_load(path, &model, &reason);
    assert_non_null(strstr(reason.message, path));
}

/* A change of the metadata that must be refused. */
typedef struct Wrong {
    const char *key, *value, *words; /* value NULL: left out */
} Wrong;

static void change(Parts *parts, const Wrong *wrong)
{
    for (size_t m = 0; m < parts->metadata_count; m++) {
        if (strcmp(parts->metadata[m].key, wrong->key) != 0)
            continue;
        if (wrong->value != NULL)
            parts->metadata[m].value = wrong->value;
        else
            parts->metadata[m] = parts->metadata[--parts->metadata_count];
    }
}

static void wrong_metadata_are_refused(void **state)
{
    (void)state;
    static const Wrong cases[] = {
        {"format", NULL, "not a model of Percept"},
        {"format", "pt", "not a model of Percept"},
        {"format_version", NULL, "lacks 'format_version'"},
        {"format_version", "4", "made by a newer Percept?"},
        {"precision", "bfloat16", "made by a newer Percept?"},
        {"precision", "float64", "F32"},
        {"activations", NULL, "lacks 'activations'"},
        {"activations", "[]", "names no layer"},
        {"activations", "[1]", "not a list of strings"},
        {"activations", "relu", "not a list of strings"},
        {"activations", "[\"warp\"]", "unknown activation 'warp'; made by a newer Percept?"},
        {"activations", "[\"relu\",\"sigmoid\"]", "1 values of l1 for 2 layers"},
        {"loss", "hinge", "unknown loss 'hinge'; made by a newer Percept?"},
        {"loss", "cross-entropy", "softmax"},
        {"reduction", "median", "neither mean nor sum"},
        {"l1", "[0,0]", "2 values of l1"},
        {"l1", "{}", "not a list of numbers"},
        {"l2", "[-1]", "not negative"},
        {"l2", "[\"0\"]", "not a list of numbers"},
        {"dropout", NULL, "lacks 'dropout'"},
        {"dropout", "[0.5]", "1 values of dropout"},
        {"label_smoothing", NULL, "lacks 'label_smoothing'"},
        {"label_smoothing", "few", "not a number"},
        {"label_smoothing", "1", "must lie in [0, 1)"},
        {"scaler", "whiten", "unknown scaler 'whiten'; made by a newer Percept?"},
        {"scaler_divisor", "0", "above 0"},
        {"scaler_divisor", "-1", "above 0"},
        {"scaler_divisor", "inf", "above 0"},
        {"scaler_divisor", "255x", "above 0"},
        {"classes", "[\"a\",\"b\",\"c\"]", "3 classes"},
        {"classes", "[\"a\"", "not a list of strings"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Parts parts;
        make_parts(&parts);
        change(&parts, &cases[i]);
        expect_refusal(&parts, cases[i].words);
    }
}

static void the_second_format_knows_the_columns(void **state)
{
    (void)state;
    Parts parts;
    percept_model *model = NULL;
    make_second_parts(&parts);
    write_parts(&parts);
    assert_ok(percept_model_load(path, &model, error));
    const Schema *schema = &model->schema;
    assert_int_equal(schema->width, 2);
    assert_string_equal(schema->names[0], "age");
    assert_string_equal(schema->names[1], "smoker");
    assert_int_equal(schema->kinds[0], FEATURE_NUMBER);
    assert_int_equal(schema->kinds[1], FEATURE_BOOLEAN);
    assert_true(schema->fills[0] == 40.5 && schema->fills[1] == 0);
    assert_string_equal(schema->label, "ill");
    assert_int_equal(schema->missing_token_count, 1);
    assert_string_equal(schema->missing_tokens[0], "-9");
    assert_int_equal(schema->id_count, 1);
    assert_string_equal(schema->ids[0], "patient");
    assert_null(schema->targets);
    percept_model_free(model);
}

static void wrong_columns_are_refused(void **state)
{
    (void)state;
    static const Wrong cases[] = {
        {"layers", NULL, "lacks 'layers'"},
        {"layers", "[]", "names no layer"},
        {"layers", "[{}]", "does not describe layer 0"},
        {"layers", "[{\"kind\":\"dense\",\"activation\":\"sigmoid\",\"l1\":\"0\",\"l2\":0}]",
         "does not describe layer 0"},
        {"layers", "[{\"kind\":\"wavelet\"}]", "'wavelet', which this Percept"},
        {"features", NULL, "lacks 'features'"},
        {"features", "{}", "does not describe its columns"},
        {"features", "[{\"kind\":\"number\"}]", "does not describe its columns"},
        {"features", "[{\"kind\":\"number\",\"name\":\"a\"},{\"kind\":\"number\"}]", "does not describe its columns"},
        {"features", "[{\"kind\":\"number\"},{\"kind\":\"tensor\"}]", "column 2 is of the kind 'tensor'"},
        {"features", "[{\"kind\":\"number\",\"place\":0},{\"kind\":\"date\",\"place\":1}]", "does not describe"},
        {"features",
         "[{\"kind\":\"number\",\"place\":0}," /* no such form */
         "{\"kind\":\"date\",\"place\":1,\"form\":\"us\",\"part\":\"year\"}]",
         "does not describe"},
        {"features",
         "[{\"kind\":\"date\",\"place\":0,\"form\":\"mdy\",\"part\":\"year\"}," /* one part twice */
         "{\"kind\":\"date\",\"place\":0,\"form\":\"mdy\",\"part\":\"year\"}]",
         "does not describe"},
        {"features",
         "[{\"kind\":\"date\",\"place\":0,\"form\":\"mdy\",\"part\":\"year\"}," /* two forms */
         "{\"kind\":\"date\",\"place\":0,\"form\":\"dmy\",\"part\":\"month\"}]",
         "does not describe"},
        {"features",
         "[{\"kind\":\"date\",\"place\":1,\"form\":\"mdy\",\"part\":\"year\"}," /* no place 0 */
         "{\"kind\":\"date\",\"place\":1,\"form\":\"mdy\",\"part\":\"month\"}]",
         "does not describe"},
        {"features",
         "[{\"kind\":\"date\",\"name\":\"when\",\"place\":0,\"form\":\"mdy\",\"part\":\"year\"}," /* names */
         "{\"kind\":\"number\",\"name\":\"b\",\"place\":1}]",
         "does not describe"},
        {"features", "[{\"kind\":\"number\",\"place\":0},{\"kind\":\"category\",\"place\":1}]", "does not describe"},
        {"features", "[{\"kind\":\"number\",\"place\":0},{\"kind\":\"category\",\"place\":0,\"values\":[\"a\"]}]",
         "does not describe"}, /* one place twice */
        {"features", "[{\"kind\":\"number\"},{\"kind\":\"category\",\"place\":1,\"values\":[\"a\"]}]",
         "does not describe"},
        {"features", "[{\"kind\":\"number\",\"place\":0},{\"kind\":\"category\",\"place\":1,\"values\":[1]}]",
         "does not describe"},
        {"missing_tokens", "[1]", "not a list of strings"},
        {"targets", "[\"a\",\"b\"]", "2 names for 1 outputs"},
        {"label", NULL, "lacks 'label'"},
        {"ids", "{}", "not a list of strings"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Parts parts;
        make_second_parts(&parts);
        change(&parts, &cases[i]);
        expect_refusal(&parts, cases[i].words);
    }
    Parts parts;
    make_second_parts(&parts);
    parts.fills[1] = NAN;
    expect_refusal(&parts, "value 1 of 'features.fill'");
}

static void wrong_tensors_are_refused(void **state)
{
    (void)state;
    Parts parts;
    make_parts(&parts);
    write_parts(&parts);
    percept_model *model = NULL;
    assert_ok(percept_model_load(path, &model, error)); /* what the rest is changed from is sound */
    percept_model_free(model);

    parts.tensors[2].shape[1] = 1;
    expect_refusal(&parts, "2 values instead of 1");
    make_parts(&parts);
    parts.tensors[2].rank = 1;
    parts.tensors[2].shape[0] = 2;
    expect_refusal(&parts, "1 dimensions");
    make_parts(&parts);
    parts.tensors[3].name = "layers.0.offset";
    expect_refusal(&parts, "lacks the tensor 'layers.0.bias'");
    make_parts(&parts);
    parts.tensors[3].shape[0] = 2;
    parts.tensors[3].data = parts.weight;
    expect_refusal(&parts, "2 biases for 1 outputs");
    make_parts(&parts);
    parts.tensors[parts.tensor_count++] = (Tensor){"layers.1.weight", TENSOR_F32, 2, {1, 1}, parts.bias};
    expect_refusal(&parts, "only 1 layers");
    make_parts(&parts);
    parts.tensors[2].shape[0] = 0;
    parts.tensors[3].shape[0] = 0;
    expect_refusal(&parts, "at least one unit");
    make_parts(&parts);
    parts.tensors[0] = parts.tensors[--parts.tensor_count];
    expect_refusal(&parts, "lacks the tensor");
}

static void scales_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const double wrong[] = {0, NAN, INFINITY, -INFINITY, -1};
    Parts parts;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        make_parts(&parts);
        parts.deviation[1] = wrong[i];
        expect_refusal(&parts, "value 1 of 'scaler.deviation'");
        if (isfinite(wrong[i]))
            continue;
        make_parts(&parts);
        parts.mean[0] = wrong[i];
        expect_refusal(&parts, "value 0 of 'scaler.mean'");
    }
}

static void layers_that_do_not_follow_are_refused(void **state)
{
    (void)state;
    Parts parts;
    make_parts(&parts);
    const Tensor tensors[] = {{"layers.0.weight", TENSOR_F32, 2, {1, 1}, parts.weight},
                              {"layers.0.bias", TENSOR_F32, 1, {1, 0}, parts.bias},
                              {"layers.1.weight", TENSOR_F32, 2, {1, 2}, parts.weight},
                              {"layers.1.bias", TENSOR_F32, 1, {1, 0}, parts.bias}};
    memcpy(parts.tensors, tensors, sizeof tensors);
    parts.metadata[3].value = "[\"relu\",\"sigmoid\"]";
    parts.metadata[6].value = parts.metadata[7].value = "[0,0]";
    parts.metadata[8].value = "[0]";
    expect_refusal(&parts, "layer 1 takes 2 values, but the layer before it gives 1");
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

static void a_missing_file_is_an_error_of_input(void **state)
{
    (void)state;
    percept_model *model = NULL;
    assert_refused(percept_model_load(path, &model, error), PERCEPT_ERROR_IO, path);
    percept_model_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, remove_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(saved_and_loaded_it_is_the_same_to_the_bit),
        TEST(regression_has_no_classes),
        TEST(parameters_lie_in_the_file_as_in_memory),
        TEST(parts_that_do_not_fit_make_no_model),
        TEST(class_names_must_be_utf8_to_be_saved),
        TEST(data_that_do_not_fit_are_told_apart),
        TEST(wrong_metadata_are_refused),
        TEST(the_second_format_knows_the_columns),
        TEST(wrong_columns_are_refused),
        TEST(wrong_tensors_are_refused),
        TEST(scales_that_cannot_be_are_refused),
        TEST(layers_that_do_not_follow_are_refused),
        TEST(a_model_that_is_not_finite_is_not_loaded),
        TEST(a_missing_file_is_an_error_of_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
