#include "export/onnx_embed.h"

#include <float.h>
#include <math.h>

#include "export/onnx_interpolate.h"

/* Each column of x repeated, `times[j]` times or as often as all others: rows × the sum. */
static const char *repeat(OnnxGraph *graph, const char *x, size_t columns, const size_t *times, size_t each)
{
    size_t sum = 0;
    for (size_t j = 0; j < columns; j++)
        sum += times != NULL ? times[j] : each;
    int64_t *indices = onnx_allocate(graph, sum, sizeof *indices);
    for (size_t j = 0, k = 0; j < columns && indices != NULL; j++)
        for (size_t t = 0; t < (times != NULL ? times[j] : each); t++)
            indices[k++] = (int64_t)j;
    if (indices == NULL)
        return "";
    const char *result = ONNX(graph, "Gather", x, onnx_integers(graph, sum, indices));
    onnx_set_integer(graph, "axis", 1);
    return result;
}

static const char *cast(OnnxGraph *graph, const char *x, OnnxType type)
{
    const char *result = ONNX(graph, "Cast", x);
    onnx_set_integer(graph, "to", type);
    return result;
}

static const char *reshape(OnnxGraph *graph, const char *x, size_t rank, const int64_t *shape)
{
    return ONNX(graph, "Reshape", x, onnx_integers(graph, rank, shape));
}

static const char *transpose(OnnxGraph *graph, const char *x)
{
    const char *result = ONNX(graph, "Transpose", x);
    onnx_set_integers(graph, "perm", 3, (int64_t[]){1, 0, 2});
    return result;
}

/* For each column a product of its own: (rows × columns·inner) by weights (columns × inner × outer), rows × columns·outer.
 * In float64 without Transpose, which ONNX Runtime fuses with the product into an operator that (at least up to 1.23) has no
 * float64. */
static const char *multiply_columns(OnnxGraph *graph, const char *x, size_t columns, size_t inner, size_t outer,
                                    const double *weights)
{
    const int64_t c = (int64_t)columns, n = (int64_t)inner, m = (int64_t)outer;
    const char *W = onnx_numbers(graph, 3, (int64_t[]){c, n, m}, weights);
    const char *product =
        graph->real == ONNX_DOUBLE
            ? ONNX(graph, "MatMul", reshape(graph, x, 4, (int64_t[]){-1, c, 1, n}), W)
            : transpose(graph, ONNX(graph, "MatMul", transpose(graph, reshape(graph, x, 3, (int64_t[]){-1, c, n})), W));
    return reshape(graph, product, 2, (int64_t[]){-1, c * m});
}

/* ---- Categories --------------------------------------------------------------------------------------------------- */

/* Indicator k of a column is 1 where its code is k. A column of -1 and 1 is the difference of two indicators. A code is the
 * whole part of the number; NaN equals nothing. */
const char *onnx_one_hot(const OnnxStage *stage, const char *x)
{
    OnnxGraph *graph = stage->graph;
    const Stage *own = stage->stage;
    const bool binary = own->settings[stage_setting_find(own->kind, "binary")] != 0;
    size_t *times = onnx_allocate(graph, own->inputs, sizeof *times);
    double *plus = onnx_allocate(graph, own->outputs, sizeof *plus);
    double *minus = onnx_allocate(graph, own->outputs, sizeof *minus);
    bool any = false;
    if (times == NULL || plus == NULL || minus == NULL)
        return "";
    for (size_t j = 0, k = 0; j < own->inputs; j++) {
        const bool two = binary && own->counts[j] == 2;
        times[j] = two ? 1 : own->counts[j];
        for (size_t t = 0; t < times[j]; t++, k++) {
            plus[k] = two ? 1 : (double)t;
            minus[k] = two ? 0 : NAN;
            any = any || two;
        }
    }
    const char *codes = repeat(graph, ONNX(graph, "Floor", x), own->inputs, times, 0);
    const char *is = ONNX(graph, "Equal", codes, onnx_vector(graph, own->outputs, plus));
    if (!any)
        return cast(graph, is, graph->real);
    const char *is_first = ONNX(graph, "Equal", codes, onnx_vector(graph, own->outputs, minus));
    return ONNX(graph, "Sub", cast(graph, is, graph->real), cast(graph, is_first, graph->real));
}

