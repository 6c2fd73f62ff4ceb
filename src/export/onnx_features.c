/* From raw columns to what the network takes: values for missing cells, codes for texts, scaling. */
#include <math.h>

#include "export/onnx_build.h"

/* The code of a text, as a column of numbers; -1 where the vocabulary does not have it. */
static const char *encode(OnnxGraph *graph, const Vocabulary *vocabulary, const char *column)
{
    static const char *const nothing[] = {""};
    const size_t count = vocabulary->count > 0 ? vocabulary->count : 1;
    double *codes = onnx_allocate(graph, count, sizeof *codes);
    for (size_t k = 0; k < count && codes != NULL; k++)
        codes[k] = vocabulary->count > 0 ? (double)k : -1;
    const char *code = onnx_node(graph, "ai.onnx.ml", "LabelEncoder", (const char *const[]){column, NULL});
    onnx_set_texts(graph, "keys_strings", count,
                   vocabulary->count > 0 ? (const char *const *)vocabulary->values : nothing);
    if (codes != NULL)
        onnx_set_numbers(graph, "values_floats", count, codes);
    onnx_set_number(graph, "default_float", -1);
    if (graph->real == ONNX_FLOAT)
        return code;
    code = ONNX(graph, "Cast", code);
    onnx_set_integer(graph, "to", graph->real);
    return code;
}

/* One input a column, texts for categories; side by side in the model's order. */
static const char *join_columns(OnnxGraph *graph, const Schema *schema)
{
    const char **columns = onnx_allocate(graph, schema->width + 1, sizeof *columns);
    for (size_t j = 0; j < schema->width && columns != NULL; j++) {
        const bool category = schema_is_category(schema, j);
        onnx_input(graph, schema->names[j], category ? ONNX_STRING : graph->real, 1);
        columns[j] = category ? encode(graph, &schema->vocabularies[j], schema->names[j]) : schema->names[j];
    }
    if (columns == NULL)
        return "";
    const char *matrix = onnx_node(graph, "", "Concat", columns);
    onnx_set_integer(graph, "axis", 1);
    return matrix;
}

/* Missing numbers are filled; NaN of a category stays, which is an unknown value. */
static const char *fill(OnnxGraph *graph, const Schema *schema, const char *x)
{
    double *fills = onnx_allocate(graph, schema->width, sizeof *fills);
    if (fills == NULL || schema->fills == NULL || schema_categories(schema) == schema->width)
        return x;
    for (size_t j = 0; j < schema->width; j++)
        fills[j] = schema_is_category(schema, j) ? NAN : schema->fills[j];
    return ONNX(graph, "Where", ONNX(graph, "IsNaN", x), onnx_vector(graph, schema->width, fills), x);
}

static bool all_are(const double *values, size_t count, double value)
{
    for (size_t j = 0; j < count; j++)
        if (values[j] != value)
            return false;
    return true;
}

/* x' = ((x - mean) - rest) / deviation, in units of the file. In float32 the mean is the sum of two numbers, so that a large
 * one beside a small deviation loses nothing. */
static const char *scale(OnnxGraph *graph, const Scaler *scaler, const char *x)
{
    const size_t width = scaler->width;
    double *mean = onnx_allocate(graph, width, sizeof *mean), *rest = onnx_allocate(graph, width, sizeof *rest);
    double *deviation = onnx_allocate(graph, width, sizeof *deviation);
    if (mean == NULL || rest == NULL || deviation == NULL)
        return "";
    for (size_t j = 0; j < width; j++) {
        const double whole = scaler->mean != NULL ? scaler->mean[j] * scaler->divisor : 0;
        mean[j] = graph->real == ONNX_FLOAT ? (double)(float)whole : whole;
        rest[j] = whole - mean[j];
        deviation[j] = (scaler->deviation != NULL ? scaler->deviation[j] : 1) * scaler->divisor;
    }
    if (!all_are(mean, width, 0))
        x = ONNX(graph, "Sub", x, onnx_vector(graph, width, mean));
    if (!all_are(rest, width, 0))
        x = ONNX(graph, "Sub", x, onnx_vector(graph, width, rest));
    return all_are(deviation, width, 1) ? x : ONNX(graph, "Div", x, onnx_vector(graph, width, deviation));
}

const char *onnx_features(OnnxGraph *graph, const percept_model *model, const ExportOptions *options)
{
    const char *x = ONNX_FEATURES;
    if (options->columns)
        x = join_columns(graph, &model->schema);
    else
        onnx_input(graph, ONNX_FEATURES, graph->real, (int64_t)network_inputs(&model->network));
    return scale(graph, &model->scaler, fill(graph, &model->schema, x));
}
