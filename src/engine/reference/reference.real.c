#include <string.h>

#include "base/memory.h"
#include "base/real.h"
#include "engine/reference/reference.h"
#include "engine/reference/sides.h"
#include "nn/activation.h"
#include "nn/loss.h"

/* All matrices are row-major with one example a row; n is the number of examples in the batch. */
typedef struct Reference {
    Engine engine;
    size_t depth;
    REAL(Sides) sides;
    real *delta;     /* n × widest: dL/d input of the side at hand */
    real *previous;  /* n × widest: dL/d output of the side before it */
    real *gradient;  /* parameter_count, for engine_step */
    real *losses;    /* n */
    real *targets;   /* n × outputs */
    int32_t *labels; /* n */
} Reference;

/* What a call is for. Dropout, smoothed labels and class weights belong to training. */
typedef enum Purpose { EVALUATION, TRAINING } Purpose;

static const double *class_weights_of(const Reference *reference, Purpose purpose)
{
    return purpose == TRAINING ? reference->engine.config.class_weights : NULL;
}

/* Z (n × out) = A (n × in) · Wᵀ (in × out) + b */
static void forward_layer(const Layer *layer, const real *parameters, size_t n, const real *A, real *Z)
{
    const real *W = parameters + layer->weights, *b = parameters + layer->biases;
    for (size_t i = 0; i < n; i++)
        for (size_t o = 0; o < layer->outputs; o++) {
            real sum = 0;
            for (size_t k = 0; k < layer->inputs; k++)
                sum += A[i * layer->inputs + k] * W[o * layer->inputs + k];
            Z[i * layer->outputs + o] = sum + b[o];
        }
}

/* dW (out × in) = scale · dZᵀ (out × n) · A (n × in), db (out) = scale · Σ_i dZ_i */
static void gradient_layer(const Layer *layer, size_t n, real_scalar scale, const real *A, const real *dZ,
                           real *gradient)
{
    real *dW = gradient + layer->weights, *db = gradient + layer->biases;
    for (size_t o = 0; o < layer->outputs; o++) {
        for (size_t k = 0; k < layer->inputs; k++) {
            real sum = 0;
            for (size_t i = 0; i < n; i++)
                sum += dZ[i * layer->outputs + o] * A[i * layer->inputs + k];
            dW[o * layer->inputs + k] = scale * sum;
        }
        real sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += dZ[i * layer->outputs + o];
        db[o] = scale * sum;
    }
}

/* dA (n × in) = dZ (n × out) · W (out × in) */
static void backward_layer(const Layer *layer, const real *parameters, size_t n, const real *dZ, real *dA)
{
    const real *W = parameters + layer->weights;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < layer->inputs; k++) {
            real sum = 0;
            for (size_t o = 0; o < layer->outputs; o++)
                sum += dZ[i * layer->outputs + o] * W[o * layer->inputs + k];
            dA[i * layer->inputs + k] = sum;
        }
}

/* Σ_layers l1‖W‖₁ + l2‖W‖₂² */
static real penalty_value(const Network *network, const real *parameters)
{
    real total = 0;
    for (size_t l = 0; l < network->depth; l++) {
        const Layer *layer = &network->layers[l];
        if (layer->l1 == 0 && layer->l2 == 0)
            continue;
        real absolute = 0, squared = 0;
        for (size_t p = layer->weights; p < layer->biases; p++) {
            const int sign = (real_part(parameters[p]) > 0) - (real_part(parameters[p]) < 0); /* at 0 it is flat */
            absolute += (real_scalar)sign * parameters[p];
            squared += parameters[p] * parameters[p];
        }
        total += (real_scalar)layer->l1 * absolute + (real_scalar)layer->l2 * squared;
    }
    return total;
}

