/* A call on a tiny network, from the batch to the update. n examples; W (out × in) is row-major, as it is in the flat
 * vector, and all matrices are read where they lie:
 *
 *   forward          Z (n × out) = A (n × in) · Wᵀ + b     vectors along k, or along the rows of a Wᵀ turned for the call
 *   input gradient   dA (n × in) = dZ (n × out) · W        vectors along the rows of W
 *   weight gradient  dW (out × in) = dZᵀ · A               vectors along the rows of A, into the weights themselves; where
 *                                                          these rows are very short, dWᵀ (in × out) along those of dZ */
#include "engine/cpu/tiny.h"

#include <string.h>

#include "data/scale_bytes.h"
#include "engine/cpu/output.h"
#include "engine/cpu/tiny_product.h"
#include "engine/trace.h"
#include "nn/dropout.h"

/* Multiply-adds of a step, and examples, up to which this is the faster way (measured). */
#define LARGEST_WORK 1000000.0
#define LARGEST_BATCH 64

/* Inputs of a layer up to which dW is made turned round: rows of A would not fill a vector. */
#define NARROW (LANES / 2)

static inline size_t tiny_stride(size_t width)
{
    return width < LANES ? width : round_up(width, LANES);
}

static const Layer *layer_at(const Pass *pass, size_t l)
{
    return &pass->cpu->engine.config.network->layers[l];
}

bool ISA(is_tiny)(const EngineConfig *config)
{
#if defined PERCEPT_CBLAS
    (void)config;
    return false; /* its products are the library's */
#else
    const double work = 3 * (double)config->batch_capacity * (double)config->network->parameter_count;
    return config->batch_capacity <= LARGEST_BATCH && work <= LARGEST_WORK;
#endif
}

/* Wᵀ, W or dWᵀ of one layer, and what is read beyond them. */
size_t ISA(tiny_scratch)(const Cpu *cpu)
{
    size_t needed = 0;
    for (size_t l = 0; l < cpu->depth; l++) {
        const size_t inputs = cpu->sides[l].width, outputs = cpu->sides[l + 1].width;
        const size_t room = round_up(inputs, LANES) * round_up(outputs, LANES) + LANES;
        needed = room > needed ? room : needed;
    }
    return needed;
}

/* ---- The batch --------------------------------------------------------------------------------------------------- */

/* By example, with the arithmetic of gather.isa.c. */
static void gather_bytes(const Batch *batch, real *X, size_t stride)
{
    const Scaler *scaler = batch->scaler;
    const size_t width = batch->data->storage->width;
    const Quotient by = divide_by(scaler != NULL ? scaler->divisor : 1);
    for (size_t i = 0; i < batch->count; i++) {
        const uint8_t *restrict x = dataset_row(batch->data, batch_row(batch, i));
        real *restrict out = X + i * stride;
        for (size_t j = 0; j < width; j++)
            out[j] = (real)x[j] * by.high + (real)x[j] * by.low;
    }
    for (size_t j = 0; j < width && scaler != NULL && scaler->mean != NULL; j++) {
        const real mean = (real)scaler->mean[j], factor = factor_of(scaler->deviation[j]);
        for (size_t i = 0; i < batch->count; i++)
            X[i * stride + j] = standardize(X[i * stride + j], mean, factor);
    }
}

