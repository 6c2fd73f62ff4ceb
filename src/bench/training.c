#include "bench/training.h"

#include <string.h>

#include "base/memory.h"
#include "bench/peak.h"
#include "bench/work.h"

/* Seconds of each measurement of the peak. */
#define PEAK_SECONDS 0.1

/* As good as endless; its product with the steps of an epoch does not matter (train.c). */
#define ENDLESS ((size_t)1 << 40)

const char *const training_figures[TRAINING_FIGURES + 1] = {
    "gflops",
    "peak_gflops",
    "share_of_peak",
    "seconds_per_epoch",
    "microseconds_per_step",
    "examples_per_second",
    "round_trip_before",
    "round_trip_after",
    NULL,
};

/* What runs along with the training. */
typedef struct Watch {
    TrainingBench *bench;
    const TrainingBenchOptions *options;
    percept_type precision;
    bool bfloat16;
    Team *team;
    Beginning beginning;
    double peak, round_trip, begin; /* before the round */
    size_t epochs;                  /* of the round */
} Watch;

/* ---- Trainings without end ----------------------------------------------------------------------------------------- */

static size_t parameter_bytes(const percept_model *model)
{
    return model->network.value_count * model_real_size(model);
}

percept_status beginning_create(percept_model *model, size_t anew, TrainingOptions *training, Beginning *out,
                                percept_error *error)
{
    *out = (Beginning){.model = model, .anew = anew > 0 ? anew : training->epochs};
    training->epochs = ENDLESS;
    training->patience = 0;
    training->report_nonfinite = true;
    const percept_status status =
        memory_allocate(1, parameter_bytes(model), "the first weights", &out->parameters, error);
    if (status == PERCEPT_OK)
        memcpy(out->parameters, model->parameters, parameter_bytes(model));
    return status;
}

void beginning_clear(Beginning *beginning)
{
    memory_free(beginning->parameters);
    *beginning = (Beginning){0};
}

void beginning_after_epoch(const Beginning *beginning, const percept_progress *progress)
{
    if (progress->epoch_done && (progress->epoch + 1) % beginning->anew == 0)
        memcpy(beginning->model->parameters, beginning->parameters, parameter_bytes(beginning->model));
}

/* ---- Rounds -------------------------------------------------------------------------------------------------------- */

static void begin_round(Watch *watch)
{
    watch->peak = watch->bfloat16 ? peak_measure_bfloat16(watch->team, PEAK_SECONDS)
                                  : peak_measure(watch->precision, watch->team, PEAK_SECONDS);
    watch->round_trip = round_trip_measure(watch->team);
    watch->epochs = 0;
    watch->begin = timing_now();
}

static void end_round(Watch *watch, double seconds)
{
    TrainingBench *bench = watch->bench;
    const double epoch = seconds / (double)watch->epochs, rate = bench->operations / epoch;
    bench->rounds[bench->round_count++] = (TrainingRound){
        .gflops = 1e-9 * rate,
        .peak_gflops = 1e-9 * watch->peak,
        .share_of_peak = rate / watch->peak,
        .seconds_per_epoch = epoch,
        .microseconds_per_step = 1e6 * epoch / (double)bench->steps,
        .examples_per_second = (double)bench->examples / epoch,
        .round_trip_before = watch->round_trip,
        .round_trip_after = round_trip_measure(watch->team),
    };
}

/* The callback of the training: between two epochs the team is free for the peak's measurement. */
static int observe(const percept_progress *progress, void *user)
{
    Watch *watch = user;
    if (!progress->epoch_done)
        return 0;
    const double seconds = timing_now() - watch->begin;
    beginning_after_epoch(&watch->beginning, progress);
    if (progress->epoch > 0) {
        watch->epochs++;
        if (seconds < watch->options->seconds)
            return 0;
        end_round(watch, seconds);
    }
    if (watch->bench->round_count == watch->options->rounds)
        return 1;
    begin_round(watch);
    return 0;
}

/* ---- All of it ----------------------------------------------------------------------------------------------------- */

/* Operations of an epoch: of training and of measurements. */
static double epoch_operations(const TrainingBench *bench, const Network *network, const percept_data *data,
                               const TrainingOptions *training)
{
    size_t measured = data->valid != NULL ? data->valid->count : 0;
    if (training->metrics.when != METRICS_DURING)
        measured += data->train->count;
    if (training->metrics.test != NULL)
        measured += training->metrics.test->count;
    return (double)bench->examples * work_training(network) + (double)measured * work_forward(network);
}

static void sum_up(TrainingBench *bench, double *values)
{
    for (size_t f = 0; f < TRAINING_FIGURES; f++) {
        for (size_t r = 0; r < bench->round_count; r++)
            values[r] = ((const double *)&bench->rounds[r])[f];
        bench->figures[f] = spread_of(values, bench->round_count);
    }
    for (size_t d = 0; d < DISTANCES; d++) {
        DistanceShare *apart = &bench->apart[d];
        for (size_t r = 0; r < bench->round_count; r++) {
            const TrainingRound *round = &bench->rounds[r];
            if (distance_between(round->round_trip_before, round->round_trip_after) == (Distance)d)
                values[apart->count++] = round->share_of_peak;
        }
        if (apart->count > 0)
            apart->share = spread_of(values, apart->count).median;
    }
}

static percept_status run(percept_model *model, const percept_data *data, const TrainingOptions *training, Watch *watch,
                          percept_error *error)
{
    double *values = NULL;
    percept_status status = memory_allocate(watch->options->rounds, sizeof *values, "the figures", &values, error);
    if (status == PERCEPT_OK) {
        watch->begin = timing_now();
        status = train_run(model, data->train, data->valid, training, watch->team, observe, watch, NULL, error);
    }
    if (status == PERCEPT_ERROR_INTERRUPTED) { /* as observe asked */
        sum_up(watch->bench, values);
        status = PERCEPT_OK;
    }
    memory_free(values);
    return status;
}

percept_status training_bench(const percept_recipe *recipe, const percept_data *data, percept_model *model,
                              const TrainingBenchOptions *options, TrainingBench *out, percept_error *error)
{
    TrainingOptions training;
    Watch watch = {.bench = out, .options = options, .precision = model->precision};
    const size_t count = data->train->count;
    *out = (TrainingBench){0};
    percept_status status = experiment_training(recipe, data, &training, error);
    if (status != PERCEPT_OK)
        return status;
    watch.bfloat16 = training.bfloat16;
    const size_t whole = count / training.batch_size, part = count % training.batch_size != 0;
    const bool drops = training.drop_last && whole > 0;
    out->steps = whole + (drops ? 0 : part);
    out->examples = drops ? whole * training.batch_size : count;
    out->operations = epoch_operations(out, &model->network, data, &training);
    status = beginning_create(model, options->anew, &training, &watch.beginning, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(options->rounds, sizeof *out->rounds, "the rounds", &out->rounds, error);
    if (status == PERCEPT_OK)
        status = team_create((size_t)recipe_integer(recipe, "threads"), &watch.team, error);
    if (status == PERCEPT_OK) {
        out->threads = team_size(watch.team);
        status = run(model, data, &training, &watch, error);
    }
    beginning_clear(&watch.beginning);
    team_free(watch.team);
    return status;
}

void training_bench_clear(TrainingBench *bench)
{
    memory_free(bench->rounds);
    *bench = (TrainingBench){0};
}
