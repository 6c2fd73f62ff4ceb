#include "train/lbfgs.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "train/gradient.h"
#include "train/line_search.h"

/* As in SciPy's L-BFGS-B: part of the loss that it must decrease by, and evaluations of a line search. */
#define LEAST_DECREASE 2.2e-9
#define MOST_EVALUATIONS 20

/* yᵀs must be this part of yᵀy, so that 1 / yᵀs is no accident of rounding. */
#define LEAST_CURVATURE 1e-12

/* All that lasts beside vectors; numbers, since a slot is one. */
typedef struct LbfgsScalars {
    double pairs, newest; /* pairs in the history, and the place of the last one */
    double evaluations, over;
    double value;                                 /* at the position */
    double count, weight, loss, penalty, correct; /* EngineSums there */
} LbfgsScalars;

#define SCALARS (sizeof(LbfgsScalars) / sizeof(double))

/* What does not last. */
typedef struct Lbfgs {
    double *direction, *trial, *trial_gradient; /* parameter_count each */
    double *alphas;                             /* of the recursion: history */
    double *units;                              /* a copy of training->loss_units, or NULL */
} Lbfgs;

/* Views of a training, for the length of a step. */
typedef struct Search {
    Training *training;
    const Batch *batch;
    Lbfgs *own;
    LbfgsScalars *scalars;
    double *position, *gradient, *reciprocals; /* 1 / yᵀs */
    size_t n;
    EngineSums sums; /* at the trial point */
    double alpha;    /* … that this leads to */
    double value;
} Search;

static Search search_of(Training *training, const Batch *batch)
{
    const size_t n = training->model->network.parameter_count;
    void *const *slots = training->optimizer.slots;
    return (Search){.training = training,
                    .batch = batch,
                    .own = training->whole_state,
                    .scalars = slots[2],
                    .position = slots[1],
                    .gradient = (double *)slots[1] + n,
                    .reciprocals = (double *)slots[2] + SCALARS,
                    .n = n};
}

static double *pair_at(const Search *search, size_t pair)
{
    return (double *)search->training->optimizer.slots[0] + 2 * pair * search->n;
}

static double dot(size_t n, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* to += factor from */
static void add(size_t n, double *to, double factor, const double *from)
{
    for (size_t i = 0; i < n; i++)
        to[i] += factor * from[i];
}

/* ---- Before the first step ---------------------------------------------------------------------------------------- */

static percept_status check(const TrainingOptions *options, const Network *network, size_t examples,
                            percept_error *error)
{
    if (options->batch_size < examples)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.optimizer lbfgs takes all %zu training examples at once, not %zu; set train.batch_size "
                         "to %zu or more",
                         examples, options->batch_size, examples);
    const char *key = network->dropout_units > 0                  ? "model.dropout"
                      : options->category_dropout.probability > 0 ? "train.category_dropout"
                      : options->bfloat16                         ? "precision bfloat16"
                      : network->members > 1                      ? "model.members"
                      : options->decay_schedule != NULL           ? "train.decay_schedule"
                      : options->clip_norm > 0                    ? "train.clip_norm"
                      : options->rate_factors.count > 0           ? "train.rate_factors"
                                                                  : NULL;
    if (key == NULL)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "%s does not go with train.optimizer lbfgs, which minimizes one loss exactly; leave it out", key);
}

static percept_status allocate(size_t count, double **out, percept_error *error)
{
    return memory_allocate_zeroed(count, sizeof **out, "the optimizer's state", out, error);
}

static percept_status prepare(Training *training, percept_error *error)
{
    const size_t n = training->model->network.parameter_count, history = training->options->lbfgs.history;
    const size_t counts[OPTIMIZER_SLOTS] = {2 * history * n, 2 * n, SCALARS + history};
    OptimizerState *optimizer = &training->optimizer;
    Lbfgs *own = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *own, "the optimizer's state", &own, error);
    if (status != PERCEPT_OK)
        return status;
    training->whole_state = own;
    optimizer->wide_slots = true;
    for (size_t s = 0; s < OPTIMIZER_SLOTS && status == PERCEPT_OK; s++) {
        double *slot = NULL;
        status = allocate(counts[s], &slot, error);
        optimizer->slots[s] = slot;
        optimizer->slot_counts[s] = counts[s];
    }
    if (status == PERCEPT_OK)
        status = allocate(n, &own->direction, error);
    if (status == PERCEPT_OK)
        status = allocate(n, &own->trial, error);
    if (status == PERCEPT_OK)
        status = allocate(n, &own->trial_gradient, error);
    if (status == PERCEPT_OK)
        status = allocate(history, &own->alphas, error);
    if (status == PERCEPT_OK && training->loss_units != NULL) {
        const size_t outputs = network_outputs(&training->model->network);
        status = allocate(outputs, &own->units, error);
        if (status == PERCEPT_OK)
            memcpy(own->units, training->loss_units, outputs * sizeof *own->units);
    }
    return status;
}