/* gradient += scale · (l1 · sign W + 2 l2 · W) + decay · W; sign 0 is 0, biases are free */
static void penalty_gradient(const Network *network, const real *parameters, real_scalar scale, real_scalar decay,
                             real *gradient)
{
    for (size_t l = 0; l < network->depth; l++) {
        const Layer *layer = &network->layers[l];
        const real_scalar l1 = scale * (real_scalar)layer->l1, l2 = scale * 2 * (real_scalar)layer->l2 + decay;
        if (l1 == 0 && l2 == 0)
            continue;
        for (size_t p = layer->weights; p < layer->biases; p++) {
            const int sign = (real_part(parameters[p]) > 0) - (real_part(parameters[p]) < 0);
            gradient[p] += l1 * (real_scalar)sign + l2 * parameters[p];
        }
    }
    for (size_t t = 0; t < network->tensor_count && decay != 0; t++) {
        const NetworkTensor *tensor = &network->tensors[t];
        if (tensor->of_stage && tensor_is_decayed(tensor->role))
            for (size_t p = tensor->offset; p < tensor->offset + tensor_size(tensor); p++)
                gradient[p] += decay * parameters[p];
    }
}

/* From the scaled features in the input of side 0. */
static void forward_gathered(Reference *reference, const real *parameters, size_t count, Purpose purpose)
{
    const Network *network = reference->engine.config.network;
    const REAL(Side) *side = reference->sides.side;
    for (size_t l = 0; l <= reference->depth; l++) {
        if (l > 0)
            forward_layer(&network->layers[l - 1], parameters, count, side[l - 1].output, side[l].input);
        REAL(side_forward)(&reference->sides, l, count, purpose == TRAINING, parameters);
    }
}

static void gather(Reference *reference, const Batch *batch)
{
    REAL(batch_gather)
    (batch, 0, batch->count, reference->sides.side[0].input, network_inputs(reference->engine.config.network));
}

static void forward(Reference *reference, const real *parameters, const Batch *batch, Purpose purpose)
{
    gather(reference, batch);
    forward_gathered(reference, parameters, batch->count, purpose);
}

static REAL(Answers) answers_of(Reference *reference, const Batch *batch, Purpose purpose)
{
    REAL(Answers)
    answers = {.smoothing = purpose == TRAINING ? reference->engine.config.network->label_smoothing : 0};
    if (batch_has_targets(batch)) {
        const Network *network = reference->engine.config.network;
        REAL(batch_targets_of)(batch, network_outputs(network), 0, batch->count, reference->targets);
        answers.levels = network_levels(network, 0);
        answers.targets = reference->targets;
    } else {
        batch_labels(batch, 0, batch->count, reference->labels);
        answers.labels = reference->labels;
    }
    if (batch_is_mixed(batch) && !batch_has_targets(batch)) {
        const size_t width = network_outputs(reference->engine.config.network);
        REAL(batch_soft_labels)(batch, width, answers.smoothing, 0, batch->count, reference->targets);
        answers.targets = reference->targets;
    }
    return answers;
}

/* The examples' losses into reference->losses, after forward. */
static void losses_of(Reference *reference, size_t n, REAL(Answers) answers)
{
    const Network *network = reference->engine.config.network;
    const REAL(Side) *last = &reference->sides.side[reference->depth];
    REAL(loss_at)
    (network->loss)->forward(n, network_outputs(network), last->Z, last->A, answers, reference->losses);
}

static void sum_up(Reference *reference, const real *parameters, const Batch *batch, REAL(Answers) answers,
                   Purpose purpose, EngineSums *sums)
{
    const Network *network = reference->engine.config.network;
    const size_t outputs = network_outputs(network);
    answers.units = purpose == TRAINING ? reference->engine.config.loss_units : NULL;
    losses_of(reference, batch->count, answers);
    const double *class_weights = class_weights_of(reference, purpose);
    *sums = (EngineSums){.count = batch->count};
    for (size_t i = 0; i < batch->count; i++) {
        const double weight = batch_weight(batch, class_weights, i);
        sums->weight += weight;
        sums->loss += weight * (double)real_part(reference->losses[i]);
        if (answers.labels != NULL &&
            REAL(output_class)(outputs, reference->sides.side[reference->depth].A + i * outputs) == answers.labels[i])
            sums->correct++;
    }
    sums->penalty = (double)real_part(penalty_value(network, parameters));
}