static void gather(const Pass *pass)
{
    const Side *side = &pass->cpu->sides[0];
    const size_t stride = tiny_stride(side->width);
    if (scales_bytes(pass->batch))
        gather_bytes(pass->batch, side->A, stride);
    else
        REAL(batch_gather)(pass->batch, 0, pass->batch->count, side->A, stride);
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

/* Whether Wᵀ is turned first, by the shape alone; costs are counted in multiply-adds of vectors, as they were measured.
 * Lanes that must be added cost as much as four vectors along k; turning a block of LANES × LANES costs as much as six
 * examples do with it, and what is left beside such blocks is turned one by one. */
static bool turns(const Cpu *cpu, size_t l)
{
    const size_t inputs = cpu->sides[l].width, outputs = cpu->sides[l + 1].width, n = cpu->engine.config.batch_capacity;
    const size_t whole = (inputs - inputs % LANES) * (outputs - outputs % LANES), single = inputs * outputs - whole;
    const size_t by_dots = n * outputs * ((inputs + LANES - 1) / LANES + 4);
    const size_t by_rows = n * inputs * ((outputs + LANES - 1) / LANES) + whole * 6 / LANES + 3 * single;
    return by_rows < by_dots;
}

/* Z of layer l by example. */
static void multiply_forward(const Pass *pass, size_t l, real *Z, size_t stride)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_at(pass, l);
    const real *W = pass->parameters + layer->weights, *b = pass->parameters + layer->biases;
    const size_t n = pass->batch->count, a_row = tiny_stride(layer->inputs), turned_row = tiny_stride(layer->outputs);
    if (!turns(cpu, l)) {
        ISA(multiply_dots)
        (&(DotProduct){layer->outputs, n, layer->inputs, W, cpu->sides[l].A, a_row, b, Z, stride, false});
        return;
    }
    ISA(transpose_any)(layer->outputs, layer->inputs, W, layer->inputs, cpu->scratch, turned_row);
    ISA(multiply_rows)
    (&(RowProduct){.rows = n,
                   .depth = layer->inputs,
                   .width = layer->outputs,
                   .A = cpu->sides[l].A,
                   .a_row = a_row,
                   .a_step = 1,
                   .B = cpu->scratch,
                   .b_row = turned_row,
                   .C = Z,
                   .c_row = stride,
                   .start = b});
}

/* A = T ∘ mask */
static void drop(const Pass *pass, size_t l, size_t stride)
{
    const Side *side = &pass->cpu->sides[l];
    const size_t n = pass->batch->count;
    REAL(dropout_mask)
    (pass->cpu->engine.config.network, l - 1, pass->cpu->engine.config.dropout, 0, n, 0, side->width, side->mask,
     stride);
    memcpy(side->T, side->A, n * stride * sizeof(real));
    for (size_t i = 0; i < n * stride; i++)
        side->A[i] = side->T[i] * side->mask[i];
}

/* Side l from the one before. */
static void forward_hidden(const Pass *pass, size_t l)
{
    const Side *side = &pass->cpu->sides[l];
    const size_t n = pass->batch->count, stride = tiny_stride(side->width);
    real *Z = side->Z != NULL ? side->Z : side->A;
    multiply_forward(pass, l - 1, Z, stride);
    if (side->f.forward != NULL)
        side->f.forward(1, n * stride, Z, side->A);
    for (size_t i = 0; i < n && side->f.forward == NULL; i++)
        activation_of(pass->cpu, l - 1)->forward(1, side->width, Z + i * stride, side->A + i * stride);
    if (drops(pass, l))
        drop(pass, l, stride);
}

/* ---- The output --------------------------------------------------------------------------------------------------- */

/* Z by unit. */
static void multiply_output(const Pass *pass, real *Z)
{
    Cpu *cpu = pass->cpu;
    const size_t l = cpu->depth - 1, width = cpu->sides[cpu->depth].width, n = pass->batch->count;
    const Layer *layer = layer_at(pass, l);
    if (turns(cpu, l)) {
        multiply_forward(pass, l, cpu->output_Z, width);
        ISA(transpose_any)(n, width, cpu->output_Z, width, Z, cpu->rows);
        return;
    }
    ISA(multiply_dots)
    (&(DotProduct){width, n, layer->inputs, pass->parameters + layer->weights, cpu->sides[l].A,
                   tiny_stride(layer->inputs), pass->parameters + layer->biases, Z, cpu->rows, true});
}

