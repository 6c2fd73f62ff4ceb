#include "export/c_stages.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "export/c_activation.h"

static double setting_of(const Stage *stage, const char *name)
{
    return stage->settings[stage_setting_find(stage->kind, name)];
}

static size_t whole_setting(const Stage *stage, const char *name)
{
    return (size_t)setting_of(stage, name);
}

/* The name of the table of a category stage's counts, which is written. */
static const char *write_counts(CFlow *flow, const Stage *stage, const char *kind, char name[C_NAME_SIZE])
{
    snprintf(name, C_NAME_SIZE, "%s_counts_%zu", kind, stage->number);
    c_put(&flow->source->tables, "/* values of each column */\n");
    c_table_of_counts(flow->source, name, stage->inputs, stage->counts);
    c_put(&flow->source->tables, "\n");
    return name;
}

/* ---- The kinds --------------------------------------------------------------------------------------------------- */

/* A table of weight / √(var + ε), which stands for two. */
static const char *write_factors(CFlow *flow, const Stage *stage, char name[C_NAME_SIZE])
{
    CSource *source = flow->source;
    const Network *network = &source->model->network;
    enum { WEIGHT, VARIANCE = 3 };
    snprintf(name, C_NAME_SIZE, "side_%zu_batch_norm_%zu_factor", stage->side, stage->number);
    c_table_begin(source, name, network->members, stage->inputs);
    for (size_t m = 0; m < network->members; m++) {
        if (m > 0)
            c_table_next_member(source);
        for (size_t j = 0; j < stage->inputs; j++)
            c_table_value(source,
                          c_flow_value(flow, m, stage->offsets[WEIGHT] + j) /
                              sqrt(c_flow_value(flow, m, stage->offsets[VARIANCE] + j) + setting_of(stage, "epsilon")));
    }
    c_table_end(source);
    c_put(&source->tables, "\n");
    if (network->members > 1)
        snprintf(name, C_NAME_SIZE, "side_%zu_batch_norm_%zu_factor[m]", stage->side, stage->number);
    return name;
}

static void batch_norm(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    char factor[C_NAME_SIZE], mean[C_NAME_SIZE], bias[C_NAME_SIZE];
    enum { WEIGHT, BIAS, MEAN };
    write_factors(flow, stage, factor);
    c_flow_tensor(flow, stage->offsets[MEAN], 1, mean);
    c_flow_tensor(flow, stage->offsets[BIAS], 1, bias);
    c_flow_loop(flow, stage->inputs);
    c_put(&flow->source->forward, "%s[j] = (%s[j] - %s[j]) * %s[j] + %s[j]; /* batch norm */\n", to, from, mean, factor,
          bias);
}

static void layer_norm(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    char function[C_NAME_SIZE], weight[C_NAME_SIZE], bias[C_NAME_SIZE], epsilon[C_NUMBER_SIZE];
    enum { WEIGHT, BIAS };
    c_need(flow->source, "layer_norm", function);
    c_flow_tensor(flow, stage->offsets[WEIGHT], 1, weight);
    c_flow_tensor(flow, stage->offsets[BIAS], 1, bias);
    c_put(&flow->source->forward, "    %s(%zu, %s, %s, %s, %s, %s);\n", function, stage->inputs,
          c_number(flow->source->wide, setting_of(stage, "epsilon"), epsilon), weight, bias, from, to);
}

static void feature_scale(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    char weight[C_NAME_SIZE];
    c_flow_tensor(flow, stage->offsets[0], 1, weight);
    c_flow_loop(flow, stage->inputs);
    c_put(&flow->source->forward, "%s[j] = %s[j] * %s[j]; /* feature scale */\n", to, weight, from);
}

static void smooth_clip(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    char function[C_NAME_SIZE], factor[C_NUMBER_SIZE], one[C_NUMBER_SIZE];
    const double limit = setting_of(stage, "limit");
    const bool wide = flow->source->wide;
    c_need(flow->source, "sqrt", function);
    c_flow_loop(flow, stage->inputs);
    c_put(&flow->source->forward, "(%s)[j] = (%s)[j] / %s(%s + (%s)[j] * (%s)[j] * %s); /* smooth clip */\n", to, from,
          function, c_number(wide, 1, one), from, from, c_number(wide, 1 / (limit * limit), factor));
}

static void residual(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    const bool features = stage->from == 0 && flow->source->model->network.sides[0].before == 0;
    char linked[C_PLACE_SIZE] = "x";
    if (!features)
        snprintf(linked, sizeof linked, "side_%zu", stage->from);
    c_flow_loop(flow, stage->inputs);
    c_put(&flow->source->forward, "%s[j] = %s[j] + %s[j]; /* residual */\n", to, from, linked);
}

static void one_hot(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    char function[C_NAME_SIZE], counts[C_NAME_SIZE];
    c_need(flow->source, "one_hot", function);
    write_counts(flow, stage, "one_hot", counts);
    c_put(&flow->source->forward, "    %s(%zu, %s, %d, %s, %s);\n", function, stage->inputs, counts,
          setting_of(stage, "binary") != 0, from, to);
}

