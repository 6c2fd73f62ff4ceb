#include "train/curve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "train/evaluate.h"
#include "train/metrics.h"
#include "train/predictor.h"

/* Of a chosen threshold (curve_choose). */
#define CHOICE_MARGIN 0.25

/* ---- The curve of scores ------------------------------------------------------------------------------------------ */

typedef struct Scored {
    double score;
    bool positive;
} Scored;

static int higher_first(const void *left, const void *right)
{
    const double a = ((const Scored *)left)->score, b = ((const Scored *)right)->score;
    return (a < b) - (a > b);
}

/* Points of sorted examples; equal scores are one point. */
static void add_points(const Scored *examples, size_t count, Curve *curve)
{
    uint64_t right = 0, wrong = 0;
    double sum = 0;
    for (size_t i = 0; i < count;) {
        const double score = examples[i].score;
        const uint64_t before = right;
        for (; i < count && examples[i].score == score; i++) {
            right += examples[i].positive;
            wrong += !examples[i].positive;
        }
        curve->points[curve->count++] = (CurvePoint){score, right, wrong};
        sum += (double)(right - before) * (double)right / (double)(right + wrong);
    }
    curve->positives = right;
    curve->negatives = wrong;
    curve->average_precision = right > 0 ? sum / (double)right : NAN;
}

percept_status curve_create(const double *scores, const int32_t *labels, size_t count, Curve *out, percept_error *error)
{
    Curve curve = {.average_precision = NAN};
    Scored *examples = NULL;
    percept_status status = memory_allocate(count, sizeof *examples, "the scores", &examples, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *curve.points, "the ROC curve", &curve.points, error);
    bool ordered = true;
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++) {
        examples[i] = (Scored){scores[i], labels[i] == 1};
        ordered = ordered && !isnan(scores[i]);
    }
    if (status == PERCEPT_OK && ordered) {
        qsort(examples, count, sizeof *examples, higher_first);
        add_points(examples, count, &curve);
    }
    memory_free(examples);
    if (status == PERCEPT_OK)
        *out = curve;
    else
        curve_clear(&curve);
    return status;
}

void curve_clear(Curve *curve)
{
    memory_free(curve->points);
    *curve = (Curve){0};
}

/* ---- The curve of a model ----------------------------------------------------------------------------------------- */

/* Where outputs go. */
typedef struct Gathering {
    const percept_model *model;
    double *scores; /* of all examples */
} Gathering;

static void gather(void *user, const EvaluateBlock *block)
{
    const Gathering *gathering = user;
    const size_t width = network_outputs(&gathering->model->network);
    for (size_t i = 0; i < block->count; i++)
        gathering->scores[block->first + i] = block->outputs[i * width + width - 1];
}

