#include "model/combine.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "model/schema_text.h"
#include "nn/activation.h"
#include "nn/loss.h"
#include "nn/members.h"

/* ---- What must agree --------------------------------------------------------------------------------------------- */

static percept_status refuse(percept_error *error, const char *text)
{
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s", text);
}

/* Equal numbers, or NaN in both. */
static bool is_same(const double *a, const double *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(a[i] >= b[i] && a[i] <= b[i]) && !(isnan(a[i]) && isnan(b[i])))
            return false;
    return true;
}

static bool is_same_stage(const Stage *a, const Stage *b)
{
    return a->kind == b->kind && a->side == b->side && a->first == b->first && a->inputs == b->inputs &&
           a->outputs == b->outputs && a->from == b->from && a->activation == b->activation &&
           is_same(a->settings, b->settings, STAGE_SETTINGS) && (a->counts == NULL) == (b->counts == NULL) &&
           (a->counts == NULL || memcmp(a->counts, b->counts, a->inputs * sizeof *a->counts) == 0);
}

static percept_status check_layers(const Network *first, const Network *other, percept_error *error)
{
    if (first->depth != other->depth)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "it has %zu layers, not %zu", other->depth, first->depth);
    for (size_t l = 0; l < first->depth; l++) {
        const Layer *a = &first->layers[l], *b = &other->layers[l];
        const bool inputs = a->inputs != b->inputs;
        if (inputs || a->outputs != b->outputs)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "its layer %zu has %zu %s, not %zu", l + 1,
                             inputs ? b->inputs : b->outputs, inputs ? "inputs" : "outputs",
                             inputs ? a->inputs : a->outputs);
        if (a->activation != b->activation)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "the activation of its layer %zu is %s, not %s", l + 1,
                             activation_at_f64(b->activation)->name, activation_at_f64(a->activation)->name);
    }
    return PERCEPT_OK;
}

static percept_status check_stages(const Network *first, const Network *other, percept_error *error)
{
    for (size_t s = 0; s < first->stage_count || s < other->stage_count; s++) {
        const Stage *a = s < first->stage_count ? &first->stages[s] : NULL;
        const Stage *b = s < other->stage_count ? &other->stages[s] : NULL;
        if (a == NULL || b == NULL || a->kind != b->kind)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "its stage %zu is %s, not %s", s + 1,
                             b != NULL ? b->kind->name : "missing", a != NULL ? a->kind->name : "missing");
        if (!is_same_stage(a, b))
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "its stage %zu, %s, has other settings", s + 1,
                             a->kind->name);
    }
    return PERCEPT_OK;
}

static bool is_same_scaler(const Scaler *a, const Scaler *b)
{
    return a->width == b->width && is_same(&a->divisor, &b->divisor, 1) &&
           target_transform_is_same(&a->transform, &b->transform) && (a->mean == NULL) == (b->mean == NULL) &&
           (a->mean == NULL || (is_same(a->mean, b->mean, a->width) && is_same(a->deviation, b->deviation, a->width)));
}

static bool is_same_list(char *const *a, char *const *b, size_t count)
{
    for (size_t i = 0; a != NULL && b != NULL && i < count; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

static percept_status check_columns(const Schema *first, const Schema *other, percept_error *error)
{
    char *a = NULL, *b = NULL;
    bool same = first->width == other->width;
    percept_status status = PERCEPT_OK;
    if (!same)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "it takes %zu features, not %zu", other->width, first->width);
    status = schema_text_write(first, &a, error);
    if (status == PERCEPT_OK)
        status = schema_text_write(other, &b, error);
    if (status == PERCEPT_OK && strcmp(a, b) != 0)
        status = refuse(error, "its columns or their categories are others");
    memory_free(a);
    memory_free(b);
    if (status != PERCEPT_OK)
        return status;
    same = (first->fills == NULL) == (other->fills == NULL) &&
           (first->fills == NULL || is_same(first->fills, other->fills, first->width));
    if (!same)
        return refuse(error, "it fills gaps with other values; it was trained on another training part");
    if (first->target_width != other->target_width ||
        !is_same_list(first->targets, other->targets, first->target_width))
        return refuse(error, "its targets are others");
    return PERCEPT_OK;
}

percept_status combine_check(const percept_model *first, const percept_model *other, percept_error *error)
{
    const Network *a = &first->network, *b = &other->network;
    if (first->class_count != other->class_count ||
        !is_same_list(first->class_names, other->class_names, first->class_count))
        return refuse(error, "its classes are others, or in another order");
    percept_status status = check_columns(&first->schema, &other->schema, error);
    if (status == PERCEPT_OK)
        status = check_layers(a, b, error);
    if (status == PERCEPT_OK)
        status = check_stages(a, b, error);
    if (status != PERCEPT_OK)
        return status;
    if (first->precision != other->precision)
        return refuse(error, "one of them is float32, the other float64");
    if (a->loss != b->loss)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "its loss is %s, not %s", loss_at_f64(b->loss)->name,
                         loss_at_f64(a->loss)->name);
    if (a->intervals != b->intervals)
        return refuse(error, "its intervals are for another fraction of the targets");
    if (!is_same_scaler(&first->scaler, &other->scaler) ||
        !is_same_scaler(&first->target_scaler, &other->target_scaler))
        return refuse(error, "it scales features or targets otherwise; it was trained on another training part");
    return PERCEPT_OK;
}

