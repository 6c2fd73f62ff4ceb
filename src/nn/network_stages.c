/* Stages of a network while it is made: which side they are on, how wide the matrices between them are, and their tensors. */
#include "nn/network_stages.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/activation.h"

/* ---- Settings ---------------------------------------------------------------------------------------------------- */

/* The activation that setting s names: by its index, or by the kind's own choice, or that of the layer. */
static percept_status set_activation(const Network *network, size_t s, double wanted, Stage *stage,
                                     percept_error *error)
{
    const char *own = stage->kind->settings[s].activation;
    size_t index = stage->side > 0 ? network->layers[stage->side - 1].activation : 0;
    if (!isnan(wanted))
        index = wanted >= 0 && wanted < 1e6 ? (size_t)wanted : SIZE_MAX;
    else if (own != NULL)
        index = (size_t)activation_find(own);
    if (activation_at_f64(index) == NULL || !activation_at_f64(index)->elementwise)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s works with elementwise activations only, not with %s",
                         stage->kind->name,
                         activation_at_f64(index) == NULL ? "an unknown one" : activation_at_f64(index)->name);
    stage->activation = index;
    stage->settings[s] = (double)index;
    return PERCEPT_OK;
}

static percept_status set_settings(const StageOptions *options, const Network *network, Stage *stage,
                                   percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t s = 0; s < STAGE_SETTINGS && stage->kind->settings[s].name != NULL && status == PERCEPT_OK; s++) {
        const StageSetting *setting = &stage->kind->settings[s];
        const double wanted = options->settings == NULL ? NAN : options->settings[s];
        const double value = isnan(wanted) ? setting->value : wanted;
        if (setting->kind == SETTING_ACTIVATION) {
            status = set_activation(network, s, wanted, stage, error);
            continue;
        }
        const bool whole = setting->kind == SETTING_NUMBER || value == floor(value);
        if (!whole || !(value >= setting->least && value <= setting->most))
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s of %s must be a %snumber from %g to %g, but is %g",
                             setting->name, stage->kind->name, setting->kind == SETTING_WHOLE ? "whole " : "",
                             setting->least, setting->most, value);
        stage->settings[s] = value;
    }
    return status;
}

static percept_status copy_counts(const StageOptions *options, Stage *stage, percept_error *error)
{
    if (options->counts == NULL)
        return stage->kind->categories
                   ? error_set(error, PERCEPT_ERROR_ARGUMENT, "%s needs the number of values of each of its columns",
                               stage->kind->name)
                   : PERCEPT_OK;
    percept_status status =
        memory_allocate(stage->inputs, sizeof *stage->counts, "the categories", &stage->counts, error);
    if (status == PERCEPT_OK)
        memcpy(stage->counts, options->counts, stage->inputs * sizeof *stage->counts);
    return status;
}

/* ---- Sides ------------------------------------------------------------------------------------------------------- */

static percept_status check_place(const NetworkOptions *options, const StageOptions *wanted, const StageKind *kind,
                                  percept_error *error)
{
    const size_t depth = options->size_count - 1;
    if (kind == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "unknown kind of layer '%s'", wanted->kind);
    if (wanted->side >= depth)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s cannot stand behind the last layer", kind->name);
    if (wanted->side == 0 ? !kind->on_features : !kind->on_hidden)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s cannot stand %s", kind->name,
                         wanted->side == 0 ? "before the first layer" : "behind a hidden layer");
    if (kind->links && wanted->from >= wanted->side)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s behind layer %zu must link an earlier side, not %zu",
                         kind->name, wanted->side, wanted->from);
    return PERCEPT_OK;
}

/* Copies what the options say, in the order before the activation, after it. */
static percept_status place_stages(const NetworkOptions *options, Network *network, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    size_t used = 0;
    for (size_t side = 0; side < network->depth + 1; side++) {
        SideStages *here = &network->sides[side];
        here->first = used;
        for (int after = 0; after < 2; after++)
            for (size_t i = 0; i < options->stage_count && status == PERCEPT_OK; i++) {
                const StageOptions *wanted = &options->stages[i];
                const StageKind *kind = stage_kind_find(wanted->kind);
                if (wanted->side == side && after == 0)
                    status = check_place(options, wanted, kind, error);
                if (status != PERCEPT_OK || wanted->side != side || kind->after != (after == 1))
                    continue;
                Stage *stage = &network->stages[used++];
                *stage = (Stage){
                    .kind = kind, .side = side, .from = wanted->from, .first = wanted->first, .inputs = wanted->inputs};
                for (Stage *earlier = &network->stages[here->first]; earlier < stage; earlier++)
                    stage->number += earlier->kind == kind;
                *(after == 0 ? &here->before : &here->after) += 1;
                status = set_settings(wanted, network, stage, error);
            }
    }
    network->stage_count = used;
    return status;
}

static percept_status refuse_width(const Stage *stage, size_t width, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s cannot work on %zu columns", stage->kind->name, width);
}

/* Widths of side 0, from the features on. */
static percept_status widen_features(const NetworkOptions *options, Network *network, size_t *width,
                                     percept_error *error)
{
    const StageOptions *wanted = options->stages;
    for (Stage *stage = network->stages; stage < network->stages + network->sides[0].before; stage++, wanted++) {
        while (wanted->side != 0)
            wanted++;
        stage->width_in = *width;
        if (stage->inputs == 0)
            stage->inputs = *width - stage->first;
        if (stage->first > *width || stage->inputs > *width - stage->first || stage->inputs == 0 ||
            (!stage->kind->of_columns && stage->inputs != *width))
            return refuse_width(stage, *width, error);
        percept_status status = copy_counts(wanted, stage, error);
        if (status != PERCEPT_OK)
            return status;
        stage->outputs = stage->kind->outputs != NULL ? stage->kind->outputs(stage, stage->inputs) : stage->inputs;
        if (stage->outputs == 0)
            return refuse_width(stage, *width, error);
        *width = *width - stage->inputs + stage->outputs;
        stage->width_out = *width;
    }
    return PERCEPT_OK;
}

