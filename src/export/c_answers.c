#include "export/c_answers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "export/c_activation.h"
#include "nn/activation.h"

/* What the public functions depend on. */
typedef struct Head {
    size_t members, features, outputs, classes;
    size_t activation;
    bool softmax, pair; /* pair: one output stands for two classes */
    bool sigmoid;
} Head;

static Head head_of(const CSource *source)
{
    const percept_model *model = source->model;
    const Network *network = &model->network;
    const size_t activation = network->layers[network->depth - 1].activation;
    const char *name = activation_at_f64(activation)->name;
    const size_t outputs = network_outputs(network);
    return (Head){.members = network->members,
                  .features = network_inputs(network),
                  .outputs = outputs,
                  .classes = model->class_count,
                  .activation = activation,
                  .softmax = strcmp(name, "softmax") == 0,
                  .sigmoid = strcmp(name, "sigmoid") == 0,
                  .pair = model->class_count == 2 && outputs == 1};
}

/* ---- From weighted sums to outputs ------------------------------------------------------------------------------- */

/* Statements, indented by `indent`, that turn the sums in `z` into outputs in `y` (`set` "=", or "+=" to add them up). */
static void write_pair(CSource *source, const Head *head, CText *out, const char *indent, const char *set)
{
    char one[C_EXPRESSION_SIZE], other[C_EXPRESSION_SIZE];
    c_activated(source, head->activation, "z[0]", one);
    if (head->sigmoid) /* 1 - p would lose the digits of a small one */
        c_put(out, "%sprobabilities[0] %s %s;\n", indent, set, c_activated(source, head->activation, "-z[0]", other));
    c_put(out, "%sprobabilities[1] %s %s;\n", indent, set, one);
}

static void write_in_place(CSource *source, const Head *head, CText *out, const char *indent, const char *y)
{
    char name[C_NAME_SIZE], argument[C_NAME_SIZE], activated[C_EXPRESSION_SIZE];
    if (head->softmax) {
        c_put(out, "%s%s(%zu, %s);\n", indent, c_need(source, "softmax", name), head->outputs, y);
        return;
    }
    snprintf(argument, sizeof argument, "%s[j]", y);
    c_activated(source, head->activation, argument, activated);
    if (strcmp(activated, argument) != 0)
        c_put(out, "%sfor (int j = 0; j < %zu; j++)\n%s    %s = %s;\n", indent, head->outputs, indent, argument,
              activated);
}

/* ---- The network's outputs ----------------------------------------------------------------------------------------- */

/* The mean over the members, in `y`. */
static void write_members(CSource *source, const Head *head, CText *out, const char *y)
{
    const size_t width = head->pair ? 2 : head->outputs;
    c_put(out, "    for (int j = 0; j < %zu; j++)\n        %s[j] = 0;\n", width, y);
    c_put(out, "    for (int m = 0; m < %zu; m++) {\n        forward(m, x, z);\n", head->members);
    if (head->pair)
        write_pair(source, head, out, "        ", "+=");
    else {
        write_in_place(source, head, out, "        ", "z");
        c_put(out, "        for (int j = 0; j < %zu; j++)\n            %s[j] += z[j];\n", width, y);
    }
    c_put(out, "    }\n    for (int j = 0; j < %zu; j++)\n        %s[j] /= %zu;\n", width, y, head->members);
}

/* Declarations and statements from `features` to outputs in `y`, which is z itself for one member of a regression. */
static void write_outputs(CSource *source, const Head *head, CText *out, const char *y)
{
    const bool sums = head->members > 1 || head->pair;
    const size_t real = source->wide ? 8 : 4;
    c_put(out, "    %s x[%zu]", c_real(source), head->features);
    if (sums)
        c_put(out, ", z[%zu]", head->outputs);
    c_put(out, ";\n    prepare(features, x);\n");
    source->stack += real * (head->features + (sums ? head->outputs : 0));
    if (head->members > 1)
        write_members(source, head, out, y);
    else if (head->pair) {
        c_put(out, "    forward(x, z);\n");
        write_pair(source, head, out, "    ", "=");
    } else {
        c_put(out, "    forward(x, %s);\n", y);
        write_in_place(source, head, out, "    ", y);
    }
    if (head->pair && !head->sigmoid)
        c_put(out, "    probabilities[0] = 1 - probabilities[1];\n");
}

/* ---- Classes ------------------------------------------------------------------------------------------------------- */

static void write_classes(CSource *source, const Head *head, CText *out)
{
    char largest[C_NAME_SIZE];
    const char *real = c_real(source);
    c_put(out, "void %s_predict_proba(const %s_VALUE *features, %s *probabilities)\n{\n", source->prefix, source->upper,
          real);
    write_outputs(source, head, out, "probabilities");
    c_put(out, "}\n\nint %s_predict(const %s_VALUE *features)\n{\n", source->prefix, source->upper);
    source->stack += (source->wide ? 8 : 4) * head->classes;
    if (head->pair || source->model->threshold > 0) {
        char threshold[C_NUMBER_SIZE];
        c_number(source->wide, source->model->threshold > 0 ? source->model->threshold : 0.5, threshold);
        c_put(out, "    %s p[2];\n    %s_predict_proba(features, p);\n", real, source->prefix);
        c_put(out, "    return p[1] >= %s ? 1 : p[1] != p[1] ? -1 : 0;\n}\n", threshold);
        return;
    }
    c_need(source, "largest_of", largest);
    if (head->softmax && head->members == 1) /* the largest sum has the largest probability */
        c_put(out, "    %s x[%zu], z[%zu];\n    prepare(features, x);\n    forward(x, z);\n    return %s(%zu, z);\n}\n",
              real, head->features, head->classes, largest, head->classes);
    else
        c_put(out, "    %s p[%zu];\n    %s_predict_proba(features, p);\n    return %s(%zu, p);\n}\n", real,
              head->classes, source->prefix, largest, head->classes);
}

