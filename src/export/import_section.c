#include "export/import_section.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/onnx_run.h"
#include "nn/activation.h"

/* Points at which functions are compared: from -8 to 8, and NaN. */
#define POINTS 66
#define REACH 8.0
/* Constants of other programs have a few digits of float32. */
#define TOLERANCE 2e-5

static double point(size_t i)
{
    return i + 1 < POINTS ? -REACH + 2 * REACH * (double)i / (POINTS - 2) : NAN;
}

/* ---- Which function ----------------------------------------------------------------------------------------------- */

static bool is_close(double a, double b)
{
    return fabs(a - b) <= TOLERANCE * (1 + fabs(b));
}

/* Whether column `column` of y, which has `columns`, holds f at the points. */
static bool column_is(const OnnxValue *y, size_t column, size_t columns, const double *values)
{
    for (size_t i = 0; i + 1 < POINTS; i++)
        if (!is_close(y->values[i * columns + column], values[i]))
            return false;
    return true;
}

/* The elementwise activation that all columns are, or NULL; `two` columns are 1 - f and f. */
static const char *find_activation(const OnnxValue *y, size_t columns, bool two, bool identity)
{
    double z[POINTS], f[POINTS], rest[POINTS];
    for (size_t i = 0; i + 1 < POINTS; i++)
        z[i] = point(i);
    for (size_t a = 0; activation_at_f64(a) != NULL; a++) {
        const Activation_f64 *row = activation_at_f64(a);
        bool same = row->elementwise && (strcmp(row->name, "identity") == 0) == identity;
        if (!same)
            continue;
        row->forward(POINTS - 1, 1, z, f);
        for (size_t i = 0; i + 1 < POINTS; i++)
            rest[i] = 1 - f[i];
        for (size_t j = 0; j < columns && same; j++)
            same = column_is(y, j, columns, two && j == 0 ? rest : f);
        if (same)
            return row->name;
    }
    return NULL;
}

/* Whether numbers pass and NaN becomes one: the values are then those of NaN. */
static bool find_fills(const OnnxValue *y, size_t width, double *fills)
{
    double z[POINTS];
    bool same = true;
    for (size_t i = 0; i + 1 < POINTS; i++)
        z[i] = point(i);
    for (size_t j = 0; j < width && same; j++) {
        fills[j] = y->values[(POINTS - 1) * width + j];
        same = isfinite(fills[j]) && column_is(y, j, width, z);
    }
    return same;
}

static bool identify(const OnnxValue *y, size_t width, SectionKind kind, OnnxGraph *memory, Section *out)
{
    const bool whole = y->rank == 2 && y->shape[0] == POINTS && (size_t)y->shape[1] == width && y->values != NULL;
    const bool two = width == 1 && y->rank == 2 && y->shape[0] == POINTS && y->shape[1] == 2 && y->values != NULL;
    if (kind == SECTION_FILLS && whole) {
        out->fills = onnx_allocate(memory, width, sizeof *out->fills);
        return out->fills != NULL && find_fills(y, width, out->fills);
    }
    if (kind == SECTION_FILLS || !(two || (whole && kind == SECTION_ACTIVATION)))
        return false;
    out->two = two;
    out->activation = find_activation(y, two ? 2 : width, two, kind == SECTION_TWO);
    return out->activation != NULL;
}

/* ---- The section -------------------------------------------------------------------------------------------------- */

/* The values that depend on the beginning. */
typedef struct Reached {
    OnnxValue *values; /* count, the beginning first */
    size_t count;
} Reached;

static const OnnxValue *find_reached(const Reached *reached, const char *name)
{
    for (size_t v = reached->count; v-- > 0;)
        if (strcmp(reached->values[v].name, name) == 0)
            return &reached->values[v];
    return NULL;
}

static bool takes(const OnnxNode *node, const char *name)
{
    for (size_t i = 0; i < node->input_count; i++)
        if (strcmp(node->inputs[i], name) == 0)
            return true;
    return false;
}

/* Whether nothing behind node n needs a reached value but the last one. */
static bool is_cut(const OnnxGraph *graph, const bool *needed, size_t n, const char *to, const Reached *reached)
{
    for (size_t v = 0; v + 1 < reached->count; v++) {
        if (strcmp(reached->values[v].name, to) == 0)
            return false;
        for (size_t k = n + 1; k < graph->node_count; k++)
            if (needed[k] && takes(&graph->nodes[k], reached->values[v].name))
                return false;
    }
    return true;
}

