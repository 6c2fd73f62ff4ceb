/* Model files: anything but a sound file of a model is refused, and the message says what is wrong. */
#include "in_scratch.h"
#include "model/model.h"
#include "model/safetensors.h"

static char path[SCRATCH_PATH];

static int set_up(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, "a.safetensors", path);
    return 0;
}

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
        TEST(wrong_metadata_are_refused),          TEST(the_second_format_knows_the_columns),
        TEST(wrong_columns_are_refused),           TEST(wrong_tensors_are_refused),
        TEST(scales_that_cannot_be_are_refused),   TEST(layers_that_do_not_follow_are_refused),
        TEST(a_missing_file_is_an_error_of_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
