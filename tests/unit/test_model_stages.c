/* Models with stages in files: what is loaded is what was saved, and what does not fit together is refused. */
#include "in_scratch.h"

#include <string.h>

#include "engine/kinds.h"
#include "model/fold.h"
#include "model/model_file.h"
#include "stage_cases.h"

static char path[SCRATCH_PATH];

static int set_up(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, "model.safetensors", path);
    return 0;
}

static percept_model *make_model(const StageCase *c, size_t members)
{
    RandomStream stream;
    random_default_rng(&stream, 8);
    const Extras extras = {.dropout = 0.2, .stages = c->stages, .stage_count = c->stage_count, .members = members};
    Network network = make_network_with(&c->shape, &extras);
    double *parameters = NULL;
    assert_ok(memory_allocate(network.value_count, sizeof *parameters, "parameters", &parameters, error));
    for (size_t p = 0; p < network.value_count; p++)
        parameters[p] = random_uniform(&stream, -1, 1);
    Scaler scaler = {.kind = SCALER_NONE, .width = network_inputs(&network), .divisor = 1};
    percept_model *model = NULL;
    assert_ok(model_create(&network, PERCEPT_FLOAT64, &scaler, 0, NULL, &model, error));
    model_set_parameters(model, parameters);
    memory_free(parameters);
    return model;
}

static void every_stage_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * STAGE_CASES; i++) {
        percept_model *model = make_model(&stage_cases[i / 2], 1 + 2 * (i % 2)), *loaded = NULL;
        assert_ok(percept_model_save(model, path, error));
        assert_ok(percept_model_load(path, &loaded, error));
        const Network *a = &model->network, *b = &loaded->network;
        assert_int_equal(a->features, b->features);
        assert_int_equal(a->members, b->members);
        assert_int_equal(a->stage_count, b->stage_count);
        assert_int_equal(a->tensor_count, b->tensor_count);
        for (size_t s = 0; s < a->stage_count; s++) {
            const Stage *x = &a->stages[s], *y = &b->stages[s];
            assert_ptr_equal(x->kind, y->kind);
            assert_true(x->side == y->side && x->from == y->from && x->first == y->first && x->inputs == y->inputs);
            assert_memory_equal(x->settings, y->settings, sizeof x->settings);
            assert_int_equal(x->activation, y->activation);
            assert_true((x->counts == NULL) == (y->counts == NULL));
            if (x->counts != NULL)
                assert_memory_equal(x->counts, y->counts, x->inputs * sizeof *x->counts);
        }
        for (size_t t = 0; t < a->tensor_count; t++)
            assert_string_equal(a->tensors[t].name, b->tensors[t].name);
        assert_int_equal(a->value_count, b->value_count);
        assert_memory_equal(model->parameters, loaded->parameters, a->value_count * sizeof(double));
        percept_model_free(model);
        percept_model_free(loaded);
    }
}

static void another_shape_of_a_stage_is_refused(void **state)
{
    (void)state;
    percept_model *model = make_model(&stage_cases[0], 1), *loaded = NULL;
    for (size_t t = 0; t < model->network.tensor_count; t++)
        if (model->network.tensors[t].of_stage)
            model->network.tensors[t].rows--;
    assert_ok(percept_model_save(model, path, error));
    assert_refused(percept_model_load(path, &loaded, error), PERCEPT_ERROR_FORMAT, "layers.0.batch-norm.weight");
    percept_model_free(model);
}

/* Outputs of a network for some data, released with memory_free. */
static double *predict(const Network *network, const void *parameters, const percept_dataset *data)
{
    Engine *engine = NULL;
    Team *team = NULL;
    double *outputs = NULL;
    assert_ok(team_create(1, &team, error));
    const EngineConfig config = {
        .network = network, .precision = PERCEPT_FLOAT64, .batch_capacity = data->count, .team = team};
    assert_ok(engine_create(engine_kind_find("cpu"), &config, &engine, error));
    assert_ok(memory_allocate(data->count * network_outputs(network), sizeof *outputs, "the outputs", &outputs, error));
    engine_predict(engine, parameters, &(Batch){.data = data, .count = data->count}, outputs);
    engine_free(engine);
    team_free(team);
    return outputs;
}

/* Batch norms behind dense layers are gone, and the outputs are the same but for rounding. */
static void folded_models_predict_the_same(void **state)
{
    (void)state;
    size_t folded_cases = 0;
    for (size_t i = 0; i < 2 * STAGE_CASES; i++) {
        percept_model *model = make_model(&stage_cases[i / 2], 1 + 2 * (i % 2));
        const Network *network = &model->network;
        Network folded = {0};
        void *parameters = NULL;
        RandomStream stream;
        random_default_rng(&stream, i);
        double *values = model->parameters;
        for (size_t t = 0; t < network->tensor_count; t++) /* variances are positive */
            for (size_t k = 0; k < tensor_size(&network->tensors[t]); k++)
                if (strstr(network->tensors[t].name, "running_var") != NULL)
                    values[network->tensors[t].offset + k] = random_uniform(&stream, 0.5, 2);
        assert_ok(model_fold(model, &folded, &parameters, error));
        if (parameters != NULL) {
            percept_dataset *data = make_data(network, 30, &stream);
            double *whole = predict(network, model->parameters, data), *plain = predict(&folded, parameters, data);
            for (size_t k = 0; k < 30 * network_outputs(network); k++)
                assert_close(plain[k], whole[k], 1e-11);
            for (size_t s = 0; s < folded.stage_count; s++)
                assert_true(strcmp(folded.stages[s].kind->name, "batch-norm") != 0 || folded.stages[s].side == 0);
            folded_cases++;
            memory_free(whole);
            memory_free(plain);
            percept_dataset_free(data);
            network_clear(&folded);
            memory_free(parameters);
        }
        percept_model_free(model);
    }
    assert_true(folded_cases >= 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, remove_scratch)
    const struct CMUnitTest tests[] = {
        TEST(every_stage_comes_back),
        TEST(another_shape_of_a_stage_is_refused),
        TEST(folded_models_predict_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