/* What the deltas are multiplied with: the weights of the examples, and what the update wants. */
static void set_factors(const Pass *pass, real *factors)
{
    const double *class_weights = class_weights_of(pass);
    const bool weighted = batch_is_weighted(pass->batch, class_weights);
    for (size_t i = 0; i < pass->batch->count; i++)
        factors[i] = weighted ? pass->scale * (real)batch_weight(pass->batch, class_weights, i) : pass->scale;
}

static real smoothing_of(const Pass *pass)
{
    return pass->backward ? (real)pass->cpu->engine.config.network->label_smoothing : 0;
}

/* Through the tables of room nn, which want rows. */
static void finish_rows(const Pass *pass, const real *Z_by_unit, const real *factors)
{
    Cpu *cpu = pass->cpu;
    const size_t n = pass->batch->count, width = cpu->sides[cpu->depth].width;
    const REAL(Loss) *loss = REAL(loss_at)(cpu->engine.config.network->loss);
    const REAL(Activation) *activation = activation_of(cpu, cpu->depth - 1);
    real *Z = cpu->output_Z, *A = cpu->output_A, *delta = cpu->output_delta;
    ISA(transpose_any)(width, n, Z_by_unit, cpu->rows, Z, width);
    activation->forward(n, width, Z, A);
    if (!pass->sums_wanted)
        return;
    REAL(Answers) answers = {.smoothing = (double)smoothing_of(pass)};
    if (batch_has_targets(pass->batch)) {
        REAL(batch_targets)(pass->batch, 0, n, cpu->targets);
        answers.targets = cpu->targets;
    } else {
        answers.labels = cpu->labels;
    }
    loss->forward(n, width, Z, A, answers, cpu->losses);
    cpu->correct[0] = 0;
    for (size_t i = 0; i < n && answers.labels != NULL; i++)
        cpu->correct[0] += REAL(output_class)(width, A + i * width) == answers.labels[i];
    if (!pass->backward)
        return;
    loss->backward(n, width, Z, A, answers, delta);
    if (loss->output == NULL)
        activation->backward(n, width, Z, A, delta, delta);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < width; j++)
            cpu->sides[cpu->depth].dZ[j * cpu->rows + i] = factors[i] * delta[i * width + j];
}

static void forward_output(const Pass *pass)
{
    Cpu *cpu = pass->cpu;
    const size_t n = pass->batch->count, width = cpu->sides[cpu->depth].width;
    real *Z = cpu->by_unit[cpu->depth % 2], *factors = cpu->by_unit[(cpu->depth + 1) % 2];
    multiply_output(pass, Z);
    if (pass->sums_wanted)
        batch_labels(pass->batch, 0, n, cpu->labels);
    if (pass->backward)
        set_factors(pass, factors);
    if (cpu->output == NULL || batch_has_targets(pass->batch)) {
        finish_rows(pass, Z, factors);
        return;
    }
    OutputBlock block = {.width = width, .count = n, .stride = cpu->rows, .A = Z, .factors = factors};
    block.labels = pass->sums_wanted ? cpu->labels : NULL;
    block.smoothing = smoothing_of(pass);
    block.losses = cpu->losses;
    block.delta = pass->backward ? cpu->sides[cpu->depth].dZ : NULL;
    cpu->output(&block);
    cpu->correct[0] = block.correct;
    if (!pass->backward)
        ISA(transpose_any)(width, n, Z, cpu->rows, cpu->output_A, width);
}

/* ---- Back -------------------------------------------------------------------------------------------------------- */

/* A delta as a matrix by example, whose columns may lie anywhere. */
typedef struct Delta {
    const real *dZ; /* that of unit j of example i is dZ[i · example + j · unit] */
    size_t example, unit;
} Delta;

static Delta delta_of(const Cpu *cpu, size_t l)
{
    const Side *side = &cpu->sides[l];
    return l == cpu->depth ? (Delta){side->dZ, 1, cpu->rows} : (Delta){side->dZ, tiny_stride(side->width), 1};
}