/* ---- Making ------------------------------------------------------------------------------------------------------ */

static percept_status copy_scaler(const Scaler *from, Scaler *to, percept_error *error)
{
    Scaler made = *from;
    made.mean = made.deviation = NULL;
    *to = (Scaler){0};
    percept_status status = target_transform_copy(&from->transform, &made.transform, error);
    if (status == PERCEPT_OK && from->mean != NULL)
        status = memory_allocate(from->width, sizeof *made.mean, "the scaling", &made.mean, error);
    if (status == PERCEPT_OK && from->mean != NULL)
        status = memory_allocate(from->width, sizeof *made.deviation, "the scaling", &made.deviation, error);
    if (status != PERCEPT_OK) {
        scaler_clear(&made);
        return status;
    }
    for (size_t j = 0; from->mean != NULL && j < from->width; j++) {
        made.mean[j] = from->mean[j];
        made.deviation[j] = from->deviation[j];
    }
    *to = made;
    return PERCEPT_OK;
}

/* A model like the given one, but with so many members, whose values are zero. */
static percept_status make_like(const percept_model *model, size_t members, percept_model **out, percept_error *error)
{
    Network network = {0};
    Scaler scaler = {0};
    percept_model *made = NULL;
    percept_status status = network_with_members(&model->network, members, &network, error);
    if (status == PERCEPT_OK)
        status = copy_scaler(&model->scaler, &scaler, error);
    if (status == PERCEPT_OK)
        status =
            model_create(&network, model->precision, &scaler, model->class_count, model->class_names, &made, error);
    if (status == PERCEPT_OK)
        status = copy_scaler(&model->target_scaler, &made->target_scaler, error);
    if (status == PERCEPT_OK)
        status = model_set_schema(made, &model->schema, error);
    if (status == PERCEPT_OK)
        *out = made;
    else
        percept_model_free(made);
    network_clear(&network);
    scaler_clear(&scaler);
    return status;
}

percept_status combine_members(const CombineMember *members, size_t count, percept_model **out, percept_error *error)
{
    const percept_model *first = members[0].model;
    percept_model *made = NULL;
    percept_status status = PERCEPT_OK;
    for (size_t m = 1; status == PERCEPT_OK && m < count; m++)
        status = members[m].model != first ? combine_check(first, members[m].model, error) : PERCEPT_OK;
    if (status == PERCEPT_OK && count > NETWORK_MOST_MEMBERS)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "together they have %zu members; a model has at most %d",
                           count, NETWORK_MOST_MEMBERS);
    if (status == PERCEPT_OK)
        status = make_like(first, count, &made, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t m = 0; m < count; m++)
        network_copy_member(&members[m].model->network, members[m].model->parameters, members[m].member, &made->network,
                            made->parameters, m, model_real_size(made));
    *out = made;
    return PERCEPT_OK;
}

/* Mean of value i; equal values stay as they are. */
static double mean_at(const percept_model *const *models, size_t count, size_t i)
{
    double sum = 0, first = 0;
    bool same = true;
    for (size_t k = 0; k < count; k++) {
        const double value = models[k]->precision == PERCEPT_FLOAT64
                                 ? ((const double *)models[k]->parameters)[i]
                                 : (double)((const float *)models[k]->parameters)[i];
        first = k == 0 ? value : first;
        same = same && value >= first && value <= first;
        sum += value;
    }
    return same ? first : sum / (double)count;
}

percept_status combine_average(const percept_model *const *models, size_t count, percept_model **out,
                               percept_error *error)
{
    const percept_model *first = models[0];
    percept_model *made = NULL;
    percept_status status = PERCEPT_OK;
    for (size_t k = 1; status == PERCEPT_OK && k < count; k++) {
        status = combine_check(first, models[k], error);
        if (status == PERCEPT_OK && models[k]->network.members != first->network.members)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT, "its number of members is %zu, not %zu",
                               models[k]->network.members, first->network.members);
    }
    if (status == PERCEPT_OK)
        status = make_like(first, first->network.members, &made, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < made->network.value_count; i++) {
        const double mean = mean_at(models, count, i);
        if (made->precision == PERCEPT_FLOAT64)
            ((double *)made->parameters)[i] = mean;
        else
            ((float *)made->parameters)[i] = (float)mean;
    }
    *out = made;
    return PERCEPT_OK;
}
