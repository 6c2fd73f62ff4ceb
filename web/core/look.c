#include "core/look.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/reference/reference.h"
#include "model/model.h"

/* Most points of a plane. */
#define MOST_POINTS ((size_t)1 << 14)

struct Look {
    percept_model *model;
    Engine *engine, *learner; /* for planes; for gradients */
    Batch examples;
    float *gradient;
    double *numbers; /* of look_gradients */
    double *points;  /* MOST_POINTS × inputs */
    uint32_t *rows;  /* 0, 1, … */
    size_t side;
    float *answers; /* of a layer */
    size_t unit_count;
};

static percept_status create_engine(const percept_model *model, size_t capacity, bool training, Engine **out,
                                    percept_error *error)
{
    const EngineConfig config = {.network = &model->network,
                                 .precision = PERCEPT_FLOAT32,
                                 .batch_capacity = capacity,
                                 .training = training,
                                 .frozen = true};
    return reference_create_f32(&config, out, error);
}

static size_t widest(const Network *network)
{
    size_t widest = 0;
    for (size_t l = 0; l < network->depth; l++)
        widest = network->layers[l].units > widest ? network->layers[l].units : widest;
    return widest;
}

static percept_status allocate(Look *look, percept_error *error)
{
    const Network *network = &look->model->network;
    const size_t inputs = network_inputs(network);
    for (size_t l = 0; l < network->depth; l++)
        look->unit_count += network->layers[l].units;
    percept_status status =
        memory_allocate_zeroed(network->value_count, sizeof(float), "a gradient", &look->gradient, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(2 * network->depth + look->unit_count, sizeof(double), "norms", &look->numbers, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(MOST_POINTS * inputs, sizeof(double), "a plane", &look->points, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(MOST_POINTS, sizeof(uint32_t), "a plane", &look->rows, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(MOST_POINTS * widest(network), sizeof(float), "answers", &look->answers, error);
    for (size_t i = 0; status == PERCEPT_OK && i < MOST_POINTS; i++)
        look->rows[i] = (uint32_t)i;
    return status;
}

percept_status look_create(percept_model *model, const percept_data *data, Look **out, percept_error *error)
{
    Look *look = NULL;
    if (model->precision != PERCEPT_FLOAT32)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the page shows networks in float32; set precision float32");
    percept_status status = memory_allocate_zeroed(1, sizeof *look, "a look", &look, error);
    if (status != PERCEPT_OK)
        return status;
    const size_t count = percept_dataset_count(data->train);
    look->model = model;
    look->examples = (Batch){.data = data->train,
                             .scaler = &model->scaler,
                             .target_scaler = &model->target_scaler,
                             .count = count < LOOK_EXAMPLES ? count : LOOK_EXAMPLES};
    status = allocate(look, error);
    if (status == PERCEPT_OK)
        status = create_engine(model, MOST_POINTS, false, &look->engine, error);
    if (status == PERCEPT_OK)
        status = create_engine(model, look->examples.count, true, &look->learner, error);
    if (status == PERCEPT_OK)
        *out = look;
    else
        look_free(look);
    return status;
}

void look_free(Look *look)
{
    if (look == NULL)
        return;
    engine_free(look->engine);
    engine_free(look->learner);
    memory_free(look->gradient);
    memory_free(look->numbers);
    memory_free(look->points);
    memory_free(look->rows);
    memory_free(look->answers);
    memory_free(look);
}

/* ---- Shape --------------------------------------------------------------------------------------------------------- */

int PLAY_EXPORT(look_depth)(const Play *play)
{
    return (int)play->model->network.depth;
}

int PLAY_EXPORT(look_units)(const Play *play, int l)
{
    return (int)play->model->network.layers[l].units;
}

/* ---- The plane ----------------------------------------------------------------------------------------------------- */

static void place_points(Look *look, size_t side, const double range[4], const size_t axes[2], const double *features)
{
    const size_t inputs = network_inputs(&look->model->network);
    for (size_t i = 0; i < side * side; i++) {
        double *point = look->points + i * inputs;
        const double x = (double)(i % side) + 0.5, y = (double)(i / side) + 0.5;
        memcpy(point, features, inputs * sizeof *point);
        point[axes[0]] = range[0] + (range[1] - range[0]) * x / (double)side;
        point[axes[1]] = range[3] + (range[2] - range[3]) * y / (double)side;
    }
}

int PLAY_EXPORT(look_plane)(Play *play, int side, double left, double right, double bottom, double top, int across,
                            int up, const double *features)
{
    Look *look = play->look;
    const percept_model *model = look->model;
    const size_t points = (size_t)side * (size_t)side, inputs = network_inputs(&model->network);
    if (side <= 0 || points > MOST_POINTS || (size_t)across >= inputs || (size_t)up >= inputs)
        return -1;
    place_points(look, (size_t)side, (const double[]){left, right, bottom, top},
                 (const size_t[]){(size_t)across, (size_t)up}, features);
    Storage storage = {
        .references = 1, .type = PERCEPT_FLOAT64, .count = points, .width = inputs, .features = look->points};
    percept_dataset data = {.storage = &storage, .count = points, .rows = look->rows};
    const Batch batch = {.data = &data, .scaler = &model->scaler, .count = points};
    engine_predict(look->engine, model->parameters, &batch, look->answers);
    look->side = (size_t)side;
    return 0;
}

/* Targets are standardized while training; the page shows them in the units of the table. */
static void restore_units(const percept_model *model, size_t points, float *answers)
{
    double mean = 0, deviation = 1;
    if (model->class_count > 0 || network_outputs(&model->network) != 1)
        return;
    percept_model_get_target_scale(model, &mean, &deviation);
    for (size_t i = 0; i < points; i++)
        answers[i] = (float)((double)answers[i] * deviation + mean);
}

const float *PLAY_EXPORT(look_answers)(Play *play, int l)
{
    Look *look = play->look;
    const bool last = (size_t)l + 1 == play->model->network.depth;
    const size_t points = look->side * look->side, units = play->model->network.layers[l].units;
    const float *A = reference_layer_f32(look->engine, (size_t)l).A;
    for (size_t u = 0; u < units; u++)
        for (size_t i = 0; i < points; i++)
            look->answers[u * points + i] = A[i * units + u];
    if (last)
        restore_units(play->model, points, look->answers);
    return look->answers;
}

/* ---- Gradients ----------------------------------------------------------------------------------------------------- */

static double norm(const float *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)values[i] * (double)values[i];
    return sqrt(sum);
}

static bool is_dead(const float *A, size_t examples, size_t units, size_t u)
{
    for (size_t i = 1; i < examples; i++)
        if (A[i * units + u] != A[u])
            return false;
    return true;
}

const double *PLAY_EXPORT(look_gradients)(Play *play)
{
    Look *look = play->look;
    const Network *network = &look->model->network;
    const float *parameters = look->model->parameters;
    EngineSums sums;
    engine_gradient(look->learner, parameters, &look->examples, look->gradient, NULL, &sums);
    double *number = look->numbers;
    for (size_t l = 0; l < network->depth; l++) {
        const Layer *layer = &network->layers[l];
        const float *A = reference_layer_f32(look->learner, l).A;
        *number++ = norm(look->gradient + layer->weights, layer->inputs * layer->outputs);
        *number++ = norm(parameters + layer->weights, layer->inputs * layer->outputs);
        for (size_t u = 0; u < layer->units; u++)
            *number++ = is_dead(A, look->examples.count, layer->units, u);
    }
    return look->numbers;
}

double look_loss(Look *look, const float *parameters)
{
    EngineSums sums;
    engine_evaluate(look->engine, parameters, &look->examples, NULL, &sums);
    return engine_mean_loss(&sums) + sums.penalty;
}