/* W of layer l; a copy where reading it in whole vectors would go beyond the flat vector. */
static const real *weights_to_read(const Pass *pass, const Layer *layer)
{
    const real *W = pass->parameters + layer->weights;
    const size_t beyond = layer->outputs * layer->inputs + LANES;
    if (layer->inputs % LANES == 0 || layer->weights + beyond <= pass->cpu->engine.config.network->parameter_count)
        return W;
    return memcpy(pass->cpu->scratch, W, layer->outputs * layer->inputs * sizeof(real));
}

/* dA of the inputs of layer l. */
static void multiply_input_gradient(const Pass *pass, size_t l, real *dA, size_t stride)
{
    const Layer *layer = layer_at(pass, l);
    const Delta delta = delta_of(pass->cpu, l + 1);
    ISA(multiply_rows)
    (&(RowProduct){.rows = pass->batch->count,
                   .depth = layer->outputs,
                   .width = layer->inputs,
                   .A = delta.dZ,
                   .a_row = delta.example,
                   .a_step = delta.unit,
                   .B = weights_to_read(pass, layer),
                   .b_row = layer->inputs,
                   .C = dA,
                   .c_row = stride});
}

/* dA to dZ of side l, in place. */
static void differentiate(const Pass *pass, size_t l, size_t stride)
{
    const Side *side = &pass->cpu->sides[l];
    const size_t n = pass->batch->count;
    const real *A = drops(pass, l) ? side->T : side->A, *Z = side->Z != NULL ? side->Z : A;
    real *dZ = side->dZ;
    for (size_t i = 0; i < n * stride && drops(pass, l); i++)
        dZ[i] *= side->mask[i];
    if (side->f.backward != NULL)
        side->f.backward(1, n * stride, Z, A, dZ, dZ);
    for (size_t i = 0; i < n * stride && side->f.backward == NULL; i += stride)
        activation_of(pass->cpu, l - 1)->backward(1, side->width, Z + i, A + i, dZ + i, dZ + i);
}

/* db_j = Σ_i dZ_ij, added to or put in place of what is there. */
static void bias_gradient(const Pass *pass, size_t l, bool add, real *biases)
{
    const Cpu *cpu = pass->cpu;
    const Delta delta = delta_of(cpu, l + 1);
    const size_t n = pass->batch->count, width = cpu->sides[l + 1].width;
    if (delta.unit == 1) {
        for (size_t j = 0; j < width; j += LANES) {
            const size_t count = smaller(LANES, width - j);
            Vector sum = add ? vector_load_first(biases + j, count) : (Vector){0};
            for (size_t i = 0; i < n; i++)
                sum += vector_load(delta.dZ + i * delta.example + j);
            vector_store_first(biases + j, sum, count);
        }
        return;
    }
    for (size_t j = 0; j < width; j++) {
        real sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += delta.dZ[j * delta.unit + i];
        biases[j] = add ? biases[j] + sum : sum;
    }
}

/* dW into (or added to) C, rows of which lie in the flat vector. */
static void multiply_weight_gradient(const Pass *pass, size_t l, bool add, real *C)
{
    const Cpu *cpu = pass->cpu;
    const Layer *layer = layer_at(pass, l);
    const Delta delta = delta_of(cpu, l + 1);
    const size_t a_row = tiny_stride(layer->inputs), turned_row = tiny_stride(layer->outputs);
    RowProduct p = {.depth = pass->batch->count, .rows = layer->outputs, .width = layer->inputs, .add = add};
    p.A = delta.dZ;
    p.a_row = delta.unit;
    p.a_step = delta.example;
    p.B = cpu->sides[l].A;
    p.b_row = a_row;
    p.C = C;
    p.c_row = layer->inputs;
    if (layer->inputs > NARROW || delta.unit != 1) {
        ISA(multiply_rows)(&p);
        return;
    }
    real *turned = cpu->scratch;
    ISA(multiply_rows)
    (&(RowProduct){.rows = layer->inputs,
                   .depth = p.depth,
                   .width = layer->outputs,
                   .A = p.B,
                   .a_row = 1,
                   .a_step = a_row,
                   .B = delta.dZ,
                   .b_row = delta.example,
                   .C = turned,
                   .c_row = turned_row});
    for (size_t k = 0; k < layer->inputs; k++)
        for (size_t j = 0; j < layer->outputs; j++)
            C[j * layer->inputs + k] = (add ? C[j * layer->inputs + k] : 0) + turned[k * turned_row + j];
}

