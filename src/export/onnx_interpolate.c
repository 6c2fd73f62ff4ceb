#include "export/onnx_interpolate.h"

#include <math.h>

static double narrow(const OnnxGraph *graph, double value)
{
    return graph->real == ONNX_FLOAT ? (double)(float)value : value;
}

/* For each knot, what lies between it and the next one: 1 and 0 where that is nothing. */
static void measure(const OnnxGraph *graph, size_t columns, size_t knots, const double *from, const double *to,
                    double *width, double *height)
{
    for (size_t k = 0; k < columns * knots; k++) {
        const bool last = (k + 1) % knots == 0;
        const double wide = last ? 0 : narrow(graph, from[k + 1]) - narrow(graph, from[k]);
        width[k] = wide > 0 ? wide : 1;
        height[k] = wide > 0 ? to[k + 1] - to[k] : 0;
    }
}

/* How many knots of its column are not above a number: (rows × columns, 1). NaN is above none. */
static const char *count_below(OnnxGraph *graph, const char *x, size_t columns, size_t knots, const double *from)
{
    const int64_t c = (int64_t)columns, n = (int64_t)knots;
    double *ones = onnx_allocate(graph, knots, sizeof *ones);
    for (size_t k = 0; k < knots && ones != NULL; k++)
        ones[k] = 1;
    if (ones == NULL)
        return "";
    const char *cube = ONNX(graph, "Reshape", x, onnx_integers(graph, 3, (int64_t[]){-1, c, 1}));
    const char *edges = onnx_numbers(graph, 3, (int64_t[]){1, c, n}, from);
    const char *is_below = ONNX(graph, "Not", ONNX(graph, "Less", cube, edges));
    const char *below = ONNX(graph, "Cast", is_below);
    onnx_set_integer(graph, "to", graph->real);
    const char *rows = ONNX(graph, "Reshape", below, onnx_integers(graph, 2, (int64_t[]){-1, n}));
    return ONNX(graph, "MatMul", rows, onnx_numbers(graph, 2, (int64_t[]){n, 1}, ones));
}

/* The number of each knot that was found, from a table of numbers of all knots: rows × columns. */
static const char *look_up(OnnxGraph *graph, size_t count, const double *numbers, const char *places)
{
    return ONNX(graph, "Gather", onnx_vector(graph, count, numbers), places);
}

const char *onnx_interpolate(OnnxGraph *graph, const char *x, size_t columns, size_t knots, const double *from,
                             const double *to)
{
    const size_t all = columns * knots;
    double *first = onnx_allocate(graph, columns, sizeof *first);
    double *width = onnx_allocate(graph, all, sizeof *width), *height = onnx_allocate(graph, all, sizeof *height);
    int64_t *starts = onnx_allocate(graph, columns, sizeof *starts);
    if (first == NULL || width == NULL || height == NULL || starts == NULL)
        return "";
    measure(graph, columns, knots, from, to, width, height);
    for (size_t j = 0; j < columns; j++) {
        first[j] = from[j * knots];
        starts[j] = (int64_t)(j * knots) - 1;
    }
    const char *least = onnx_vector(graph, columns, first);
    const char *inside = ONNX(graph, "Where", ONNX(graph, "Less", x, least), least, x);
    const char *below = ONNX(graph, "Reshape", count_below(graph, inside, columns, knots, from),
                             onnx_integers(graph, 2, (int64_t[]){-1, (int64_t)columns}));
    const char *whole = ONNX(graph, "Cast", below);
    onnx_set_integer(graph, "to", ONNX_INT64);
    const char *places = ONNX(graph, "Add", whole, onnx_integers(graph, columns, starts));
    const char *part = ONNX(graph, "Div", ONNX(graph, "Sub", inside, look_up(graph, all, from, places)),
                            look_up(graph, all, width, places));
    return ONNX(graph, "Add", ONNX(graph, "Mul", part, look_up(graph, all, height, places)),
                look_up(graph, all, to, places));
}
