#include "bench/prediction.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "bench/peak.h"
#include "bench/round_trip.h"
#include "bench/work.h"
#include "train/predictor.h"

#define PEAK_SECONDS 0.1

/* Most single predictions whose times a round keeps. */
#define MOST_SINGLES 100000

/* Single predictions before a round, so that weights lie where they will. */
#define WARM_UP 100

const char *const prediction_figures[PREDICTION_FIGURES + 1] = {
    "microseconds",  "microseconds_99",      "examples_per_second", "gflops",           "peak_gflops",
    "share_of_peak", "gigabytes_per_second", "round_trip_before",   "round_trip_after", NULL,
};

/* What the measurement holds. */
typedef struct Stand {
    const percept_model *model;
    percept_predictor *one, *many;
    size_t inputs, block;
    double *features, *outputs; /* of a block */
    double *times;              /* MOST_SINGLES */
    double *values;             /* of one metric in all rounds */
} Stand;

/* Times single predictions, sorted; returns how many. Each one is of another example than the last. */
static size_t time_singles(const Stand *stand, double seconds)
{
    const double deadline = timing_now() + seconds;
    size_t count = 0;
    double begin = 0;
    for (size_t i = 0; i < WARM_UP; i++)
        percept_predictor_run(stand->one, stand->features, 1, stand->outputs);
    do {
        const double *example = stand->features + count % stand->block * stand->inputs;
        begin = timing_now();
        percept_predictor_run(stand->one, example, 1, stand->outputs);
        stand->times[count++] = timing_now() - begin;
    } while (count < MOST_SINGLES && begin < deadline);
    (void)spread_of(stand->times, count);
    return count;
}

/* Seconds an example takes where a block is predicted at once. */
static double time_blocks(const Stand *stand, double seconds)
{
    percept_predictor_run(stand->many, stand->features, stand->block, stand->outputs);
    const double begin = timing_now();
    double passed = 0;
    size_t blocks = 0;
    do {
        percept_predictor_run(stand->many, stand->features, stand->block, stand->outputs);
        blocks++;
        passed = timing_now() - begin;
    } while (passed < seconds);
    return passed / (double)(blocks * stand->block);
}

static void run_round(const Stand *stand, const PredictionBenchOptions *options, PredictionBench *bench)
{
    const double peak = peak_measure(stand->model->precision, stand->many->whole.team, PEAK_SECONDS);
    const double round_trip = round_trip_measure(stand->many->whole.team);
    const size_t count = time_singles(stand, options->seconds / 2);
    const double single = sorted_quantile(stand->times, count, 0.5), each = time_blocks(stand, options->seconds / 2);
    bench->rounds[bench->round_count++] = (PredictionRound){
        .microseconds = 1e6 * single,
        .microseconds_99 = 1e6 * sorted_quantile(stand->times, count, 0.99),
        .examples_per_second = 1 / each,
        .gflops = 1e-9 * bench->operations / each,
        .peak_gflops = 1e-9 * peak,
        .share_of_peak = bench->operations / each / peak,
        .gigabytes_per_second = 1e-9 * (double)bench->bytes / single,
        .round_trip_before = round_trip,
        .round_trip_after = round_trip_measure(stand->many->whole.team),
    };
}

/* ---- All of it ----------------------------------------------------------------------------------------------------- */

static percept_status set_up(Stand *stand, const PredictionBenchOptions *options, percept_error *error)
{
    const percept_model *model = stand->model;
    const size_t outputs = network_outputs(&model->network) * sizeof(double);
    RandomStream stream;
    percept_status status = predictor_create(model, 1, options->threads, &stand->one, error);
    if (status == PERCEPT_OK)
        status = percept_predictor_create(model, options->threads, &stand->many, error);
    if (status != PERCEPT_OK)
        return status;
    stand->inputs = network_inputs(&model->network);
    stand->block = percept_predictor_block(stand->many);
    status = memory_allocate(stand->block, stand->inputs * sizeof(double), "the features", &stand->features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(stand->block, outputs, "the outputs", &stand->outputs, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(MOST_SINGLES, sizeof *stand->times, "the times", &stand->times, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(options->rounds, sizeof *stand->values, "the figures", &stand->values, error);
    random_default_rng(&stream, 0);
    for (size_t i = 0; status == PERCEPT_OK && i < stand->block * stand->inputs; i++)
        stand->features[i] = (double)random_below(&stream, 256);
    return status;
}

static void clear(Stand *stand)
{
    percept_predictor_free(stand->one);
    percept_predictor_free(stand->many);
    memory_free(stand->features);
    memory_free(stand->outputs);
    memory_free(stand->times);
    memory_free(stand->values);
}

percept_status prediction_bench(const percept_model *model, const PredictionBenchOptions *options, PredictionBench *out,
                                percept_error *error)
{
    Stand stand = {.model = model};
    *out = (PredictionBench){.operations = work_forward(&model->network),
                             .bytes = model->network.value_count * model_real_size(model)};
    percept_status status = memory_allocate(options->rounds, sizeof *out->rounds, "the rounds", &out->rounds, error);
    if (status == PERCEPT_OK)
        status = set_up(&stand, options, error);
    if (status == PERCEPT_OK) {
        out->threads = team_size(stand.many->whole.team);
        out->block = stand.block;
        while (out->round_count < options->rounds)
            run_round(&stand, options, out);
        for (size_t f = 0; f < PREDICTION_FIGURES; f++) {
            for (size_t r = 0; r < out->round_count; r++)
                stand.values[r] = ((const double *)&out->rounds[r])[f];
            out->figures[f] = spread_of(stand.values, out->round_count);
        }
    }
    clear(&stand);
    return status;
}

void prediction_bench_clear(PredictionBench *bench)
{
    memory_free(bench->rounds);
    *bench = (PredictionBench){0};
}
