#include "export/c_network.h"

#include <stdio.h>
#include <string.h>

#include "export/c_activation.h"
#include "export/c_int8.h"
#include "export/c_stages.h"
#include "nn/activation.h"

static percept_status check_activation(size_t activation, percept_error *error)
{
    if (c_activation_is_known(activation))
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "activation '%s' cannot be exported to C; npz and safetensors hold every model",
                     activation_at_f64(activation)->name);
}

percept_status c_network_check(const Network *network, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t l = 0; l < network->depth && status == PERCEPT_OK; l++)
        status = check_activation(network->layers[l].activation, error);
    for (size_t s = 0; s < network->stage_count && status == PERCEPT_OK; s++) {
        const Stage *stage = &network->stages[s];
        if (c_stage_find(stage->kind->name) == NULL)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "stages of kind '%s' cannot be exported to C; npz and safetensors hold every model",
                             stage->kind->name);
        status = check_activation(stage->activation, error);
    }
    return status;
}

/* ---- Sides ------------------------------------------------------------------------------------------------------- */

/* A loop that copies columns which a stage lets pass. */
static void write_passing(CFlow *flow, size_t count, size_t from, const char *other, size_t to)
{
    if (count == 0)
        return;
    c_flow_loop(flow, count);
    if (from == 0 && to == 0)
        c_put(&flow->source->forward, "%s[j] = %s[j];\n", other, flow->at);
    else
        c_put(&flow->source->forward, "%s[%zu + j] = %s[%zu + j];\n", other, to, flow->at, from);
}

/* "a + 4", "a" */
static void write_place(const char *array, size_t column, char out[C_PLACE_SIZE])
{
    snprintf(out, C_PLACE_SIZE, column > 0 ? "%s + %zu" : "%s", array, column);
}

static void write_stage(CFlow *flow, const Stage *stage)
{
    const CStage *kind = c_stage_find(stage->kind->name);
    char from[C_PLACE_SIZE], to[C_PLACE_SIZE];
    const bool moves = !kind->elementwise || strcmp(flow->at, "x") == 0;
    const char *other = moves ? c_flow_other(flow, stage->width_out) : flow->at;
    write_place(flow->at, stage->first, from);
    write_place(other, stage->first, to);
    if (moves)
        write_passing(flow, stage->first, 0, other, 0);
    kind->write(flow, stage, from, to);
    const size_t behind = stage->first + stage->inputs;
    if (moves)
        write_passing(flow, stage->width_in - behind, behind, other, stage->first + stage->outputs);
    if (moves)
        snprintf(flow->at, sizeof flow->at, "%s", other);
}

/* A copy of the side for residual links behind it. */
static void write_kept(CFlow *flow, size_t side)
{
    const Network *network = &flow->source->model->network;
    const size_t width = network_side_output(network, side);
    if (!c_flow_is_linked(network, side) || strcmp(flow->at, "x") == 0)
        return;
    c_flow_loop(flow, width);
    c_put(&flow->source->forward, "side_%zu[j] = %s[j]; /* for the residual link */\n", side, flow->at);
}

static void write_activation(CFlow *flow, size_t l)
{
    const Layer *layer = &flow->source->model->network.layers[l];
    char argument[C_NAME_SIZE], activated[C_EXPRESSION_SIZE], function[C_NAME_SIZE];
    const char *name = activation_at_f64(layer->activation)->name;
    if (strcmp(name, "identity") == 0)
        return;
    if (strcmp(name, "softmax") == 0) {
        c_put(&flow->source->forward, "    %s(%zu, %s);\n", c_need(flow->source, "softmax", function), layer->units,
              flow->at);
        return;
    }
    snprintf(argument, sizeof argument, "%s[j]", flow->at);
    c_activated(flow->source, layer->activation, argument, activated);
    c_flow_loop(flow, layer->units);
    c_put(&flow->source->forward, "%s[j] = %s;\n", flow->at, activated);
}