/* Computes node n if it depends on the beginning. *done is false if it does not, or if it takes something else, too. */
static percept_status reach(const OnnxGraph *graph, size_t n, OnnxGraph *memory, Reached *reached, bool *done,
                            percept_error *error)
{
    const OnnxNode *node = &graph->nodes[n];
    const OnnxValue **inputs = onnx_allocate(memory, node->input_count, sizeof(const OnnxValue *));
    bool own = false;
    *done = false;
    if (inputs == NULL)
        return onnx_status(memory, error);
    for (size_t i = 0; i < node->input_count; i++) {
        const OnnxValue *value = find_reached(reached, node->inputs[i]);
        own = own || value != NULL;
        inputs[i] = value != NULL ? value : onnx_find_tensor(graph, node->inputs[i]);
        if (inputs[i] == NULL && node->inputs[i][0] != '\0')
            return PERCEPT_OK;
    }
    if (!own)
        return PERCEPT_OK;
    *done = true;
    reached->values[reached->count] = (OnnxValue){0};
    percept_status status = onnx_compute(node, inputs, memory, &reached->values[reached->count], error);
    reached->values[reached->count].name = node->outputs[0];
    reached->count += status == PERCEPT_OK;
    return status;
}

/* Whether the node is the next layer. */
static bool is_layer(const OnnxNode *node, const Reached *reached)
{
    return (strcmp(node->op, "Gemm") == 0 || strcmp(node->op, "MatMul") == 0) &&
           find_reached(reached, node->inputs[0]) != NULL;
}

static bool make_points(const OnnxGraph *graph, const char *from, size_t width, OnnxGraph *memory, OnnxValue *out)
{
    *out = (OnnxValue){.name = from,
                       .type = graph->real,
                       .rank = 2,
                       .shape = {POINTS, (int64_t)width},
                       .count = POINTS * width,
                       .values = onnx_allocate(memory, POINTS * width, sizeof(double))};
    for (size_t k = 0; out->values != NULL && k < out->count; k++)
        out->values[k] = point(k / width);
    return out->values != NULL;
}

/* The operators of the section, for a message. */
static percept_status refuse(const OnnxGraph *graph, const Reached *reached, SectionKind kind, percept_error *error)
{
    char names[96] = "";
    for (size_t v = 1; v < reached->count; v++)
        for (size_t n = 0; n < graph->node_count; n++)
            if (strcmp(graph->nodes[n].outputs[0], reached->values[v].name) == 0 && strlen(names) + 32 < sizeof names)
                snprintf(names + strlen(names), sizeof names - strlen(names), "%s%.24s", names[0] != '\0' ? ", " : "",
                         graph->nodes[n].op);
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     kind == SECTION_FILLS
                         ? "the operators %s before the first layer are not imported; Percept reads scaling and fills"
                         : "the operators %s compute no activation that Percept knows",
                     names[0] != '\0' ? names : "behind a layer");
}

percept_status section_find(const OnnxGraph *graph, const bool *needed, const char *from, const char *to, size_t width,
                            SectionKind kind, OnnxGraph *memory, Section *out, percept_error *error)
{
    Reached reached = {onnx_allocate(memory, graph->node_count + 1, sizeof(OnnxValue)), 0};
    percept_status status = PERCEPT_OK;
    bool done = false;
    *out = (Section){0};
    if (reached.values == NULL || !make_points(graph, from, width, memory, &reached.values[0]))
        return onnx_status(memory, error);
    reached.count = 1;
    memory->values = 0;
    memory->most_values = 2 * POINTS * (width + 2) * (graph->node_count + 1);
    for (size_t n = 0; n < graph->node_count && status == PERCEPT_OK; n++) {
        if (!needed[n])
            continue;
        if (is_layer(&graph->nodes[n], &reached))
            break;
        status = reach(graph, n, memory, &reached, &done, error);
        if (status != PERCEPT_OK || !done || !is_cut(graph, needed, n, to, &reached))
            continue;
        out->end = reached.values[reached.count - 1].name;
        if (identify(&reached.values[reached.count - 1], width, kind, memory, out))
            return PERCEPT_OK;
    }
    return status == PERCEPT_OK ? refuse(graph, &reached, kind, error) : status;
}
