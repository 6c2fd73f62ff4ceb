#include "export/onnx_erf.h"

/* Coefficients of T_0, T_1, … of the Chebyshev series of g(t) = erfc(a) e^(a²) / t with t = 2 / (2 + a), in y = 2t - 1: from
 * 60 nodes in 40 digits. The rest of the series is below 3e-17. */
static const double series[] = {
    0.57703373861646968862,     0.35543692127049848731,     0.06509515882878652455,     0.0036711423958366391659,
    -0.0011128447433526324969,  -0.00016075829915378079758, 0.000032780315741731370605, 5.4424416455050160333e-6,
    -1.5154665553171481622e-6,  -1.4297608181169864917e-7,  8.234608827419493433e-8,    -1.2962846852306562536e-9,
    -4.1547216310151983042e-9,  6.3470582783628111814e-10,  1.4320822712256223707e-10,  -6.1603901052045855418e-11,
    2.0612138554721696306e-12,  3.571493148847704445e-12,   -8.5864228432517964757e-13, -6.145600213790630554e-14,
    7.4187257485966170573e-14,  -1.2895042755032325615e-14, -2.3587263857106323568e-15, 1.5729349381685911397e-15,
    -2.2782966239546465174e-16, -6.3123304507564298107e-17};

#define TERMS (sizeof series / sizeof series[0])

/* Σ_k series_k T_k(y) by Clenshaw's recurrence: b_k = 2y b_{k+1} - b_{k+2} + series_k. */
static const char *sum_series(OnnxGraph *graph, const char *y)
{
    const char *twice = ONNX(graph, "Add", y, y), *next = onnx_number(graph, series[TERMS - 1]);
    const char *after = onnx_number(graph, 0);
    for (size_t k = TERMS - 2; k > 0; k--) {
        const char *product = ONNX(graph, "Sub", ONNX(graph, "Mul", twice, next), after);
        after = next;
        next = ONNX(graph, "Add", product, onnx_number(graph, series[k]));
    }
    const char *product = ONNX(graph, "Sub", ONNX(graph, "Mul", y, next), after);
    return ONNX(graph, "Add", product, onnx_number(graph, series[0]));
}

/* erfc(a) = t g(t) e^(-a²) for a = |x|; erf(x) = ± (1 - erfc(a)). */
const char *onnx_erf(OnnxGraph *graph, const char *x)
{
    if (graph->real == ONNX_FLOAT)
        return ONNX(graph, "Erf", x);
    const char *a = ONNX(graph, "Abs", x), *two = onnx_number(graph, 2), *one = onnx_number(graph, 1);
    const char *t = ONNX(graph, "Div", two, ONNX(graph, "Add", a, two));
    const char *y = ONNX(graph, "Sub", ONNX(graph, "Add", t, t), one);
    const char *decay = ONNX(graph, "Exp", ONNX(graph, "Neg", ONNX(graph, "Mul", a, a)));
    const char *erfc = ONNX(graph, "Mul", ONNX(graph, "Mul", t, sum_series(graph, y)), decay);
    const char *positive = ONNX(graph, "Sub", one, erfc), *negative = ONNX(graph, "Sub", erfc, one);
    return ONNX(graph, "Where", ONNX(graph, "Less", x, onnx_number(graph, 0)), negative, positive);
}
