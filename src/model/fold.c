#include "model/fold.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/activation.h"
#include "nn/loss.h"

/* The first stage behind a dense layer, and one that prediction can do without. */
static bool folds(const Network *network, const Stage *stage)
{
    return stage->side > 0 && strcmp(stage->kind->name, "batch-norm") == 0 &&
           stage == &network->stages[network->sides[stage->side].first];
}

/* ---- The network without them ------------------------------------------------------------------------------------ */

/* Lists for NetworkOptions: an entry a layer, and the stages that stay. */
typedef struct Lists {
    uint64_t *sizes;
    const char **activations;
    double *l1, *l2, *dropout;
    StageOptions *stages;
    size_t stage_count;
} Lists;

static void lists_clear(Lists *lists)
{
    memory_free(lists->sizes);
    memory_free(lists->activations);
    memory_free(lists->l1);
    memory_free(lists->l2);
    memory_free(lists->dropout);
    memory_free(lists->stages);
}

static percept_status allocate_lists(const Network *network, Lists *out, percept_error *error)
{
    const size_t depth = network->depth;
    percept_status status = memory_allocate(depth + 1, sizeof *out->sizes, "the layer sizes", &out->sizes, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(depth, sizeof *out->activations, "the layers", &out->activations, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(depth, sizeof *out->l1, "the layers", &out->l1, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(depth, sizeof *out->l2, "the layers", &out->l2, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(depth, sizeof *out->dropout, "the layers", &out->dropout, error);
    return status == PERCEPT_OK
               ? memory_allocate(network->stage_count, sizeof *out->stages, "the stages", &out->stages, error)
               : status;
}

static void fill_lists(const Network *network, Lists *out)
{
    out->sizes[0] = network_inputs(network);
    for (size_t l = 0; l < network->depth; l++) {
        const Layer *layer = &network->layers[l];
        out->sizes[l + 1] = network_side_output(network, l + 1);
        out->activations[l] = activation_at_f64(layer->activation)->name;
        out->l1[l] = layer->l1;
        out->l2[l] = layer->l2;
        out->dropout[l] = layer->dropout;
    }
    for (size_t s = 0; s < network->stage_count; s++) {
        const Stage *stage = &network->stages[s];
        if (!folds(network, stage))
            out->stages[out->stage_count++] = (StageOptions){.kind = stage->kind->name,
                                                             .side = stage->side,
                                                             .settings = stage->settings,
                                                             .first = stage->first,
                                                             .inputs = stage->side == 0 ? stage->inputs : 0,
                                                             .counts = stage->counts,
                                                             .from = stage->from};
    }
}

static percept_status network_without(const Network *network, Network *out, percept_error *error)
{
    Lists lists = {0};
    percept_status status = allocate_lists(network, &lists, error);
    if (status == PERCEPT_OK) {
        fill_lists(network, &lists);
        const NetworkOptions options = {.sizes = lists.sizes,
                                        .size_count = network->depth + 1,
                                        .hidden_activations = lists.activations,
                                        .hidden_activation_count = network->depth - 1,
                                        .output_activation = lists.activations[network->depth - 1],
                                        .loss = loss_at_f64(network->loss)->name,
                                        .sum = network->sum,
                                        .label_smoothing = network->label_smoothing,
                                        .intervals = network->intervals,
                                        .l1 = lists.l1,
                                        .l1_count = network->depth,
                                        .l2 = lists.l2,
                                        .l2_count = network->depth,
                                        .dropout = lists.dropout,
                                        .dropout_count = network->depth - 1,
                                        .stages = lists.stages,
                                        .stage_count = lists.stage_count,
                                        .members = network->members};
        status = network_create(&options, out, error);
    }
    lists_clear(&lists);
    return status;
}

/* ---- Parameters -------------------------------------------------------------------------------------------------- */

static double get(const percept_model *model, const void *parameters, size_t i)
{
    return model->precision == PERCEPT_FLOAT32 ? (double)((const float *)parameters)[i]
                                               : ((const double *)parameters)[i];
}

static void set(const percept_model *model, void *parameters, size_t i, double value)
{
    if (model->precision == PERCEPT_FLOAT32)
        ((float *)parameters)[i] = (float)value;
    else
        ((double *)parameters)[i] = value;
}

/* The tensor of one member and layer. */
static const NetworkTensor *tensor_of(const Network *network, size_t member, size_t layer, const char *part)
{
    char name[TENSOR_NAME_SIZE], prefix[32] = "";
    if (network->members > 1)
        snprintf(prefix, sizeof prefix, "members.%zu.", member);
    snprintf(name, sizeof name, "%slayers.%zu.%s", prefix, layer, part);
    return network_tensor_find(network, name);
}

/* Tensors that the folded network still has. */
static void copy_shared(const percept_model *model, const Network *folded, char *to)
{
    const size_t size = model_real_size(model);
    const char *from = model->parameters;
    for (size_t t = 0; t < folded->tensor_count; t++) {
        const NetworkTensor *own = &folded->tensors[t], *whole = network_tensor_find(&model->network, own->name);
        memcpy(to + own->offset * size, from + whole->offset * size, tensor_size(own) * size);
    }
}

static void fold_layer(const percept_model *model, size_t member, const Stage *stage, const Network *folded, void *to)
{
    const Network *network = &model->network;
    const void *from = model->parameters;
    const size_t l = stage->side - 1;
    const NetworkTensor *W = tensor_of(folded, member, l, "weight"), *b = tensor_of(folded, member, l, "bias");
    const NetworkTensor *scale = tensor_of(network, member, l, "batch-norm.weight");
    const NetworkTensor *shift = tensor_of(network, member, l, "batch-norm.bias");
    const NetworkTensor *mean = tensor_of(network, member, l, "batch-norm.running_mean");
    const NetworkTensor *variance = tensor_of(network, member, l, "batch-norm.running_var");
    const double epsilon = stage->settings[stage_setting_find(stage->kind, "epsilon")];
    for (size_t j = 0; j < W->rows; j++) {
        const double factor =
            get(model, from, scale->offset + j) / sqrt(get(model, from, variance->offset + j) + epsilon);
        for (size_t k = j * W->columns; k < (j + 1) * W->columns; k++)
            set(model, to, W->offset + k, factor * get(model, to, W->offset + k));
        const double centred = get(model, to, b->offset + j) - get(model, from, mean->offset + j);
        set(model, to, b->offset + j, centred * factor + get(model, from, shift->offset + j));
    }
}

percept_status model_fold(const percept_model *model, Network *network, void **parameters, percept_error *error)
{
    const Network *whole = &model->network;
    Network folded = {0};
    bool any = false;
    *parameters = NULL;
    for (size_t s = 0; s < whole->stage_count; s++)
        any = any || folds(whole, &whole->stages[s]);
    if (!any)
        return PERCEPT_OK;
    percept_status status = network_without(whole, &folded, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(folded.value_count, model_real_size(model), "the parameters", parameters, error);
    if (status != PERCEPT_OK) {
        network_clear(&folded);
        return status;
    }
    copy_shared(model, &folded, *parameters);
    for (size_t m = 0; m < whole->members; m++)
        for (size_t s = 0; s < whole->stage_count; s++)
            if (folds(whole, &whole->stages[s]))
                fold_layer(model, m, &whole->stages[s], &folded, *parameters);
    *network = folded;
    return PERCEPT_OK;
}
