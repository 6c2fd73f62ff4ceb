/* Derivatives with respect to the inputs of a model: the public percept_gradient_ functions. */
#include <string.h>

#include "base/memory.h"
#include "train/gradient_view.h"
#include "train/member_gradient.h"
#include "train/target_units.h"

/* Opaque in the public header. */
struct percept_gradient {
    GradientRoom room;
    MemberGradient *members;      /* of a network with members; in place of the views */
    GradientView all;             /* for the loss of all outputs */
    GradientView output;          /* for one output */
    GradientView loss;            /* for the loss of one output, where targets have units of their own */
    percept_predictor *predictor; /* of transformed targets, whose derivatives depend on the prediction … */
    double *predictions;          /* … GRADIENT_BLOCK × outputs of it */
};

/* ---- Life ---------------------------------------------------------------------------------------------------------- */

static bool has_units(const percept_model *model)
{
    return model->target_scaler.deviation != NULL || model->target_scaler.transform.kind != TARGET_AS_IT_IS ||
           model->network.intervals > 0;
}

static percept_status prepare_predictions(percept_gradient *gradient, const percept_model *model, size_t threads,
                                          percept_error *error)
{
    percept_status status =
        memory_allocate(GRADIENT_BLOCK, network_outputs(&model->network) * sizeof *gradient->predictions,
                        "the predictions", &gradient->predictions, error);
    return status == PERCEPT_OK ? percept_predictor_create(model, threads, &gradient->predictor, error) : status;
}

static percept_status prepare(percept_gradient *gradient, const percept_model *model, size_t threads,
                              percept_error *error)
{
    const GradientRoom *room = &gradient->room;
    percept_status status = gradient_room_create(model, threads, &gradient->room, error);
    if (status == PERCEPT_OK && model->target_scaler.transform.kind != TARGET_AS_IT_IS)
        status = prepare_predictions(gradient, model, threads, error);
    if (status != PERCEPT_OK)
        return status;
    const Network *network = gradient_network(room);
    if (network->members > 1)
        return member_gradient_create(room, &gradient->members, error);
    status = gradient_view_create(room, network, false, network->loss, &gradient->all, error);
    if (status == PERCEPT_OK)
        status = gradient_view_create(room, network, true, gradient_output_loss(), &gradient->output, error);
    if (status == PERCEPT_OK && has_units(model))
        status = gradient_view_create(room, network, true, network->loss, &gradient->loss, error);
    return status;
}

percept_status percept_gradient_create(const percept_model *model, size_t threads, percept_gradient **out,
                                       percept_error *error)
{
    if (model == NULL || out == NULL)
        return error_null(error, "percept_gradient_create", "model and out");
    percept_gradient *gradient = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *gradient, "a gradient", &gradient, error);
    if (status != PERCEPT_OK)
        return status;
    status = prepare(gradient, model, threads, error);
    if (status == PERCEPT_OK)
        *out = gradient;
    else
        percept_gradient_free(gradient);
    return status;
}

void percept_gradient_free(percept_gradient *gradient)
{
    if (gradient == NULL)
        return;
    member_gradient_free(gradient->members);
    gradient_view_clear(&gradient->all);
    gradient_view_clear(&gradient->output);
    gradient_view_clear(&gradient->loss);
    gradient_room_clear(&gradient->room);
    percept_predictor_free(gradient->predictor);
    memory_free(gradient->predictions);
    memory_free(gradient);
}

static size_t block_of(size_t count, size_t first)
{
    return count - first < GRADIENT_BLOCK ? count - first : GRADIENT_BLOCK;
}

/* ---- Public -------------------------------------------------------------------------------------------------------- */

/* Derivatives of what the network learned in place of target `output` become those of the target. */
static void turn_back(percept_gradient *gradient, const double *features, size_t count, size_t output, double *out)
{
    const percept_model *model = gradient->room.model;
    const size_t inputs = network_inputs(&model->network), outputs = network_outputs(&model->network);
    if (gradient->predictor == NULL)
        return;
    percept_predictor_run(gradient->predictor, features, count, gradient->predictions);
    for (size_t p = 0; p < count * inputs; p++)
        out[p] *=
            target_slope(&model->target_scaler.transform, output, gradient->predictions[p / inputs * outputs + output]);
}

