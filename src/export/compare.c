#include "export/compare.h"

#include <math.h>

#include "base/memory.h"
#include "nn/loss.h"

/* Sums of a few thousand products differ by this much in another order, in the precision's ulps of values near 1. A file
 * that computes another function differs by far more. */
#define BOUND_FLOAT32 1e-4
#define BOUND_FLOAT64 1e-10

size_t export_answers(const percept_model *model)
{
    return model->class_count > 0 ? model->class_count : network_outputs(&model->network);
}

int32_t compare_class(const percept_model *model, const double *answers)
{
    if (model->class_count == 0)
        return -1;
    if (model->threshold > 0)
        return isnan(answers[0]) || isnan(answers[1]) ? -1 : answers[1] >= model->threshold;
    if (model->class_count == 2) /* at equal probabilities the second class, as at the threshold of one output */
        return isnan(answers[0]) || isnan(answers[1])  ? -1
               : network_outputs(&model->network) == 1 ? answers[1] >= 0.5
                                                       : output_class_f64(2, answers);
    return output_class_f64(model->class_count, answers);
}

/* What target j changes by where the network's output changes by 1, near `b`; of quantiles, a tenth of their range. */
static double unit_of(const Scaler *scaler, size_t j, double b)
{
    const TargetTransform *transform = &scaler->transform;
    const double unit = scaler->deviation != NULL ? scaler->deviation[j] : 1;
    if (transform->kind != TARGET_QUANTILE)
        return unit * fabs(target_slope(transform, j, b));
    const double *values = transform->values + j * transform->knots;
    return unit * (values[transform->knots - 1] - values[0]) / 10;
}

/* |a - b| in units of the output; 0 where both are NaN. Large answers are compared relative to their size. */
static double distance(const percept_model *model, size_t j, double a, double b)
{
    const Scaler *scaler = &model->target_scaler;
    const double unit = model->class_count == 0 ? unit_of(scaler, j, b) : 1;
    if (isnan(a) && isnan(b))
        return 0;
    if (isnan(a) || isnan(b))
        return INFINITY;
    return a == b ? 0 : fabs(a - b) / fmax(unit, model->class_count == 0 ? fabs(b) : 1);
}

/* Percept's answers, released with memory_free. */
static percept_status predict(const percept_model *model, const double *rows, size_t count, double **out,
                              percept_error *error)
{
    percept_predictor *predictor = NULL;
    percept_status status = memory_allocate(count, export_answers(model) * sizeof(double), "the answers", out, error);
    if (status == PERCEPT_OK)
        status = percept_predictor_create(model, 1, &predictor, error);
    if (status == PERCEPT_OK)
        percept_predictor_probabilities(predictor, rows, count, *out);
    percept_predictor_free(predictor);
    return status;
}

/* The largest distance of two sets of answers, and the row where it is. */
static double largest(const percept_model *model, size_t count, const double *answers, const double *others,
                      size_t *row)
{
    const size_t width = export_answers(model);
    double most = 0;
    *row = 0;
    for (size_t k = 0; k < count * width; k++) {
        const double difference = distance(model, k % width, answers[k], others[k]);
        *row = difference > most ? k / width : *row;
        most = fmax(most, difference);
    }
    return most;
}

percept_status compare_rows(const percept_model *model, const double *rows, const double *others, size_t count,
                            double *difference, percept_error *error)
{
    double *a = NULL, *b = NULL;
    size_t row = 0;
    percept_status status = predict(model, rows, count, &a, error);
    if (status == PERCEPT_OK)
        status = predict(model, others, count, &b, error);
    if (status == PERCEPT_OK)
        *difference = largest(model, count, a, b, &row);
    memory_free(a);
    memory_free(b);
    return status;
}

static double bound_of(const percept_model *model, const ExportOptions *options)
{
    if (options->int8) /* rounded on purpose */
        return INFINITY;
    return options->precision == PERCEPT_FLOAT64 && model->precision == PERCEPT_FLOAT64 ? BOUND_FLOAT64 : BOUND_FLOAT32;
}

percept_status compare_answers(const percept_model *model, const ExportOptions *options, const ExportRows *rows,
                               const double *answers, ExportCheck *check, percept_error *error)
{
    const size_t width = export_answers(model);
    double *own = NULL;
    size_t worst = 0;
    percept_status status = predict(model, rows->values, rows->count, &own, error);
    check->bound = bound_of(model, options);
    if (status == PERCEPT_OK)
        check->difference = largest(model, rows->count, answers, own, &worst);
    for (size_t i = 0; i < rows->count && status == PERCEPT_OK; i++) {
        const int32_t class = compare_class(model, answers + i * width),
                      own_class = compare_class(model, own + i * width);
        const bool known =
            rows->labels != NULL && i < rows->given + rows->tested && (rows->tested == 0 || i >= rows->given);
        check->labels += class != own_class;
        check->known += known;
        check->right += known && class == rows->labels[i];
        check->own_right += known && own_class == rows->labels[i];
    }
    if (status == PERCEPT_OK && !(check->difference <= check->bound))
        status = error_set(error, PERCEPT_ERROR_FORMAT,
                           "the exported file does not compute what the model does: its answers differ by %.2g in row "
                           "%zu of the check; nothing was written",
                           check->difference, worst + 1);
    memory_free(own);
    return status;
}
