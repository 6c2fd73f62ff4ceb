#include "export/c_int8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nn/activation.h"

#define STEPS 255

/* The quantization of an input. */
typedef struct Quantum {
    double middle, step; /* of q = 0; 0 for an input that is constant */
} Quantum;

static Quantum quantum_of(double low, double high)
{
    const double step = (high - low) / STEPS;
    return (Quantum){.middle = low + 128 * step, .step = isfinite(step) ? step : 0};
}

/* True if all inputs of the layer have one range. */
static bool is_shared(const percept_model *model, size_t l)
{
    return l > 0 || (model->scaler.kind != SCALER_STANDARDIZE && model->network.sides[0].before == 0);
}

bool c_int8_clamps(const Network *network, size_t l)
{
    const SideStages *side = &network->sides[l + 1];
    return l + 1 < network->depth && side->before + side->after == 0 && !c_flow_is_linked(network, l + 1) &&
           strcmp(activation_at_f64(network->layers[l].activation)->name, "relu") == 0;
}

void c_int8_share_ranges(const percept_model *model, CRanges *ranges)
{
    for (size_t l = 0; l < model->network.depth; l++) {
        const size_t inputs = model->network.layers[l].inputs;
        double *low = ranges->low + ranges->first[l], *high = ranges->high + ranges->first[l];
        double least = INFINITY, most = -INFINITY;
        if (!is_shared(model, l))
            continue;
        for (size_t k = 0; k < inputs; k++) {
            least = fmin(least, low[k]);
            most = fmax(most, high[k]);
        }
        if (l > 0 && c_int8_clamps(&model->network, l - 1))
            least = 0;
        for (size_t k = 0; k < inputs; k++) {
            low[k] = least;
            high[k] = fmax(least, most);
        }
    }
}

static Quantum input_of(const CSource *source, size_t l, size_t k)
{
    const size_t at = source->ranges->first[l] + k;
    return quantum_of(source->ranges->low[at], source->ranges->high[at]);
}

/* ---- Tables -------------------------------------------------------------------------------------------------------- */

static double weight_of(const CFlow *flow, size_t m, size_t l, size_t j, size_t k)
{
    const Layer *layer = &flow->source->model->network.layers[l];
    return c_flow_value(flow, m, layer->weights + j * layer->inputs + k);
}

/* max_k |W_jk step_k| / 127; 1 for a row of zeros */
static double scale_of(const CFlow *flow, size_t m, size_t l, size_t j)
{
    double most = 0;
    for (size_t k = 0; k < flow->source->model->network.layers[l].inputs; k++)
        most = fmax(most, fabs(weight_of(flow, m, l, j, k) * input_of(flow->source, l, k).step));
    return most > 0 ? most / 127 : 1;
}

static void put_weights(CFlow *flow, size_t m, size_t l, size_t j)
{
    const double scale = scale_of(flow, m, l, j);
    char literal[C_NUMBER_SIZE];
    for (size_t k = 0; k < flow->source->model->network.layers[l].inputs; k++) {
        const double w = weight_of(flow, m, l, j, k) * input_of(flow->source, l, k).step / scale;
        snprintf(literal, sizeof literal, "%.0f", nearbyint(w) + 0.0); /* no -0 */
        c_table_literal(flow->source, literal);
    }
}

static void put_scale(CFlow *flow, size_t m, size_t l, size_t j)
{
    c_table_value(flow->source, scale_of(flow, m, l, j));
}

static void put_bias(CFlow *flow, size_t m, size_t l, size_t j)
{
    const Layer *layer = &flow->source->model->network.layers[l];
    double bias = c_flow_value(flow, m, layer->biases + j);
    for (size_t k = 0; k < layer->inputs; k++)
        bias += weight_of(flow, m, l, j, k) * input_of(flow->source, l, k).middle;
    c_table_value(flow->source, bias);
}

/* A table with something of each unit of each member; its expression in `name`. */
static void write_table(CFlow *flow, size_t l, const char *part, const char *type, size_t bytes, size_t per_unit,
                        void (*put)(CFlow *, size_t, size_t, size_t), char name[C_NAME_SIZE])
{
    CSource *source = flow->source;
    const Network *network = &source->model->network;
    const size_t units = network->layers[l].outputs;
    snprintf(name, C_NAME_SIZE, "layers_%zu_%s", l, part);
    c_table_begin_of(source, type, bytes, name, network->members, units * per_unit);
    for (size_t m = 0; m < network->members; m++) {
        if (m > 0)
            c_table_next_member(source);
        for (size_t j = 0; j < units; j++)
            put(flow, m, l, j);
    }
    c_table_end(source);
    c_put(&source->tables, "\n");
    if (network->members > 1)
        snprintf(name, C_NAME_SIZE, "layers_%zu_%s[m]", l, part);
}

/* ---- Lines ----------------------------------------------------------------------------------------------------------- */

static double per_step(Quantum quantum)
{
    return quantum.step > 0 ? 1 / quantum.step : 0;
}

static void write_column_table(CSource *source, size_t l, const char *part, bool steps)
{
    char name[C_NAME_SIZE];
    const size_t inputs = source->model->network.layers[l].inputs;
    snprintf(name, sizeof name, "layers_%zu_%s", l, part);
    c_table_begin(source, name, 1, inputs);
    for (size_t k = 0; k < inputs; k++) {
        const Quantum quantum = input_of(source, l, k);
        c_table_value(source, steps ? per_step(quantum) : isfinite(quantum.middle) ? quantum.middle : 0);
    }
    c_table_end(source);
    c_put(&source->tables, "\n");
}

static void write_quantization(CFlow *flow, size_t l)
{
    CSource *source = flow->source;
    const size_t inputs = source->model->network.layers[l].inputs;
    char function[C_NAME_SIZE], middle[C_NUMBER_SIZE], steps[C_NUMBER_SIZE];
    flow->wide_q = inputs > flow->wide_q ? inputs : flow->wide_q;
    if (is_shared(source->model, l)) {
        const Quantum quantum = input_of(source, l, 0);
        c_put(&source->forward, "    %s(%zu, %s, %s, %s, q);\n", c_need(source, "quantize", function), inputs,
              c_number(source->wide, quantum.middle, middle), c_number(source->wide, per_step(quantum), steps),
              flow->at);
        return;
    }
    write_column_table(source, l, "middle", false);
    write_column_table(source, l, "per_step", true);
    c_put(&source->forward, "    %s(%zu, layers_%zu_middle, layers_%zu_per_step, %s, q);\n",
          c_need(source, "quantize_columns", function), inputs, l, l, flow->at);
}

void c_int8_write_layer(CFlow *flow, size_t l, const char *to)
{
    CSource *source = flow->source;
    const Layer *layer = &source->model->network.layers[l];
    char function[C_NAME_SIZE], weight[C_NAME_SIZE], scale[C_NAME_SIZE], bias[C_NAME_SIZE];
    write_quantization(flow, l);
    c_need(source, "dense_int8", function);
    c_put(&source->tables, "/* %zu × %zu */\n", layer->outputs, layer->inputs);
    write_table(flow, l, "weight", "int8_t", 1, layer->inputs, put_weights, weight);
    write_table(flow, l, "scale", c_real(source), source->wide ? 8 : 4, 1, put_scale, scale);
    write_table(flow, l, "bias", c_real(source), source->wide ? 8 : 4, 1, put_bias, bias);
    c_put(&source->forward, "    %s(%zu, %zu, %s, %s, %s, q, %s);\n", function, layer->inputs, layer->outputs, weight,
          scale, bias, to);
}