percept_status percept_gradient_of_output(percept_gradient *gradient, const double *features, size_t count,
                                          size_t output, double *out, percept_error *error)
{
    if (gradient == NULL || (count > 0 && (features == NULL || out == NULL)))
        return error_null(error, "percept_gradient_of_output", "gradient, features and out");
    const percept_model *model = gradient->room.model;
    const size_t inputs = network_inputs(&model->network), outputs = network_outputs(&model->network);
    if (output >= outputs)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "output %zu of a model whose outputs are 0 to %zu", output,
                         outputs - 1);
    const double unit = model->target_scaler.deviation != NULL ? model->target_scaler.deviation[output] : 1;
    const GradientAnswers answers = gradient_output_answers(&gradient->room);
    memset(out, 0, count * inputs * sizeof *out);
    if (gradient->members == NULL)
        gradient_view_choose(&gradient->room, &gradient->output, output);
    for (size_t first = 0; first < count; first += GRADIENT_BLOCK) {
        const double *X = features + first * inputs;
        const size_t n = block_of(count, first);
        if (gradient->members != NULL)
            member_gradient_add(gradient->members, &gradient->room, X, n, &(MemberQuantity){.output = output},
                                out + first * inputs);
        else
            gradient_view_add(&gradient->room, &gradient->output, X, n, &answers, unit, NULL, out + first * inputs);
        turn_back(gradient, X, n, output, out + first * inputs);
    }
    return PERCEPT_OK;
}

static percept_status check_wanted(const percept_model *model, size_t count, const int32_t *labels,
                                   const double *targets, percept_error *error)
{
    if ((labels != NULL) == (targets != NULL) || (labels != NULL) != (model->class_count > 0))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the model compares with %s; give these, and NULL for the other",
                         model->class_count > 0 ? "labels" : "targets");
    for (size_t i = 0; labels != NULL && i < count; i++)
        if (labels[i] < 0 || (size_t)labels[i] >= model->class_count)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "row %zu: the label is %d, but classes are 0 to %zu", i + 1,
                             labels[i], model->class_count - 1);
    return PERCEPT_OK;
}

/* The loss in the units of the targets is 1/k Σ_j σ_j^p loss(z_j): output by output. */
static void add_by_output(percept_gradient *gradient, const double *features, size_t count, const double *targets,
                          double *out)
{
    const percept_model *model = gradient->room.model;
    const size_t outputs = network_outputs(&model->network);
    double own[GRADIENT_BLOCK], *mean = model->target_scaler.mean;
    for (size_t k = 0; k < outputs; k++) {
        TargetTransform transform = model->target_scaler.transform;
        if (transform.kind == TARGET_QUANTILE) {
            transform.values += k * transform.knots;
            transform.normals += k * transform.knots;
        }
        const Scaler scaler = {.kind = SCALER_STANDARDIZE,
                               .width = 1,
                               .divisor = 1,
                               .mean = mean != NULL ? &mean[k] : NULL,
                               .deviation = mean != NULL ? &model->target_scaler.deviation[k] : NULL,
                               .transform = transform};
        for (size_t i = 0; i < count; i++)
            own[i] = targets[i * outputs + k];
        const GradientAnswers answers = {.targets = own, .target_width = 1, .scaler = &scaler};
        gradient_view_choose(&gradient->room, &gradient->loss, k);
        gradient_view_add(&gradient->room, &gradient->loss, features, count, &answers,
                          target_unit(model, k) / (double)outputs, NULL, out);
    }
}

/* Of at most GRADIENT_BLOCK examples. */
static void add_loss(percept_gradient *gradient, const double *features, size_t count, const int32_t *labels,
                     const double *targets, double *out)
{
    const size_t outputs = network_outputs(&gradient->room.model->network);
    const GradientAnswers answers = {.labels = labels, .targets = targets, .target_width = outputs};
    if (gradient->members != NULL)
        member_gradient_add(gradient->members, &gradient->room, features, count,
                            &(MemberQuantity){.labels = labels, .targets = targets}, out);
    else if (has_units(gradient->room.model))
        add_by_output(gradient, features, count, targets, out);
    else
        gradient_view_add(&gradient->room, &gradient->all, features, count, &answers, 1, NULL, out);
}

percept_status percept_gradient_of_loss(percept_gradient *gradient, const double *features, size_t count,
                                        const int32_t *labels, const double *targets, double *out, percept_error *error)
{
    if (gradient == NULL || (count > 0 && (features == NULL || out == NULL)))
        return error_null(error, "percept_gradient_of_loss", "gradient, features and out");
    const percept_model *model = gradient->room.model;
    const size_t inputs = network_inputs(&model->network), outputs = network_outputs(&model->network);
    percept_status status = check_wanted(model, count, labels, targets, error);
    if (status != PERCEPT_OK)
        return status;
    memset(out, 0, count * inputs * sizeof *out);
    for (size_t first = 0; first < count; first += GRADIENT_BLOCK)
        add_loss(gradient, features + first * inputs, block_of(count, first), labels != NULL ? labels + first : NULL,
                 targets != NULL ? targets + first * outputs : NULL, out + first * inputs);
    return PERCEPT_OK;
}