/* ---- Targets ------------------------------------------------------------------------------------------------------- */

typedef enum Part { DEVIATION, MEAN, REST } Part;

/* Of target t; in float32 the rest is what the float next to the mean lacks. */
static double part_of(const CSource *source, Part part, size_t t)
{
    const Scaler *scaler = &source->model->target_scaler;
    const double mean = source->wide ? scaler->mean[t] : (double)(float)scaler->mean[t];
    return part == DEVIATION ? scaler->deviation[t] : part == MEAN ? mean : scaler->mean[t] - mean;
}

static bool has_rests(const CSource *source, const Head *head)
{
    bool any = false;
    for (size_t t = 0; t < head->outputs; t++)
        any = any || fabs(part_of(source, REST, t)) > 3e-9 * part_of(source, DEVIATION, t);
    return any;
}

/* The number of each target: a literal if there is one target, else a table. */
static void put_part(CSource *source, const Head *head, CText *out, const char *name, Part part)
{
    char literal[C_NUMBER_SIZE];
    if (head->outputs == 1) {
        c_put(out, "%s", c_number(source->wide, part_of(source, part, 0), literal));
        return;
    }
    c_table_begin(source, name, 1, head->outputs);
    for (size_t t = 0; t < head->outputs; t++)
        c_table_value(source, part_of(source, part, t));
    c_table_end(source);
    c_put(&source->tables, "\n");
    c_put(out, "%s[j]", name);
}

/* Tables of the knots of quantiles (targets × knots). */
static void write_knots(CSource *source, const TargetTransform *transform, const char *name, const double *values)
{
    c_table_begin(source, name, 1, transform->width * transform->knots);
    for (size_t k = 0; k < transform->width * transform->knots; k++)
        c_table_value(source, values[k]);
    c_table_end(source);
    c_put(&source->tables, "\n");
}

/* The call that makes a target of what was learned in its place, up to the number; two parentheses end it. False: the
 * target itself was learned. */
static bool begin_turning_back(CSource *source, CText *out)
{
    const TargetTransform *transform = &source->model->target_scaler.transform;
    char function[C_NAME_SIZE];
    if (transform->kind == TARGET_AS_IT_IS)
        return false;
    if (transform->kind == TARGET_QUANTILE) {
        write_knots(source, transform, "target_normals", transform->normals);
        write_knots(source, transform, "target_values", transform->values);
        c_put(out, "%s(%zu, target_normals + j * %zu, target_values + j * %zu, (%s)(",
              c_need(source, "knots_map", function), transform->knots, transform->knots, transform->knots,
              c_real(source));
    } else {
        c_put(out, "%s((%s)(", c_need(source, transform->kind == TARGET_LOG ? "exp" : "expm1", function),
              c_real(source));
    }
    return true;
}

static void write_targets(CSource *source, const Head *head, CText *out)
{
    c_put(out, "void %s_predict(const %s_VALUE *features, %s_VALUE *targets)\n{\n    %s y[%zu];\n", source->prefix,
          source->upper, source->upper, c_real(source), head->outputs);
    source->stack += (source->wide ? 8 : 4) * head->outputs;
    write_outputs(source, head, out, "y");
    c_put(out, "    for (int j = 0; j < %zu; j++)\n        targets[j] = ", head->outputs);
    const bool turned = begin_turning_back(source, out);
    if (source->model->target_scaler.mean == NULL)
        c_put(out, "y[j]");
    else {
        c_put(out, "(%s_VALUE)y[j] * ", source->upper);
        put_part(source, head, out, "target_deviation", DEVIATION);
        if (has_rests(source, head)) {
            c_put(out, " + ");
            put_part(source, head, out, "target_rest", REST);
        }
        c_put(out, " + ");
        put_part(source, head, out, "target_mean", MEAN);
    }
    c_put(out, "%s;\n", turned ? "))" : "");
    if (source->model->network.intervals > 0)
        c_put(out,
              "    for (int j = 0; j < %zu; j += 3) { /* the interval contains the prediction */\n"
              "        targets[j + 1] = targets[j + 1] > targets[j] ? targets[j] : targets[j + 1];\n"
              "        targets[j + 2] = targets[j + 2] < targets[j] ? targets[j] : targets[j + 2];\n"
              "    }\n",
              head->outputs);
    c_put(out, "}\n");
}

void c_answers_write(CSource *source, CText *out)
{
    const Head head = head_of(source);
    if (head.classes > 0)
        write_classes(source, &head, out);
    else
        write_targets(source, &head, out);
}

void c_answers_write_names(CSource *source, CText *out)
{
    const percept_model *model = source->model;
    const size_t outputs = network_outputs(&model->network);
    const bool classes = model->class_count > 0;
    char text[MODEL_OUTPUT_NAME_SIZE];
    c_put(out, "const char *const %s_%s_names[%s_%s] = {", source->prefix, classes ? "class" : "target", source->upper,
          classes ? "CLASSES" : "TARGETS");
    for (size_t k = 0; k < (classes ? model->class_count : outputs); k++) {
        c_put(out, "\n    ");
        c_put_string(out, classes ? model->class_names[k] : model_output_name(model, k, text, sizeof text));
        c_put(out, ",");
    }
    c_put(out, "\n};\n");
}