/* Side l from where layer l - 1 (or the data) has made it to where layer l reads it. */
static void write_side(CFlow *flow, size_t l)
{
    const Network *network = &flow->source->model->network;
    const SideStages *side = &network->sides[l];
    if (l == 0 && side->before > 0)
        c_put(&flow->source->forward, "\n    /* Features: %zu → %zu */\n", network_inputs(network),
              network_side_output(network, 0));
    for (size_t s = 0; s < side->before; s++)
        write_stage(flow, &network->stages[side->first + s]);
    if (l > 0 && flow->source->ranges != NULL && c_int8_clamps(network, l - 1))
        c_put(&flow->source->forward, "    /* relu: what is below 0 becomes the least q */\n");
    else if (l > 0)
        write_activation(flow, l - 1);
    for (size_t s = side->before; s < side->before + side->after; s++)
        write_stage(flow, &network->stages[side->first + s]);
    write_kept(flow, l);
}

static void write_layer(CFlow *flow, size_t l)
{
    CSource *source = flow->source;
    const Network *network = &source->model->network;
    const Layer *layer = &network->layers[l];
    const bool last = l + 1 == network->depth;
    char function[C_NAME_SIZE], W[C_NAME_SIZE], b[C_NAME_SIZE];
    const char *to = last ? "z" : c_flow_other(flow, layer->outputs);
    c_put(&source->forward, "\n    /* Layer %zu: %s (%zu) = W (%zu × %zu) · %s + bias */\n", l, to, layer->outputs,
          layer->outputs, layer->inputs, flow->at);
    if (source->ranges != NULL)
        c_int8_write_layer(flow, l, to);
    else {
        c_need(source, "dense", function);
        c_flow_tensor(flow, layer->weights, 1, W);
        c_flow_tensor(flow, layer->biases, 1, b);
        c_put(&source->forward, "    %s(%zu, %zu, %s, %s, %s, %s);\n", function, layer->inputs, layer->outputs, W, b,
              flow->at, to);
    }
    snprintf(flow->at, sizeof flow->at, "%s", to);
}

/* ---- The function ------------------------------------------------------------------------------------------------ */

/* An array of the function, and its bytes. */
static void declare(CSource *source, CText *out, const char *name, size_t count)
{
    if (count == 0)
        return;
    c_put(out, "    %s %s[%zu];\n", c_real(source), name, count);
    source->stack += count * (source->wide ? 8 : 4);
}

static void declare_arrays(const CFlow *flow, CText *out)
{
    CSource *source = flow->source;
    const Network *network = &source->model->network;
    declare(source, out, "a", flow->wide_a);
    declare(source, out, "b", flow->wide_b);
    if (flow->wide_q > 0)
        c_put(out, "    int8_t q[%zu];\n", flow->wide_q);
    source->stack += flow->wide_q;
    for (size_t l = 0; l < network->depth; l++) {
        char name[C_PLACE_SIZE];
        snprintf(name, sizeof name, "side_%zu", l);
        if (c_flow_is_linked(network, l) && (l > 0 || network->sides[0].before > 0))
            declare(source, out, name, network_side_output(network, l));
    }
}

void c_network_write(CSource *source)
{
    const Network *network = &source->model->network;
    CFlow flow = {.source = source, .at = "x"};
    CText head = {.error = source->forward.error};
    for (size_t l = 0; l < network->depth; l++) {
        write_side(&flow, l);
        write_layer(&flow, l);
    }
    c_put(&head,
          "/* %s from scaled features x (%zu) to the weighted sums z (%zu) of the last layer. */\n"
          "static void forward(%sconst %s *x, %s *z)\n{\n",
          network->members > 1 ? "Member m," : "The network,", network_inputs(network), network_outputs(network),
          network->members > 1 ? "int m, " : "", c_real(source), c_real(source));
    declare_arrays(&flow, &head);
    c_put_text(&head, &source->forward);
    c_put(&head, "}\n");
    buffer_clear(&source->forward.buffer);
    source->forward = head;
}
