/* Derivatives with respect to the inputs of a model: the public percept_gradient_ functions.
 *
 * The engine differentiates losses. The derivative of output k alone is that of the mean absolute error of a network whose
 * last layer is row k of the model's, without activation, against a target far below: |z - t| grows as z does. Such a
 * network needs no parameters of its own, since a layer says where in the vector its weights begin. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "engine/kinds.h"
#include "model/fold.h"
#include "nn/activation.h"
#include "nn/loss.h"
#include "train/predictor.h"
#include "train/target_units.h"

/* Examples of one call of the engine. */
#define BLOCK ((size_t)256)

/* Below every output, and within the range of float32. */
#define FAR_BELOW (-1e30)

/* A network over the model's parameters, and its engine. */
typedef struct View {
    Network network; /* its layers are its own, all else the model's */
    Engine *engine;
} View;

/* Opaque in the public header. */
struct percept_gradient {
    const percept_model *model;
    Network folded;          /* as predictions use it (model/fold.h) … */
    void *folded_parameters; /* … and its parameters; NULL: those of the model */
    Team *team;
    View all;         /* for the loss of all outputs */
    View output;      /* for one output */
    View loss;        /* for the loss of one output, where targets have units of their own */
    void *parameters; /* the gradient of the parameters, which nobody asked for */
    void *inputs;     /* BLOCK × inputs, of the model's precision */
    double *filled;   /* BLOCK × inputs, or NULL */
    double *below;    /* BLOCK targets FAR_BELOW */
    uint32_t rows[BLOCK];
};

static const Network *network_of(const percept_gradient *gradient)
{
    return gradient->folded_parameters != NULL ? &gradient->folded : &gradient->model->network;
}

/* ---- Life ---------------------------------------------------------------------------------------------------------- */

static percept_status view_create(percept_gradient *gradient, bool one, size_t loss, View *out, percept_error *error)
{
    const Network *network = network_of(gradient);
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
                                 .precision = gradient->model->precision,
                                 .batch_capacity = BLOCK,
                                 .training = true,
                                 .frozen = true,
                                 .team = gradient->team};
    return engine_create(engine_kind_find("cpu"), &config, &out->engine, error);
}

static void view_clear(View *view)
{
    engine_free(view->engine);
    memory_free(view->network.layers);
}