static void clear(Training *training)
{
    Lbfgs *own = training->whole_state;
    memory_free(own->direction);
    memory_free(own->trial);
    memory_free(own->trial_gradient);
    memory_free(own->alphas);
    memory_free(own->units);
    memory_free(own);
}

/* ---- Evaluations --------------------------------------------------------------------------------------------------- */

static void set_parameters(const Search *search, const double *from)
{
    percept_model *model = search->training->model;
    float *single = model->parameters;
    if (model->precision == PERCEPT_FLOAT64)
        memcpy(model->parameters, from, search->n * sizeof *from);
    else
        for (size_t i = 0; i < search->n; i++)
            single[i] = (float)from[i];
}

static void read_reals(const Search *search, const void *from, double *to)
{
    const float *single = from;
    if (search->training->model->precision == PERCEPT_FLOAT64)
        memcpy(to, from, search->n * sizeof *to);
    else
        for (size_t i = 0; i < search->n; i++)
            to[i] = single[i];
}

/* Adds λ W to the gradient, and returns ½ λ ‖W‖². */
static double add_decay(const Search *search, const double *at, double *gradient)
{
    const OptimizerState *optimizer = &search->training->optimizer;
    double value = 0;
    for (size_t g = 0; g < optimizer->group_count; g++) {
        const ParameterGroup *group = &optimizer->groups[g];
        const double decay = search->training->update.weight_decay * group->decay;
        if (decay == 0)
            continue;
        value += decay / 2 * dot(group->end - group->begin, at + group->begin, at + group->begin);
        add(group->end - group->begin, gradient + group->begin, decay, at + group->begin);
    }
    return value;
}

/* Loss and gradient with these parameters; the model then has them. The losses of all outputs count alike. */
static double evaluate(Search *search, const double *at, double *gradient)
{
    Training *training = search->training;
    const Network *network = &training->model->network;
    for (size_t j = 0; search->own->units != NULL && j < network_outputs(network); j++)
        training->loss_units[j] = 1;
    set_parameters(search, at);
    find_gradient(training, search->batch, &search->sums);
    read_reals(search, training->gradient, gradient);
    search->scalars->evaluations++;
    const EngineSums *sums = &search->sums;
    const double loss =
        network->sum ? sums->loss + sums->weight * sums->penalty : engine_mean_loss(sums) + sums->penalty;
    return loss + add_decay(search, at, gradient);
}

/* φ of the line search. */
static double evaluate_trial(void *context, double alpha, double *slope)
{
    Search *search = context;
    memcpy(search->own->trial, search->position, search->n * sizeof(double));
    add(search->n, search->own->trial, alpha, search->own->direction);
    search->alpha = alpha;
    search->value = evaluate(search, search->own->trial, search->own->trial_gradient);
    *slope = dot(search->n, search->own->trial_gradient, search->own->direction);
    return search->value;
}

/* The sums of the point that the training is at, where losses of outputs have units of their own. */
static void find_sums_in_units(Search *search)
{
    Training *training = search->training;
    const size_t outputs = network_outputs(&training->model->network);
    memcpy(training->loss_units, search->own->units, outputs * sizeof *training->loss_units);
    set_parameters(search, search->position);
    find_gradient(training, search->batch, &search->sums);
}

static void keep_sums(Search *search)
{
    if (search->own->units != NULL)
        find_sums_in_units(search);
    LbfgsScalars *scalars = search->scalars;
    scalars->count = (double)search->sums.count;
    scalars->weight = search->sums.weight;
    scalars->loss = search->sums.loss;
    scalars->penalty = search->sums.penalty;
    scalars->correct = (double)search->sums.correct;
}

static EngineSums kept_sums(const LbfgsScalars *scalars)
{
    return (EngineSums){.count = (size_t)scalars->count,
                        .weight = scalars->weight,
                        .loss = scalars->loss,
                        .penalty = scalars->penalty,
                        .correct = (size_t)scalars->correct};
}

/* ---- A step -------------------------------------------------------------------------------------------------------- */

/* The place of the pair that is `age` older than the newest. */
static size_t place_of(const Search *search, size_t age)
{
    const size_t history = search->training->options->lbfgs.history;
    return ((size_t)search->scalars->newest + history - age) % history;
}

