/* Periodic embedding of numbers (Y. Gorishniy, I. Rubachev, A. Babenko, 2022; in the form of D. Holzmüller,
 * L. Grinsztajn, I. Steinwart, 2024): each column has F waves of its own, and x stands behind what they are mapped to,
 *
 *   c_f = cos(2π frequency_f x + phase_f),   y = (weight c + bias, x)
 *
 * At first frequency ~ N(0, deviation²), phase ~ U(-π, π), weight and bias ~ U(-1/√F, 1/√F). */
#include "base/loop.h"
#include "nn/stages/stage_build.h"

enum { FREQUENCY, PHASE, WEIGHT, BIAS };
enum { FREQUENCIES, SIZE, DEVIATION };

#define TURN ((real_scalar)6.283185307179586)

#if defined PERCEPT_ISA
/* cos(2πu) in a form that the compiler makes vectors of. It is sin(2π (1/4 - |r|)) where r is u less the nearest whole
 * number. That argument lies in ± π/2, where the rest of the Taylor series is below the rounding: x^15/15! < 7e-10 for
 * float, x^23/23! < 2e-18 for double. */
static inline real wave(real u)
{
#if PERCEPT_REAL == F32
    enum { LAST = 13 };
#else
    enum { LAST = 21 };
#endif
    const real rest = u - rint(u), x = TURN * ((real)0.25 - (rest < 0 ? -rest : rest)), square = x * x;
    real sum = 1;
    UNROLL(16)
    for (int n = LAST; n > 1; n -= 2)
        sum = 1 - sum * (square * (real)(1.0 / (n * (n - 1))));
    return x * sum;
}

/* c = cos θ and, unless it is NULL, slope = -sin θ, with θ = 2π frequency x + phase */
static void make_waves(size_t count, const real *restrict frequency, const real *restrict phase, real x,
                       real *restrict c, real *restrict slope)
{
    for (size_t f = 0; f < count; f++)
        c[f] = wave(frequency[f] * x + phase[f] / TURN);
    for (size_t f = 0; f < count && slope != NULL; f++)
        slope[f] = wave(frequency[f] * x + phase[f] / TURN + (real)0.25);
}
#else
static void make_waves(size_t count, const real *restrict frequency, const real *restrict phase, real x,
                       real *restrict c, real *restrict slope)
{
    for (size_t f = 0; f < count; f++)
        c[f] = cos(TURN * frequency[f] * x + phase[f]);
    for (size_t f = 0; f < count && slope != NULL; f++)
        slope[f] = -sin(TURN * frequency[f] * x + phase[f]);
}
#endif

/* Kept of column j of example i: c, and behind all of them dc/dθ, θ being the argument of the cosine. */
static real *waves(const REAL(StageRun) * run, size_t i, size_t j)
{
    return run->kept + (i * run->stage->inputs + j) * (size_t)run->stage->settings[FREQUENCIES];
}

static real *slopes(const REAL(StageRun) * run, size_t i, size_t j)
{
    return waves(run, run->count + i, j);
}

static void forward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const size_t count = (size_t)run->stage->settings[FREQUENCIES], mapped = (size_t)run->stage->settings[SIZE] - 1;
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++) {
            const real *frequency = REAL(stage_tensor)(run, FREQUENCY) + j * count;
            const real *phase = REAL(stage_tensor)(run, PHASE) + j * count;
            const real x = run->X[i * run->x_row + j];
            const real *restrict c = waves(run, i, j);
            real *restrict y = run->Y + i * run->y_row + j * (mapped + 1);
            make_waves(count, frequency, phase, x, waves(run, i, j), run->training ? slopes(run, i, j) : NULL);
            for (size_t k = 0; k < mapped; k++) {
                const real *restrict weight = REAL(stage_tensor)(run, WEIGHT) + (j * mapped + k) * count;
                y[k] = REAL(stage_tensor)(run, BIAS)[j * mapped + k];
                for (size_t f = 0; f < count; f++)
                    y[k] += weight[f] * c[f];
            }
            y[mapped] = x;
        }
}

/* dθ = dc/dθ ∘ weightᵀ dy, in place of dc/dθ */
static void differentiate(const real *restrict weight, const real *restrict dy, size_t mapped, size_t count,
                          real *restrict slope)
{
    for (size_t f = 0; f < count; f++) {
        real sum = 0;
        for (size_t k = 0; k < mapped; k++)
            sum += weight[k * count + f] * dy[k];
        slope[f] *= sum;
    }
}