static percept_status prepare(percept_gradient *gradient, size_t threads, percept_error *error)
{
    const percept_model *model = gradient->model;
    const size_t inputs = network_inputs(&model->network), real = model_real_size(model);
    percept_status status = model_fold(model, &gradient->folded, &gradient->folded_parameters, error);
    if (status == PERCEPT_OK)
        status = team_create(threads, &gradient->team, error);
    if (status == PERCEPT_OK)
        status = view_create(gradient, false, model->network.loss, &gradient->all, error);
    if (status == PERCEPT_OK)
        status = view_create(gradient, true, (size_t)loss_find("mean-absolute-error"), &gradient->output, error);
    if (status == PERCEPT_OK && model->target_scaler.deviation != NULL)
        status = view_create(gradient, true, model->network.loss, &gradient->loss, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(model->network.value_count, real, "the gradient", &gradient->parameters, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(BLOCK * inputs, real, "the gradient", &gradient->inputs, error);
    if (status == PERCEPT_OK && model->schema.fills != NULL)
        status = memory_allocate(BLOCK * inputs, sizeof(double), "the features", &gradient->filled, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(BLOCK, sizeof(double), "the targets", &gradient->below, error);
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
    gradient->model = model;
    status = prepare(gradient, threads, error);
    if (status != PERCEPT_OK) {
        percept_gradient_free(gradient);
        return status;
    }
    for (size_t i = 0; i < BLOCK; i++) {
        gradient->rows[i] = (uint32_t)i;
        gradient->below[i] = FAR_BELOW;
    }
    *out = gradient;
    return PERCEPT_OK;
}

void percept_gradient_free(percept_gradient *gradient)
{
    if (gradient == NULL)
        return;
    view_clear(&gradient->all);
    view_clear(&gradient->output);
    view_clear(&gradient->loss);
    team_free(gradient->team);
    if (gradient->folded_parameters != NULL)
        network_clear(&gradient->folded);
    memory_free(gradient->folded_parameters);
    memory_free(gradient->parameters);
    memory_free(gradient->inputs);
    memory_free(gradient->filled);
    memory_free(gradient->below);
    memory_free(gradient);
}

/* ---- One block ----------------------------------------------------------------------------------------------------- */

/* What a block of examples is compared with: labels, or targets (count × target_width) scaled by `scaler`. */
typedef struct Wanted {
    const int32_t *labels;
    const double *targets;
    size_t target_width;
    const Scaler *scaler;
} Wanted;

/* Adds to `out` (count × inputs) factor · dL/dx of `count` ≤ BLOCK examples, x in the units of the features. */
static void add_block(percept_gradient *gradient, View *view, const double *features, size_t count,
                      const Wanted *wanted, double factor, double *out)
{
    const percept_model *model = gradient->model;
    const Scaler *scaler = &model->scaler;
    const size_t inputs = network_inputs(&model->network);
    Storage storage = {.references = 1,
                       .type = PERCEPT_FLOAT64,
                       .count = count,
                       .width = inputs,
                       .features = (void *)predictor_fill(model, features, count, gradient->filled),
                       .targets = (double *)wanted->targets,
                       .target_width = wanted->target_width};
    const percept_dataset data = {.storage = &storage,
                                  .count = count,
                                  .rows = gradient->rows,
                                  .labels = (int32_t *)wanted->labels,
                                  .class_count = wanted->labels != NULL ? model->class_count : 0};
    const Batch batch = {.data = &data, .scaler = scaler, .count = count, .target_scaler = wanted->scaler};
    const void *parameters = gradient->folded_parameters != NULL ? gradient->folded_parameters : model->parameters;
    EngineSums sums;
    engine_gradient(view->engine, parameters, &batch, gradient->parameters, gradient->inputs, &sums);
    for (size_t p = 0; p < count * inputs; p++) {
        const double d = model->precision == PERCEPT_FLOAT64 ? ((const double *)gradient->inputs)[p]
                                                             : (double)((const float *)gradient->inputs)[p];
        const double deviation = scaler->deviation != NULL ? scaler->deviation[p % inputs] : 1;
        out[p] += factor * d / (scaler->divisor * deviation);
    }
}

/* The view's network becomes that of output k. */
static void choose_output(const percept_gradient *gradient, View *view, size_t k)
{
    const size_t last = view->network.depth - 1;
    const Layer *whole = &network_of(gradient)->layers[last];
    Layer *layer = &view->network.layers[last];
    layer->weights = whole->weights + k * whole->inputs;
    layer->biases = whole->biases + k;
}

/* ---- Public -------------------------------------------------------------------------------------------------------- */

percept_status percept_gradient_of_output(percept_gradient *gradient, const double *features, size_t count,
                                          size_t output, double *out, percept_error *error)
{
    if (gradient == NULL || (count > 0 && (features == NULL || out == NULL)))
        return error_null(error, "percept_gradient_of_output", "gradient, features and out");
    const percept_model *model = gradient->model;
    const size_t inputs = network_inputs(&model->network), outputs = network_outputs(&model->network);
    if (output >= outputs)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "output %zu of a model whose outputs are 0 to %zu", output,
                         outputs - 1);
    const double unit = model->target_scaler.deviation != NULL ? model->target_scaler.deviation[output] : 1;
    const Wanted wanted = {.targets = gradient->below, .target_width = 1};
    choose_output(gradient, &gradient->output, output);
    memset(out, 0, count * inputs * sizeof *out);
    for (size_t first = 0; first < count; first += BLOCK)
        add_block(gradient, &gradient->output, features + first * inputs, count - first < BLOCK ? count - first : BLOCK,
                  &wanted, unit, out + first * inputs);
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
    const percept_model *model = gradient->model;
    const size_t outputs = network_outputs(&model->network);
    double own[BLOCK];
    for (size_t k = 0; k < outputs; k++) {
        const Scaler scaler = {.kind = SCALER_STANDARDIZE,
                               .width = 1,
                               .divisor = 1,
                               .mean = &model->target_scaler.mean[k],
                               .deviation = &model->target_scaler.deviation[k]};
        for (size_t i = 0; i < count; i++)
            own[i] = targets[i * outputs + k];
        const Wanted wanted = {.targets = own, .target_width = 1, .scaler = &scaler};
        choose_output(gradient, &gradient->loss, k);
        add_block(gradient, &gradient->loss, features, count, &wanted, target_unit(model, k) / (double)outputs, out);
    }
}

percept_status percept_gradient_of_loss(percept_gradient *gradient, const double *features, size_t count,
                                        const int32_t *labels, const double *targets, double *out, percept_error *error)
{
    if (gradient == NULL || (count > 0 && (features == NULL || out == NULL)))
        return error_null(error, "percept_gradient_of_loss", "gradient, features and out");
    const percept_model *model = gradient->model;
    const size_t inputs = network_inputs(&model->network), outputs = network_outputs(&model->network);
    percept_status status = check_wanted(model, count, labels, targets, error);
    if (status != PERCEPT_OK)
        return status;
    memset(out, 0, count * inputs * sizeof *out);
    for (size_t first = 0; first < count; first += BLOCK) {
        const size_t n = count - first < BLOCK ? count - first : BLOCK;
        const double *X = features + first * inputs, *T = targets != NULL ? targets + first * outputs : NULL;
        const Wanted wanted = {.labels = labels != NULL ? labels + first : NULL, .targets = T, .target_width = outputs};
        if (model->target_scaler.deviation != NULL)
            add_by_output(gradient, X, n, T, out + first * inputs);
        else
            add_block(gradient, &gradient->all, X, n, &wanted, 1, out + first * inputs);
    }
    return PERCEPT_OK;
}