/* The tables of the columns lie one below the other; the last row of each is for unknown values. */
const char *onnx_table(const OnnxStage *stage, const char *x)
{
    OnnxGraph *graph = stage->graph;
    const Stage *own = stage->stage;
    const size_t size = own->outputs / own->inputs;
    double *counts = onnx_allocate(graph, own->inputs, sizeof *counts);
    int64_t *starts = onnx_allocate(graph, own->inputs, sizeof *starts), rows = 0;
    if (counts == NULL || starts == NULL)
        return "";
    for (size_t j = 0; j < own->inputs; j++) {
        counts[j] = own->counts[j];
        starts[j] = rows;
        rows += (int64_t)own->counts[j] + 1;
    }
    const char *unknown = onnx_vector(graph, own->inputs, counts), *zero = onnx_number(graph, 0);
    const char *known =
        ONNX(graph, "And", ONNX(graph, "Not", ONNX(graph, "Less", x, zero)), ONNX(graph, "Less", x, unknown));
    const char *code = cast(graph, ONNX(graph, "Where", known, ONNX(graph, "Floor", x), unknown), ONNX_INT64);
    const char *row = ONNX(graph, "Add", code, onnx_integers(graph, own->inputs, starts));
    const char *table = onnx_numbers(graph, 2, (int64_t[]){rows, (int64_t)size}, stage->parameters + own->offsets[0]);
    return reshape(graph, ONNX(graph, "Gather", table, row), 2, (int64_t[]){-1, (int64_t)own->outputs});
}

/* ---- Numbers ------------------------------------------------------------------------------------------------------ */

/* Bins as e = min(max((x - lower) · slope, least), most). */
typedef struct Bins {
    double *lower, *slope, *least, *most;
} Bins;

static double narrow(const OnnxGraph *graph, double value)
{
    return graph->real == ONNX_FLOAT ? (double)(float)value : value;
}

/* Bin t of a column. The first that has a width is open below, the last one above. One without a width before the last one
 * is a step at its edge, from 0 below it to 1; one behind the last is 0. */
static void set_bin(const OnnxGraph *graph, const double *edges, size_t count, size_t t, Bins *bins, size_t place)
{
    size_t first = count, last = count;
    for (size_t b = 0; b < count; b++)
        if (narrow(graph, edges[b + 1]) > narrow(graph, edges[b])) {
            first = first == count ? b : first;
            last = b;
        }
    const double edge = narrow(graph, edges[t]), width = narrow(graph, edges[t + 1]) - edge;
    const bool step = !(width > 0) && last < count && t < last;
    bins->lower[place] =
        step ? graph->real == ONNX_FLOAT ? (double)nextafterf((float)edge, -FLT_MAX) : nextafter(edge, -DBL_MAX) : edge;
    bins->slope[place] = width > 0 ? 1 / width : step ? 1e30 : 0;
    bins->least[place] = t == first ? -INFINITY : 0;
    bins->most[place] = t == last ? INFINITY : width > 0 || step ? 1 : 0;
}

static const char *encode(const OnnxStage *stage, const char *x, size_t bins_count)
{
    OnnxGraph *graph = stage->graph;
    const Stage *own = stage->stage;
    const size_t width = own->inputs * bins_count;
    const double *edges = stage->parameters + own->offsets[3];
    double *values = onnx_allocate(graph, 4 * width, sizeof *values);
    if (values == NULL)
        return "";
    Bins bins = {values, values + width, values + 2 * width, values + 3 * width};
    for (size_t j = 0; j < own->inputs; j++)
        for (size_t t = 0; t < bins_count; t++)
            set_bin(graph, edges + j * (bins_count + 1), bins_count, t, &bins, j * bins_count + t);
    const char *come =
        ONNX(graph, "Mul",
             ONNX(graph, "Sub", repeat(graph, x, own->inputs, NULL, bins_count), onnx_vector(graph, width, bins.lower)),
             onnx_vector(graph, width, bins.slope));
    const char *above = ONNX(graph, "Max", come, onnx_vector(graph, width, bins.least));
    return ONNX(graph, "Min", above, onnx_vector(graph, width, bins.most));
}