static void table(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    char function[C_NAME_SIZE], counts[C_NAME_SIZE], tables[C_NAME_SIZE];
    c_need(flow->source, "look_up", function);
    write_counts(flow, stage, "table", counts);
    c_flow_tensor(flow, stage->offsets[0], 1, tables);
    c_put(&flow->source->forward, "    %s(%zu, %s, %zu, %s, %s, %s);\n", function, stage->inputs, counts,
          whole_setting(stage, "size"), tables, from, to);
}

static void prelu(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    char slope[C_NAME_SIZE];
    c_flow_tensor(flow, stage->offsets[0], 1, slope);
    c_flow_loop(flow, stage->inputs);
    c_put(&flow->source->forward, "%s[j] = %s[j] > 0 ? %s[j] : %s[j] * %s[j]; /* prelu */\n", to, from, from, slope,
          from);
}

static void mix(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    char alpha[C_NAME_SIZE], argument[C_NAME_SIZE], activated[C_EXPRESSION_SIZE];
    c_flow_tensor(flow, stage->offsets[0], 1, alpha);
    snprintf(argument, sizeof argument, "%s[j]", from);
    c_activated(flow->source, stage->activation, argument, activated);
    c_flow_loop(flow, stage->inputs);
    c_put(&flow->source->forward, "%s[j] = %s[j] + %s[j] * (%s - %s[j]); /* mix */\n", to, from, alpha, activated,
          from);
}

static void glu(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    char argument[C_NAME_SIZE], activated[C_EXPRESSION_SIZE];
    snprintf(argument, sizeof argument, "%s[%zu + j]", from, stage->outputs);
    c_activated(flow->source, stage->activation, argument, activated);
    c_flow_loop(flow, stage->outputs);
    c_put(&flow->source->forward, "%s[j] = %s[j] * %s; /* glu */\n", to, from, activated);
}

static void piecewise_linear(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    enum { WEIGHT, LINEAR, BIAS, EDGES };
    char function[C_NAME_SIZE], names[4][C_NAME_SIZE];
    const size_t bins = whole_setting(stage, "bins"), size = whole_setting(stage, "size");
    c_need(flow->source, size > 0 ? "piecewise_linear_map" : "piecewise_linear", function);
    for (size_t t = size > 0 ? WEIGHT : EDGES; t <= EDGES; t++)
        c_flow_tensor(flow, stage->offsets[t], 1, names[t]);
    if (size == 0)
        c_put(&flow->source->forward, "    %s(%zu, %zu, %s, %s, %s);\n", function, stage->inputs, bins, names[EDGES],
              from, to);
    else
        c_put(&flow->source->forward, "    %s(%zu, %zu, %zu, %s, %s, %s, %s, %s, %s);\n", function, stage->inputs, bins,
              size, names[WEIGHT], names[LINEAR], names[BIAS], names[EDGES], from, to);
}

static void periodic(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    enum { FREQUENCY, PHASE, WEIGHT, BIAS };
    char function[C_NAME_SIZE], names[4][C_NAME_SIZE];
    c_need(flow->source, "periodic", function);
    for (size_t t = FREQUENCY; t <= BIAS; t++) /* phases in turns, as the function takes them */
        c_flow_tensor(flow, stage->offsets[t], t == PHASE ? 6.283185307179586 : 1, names[t]);
    c_put(&flow->source->forward, "    %s(%zu, %zu, %zu, %s, %s, %s, %s, %s, %s);\n", function, stage->inputs,
          whole_setting(stage, "frequencies"), whole_setting(stage, "size"), names[FREQUENCY], names[PHASE],
          names[WEIGHT], names[BIAS], from, to);
}

static void quantile_normal(CFlow *flow, const Stage *stage, const char *from, const char *to)
{
    enum { VALUES, NORMALS };
    char function[C_NAME_SIZE], values[C_NAME_SIZE], normals[C_NAME_SIZE];
    const size_t knots = whole_setting(stage, "knots");
    c_need(flow->source, "knots_map", function);
    c_flow_tensor(flow, stage->offsets[VALUES], 1, values);
    c_flow_tensor(flow, stage->offsets[NORMALS], 1, normals);
    c_flow_loop(flow, stage->inputs);
    c_put(&flow->source->forward, "(%s)[j] = %s(%zu, %s + j * %zu, %s + j * %zu, (%s)[j]); /* quantile normal */\n", to,
          function, knots, values, knots, normals, knots, from);
}

static const CStage rows[] = {
    {"batch-norm", true, batch_norm},
    {"layer-norm", true, layer_norm},
    {"feature-scale", true, feature_scale},
    {"smooth-clip", true, smooth_clip},
    {"residual", true, residual},
    {"one-hot", false, one_hot},
    {"table", false, table},
    {"prelu", true, prelu},
    {"mix", true, mix},
    {"glu", true, glu},
    {"piecewise-linear", false, piecewise_linear},
    {"periodic", false, periodic},
    {"quantile-normal", true, quantile_normal},
};

const CStage *c_stage_find(const char *kind)
{
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        if (strcmp(rows[r].kind, kind) == 0)
            return &rows[r];
    return NULL;
}
