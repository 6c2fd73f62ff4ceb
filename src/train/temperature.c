#include "train/temperature.h"

#include <math.h>

#include "base/memory.h"
#include "train/metrics.h"

#define LEAST 0.01
#define MOST 100

/* Most steps of the search, which takes about ten. */
#define STEPS 100

/* An interval of log T that is as good as a point. */
#define CLOSE 1e-12

/* log(1 + e^x) */
static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* log p of what a member says, and its derivative by the factor of the logits. */
typedef struct Term {
    double log_p, slope;
} Term;

/* p = e^(f z_y) / Σ_j e^(f z_j):  d log p / df = z_y - Σ_j p_j z_j */
static Term softmax_term(const double *z, size_t width, size_t label, double factor)
{
    double largest = factor * z[0], sum = 0, mean = 0;
    for (size_t j = 1; j < width; j++)
        largest = fmax(largest, factor * z[j]);
    for (size_t j = 0; j < width; j++) {
        const double e = exp(factor * z[j] - largest);
        sum += e;
        mean += e * z[j];
    }
    /* cppcheck-suppress invalidFunctionArg ; the sum has the largest term, which is 1 */
    return (Term){factor * z[label] - largest - log(sum), z[label] - mean / sum};
}

/* p = σ(f s), with s = z, or -z for the contrary:  d log p / df = s (1 - p) */
static Term sigmoid_term(double s, double factor)
{
    const double log_p = -softplus(-factor * s);
    return (Term){log_p, s * exp(-softplus(factor * s))};
}

/* Of output j of example i by member m; of softmax there is one term, that of its label. */
static Term term_of(const Logits *logits, size_t m, size_t i, size_t j, double factor)
{
    const size_t width = logits->width, label = (size_t)logits->labels[i];
    const double *z = logits->z + (m * logits->count + i) * width;
    if (logits->softmax)
        return softmax_term(z, width, label, factor);
    return sigmoid_term(label == (width == 1 ? 1 : j) ? z[j] : -z[j], factor);
}

/* log p of the mean over the members: the derivative is the mean of theirs, weighted by their p. */
static Term mean_term(const Logits *logits, size_t i, size_t j, double factor)
{
    double largest = -INFINITY, sum = 0, slope = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t m = 0; m < logits->members; m++) {
            const Term term = term_of(logits, m, i, j, factor);
            if (pass == 0)
                largest = fmax(largest, term.log_p);
            else
                sum += exp(term.log_p - largest);
            slope += pass == 0 ? 0 : exp(term.log_p - largest) * term.slope;
        }
    return (Term){largest + log(sum / (double)logits->members), slope / sum};
}

/* The loss at a factor of the logits, and its derivative. */
typedef struct Point {
    double loss, slope;
} Point;

static Point point_at(const Logits *logits, double factor)
{
    const size_t terms = logits->softmax ? 1 : logits->width;
    Point sum = {0, 0};
    double total = 0;
    for (size_t i = 0; i < logits->count; i++) {
        const double weight = logits->weights != NULL ? logits->weights[i] : 1;
        for (size_t j = 0; j < terms; j++) {
            const Term term = mean_term(logits, i, j, factor);
            sum.loss -= weight * term.log_p / (double)terms;
            sum.slope -= weight * term.slope / (double)terms;
        }
        total += weight;
    }
    return (Point){sum.loss / total, sum.slope / total};
}

/* Where the derivative changes its sign, by regula falsi on log T; the value at an end that stays is halved, which keeps the
 * steps from becoming small (Illinois method: M. Dowell and P. Jarratt, 1971). */
static double find_root(const Logits *logits, double low, double high, double at_low, double at_high)
{
    int side = 0;
    for (size_t s = 0; s < STEPS && high - low > CLOSE; s++) {
        double middle = (low * at_high - high * at_low) / (at_high - at_low);
        if (!(middle > low && middle < high))
            middle = low + (high - low) / 2;
        const double at_middle = point_at(logits, exp(middle)).slope;
        if (at_middle == 0)
            return middle;
        if (at_middle < 0) {
            low = middle;
            at_low = at_middle;
            at_high = side < 0 ? at_high / 2 : at_high;
            side = -1;
        } else {
            high = middle;
            at_high = at_middle;
            at_low = side > 0 ? at_low / 2 : at_low;
            side = 1;
        }
    }
    return low + (high - low) / 2;
}

double temperature_find(const Logits *logits)
{
    const double low = -log(MOST), high = -log(LEAST); /* of the logarithm of the factor 1/T */
    const double at_low = point_at(logits, exp(low)).slope, at_high = point_at(logits, exp(high)).slope;
    if (!(at_low < 0 && at_high > 0))
        return 1;
    const double factor = exp(find_root(logits, low, high, at_low, at_high));
    return point_at(logits, factor).loss < point_at(logits, 1).loss ? 1 / factor : 1; /* members: other minima */
}

/* ---- What it is worth ------------------------------------------------------------------------------------------- */

/* Adds a member's share to the probabilities of an example. */
static void add_probabilities(const Logits *logits, const double *z, double factor, double *probabilities)
{
    const size_t width = logits->width;
    for (size_t j = 0; j < width; j++) {
        const Term term = logits->softmax ? softmax_term(z, width, j, factor) : sigmoid_term(z[j], factor);
        probabilities[j] += exp(term.log_p) / (double)logits->members;
    }
}

percept_status temperature_measure(const Logits *logits, double temperature, TemperatureMetrics *out,
                                   percept_error *error)
{
    const size_t width = logits->width, classes = width > 1 ? width : 2;
    Metrics metrics = {0};
    double *probabilities = NULL;
    percept_report report = {.struct_size = sizeof report};
    percept_status status = metrics_create(classes, width, true, logits->count, &metrics, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(width, sizeof *probabilities, "the probabilities", &probabilities, error);
    for (size_t i = 0; i < logits->count && status == PERCEPT_OK; i++) {
        for (size_t j = 0; j < width; j++)
            probabilities[j] = 0;
        for (size_t m = 0; m < logits->members; m++)
            add_probabilities(logits, logits->z + (m * logits->count + i) * width, 1 / temperature, probabilities);
        metrics_add_labels(&metrics, 1, probabilities, NULL, logits->labels + i);
    }
    if (status == PERCEPT_OK)
        status = metrics_report(&metrics, &report, error);
    if (status == PERCEPT_OK)
        *out = (TemperatureMetrics){point_at(logits, 1 / temperature).loss, report.calibration_error};
    percept_report_clear(&report);
    metrics_clear(&metrics);
    memory_free(probabilities);
    return status;
}