const char *onnx_piecewise_linear(const OnnxStage *stage, const char *x)
{
    enum { WEIGHT, LINEAR, BIAS };
    OnnxGraph *graph = stage->graph;
    const Stage *own = stage->stage;
    const size_t count = (size_t)own->settings[stage_setting_find(own->kind, "bins")];
    const size_t size = (size_t)own->settings[stage_setting_find(own->kind, "size")];
    const char *bins = encode(stage, x, count);
    if (size == 0)
        return bins;
    const char *mapped =
        multiply_columns(graph, bins, own->inputs, count, size, stage->parameters + own->offsets[WEIGHT]);
    const char *linear = ONNX(graph, "Mul", repeat(graph, x, own->inputs, NULL, size),
                              onnx_vector(graph, own->outputs, stage->parameters + own->offsets[LINEAR]));
    return ONNX(graph, "Add", ONNX(graph, "Add", mapped, linear),
                onnx_vector(graph, own->outputs, stage->parameters + own->offsets[BIAS]));
}

/* cos(2πu) = sin(2π (1/4 - |r|)), r being u less the nearest whole number: of large u nothing is lost. */
static const char *wave(OnnxGraph *graph, const char *u)
{
    const char *rest = ONNX(graph, "Sub", u, ONNX(graph, "Round", u));
    const char *turn = ONNX(graph, "Sub", onnx_number(graph, 0.25), ONNX(graph, "Abs", rest));
    return ONNX(graph, "Sin", ONNX(graph, "Mul", turn, onnx_number(graph, 6.283185307179586)));
}

/* weight (columns × mapped × count) turned over: columns × count × mapped */
static double *turn_weights(const OnnxStage *stage, size_t count, size_t mapped)
{
    const double *weight = stage->parameters + stage->stage->offsets[2];
    double *turned = onnx_allocate(stage->graph, stage->stage->inputs * count * mapped, sizeof *turned);
    for (size_t j = 0; j < stage->stage->inputs && turned != NULL; j++)
        for (size_t k = 0; k < mapped; k++)
            for (size_t f = 0; f < count; f++)
                turned[(j * count + f) * mapped + k] = weight[(j * mapped + k) * count + f];
    return turned;
}

const char *onnx_periodic(const OnnxStage *stage, const char *x)
{
    enum { FREQUENCY, PHASE, WEIGHT, BIAS };
    OnnxGraph *graph = stage->graph;
    const Stage *own = stage->stage;
    const size_t count = (size_t)own->settings[stage_setting_find(own->kind, "frequencies")];
    const size_t columns = own->inputs, mapped = own->outputs / columns - 1;
    double *phases = onnx_allocate(graph, columns * count, sizeof *phases),
           *weights = turn_weights(stage, count, mapped);
    if (phases == NULL || weights == NULL)
        return "";
    for (size_t f = 0; f < columns * count; f++)
        phases[f] = stage->parameters[own->offsets[PHASE] + f] / 6.283185307179586;
    const char *turns = ONNX(graph, "Mul", repeat(graph, x, columns, NULL, count),
                             onnx_vector(graph, columns * count, stage->parameters + own->offsets[FREQUENCY]));
    const char *waves = wave(graph, ONNX(graph, "Add", turns, onnx_vector(graph, columns * count, phases)));
    const char *sums = multiply_columns(graph, waves, columns, count, mapped, weights);
    const char *biased =
        ONNX(graph, "Add", sums, onnx_vector(graph, columns * mapped, stage->parameters + own->offsets[BIAS]));
    const int64_t c = (int64_t)columns, m = (int64_t)mapped;
    const char *both = ONNX(graph, "Concat", reshape(graph, biased, 3, (int64_t[]){-1, c, m}),
                            reshape(graph, x, 3, (int64_t[]){-1, c, 1}));
    onnx_set_integer(graph, "axis", 2);
    return reshape(graph, both, 2, (int64_t[]){-1, (int64_t)own->outputs});
}

const char *onnx_quantile_normal(const OnnxStage *stage, const char *x)
{
    enum { VALUES, NORMALS };
    const Stage *own = stage->stage;
    const size_t knots = (size_t)own->settings[stage_setting_find(own->kind, "knots")];
    return onnx_interpolate(stage->graph, x, own->inputs, knots, stage->parameters + own->offsets[VALUES],
                            stage->parameters + own->offsets[NORMALS]);
}
