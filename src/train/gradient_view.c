#include "train/gradient_view.h"

#include <string.h>

#include "base/memory.h"
#include "engine/kinds.h"
#include "model/fold.h"
#include "nn/activation.h"
#include "nn/loss.h"
#include "train/predictor.h"

/* Below every output, and within the range of float32. */
#define FAR_BELOW (-1e30)

percept_status gradient_room_create(const percept_model *model, size_t threads, GradientRoom *out, percept_error *error)
{
    const size_t inputs = network_inputs(&model->network), real = model_real_size(model);
    out->model = model;
    for (size_t i = 0; i < GRADIENT_BLOCK; i++) {
        out->rows[i] = (uint32_t)i;
        out->below[i] = FAR_BELOW;
    }
    percept_status status = model_fold(model, &out->folded, &out->folded_parameters, error);
    if (status == PERCEPT_OK)
        status = team_create(threads, &out->team, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(model->network.value_count, real, "the gradient", &out->gradient, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(GRADIENT_BLOCK * inputs, real, "the gradient", &out->inputs, error);
    if (status == PERCEPT_OK && model->schema.fills != NULL)
        status = memory_allocate(GRADIENT_BLOCK * inputs, sizeof(double), "the features", &out->filled, error);
    return status;
}

void gradient_room_clear(GradientRoom *room)
{
    team_free(room->team);
    if (room->folded_parameters != NULL)
        network_clear(&room->folded);
    memory_free(room->folded_parameters);
    memory_free(room->gradient);
    memory_free(room->inputs);
    memory_free(room->filled);
}

const Network *gradient_network(const GradientRoom *room)
{
    return room->folded_parameters != NULL ? &room->folded : &room->model->network;
}

const void *gradient_parameters(const GradientRoom *room, size_t offset)
{
    const char *all = room->folded_parameters != NULL ? room->folded_parameters : room->model->parameters;
    return all + offset * model_real_size(room->model);
}

Batch gradient_batch(GradientRoom *room, const double *features, size_t count, const GradientAnswers *answers,
                     Storage *storage, percept_dataset *data)
{
    const percept_model *model = room->model;
    *storage = (Storage){.references = 1,
                         .type = PERCEPT_FLOAT64,
                         .count = count,
                         .width = network_inputs(&model->network),
                         .features = (void *)predictor_fill(model, features, count, room->filled),
                         .targets = (double *)answers->targets,
                         .target_width = answers->target_width};
    *data = (percept_dataset){.storage = storage,
                              .count = count,
                              .rows = room->rows,
                              .labels = (int32_t *)answers->labels,
                              .class_count = answers->labels != NULL ? model->class_count : 0};
    return (Batch){.data = data, .scaler = &model->scaler, .count = count, .target_scaler = answers->scaler};
}

/* ---- Views --------------------------------------------------------------------------------------------------------- */

percept_status gradient_view_create(const GradientRoom *room, const Network *network, bool one, size_t loss,
                                    GradientView *out, percept_error *error)
{
    percept_status status =
        memory_allocate(network->depth, sizeof *out->network.layers, "a network", &out->network.layers, error);
    if (status != PERCEPT_OK)
        return status;
    Layer *layers = out->network.layers, *last = &layers[network->depth - 1];
    memcpy(layers, network->layers, network->depth * sizeof *layers);
    out->network = *network;
    out->network.layers = layers;
    out->network.loss = loss;
    out->network.sum = true;
    out->network.label_smoothing = 0;
    for (size_t l = 0; l < network->depth; l++)
        layers[l].l1 = layers[l].l2 = 0;
    if (one) {
        last->outputs = last->units = 1;
        last->activation = (size_t)activation_find("identity");
    }
    const EngineConfig config = {.network = &out->network,
                                 .precision = room->model->precision,
                                 .batch_capacity = GRADIENT_BLOCK,
                                 .training = true,
                                 .frozen = true,
                                 .team = room->team};
    return engine_create(engine_kind_find("cpu"), &config, &out->engine, error);
}

void gradient_view_clear(GradientView *view)
{
    engine_free(view->engine);
    memory_free(view->network.layers);
}

void gradient_view_choose(const GradientRoom *room, GradientView *view, size_t k)
{
    const size_t last = view->network.depth - 1;
    const Layer *whole = &gradient_network(room)->layers[last];
    Layer *layer = &view->network.layers[last];
    layer->weights = whole->weights + k * whole->inputs;
    layer->biases = whole->biases + k;
    view->network.levels[0] = gradient_network(room)->levels[k % 3];
}

void gradient_view_add(GradientRoom *room, GradientView *view, const double *features, size_t count,
                       const GradientAnswers *answers, double factor, const double *factors, double *out)
{
    const percept_model *model = room->model;
    const Scaler *scaler = &model->scaler;
    const size_t inputs = network_inputs(&model->network);
    Storage storage;
    percept_dataset data;
    EngineSums sums;
    const Batch batch = gradient_batch(room, features, count, answers, &storage, &data);
    engine_gradient(view->engine, gradient_parameters(room, view->offset), &batch, room->gradient, room->inputs, &sums);
    for (size_t p = 0; p < count * inputs; p++) {
        const double d = model->precision == PERCEPT_FLOAT64 ? ((const double *)room->inputs)[p]
                                                             : (double)((const float *)room->inputs)[p];
        const double deviation = scaler->deviation != NULL ? scaler->deviation[p % inputs] : 1;
        const double own = factors != NULL ? factor * factors[p / inputs] : factor;
        out[p] += own * d / (scaler->divisor * deviation);
    }
}

size_t gradient_output_loss(void)
{
    return (size_t)loss_find("mean-absolute-error");
}

GradientAnswers gradient_output_answers(const GradientRoom *room)
{
    return (GradientAnswers){.targets = room->below, .target_width = 1};
}