/* w · dL/dZ of the last layer into delta, per example */
static void output_delta(Reference *reference, const Batch *batch, REAL(Answers) answers)
{
    const size_t n = batch->count;
    const Network *network = reference->engine.config.network;
    const REAL(Loss) *loss = REAL(loss_at)(network->loss);
    const REAL(Side) *last = &reference->sides.side[reference->depth];
    const size_t outputs = network_outputs(network);
    loss->backward(n, outputs, last->Z, last->A, answers, reference->delta);
    if (loss->output == NULL)
        REAL(activation_at)
    (network_output_activation(network))->backward(n, outputs, last->Z, last->A, reference->delta, reference->delta);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < outputs; j++)
            reference->delta[i * outputs + j] *=
                (real_scalar)batch_weight(batch, class_weights_of(reference, TRAINING), i);
}

/* From the last layer to the first: gradients of weights, then of the layer's inputs, then through what the side before it
 * does. */
static void backward(Reference *reference, const real *parameters, size_t n, real_scalar scale, real *gradient,
                     real *input_gradient)
{
    const Network *network = reference->engine.config.network;
    for (size_t l = reference->depth; l-- > 0;) {
        const Layer *layer = &network->layers[l];
        gradient_layer(layer, n, scale, reference->sides.side[l].output, reference->delta, gradient);
        if (l == 0 && input_gradient == NULL && network->sides[0].before == 0)
            break;
        backward_layer(layer, parameters, n, reference->delta, reference->previous);
        REAL(side_backward)(&reference->sides, l, n, reference->previous, reference->delta, gradient);
    }
    for (size_t i = 0; i < n * network_inputs(network) && input_gradient != NULL; i++)
        input_gradient[i] = reference->delta[i] * scale;
    for (size_t p = network->dense_count; p < network->parameter_count; p++)
        gradient[p] *= scale;
}

static void gradient_with_decay(Reference *reference, const real *parameters, const Batch *batch, double decay,
                                real *gradient, real *input_gradient, EngineSums *sums)
{
    const Network *network = reference->engine.config.network;
    forward(reference, parameters, batch, TRAINING);
    const REAL(Answers) answers = answers_of(reference, batch, TRAINING);
    sum_up(reference, parameters, batch, answers, TRAINING, sums);
    output_delta(reference, batch, answers);
    const double scale = network->sum ? 1 : sums->weight > 0 ? 1 / sums->weight : 0;
    backward(reference, parameters, batch->count, (real_scalar)scale, gradient, input_gradient);
    penalty_gradient(network, parameters, network->sum ? (real_scalar)sums->weight : 1, (real_scalar)decay, gradient);
}

/* ---- The engine's methods ---------------------------------------------------------------------------------------- */

/* Outputs and logits, where they are wanted. */
static void leave_outputs(const Reference *reference, size_t n, void *outputs)
{
    const EngineConfig *config = &reference->engine.config;
    const size_t bytes = n * network_outputs(config->network) * sizeof(real);
    if (outputs != NULL)
        memcpy(outputs, reference->sides.side[reference->depth].A, bytes);
    if (config->logits != NULL)
        memcpy(config->logits, reference->sides.side[reference->depth].Z, bytes);
}

static void predict_method(Engine *engine, const void *parameters, const Batch *batch, void *outputs)
{
    Reference *reference = (Reference *)engine;
    forward(reference, parameters, batch, EVALUATION);
    leave_outputs(reference, batch->count, outputs);
}