percept_status curve_measure(const percept_model *model, const percept_dataset *data, size_t threads, Curve *out,
                             percept_error *error)
{
    Gathering gathering = {.model = model};
    percept_predictor *predictor = NULL;
    EngineSums sums;
    percept_status status = percept_predictor_create(model, threads, &predictor, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(data->count, sizeof *gathering.scores, "the scores", &gathering.scores, error);
    if (status == PERCEPT_OK) {
        const percept_model used = predictor_model(predictor);
        status = evaluate_dataset(&used, predictor->whole.engine, data, data->count, gather, &gathering, &sums, error);
    }
    if (status == PERCEPT_OK)
        status = curve_create(gathering.scores, data->labels, data->count, out, error);
    percept_predictor_free(predictor);
    memory_free(gathering.scores);
    return status;
}

/* ---- Points and their metrics ------------------------------------------------------------------------------------- */

/* How many points have at least this threshold. */
static size_t points_from(const Curve *curve, double threshold)
{
    size_t low = 0, high = curve->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (curve->points[middle].threshold >= threshold)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

CurvePoint curve_at(const Curve *curve, double threshold)
{
    const size_t count = points_from(curve, threshold);
    CurvePoint point = {.threshold = threshold};
    if (count > 0) {
        point.true_positives = curve->points[count - 1].true_positives;
        point.false_positives = curve->points[count - 1].false_positives;
    }
    return point;
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

CurveRates curve_rates(const Curve *curve, const CurvePoint *point)
{
    const double positives = (double)curve->positives, negatives = (double)curve->negatives;
    const double right = (double)point->true_positives, wrong = (double)point->false_positives;
    const CurveRates rates = {
        .true_positive_rate = ratio(right, positives),
        .false_positive_rate = ratio(wrong, negatives),
        .precision = ratio(right, right + wrong),
        .f1 = ratio(2 * right, positives + right + wrong),
        .accuracy = ratio(right + negatives - wrong, positives + negatives),
        .youden = ratio(right * negatives - wrong * positives, positives * negatives),
    };
    return rates;
}

/* The decimal number with the fewest digits above `below` and not above `score`. */
static double fewest_digits(double score, double below)
{
    char text[32];
    for (int digits = 0; digits <= 15; digits++) {
        const double power = pow(10, digits);
        double number = 0;
        snprintf(text, sizeof text, "%.*f", digits, floor(score * power) / power);
        if (number_parse(text, &number) && number > below && number <= score)
            return number;
    }
    return score;
}

/* How good a point is by a rule; -infinity for one that does not do what the rule asks for. */
static double worth_of(const Curve *curve, const CurvePoint *point, const ThresholdRule *rule)
{
    const CurveRates rates = curve_rates(curve, point);
    switch (rule->kind) {
    case THRESHOLD_F1:
        return rates.f1;
    case THRESHOLD_YOUDEN:
        return rates.youden;
    case THRESHOLD_RECALL:
        return rates.true_positive_rate >= rule->least ? 0 : -INFINITY;
    case THRESHOLD_PRECISION:
        return rates.precision >= rule->least ? rates.true_positive_rate : -INFINITY;
    case THRESHOLD_COST:
        return -(rule->false_positive * (double)point->false_positives +
                 rule->false_negative * (double)(curve->positives - point->true_positives));
    }
    return -INFINITY;
}

/* The lowest score is followed by 0, if it is a probability. */
static double score_below(const Curve *curve, size_t i)
{
    if (i + 1 < curve->count)
        return curve->points[i + 1].threshold;
    return curve->points[i].threshold > 0 ? 0 : -INFINITY;
}

/* `margin`: the part of the gap between two scores that is kept free on either side of the threshold. */
static bool best(const Curve *curve, const ThresholdRule *rule, double margin, CurvePoint *out)
{
    double highest = -INFINITY;
    size_t found = curve->count;
    for (size_t i = 0; i < curve->count; i++) {
        const double worth = worth_of(curve, &curve->points[i], rule);
        if (worth > highest) {
            highest = worth;
            found = i;
        }
    }
    if (found == curve->count)
        return false;
    *out = curve->points[found];
    const double below = margin > 0                 ? score_below(curve, found)
                         : found + 1 < curve->count ? curve->points[found + 1].threshold
                                                    : -INFINITY;
    const double free = isfinite(below) ? margin * (out->threshold - below) : 0;
    out->threshold = fewest_digits(out->threshold - free, below + free);
    return true;
}

bool curve_best_f1(const Curve *curve, CurvePoint *out)
{
    return curve->positives > 0 && best(curve, &(ThresholdRule){.kind = THRESHOLD_F1}, 0, out);
}

bool curve_best_youden(const Curve *curve, CurvePoint *out)
{
    return best(curve, &(ThresholdRule){.kind = THRESHOLD_YOUDEN}, 0, out);
}

bool curve_choose(const Curve *curve, const ThresholdRule *rule, CurvePoint *out)
{
    return curve->positives > 0 && curve->negatives > 0 && best(curve, rule, CHOICE_MARGIN, out);
}

void curve_apply(const Curve *curve, double threshold, percept_report *report)
{
    const CurvePoint point = curve_at(curve, threshold);
    uint64_t *confusion = report->metrics->confusion;
    confusion[0] = curve->negatives - point.false_positives;
    confusion[1] = point.false_positives;
    confusion[2] = curve->positives - point.true_positives;
    confusion[3] = point.true_positives;
    metrics_count_again(report);
}
