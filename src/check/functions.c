#include "check/functions.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "nn/activation.h"
#include "nn/loss.h"

/* Differences to both sides of a smooth function agree to about h; at a kink they do not. */
#define KINK 1e-3

/* ---- Activations ------------------------------------------------------------------------------------------------- */

static double activation_value(const Activation_f64 *activation, double z)
{
    double a = 0;
    activation->forward(1, 1, &z, &a);
    return a;
}

static void check_point(const Activation_f64 *activation, double x, FunctionRow *row)
{
    const double h = cbrt(DBL_EPSILON) * fmax(1, fabs(x)), up = x + h, down = x - h, one = 1;
    *row = (FunctionRow){.x = x, .value = activation_value(activation, x)};
    activation->backward(1, 1, &x, &row->value, &one, &row->derivative);
    const double above = activation_value(activation, up), below = activation_value(activation, down);
    row->difference = (above - below) / (up - down);
    row->forward = (above - row->value) / (up - x);
    row->backward = (row->value - below) / (x - down);
    row->kink = fabs(row->forward - row->backward) > KINK * fmax(1, fabs(row->difference));
}

percept_status check_activation(size_t index, const double *points, size_t count, FunctionRow *rows,
                                percept_error *error)
{
    const Activation_f64 *activation = activation_at_f64(index);
    if (!activation->elementwise)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s is no function of one number", activation->name);
    for (size_t i = 0; i < count; i++)
        check_point(activation, points[i], &rows[i]);
    return PERCEPT_OK;
}

/* ---- Losses ------------------------------------------------------------------------------------------------------ */

/* Whether a loss is computed from the logit of its output, a = sigmoid(z). */
static bool takes_logits(const Loss_f64 *loss)
{
    return loss->output != NULL;
}

static double loss_value(const Loss_f64 *loss, double target, double a)
{
    const double z = takes_logits(loss) ? log(a) - log1p(-a) : a;
    const Answers_f64 answers = {.targets = &target};
    double value = 0;
    loss->forward(1, 1, &z, &a, answers, &value);
    return value;
}

static void check_term(const Loss_f64 *loss, double target, double a, LossRow *row)
{
    const bool logits = takes_logits(loss);
    const double z = logits ? log(a) - log1p(-a) : a, slope = logits ? a * (1 - a) : 1;
    const double h = cbrt(DBL_EPSILON) * (logits ? fmin(a, 1 - a) : fmax(1, fabs(a))), up = a + h, down = a - h;
    const Answers_f64 answers = {.targets = &target};
    *row = (LossRow){.target = target, .output = a, .loss = loss_value(loss, target, a)};
    loss->backward(1, 1, &z, &a, answers, &row->gradient);
    row->gradient /= slope;
    row->difference = (loss_value(loss, target, up) - loss_value(loss, target, down)) / (up - down);
}

percept_status check_loss_terms(size_t index, const double *targets, const double *outputs, size_t count, LossRow *rows,
                                percept_error *error)
{
    const Loss_f64 *loss = loss_at_f64(index);
    if (takes_logits(loss) && strcmp(loss->output, "sigmoid") != 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s is no function of one output", loss->name);
    for (size_t i = 0; i < count; i++) {
        if (takes_logits(loss) && !(outputs[i] > 0 && outputs[i] < 1))
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: output %zu is %g, not between 0 and 1", loss->name, i,
                             outputs[i]);
        check_term(loss, targets[i], outputs[i], &rows[i]);
    }
    return PERCEPT_OK;
}

/* ---- Softmax ----------------------------------------------------------------------------------------------------- */

void softmax_naive(const double *z, size_t count, double *p)
{
    double sum = 0;
    for (size_t j = 0; j < count; j++) {
        p[j] = exp(z[j]);
        sum += p[j];
    }
    for (size_t j = 0; j < count; j++)
        p[j] /= sum;
}

void softmax_stable(const double *z, size_t count, double *p)
{
    activation_at_f64((size_t)activation_find("softmax"))->forward(1, count, z, p);
}