static void evaluate_method(Engine *engine, const void *parameters, const Batch *batch, void *outputs, EngineSums *sums)
{
    Reference *reference = (Reference *)engine;
    forward(reference, parameters, batch, EVALUATION);
    sum_up(reference, parameters, batch, answers_of(reference, batch, EVALUATION), EVALUATION, sums);
    leave_outputs(reference, batch->count, outputs);
}

static void gradient_method(Engine *engine, const void *parameters, const Batch *batch, void *gradient,
                            void *input_gradient, EngineSums *sums)
{
    Reference *reference = (Reference *)engine;
    gradient_with_decay(reference, parameters, batch, 0, gradient != NULL ? gradient : reference->gradient,
                        input_gradient, sums);
}

static void step_method(Engine *engine, void *parameters, const Batch *batch, const EngineUpdate *update,
                        EngineSums *sums)
{
    Reference *reference = (Reference *)engine;
    const size_t count = engine->config.network->parameter_count;
    gradient_with_decay(reference, parameters, batch, update->weight_decay, reference->gradient, NULL, sums);
    REAL(sides_update_statistics)(&reference->sides, parameters);
    if (update->apply != NULL) {
        update->apply(update->state, 0, count, parameters, reference->gradient);
        return;
    }
    real *p = parameters;
    for (size_t i = 0; i < count; i++)
        p[i] -= (real_scalar)update->learning_rate * reference->gradient[i];
}

static void free_method(Engine *engine)
{
    Reference *reference = (Reference *)engine;
    REAL(sides_clear)(&reference->sides);
    memory_free(reference->delta);
    memory_free(reference->previous);
    memory_free(reference->gradient);
    memory_free(reference->losses);
    memory_free(reference->targets);
    memory_free(reference->labels);
    memory_free(reference);
}

static void plan_method(const Engine *engine, size_t layer, EngineProduct product, size_t examples, EnginePlan *out)
{
    (void)engine, (void)layer, (void)product, (void)examples;
    *out = (EnginePlan){.kernel = "plain loops"};
}

static const EngineMethods methods = {free_method,     predict_method, evaluate_method,
                                      gradient_method, step_method,    plan_method};

/* The loss after a forward pass. */
static real whole_loss(Reference *reference, const real *parameters, const Batch *batch)
{
    const Network *network = reference->engine.config.network;
    losses_of(reference, batch->count, answers_of(reference, batch, TRAINING));
    real sum = 0;
    real_scalar weights = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const real_scalar weight = (real_scalar)batch_weight(batch, reference->engine.config.class_weights, i);
        sum += weight * reference->losses[i];
        weights += weight;
    }
    const real penalty = penalty_value(network, parameters);
    if (network->sum)
        return sum + weights * penalty;
    return (weights > 0 ? sum / weights : 0) + penalty;
}

real REAL(reference_loss)(Engine *engine, const real *parameters, const Batch *batch)
{
    Reference *reference = (Reference *)engine;
    forward(reference, parameters, batch, TRAINING);
    return whole_loss(reference, parameters, batch);
}

real REAL(reference_loss_moved)(Engine *engine, const real *parameters, const Batch *batch, size_t feature, real move)
{
    Reference *reference = (Reference *)engine;
    gather(reference, batch);
    reference->sides.side[0].input[feature] += move;
    forward_gathered(reference, parameters, batch->count, TRAINING);
    return whole_loss(reference, parameters, batch);
}

/* Unit `unit` of Z, a column, by the sums of forward_layer. */
static void forward_unit(const Layer *layer, const real *parameters, size_t n, const real *A, size_t unit, real *Z)
{
    const real *W = parameters + layer->weights + unit * layer->inputs, *b = parameters + layer->biases;
    for (size_t i = 0; i < n; i++) {
        real sum = 0;
        for (size_t k = 0; k < layer->inputs; k++)
            sum += A[i * layer->inputs + k] * W[k];
        Z[i * layer->outputs + unit] = sum + b[unit];
    }
}