/* Gradient of layer l, with its penalty, or plain descent on it. */
static void weight_gradient(const Pass *pass, size_t l)
{
    const Network *network = pass->cpu->engine.config.network;
    const Layer *layer = &network->layers[l];
    const EngineUpdate *update = pass->update;
    const bool plain = pass->gradient == NULL;
    const double examples = network->sum ? pass->weight : 1, factor = plain ? -update->learning_rate : 1;
    const real l1 = (real)(factor * examples * layer->l1);
    const real l2 = (real)(factor * (examples * 2 * layer->l2 + (update != NULL ? update->weight_decay : 0)));
    const real *W = pass->parameters + layer->weights;
    real *target = plain ? pass->updated : pass->gradient;
    if (plain && (l1 != 0 || l2 != 0))
        ISA(penalty_add)(W, 1, layer->outputs * layer->inputs, 0, l1, l2, target + layer->weights);
    multiply_weight_gradient(pass, l, plain, target + layer->weights);
    if (!plain && (l1 != 0 || l2 != 0))
        ISA(penalty_add)(W, 1, layer->outputs * layer->inputs, 0, l1, l2, target + layer->weights);
    bias_gradient(pass, l, plain, target + layer->biases);
}

/* ------------------------------------------------------------------------------------------------------------------ */

static void sum_penalties(const Pass *pass)
{
    for (size_t l = 0; l < pass->cpu->depth; l++) {
        const Layer *layer = layer_at(pass, l);
        if (layer->l1 > 0 || layer->l2 > 0)
            *penalty_at(pass->cpu, l, 0) = ISA(penalty_value)(pass->parameters + layer->weights, 1,
                                                              layer->outputs * layer->inputs, 0, layer->l1, layer->l2);
    }
}

void ISA(run_tiny)(Pass *pass)
{
    Cpu *cpu = pass->cpu;
    EngineTrace *trace = cpu->engine.config.trace;
    const EngineUpdate *update = pass->update;
    pass->strips = 1;
    trace_begin(trace);
    gather(pass);
    trace_gathering(trace);
    for (size_t l = 1; l < cpu->depth; l++) {
        forward_hidden(pass, l);
        trace_product(trace, l - 1, ENGINE_FORWARD);
    }
    forward_output(pass);
    trace_product(trace, cpu->depth - 1, ENGINE_FORWARD);
    if (pass->sums_wanted)
        sum_penalties(pass);
    for (size_t l = cpu->depth; l-- > 0 && pass->backward;) {
        const size_t stride = tiny_stride(cpu->sides[l].width);
        if (l > 0) {
            multiply_input_gradient(pass, l, cpu->sides[l].dZ, stride);
            differentiate(pass, l, stride);
            trace_product(trace, l, ENGINE_INPUT_GRADIENT);
        } else if (pass->input_gradient != NULL) {
            multiply_input_gradient(pass, 0, pass->input_gradient, cpu->sides[0].width);
        }
        weight_gradient(pass, l);
        trace_product(trace, l, ENGINE_WEIGHT_GRADIENT);
    }
    if (update != NULL && update->apply != NULL)
        update->apply(update->state, 0, cpu->engine.config.network->parameter_count, pass->updated, pass->gradient);
}

void ISA(plan_tiny)(const Cpu *cpu, size_t l, EngineProduct product, size_t examples, EnginePlan *out)
{
    (void)cpu, (void)l, (void)product, (void)examples;
    out->kernel = "tiny";
}
