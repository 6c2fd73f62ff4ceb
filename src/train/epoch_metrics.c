#include "train/epoch_metrics.h"

#include <math.h>
#include <string.h>

#include "train/evaluate.h"
#include "train/metrics.h"

EpochMetrics epoch_metrics_none(void)
{
    const PartMetrics none = {NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    return (EpochMetrics){none, none, none};
}

/* ---- What the steps give ------------------------------------------------------------------------------------------ */

/* One step over all examples has measured them before the epoch's only update; what it differentiates is the plain loss
 * if nothing is added to it. */
static bool is_one_plain_step(const Training *training)
{
    const Network *network = &training->model->network;
    bool penalty = false;
    for (size_t l = 0; l < network->depth; l++)
        penalty = penalty || network->layers[l].l1 > 0 || network->layers[l].l2 > 0;
    return training->steps == 1 && training->options->batch_size >= training->train->count && !penalty &&
           network->dropout_units == 0 && !(network->label_smoothing > 0) && training->class_weights == NULL &&
           network->value_count == network->parameter_count && /* running statistics are not those of the step */
           training->average == NULL && training->augment == NULL;
}

bool epoch_metrics_are_of_steps(const Training *training)
{
    const MetricsOptions *metrics = &training->options->metrics;
    return metrics->when == METRICS_DURING ||
           (metrics->when == METRICS_BEFORE && !metrics->naive && is_one_plain_step(training));
}

bool epoch_metrics_need_evaluation(const Training *training)
{
    return training->valid != NULL || training->options->metrics.test != NULL || !epoch_metrics_are_of_steps(training);
}

static PartMetrics metrics_of(const Training *training, const EngineSums *sums)
{
    return (PartMetrics){
        .loss = engine_mean_loss(sums),
        .loss_sum = sums->loss,
        .accuracy = training->model->class_count > 0 ? (double)sums->correct / (double)sums->count : NAN,
        .naive = NAN,
        .rmse = NAN,
        .mae = NAN,
        .r2 = NAN,
    };
}

void epoch_metrics_of_steps(Training *training)
{
    training->state.metrics.train = metrics_of(training, &training->state.sums);
}

/* ---- The naive loss ----------------------------------------------------------------------------------------------- */

typedef struct NaiveLoss {
    const percept_model *model;
    double sum, weight;
} NaiveLoss;

/* Adds -log p for the probability p that the outputs give the label: of softmax its own, of one sigmoid a or 1 - a. */
static void add_naive(void *user, const EvaluateBlock *block)
{
    NaiveLoss *naive = user;
    const size_t width = network_outputs(&naive->model->network);
    for (size_t i = 0; i < block->count; i++) {
        const size_t label = (size_t)block->data->labels[block->first + i];
        const double a = block->outputs[i * width + (width > 1 ? label : 0)];
        const double weight = dataset_weight(block->data, block->first + i);
        naive->sum -= weight * log(width > 1 || label == 1 ? a : 1 - a);
        naive->weight += weight;
    }
}

/* ---- Errors of targets --------------------------------------------------------------------------------------------- */

static void add_targets(void *user, const EvaluateBlock *block)
{
    metrics_add_targets(user, block->count, block->outputs, block->targets);
}

static percept_status set_errors(Metrics *metrics, PartMetrics *out, percept_error *error)
{
    percept_report report = {.struct_size = sizeof report};
    percept_status status = metrics_report(metrics, &report, error);
    if (status != PERCEPT_OK)
        return status;
    out->rmse = report.overall.root_mean_squared_error;
    out->mae = report.overall.mean_absolute_error;
    out->r2 = report.overall.r2;
    percept_report_clear(&report);
    return PERCEPT_OK;
}

/* ---- Measuring ---------------------------------------------------------------------------------------------------- */

/* Examples of a part that are measured. */
static size_t measured(const Training *training, const percept_dataset *part)
{
    const size_t batch = training->options->batch_size;
    return training->options->metrics.whole_batches && part->count >= batch ? part->count - part->count % batch
                                                                            : part->count;
}

static percept_status measure(Training *training, const percept_dataset *part, PartMetrics *out, percept_error *error)
{
    percept_model *model = training->model;
    void *parameters = model->parameters;
    NaiveLoss naive = {.model = model};
    Metrics metrics = {0};
    EngineSums sums;
    const bool targets = model->class_count == 0;
    EvaluateVisit *visit = targets ? add_targets : training->options->metrics.naive ? add_naive : NULL;
    const size_t width = network_outputs(&model->network) / network_outputs_of_target(&model->network);
    percept_status status = targets ? metrics_create(0, width, false, 0, &metrics, error) : PERCEPT_OK;
    metrics.intervals = model->network.intervals;
    if (status != PERCEPT_OK)
        return status;
    model->parameters = training_result_parameters(training);
    status = evaluate_dataset(model, training->evaluator, part, measured(training, part), visit,
                              targets ? (void *)&metrics : &naive, &sums, error);
    model->parameters = parameters;
    if (status == PERCEPT_OK) {
        *out = metrics_of(training, &sums);
        if (visit == add_naive)
            out->naive = naive.weight > 0 ? naive.sum / naive.weight : 0;
        if (targets)
            status = set_errors(&metrics, out, error);
    }
    metrics_clear(&metrics);
    return status;
}

/* Whether a score beats the best one; NaN never does. Of equal accuracies the lower loss is better: small
 * validation parts have many epochs with the same share of right answers. */
static bool is_better(const TrainingState *state, double score, double loss, bool by_accuracy)
{
    if (state->best_count == 0 || score > state->best_score)
        return true;
    if (isnan(state->best_score))
        return !isnan(score);
    return by_accuracy && score >= state->best_score && loss < state->best_loss;
}

/* Keeps the parameters where the validation metrics are the best so far. */
static void judge(Training *training)
{
    TrainingState *state = &training->state;
    const PartMetrics *valid = &state->metrics.valid;
    const bool by_accuracy = training->options->monitor == MONITOR_VALID_ACCURACY && training->model->class_count > 0;
    const double score = by_accuracy ? valid->accuracy : -valid->loss;
    plateau_see(&state->plateau, &training->schedule, score);
    if (!is_better(state, score, valid->loss, by_accuracy))
        return;
    state->best_score = score;
    state->best_loss = valid->loss;
    state->best_accuracy = valid->accuracy;
    state->best_count = state->epoch + 1;
    if (training->best_parameters != NULL)
        memcpy(training->best_parameters, training_result_parameters(training), training_vector_bytes(training));
}

percept_status epoch_metrics_measure(Training *training, percept_error *error)
{
    EpochMetrics *metrics = &training->state.metrics;
    const percept_dataset *test = training->options->metrics.test;
    percept_status status = PERCEPT_OK;
    if (!epoch_metrics_are_of_steps(training))
        status = measure(training, training->train, &metrics->train, error);
    if (status == PERCEPT_OK && training->valid != NULL)
        status = measure(training, training->valid, &metrics->valid, error);
    if (status == PERCEPT_OK && test != NULL)
        status = measure(training, test, &metrics->test, error);
    if (status == PERCEPT_OK && training->valid != NULL)
        judge(training);
    return status;
}