real REAL(reference_loss_from)(Engine *engine, const real *parameters, const Batch *batch, size_t l, size_t unit)
{
    Reference *reference = (Reference *)engine;
    const Network *network = engine->config.network;
    const REAL(Side) *side = reference->sides.side;
    const size_t n = batch->count, width = network_side_width(network, l);
    real *kept = reference->delta;
    for (size_t i = 0; i < n && unit < width; i++)
        kept[i] = side[l].input[i * width + unit];
    if (unit < width)
        forward_unit(&network->layers[l - 1], parameters, n, side[l - 1].output, unit, side[l].input);
    for (size_t s = l; s <= reference->depth; s++) {
        if (s > l)
            forward_layer(&network->layers[s - 1], parameters, n, side[s - 1].output, side[s].input);
        REAL(side_forward)(&reference->sides, s, n, true, parameters);
    }
    const real loss = whole_loss(reference, parameters, batch);
    for (size_t i = 0; i < n && unit < width; i++)
        side[l].input[i * width + unit] = kept[i];
    return loss;
}

REAL(ReferenceLayer) REAL(reference_layer)(const Engine *engine, size_t l)
{
    const REAL(Side) *side = ((const Reference *)engine)->sides.side;
    return (REAL(ReferenceLayer)){side[l].output, side[l + 1].Z, side[l + 1].A};
}

const REAL(StageRun) * REAL(reference_stage)(const Engine *engine, size_t s)
{
    return &((const Reference *)engine)->sides.runs[s];
}

/* rows × width numbers, checked for overflow */
static percept_status allocate_matrix(size_t rows, size_t width, const char *what, real **out, percept_error *error)
{
    size_t count = 0;
    if (__builtin_mul_overflow(rows, width, &count))
        return error_set(error, PERCEPT_ERROR_MEMORY, "%s of %zu examples × %zu is more than can be addressed", what,
                         rows, width);
    return memory_allocate(count, sizeof(real), what, out, error);
}

static percept_status allocate_buffers(Reference *reference, percept_error *error)
{
    const EngineConfig *config = &reference->engine.config;
    const Network *network = config->network;
    const size_t n = config->batch_capacity, inputs = network->layers[0].inputs;
    const size_t columns = inputs > network_inputs(network) ? inputs : network_inputs(network);
    const size_t widest = columns > network_widest(network) ? columns : network_widest(network);
    percept_status status = REAL(sides_create)(config, &reference->sides, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(n, sizeof *reference->losses, "losses", &reference->losses, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(n, sizeof *reference->labels, "labels", &reference->labels, error);
    if (status == PERCEPT_OK)
        status = allocate_matrix(n, network_outputs(network), "targets", &reference->targets, error);
    if (status != PERCEPT_OK || !config->training)
        return status;
    status = allocate_matrix(n, widest, "deltas", &reference->delta, error);
    if (status == PERCEPT_OK)
        status = allocate_matrix(n, widest, "deltas", &reference->previous, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(network->parameter_count, sizeof(real), "the gradient", &reference->gradient, error);
    return status;
}

percept_status REAL(reference_create)(const EngineConfig *config, Engine **out, percept_error *error)
{
    Reference *reference = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *reference, "the engine", &reference, error);
    if (status != PERCEPT_OK)
        return status;
    reference->engine = (Engine){&methods, *config};
    reference->depth = config->network->depth;
    status = allocate_buffers(reference, error);
    if (status == PERCEPT_OK)
        *out = &reference->engine;
    else
        free_method(&reference->engine);
    return status;
}

percept_status REAL(reference_pass)(const Network *network, const real *parameters, const Batch *batch, Engine **out,
                                    percept_error *error)
{
    const EngineConfig config = {
        .network = network, .precision = PERCEPT_FLOAT64, .batch_capacity = batch->count, .training = true};
    const percept_status status = REAL(reference_create)(&config, out, error);
    if (status == PERCEPT_OK)
        forward((Reference *)*out, parameters, batch, TRAINING);
    return status;
}