/* Widths of a hidden side, from what the next layer reads back to what the product must give. */
static percept_status widen_hidden(Network *network, size_t side, percept_error *error)
{
    const SideStages *here = &network->sides[side];
    Layer *layer = &network->layers[side - 1];
    size_t width = layer->outputs;
    layer->units = width;
    for (size_t i = here->before + here->after; i-- > 0;) {
        Stage *stage = &network->stages[here->first + i];
        stage->outputs = stage->width_out = width;
        if (stage->kind->inputs != NULL)
            width = stage->kind->inputs(stage, width);
        if (width == 0)
            return refuse_width(stage, stage->outputs, error);
        stage->inputs = stage->width_in = width;
        if (i == here->before)
            layer->units = width;
        if (stage->kind->in_place_of_activation)
            layer->activation = (size_t)activation_find("identity");
    }
    layer->outputs = width;
    return PERCEPT_OK;
}

percept_status network_place_stages(const NetworkOptions *options, Network *network, percept_error *error)
{
    size_t width = network->features;
    percept_status status =
        memory_allocate_zeroed(options->stage_count, sizeof *network->stages, "the stages", &network->stages, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate_zeroed(network->depth + 1, sizeof *network->sides, "the sides", &network->sides, error);
    if (status == PERCEPT_OK)
        status = place_stages(options, network, error);
    if (status == PERCEPT_OK)
        status = widen_features(options, network, &width, error);
    network->layers[0].inputs = width;
    for (size_t side = 1; side < network->depth && status == PERCEPT_OK; side++)
        status = widen_hidden(network, side, error);
    for (size_t s = 0; s < network->stage_count && status == PERCEPT_OK; s++) {
        const Stage *stage = &network->stages[s];
        if (stage->kind->links && network_side_output(network, stage->from) != stage->width_in)
            status = error_set(
                error, PERCEPT_ERROR_ARGUMENT, "%s behind layer %zu links %zu units to %zu; give both layers one size",
                stage->kind->name, stage->side, network_side_output(network, stage->from), stage->width_in);
    }
    return status;
}

/* ---- Tensors ----------------------------------------------------------------------------------------------------- */

static void name_tensor(const Stage *stage, const char *part, char name[TENSOR_NAME_SIZE])
{
    char number[24] = "";
    if (stage->number > 0)
        snprintf(number, sizeof number, "-%zu", stage->number + 1);
    if (stage->side == 0)
        snprintf(name, TENSOR_NAME_SIZE, "inputs.%s%s.%s", stage->kind->name, number, part);
    else
        snprintf(name, TENSOR_NAME_SIZE, "layers.%zu.%s%s.%s", stage->side - 1, stage->kind->name, number, part);
}

size_t network_count_stage_tensors(const Network *network)
{
    size_t count = 0;
    for (size_t s = 0; s < network->stage_count; s++)
        for (size_t t = 0; t < STAGE_TENSORS && network->stages[s].kind->tensors[t].part != NULL; t++)
            count++;
    return count;
}

percept_status network_add_stage_tensors(Network *network, bool trained, size_t *used, percept_error *error)
{
    for (size_t s = 0; s < network->stage_count; s++) {
        Stage *stage = &network->stages[s];
        for (size_t t = 0; t < STAGE_TENSORS && stage->kind->tensors[t].part != NULL; t++) {
            const StageTensor *declared = &stage->kind->tensors[t];
            NetworkTensor *tensor = &network->tensors[network->tensor_count];
            size_t elements = 0;
            stage->tensor_count = t + 1;
            if ((declared->role != ROLE_STATISTIC) != trained)
                continue;
            *tensor = (NetworkTensor){
                .role = declared->role, .side = stage->side, .of_stage = true, .offset = *used, .rows = stage->outputs};
            if (declared->shape != NULL)
                declared->shape(stage, &tensor->rows, &tensor->columns);
            name_tensor(stage, declared->part, tensor->name);
            if (__builtin_mul_overflow(tensor->rows, tensor->columns > 0 ? tensor->columns : 1, &elements) ||
                __builtin_add_overflow(*used, elements, used) || *used > SIZE_MAX / 64)
                return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s has more elements than can be addressed",
                                 tensor->name);
            stage->offsets[t] = tensor->offset;
            stage->sizes[t] = elements;
            network->tensor_count += elements > 0;
        }
    }
    return PERCEPT_OK;
}

/* ---- Questions --------------------------------------------------------------------------------------------------- */

const StageKind *network_stage_kind(const Network *network, size_t index)
{
    for (size_t s = 0; s < network->stage_count; s++) {
        const StageKind *kind = network->stages[s].kind;
        bool seen = false;
        for (size_t earlier = 0; earlier < s; earlier++)
            seen = seen || network->stages[earlier].kind == kind;
        if (!seen && index-- == 0)
            return kind;
    }
    return NULL;
}

bool network_activation_is_replaced(const Network *network, size_t l)
{
    const SideStages *here = &network->sides[l + 1];
    for (size_t s = here->first; s < here->first + here->before + here->after; s++)
        if (network->stages[s].kind->in_place_of_activation)
            return true;
    return false;
}

void network_clear_stages(Network *network)
{
    for (size_t s = 0; s < network->stage_count && network->stages != NULL; s++)
        memory_free(network->stages[s].counts);
    memory_free(network->stages);
    memory_free(network->sides);
}