/* d = -H g (algorithm 7.4); without history -g. Returns the slope along d. */
static double set_direction(Search *search)
{
    const size_t n = search->n, pairs = (size_t)search->scalars->pairs;
    double *d = search->own->direction, *alphas = search->own->alphas;
    for (size_t i = 0; i < n; i++)
        d[i] = -search->gradient[i];
    for (size_t age = 0; age < pairs; age++) {
        const double *s = pair_at(search, place_of(search, age)), *y = s + n;
        alphas[age] = search->reciprocals[place_of(search, age)] * dot(n, s, d);
        add(n, d, -alphas[age], y);
    }
    if (pairs > 0) {
        const double *y = pair_at(search, place_of(search, 0)) + n;
        const double scale = 1 / (search->reciprocals[place_of(search, 0)] * dot(n, y, y));
        for (size_t i = 0; i < n; i++)
            d[i] *= scale;
    }
    for (size_t age = pairs; age-- > 0;) {
        const double *s = pair_at(search, place_of(search, age)), *y = s + n;
        add(n, d, alphas[age] - search->reciprocals[place_of(search, age)] * dot(n, y, d), s);
    }
    return dot(n, search->gradient, d);
}

/* A step that decreases the loss, of length 0 where there is none. */
static double find_step(Search *search, double slope)
{
    const double length = sqrt(dot(search->n, search->gradient, search->gradient));
    const double first = search->scalars->pairs > 0 ? 1 : fmin(1, 1 / length);
    const double left = (double)search->training->options->lbfgs.evaluations - search->scalars->evaluations;
    if (!(slope < 0) || !(left >= 1))
        return 0;
    return line_search(&(LineSearch){.function = evaluate_trial,
                                     .context = search,
                                     .value = search->scalars->value,
                                     .slope = slope,
                                     .first = first * search->training->update.learning_rate,
                                     .most = left < MOST_EVALUATIONS ? (size_t)left : MOST_EVALUATIONS});
}

/* The trial point becomes the position, and the differences a pair of the history, unless their curvature is no use. */
static void accept(Search *search)
{
    LbfgsScalars *scalars = search->scalars;
    const size_t n = search->n, history = search->training->options->lbfgs.history;
    const size_t place = scalars->pairs > 0 ? ((size_t)scalars->newest + 1) % history : 0;
    double *s = pair_at(search, place), *y = s + n;
    /* A full history loses its oldest pair here, whether or not the new one is kept. */
    if ((size_t)scalars->pairs == history)
        scalars->pairs--;
    for (size_t i = 0; i < n; i++) {
        s[i] = search->own->trial[i] - search->position[i];
        y[i] = search->own->trial_gradient[i] - search->gradient[i];
    }
    const double product = dot(n, y, s);
    if (product > LEAST_CURVATURE * dot(n, y, y)) {
        search->reciprocals[place] = 1 / product;
        scalars->newest = (double)place;
        scalars->pairs++;
    }
    memcpy(search->position, search->own->trial, n * sizeof(double));
    memcpy(search->gradient, search->own->trial_gradient, n * sizeof(double));
}

static bool is_flat(const Search *search)
{
    double largest = 0;
    for (size_t i = 0; i < search->n; i++)
        largest = fmax(largest, fabs(search->gradient[i]));
    return largest <= search->training->options->lbfgs.tolerance;
}

static void iterate(Search *search)
{
    LbfgsScalars *scalars = search->scalars;
    const double before = scalars->value;
    double alpha = find_step(search, set_direction(search));
    if (alpha == 0 && scalars->pairs > 0) { /* once more, down the gradient */
        scalars->pairs = 0;
        alpha = find_step(search, set_direction(search));
    }
    if (alpha == 0) {
        scalars->over = 1;
        set_parameters(search, search->position);
        return;
    }
    if (search->alpha != alpha) {
        double slope = 0;
        (void)evaluate_trial(search, alpha, &slope);
    }
    scalars->value = search->value;
    accept(search);
    keep_sums(search);
    set_parameters(search, search->position);
    const double scale = fmax(fmax(fabs(before), fabs(scalars->value)), 1);
    scalars->over = is_flat(search) || before - scalars->value <= LEAST_DECREASE * scale ||
                    scalars->evaluations >= (double)search->training->options->lbfgs.evaluations;
}

static void step(Training *training, const Batch *batch, EngineSums *sums)
{
    Search search = search_of(training, batch);
    if (search.scalars->evaluations == 0) {
        read_reals(&search, training->model->parameters, search.position);
        search.scalars->value = evaluate(&search, search.position, search.gradient);
        keep_sums(&search);
    }
    *sums = kept_sums(search.scalars);
    if (isfinite(search.scalars->value))
        iterate(&search);
}

static bool is_over(const Training *training)
{
    return ((const LbfgsScalars *)training->optimizer.slots[2])->over > 0;
}

const WholeOptimizer whole_lbfgs = {
    .name = "lbfgs", .check = check, .prepare = prepare, .clear = clear, .step = step, .is_over = is_over};