/* Of columns begin … end-1: dweight = Σ_i dy cᵀ,  dbias = Σ_i dy,  dphase = Σ_i dθ,  dfrequency = Σ_i 2π x dθ */
static void gradient(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const size_t count = (size_t)run->stage->settings[FREQUENCIES], mapped = (size_t)run->stage->settings[SIZE] - 1;
    for (size_t j = begin; j < end; j++) {
        real *restrict frequency = REAL(stage_gradient)(run, FREQUENCY) + j * count;
        real *restrict phase = REAL(stage_gradient)(run, PHASE) + j * count;
        real *restrict weight = REAL(stage_gradient)(run, WEIGHT) + j * mapped * count;
        real *restrict bias = REAL(stage_gradient)(run, BIAS) + j * mapped;
        for (size_t f = 0; f < count; f++)
            frequency[f] = phase[f] = 0;
        for (size_t e = 0; e < mapped * count; e++)
            weight[e] = 0;
        for (size_t k = 0; k < mapped; k++)
            bias[k] = 0;
        for (size_t i = 0; i < run->count; i++) {
            const real *restrict dy = run->dY + i * run->y_row + j * (mapped + 1), *restrict c = waves(run, i, j);
            const real x = TURN * run->X[i * run->x_row + j];
            real *restrict dtheta = slopes(run, i, j);
            differentiate(REAL(stage_tensor)(run, WEIGHT) + j * mapped * count, dy, mapped, count, dtheta);
            for (size_t f = 0; f < count; f++) {
                phase[f] += dtheta[f];
                frequency[f] += x * dtheta[f];
            }
            for (size_t k = 0; k < mapped; k++) {
                bias[k] += dy[k];
                for (size_t f = 0; f < count; f++)
                    weight[k * count + f] += dy[k] * c[f];
            }
        }
    }
}

/* dx = dy_x + Σ_f 2π frequency_f dθ_f, with what gradient left */
static void backward(const REAL(StageRun) * run, size_t begin, size_t end)
{
    const size_t count = (size_t)run->stage->settings[FREQUENCIES], size = (size_t)run->stage->settings[SIZE];
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < run->stage->inputs; j++) {
            const real *restrict frequency = REAL(stage_tensor)(run, FREQUENCY) + j * count;
            const real *restrict dtheta = slopes(run, i, j);
            real sum = 0;
            for (size_t f = 0; f < count; f++)
                sum += frequency[f] * dtheta[f];
            run->dX[i * run->x_row + j] = run->dY[i * run->y_row + (j + 1) * size - 1] + TURN * sum;
        }
}

STAGE_FUNCTIONS(periodic) = {forward, backward, gradient, NULL};

#if defined STAGE_ROW
static size_t outputs(const Stage *stage, size_t inputs)
{
    return inputs * (size_t)stage->settings[SIZE];
}

static size_t units(const Stage *stage)
{
    return stage->inputs;
}

static size_t kept(const Stage *stage, size_t examples)
{
    return 2 * examples * stage->inputs * (size_t)stage->settings[FREQUENCIES];
}

static void wave_shape(const Stage *stage, size_t *rows, size_t *columns)
{
    *rows = stage->inputs;
    *columns = (size_t)stage->settings[FREQUENCIES];
}

static void weight_shape(const Stage *stage, size_t *rows, size_t *columns)
{
    *rows = stage->inputs * ((size_t)stage->settings[SIZE] - 1);
    *columns = (size_t)stage->settings[FREQUENCIES];
}

static void bias_shape(const Stage *stage, size_t *rows, size_t *columns)
{
    *rows = stage->inputs;
    *columns = (size_t)stage->settings[SIZE] - 1;
}

static percept_status initialize(const Stage *stage, const StageData *data, RandomStream *stream, double *parameters,
                                 percept_error *error)
{
    (void)data, (void)error;
    const double pi = 3.141592653589793, bound = 1 / sqrt(stage->settings[FREQUENCIES]);
    for (size_t e = 0; e < stage->sizes[FREQUENCY]; e++)
        parameters[stage->offsets[FREQUENCY] + e] = random_normal(stream, 0, stage->settings[DEVIATION]);
    for (size_t e = 0; e < stage->sizes[PHASE]; e++)
        parameters[stage->offsets[PHASE] + e] = random_uniform(stream, -pi, pi);
    for (size_t t = WEIGHT; t <= BIAS; t++)
        for (size_t e = 0; e < stage->sizes[t]; e++)
            parameters[stage->offsets[t] + e] = random_uniform(stream, -bound, bound);
    return PERCEPT_OK;
}

const StageKind periodic_kind = {
    .name = "periodic",
    .formula = "a linear map of cos(2 pi frequency * x + phase), frequencies of each column, and x itself",
    .on_features = true,
    .of_columns = true,
    .settings = {{"frequencies", "of each column", SETTING_WHOLE, 16, 1, 4096, NULL},
                 {"size", "outputs of each column, x among them", SETTING_WHOLE, 4, 2, 4096, NULL},
                 {"deviation", "of the initial frequencies", SETTING_NUMBER, 0.1, 0, 1e6, NULL}},
    .tensors = {{"frequency", ROLE_SCALE, wave_shape},
                {"phase", ROLE_SHIFT, wave_shape},
                {"weight", ROLE_WEIGHT, weight_shape},
                {"bias", ROLE_BIAS, bias_shape}},
    .outputs = outputs,
    .kept = kept,
    .units = units,
    .forward = SPLIT_EXAMPLES,
    .backward = SPLIT_EXAMPLES,
    .initialize = initialize,
};
#endif
