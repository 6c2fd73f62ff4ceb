/* percept bench predict: the time of one prediction, and the speed of many. */
#include <stdio.h>

#include "bench/peak.h"
#include "bench/prediction.h"
#include "cli/bench_subject.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/message.h"
#include "cli/text.h"
#include "recipe/recipe.h"

static const Manual manual = {
    .command = "percept bench predict",
    .example = "percept bench predict runs/fashion-mnist-001\n"
               "percept bench predict --random --layers 784-512-768-10 --threads 1\n",
    .usage = "percept bench predict [RECIPE|RUN|MODEL] [FLAG]... [--set KEY=VALUE]...\n",
    .text = "Predicts random examples: one at a time, with median and 99th percentile of the\n"
            "time, and many at once. The network is that of a recipe with its initial\n"
            "parameters, or a trained one. Reading the parameters from memory limits a single\n"
            "prediction, so the rate of reading is printed, too.\n"
            "\n"
            "--json prints microseconds, microseconds_99, gigabytes_per_second (for one\n"
            "prediction), examples_per_second, gflops, peak_gflops, share_of_peak (for many),\n"
            "round_trip_before and round_trip_after (nanoseconds of a cache line between two\n"
            "cores), as medians, and the same in least, most and rounds; block, the number of\n"
            "examples predicted at once; parameters, threads.\n",
    SETTINGS_MANUAL,
};

static const BenchFigure figures[] = {
    {"microseconds", "one prediction, microseconds", 1, 3},
    {"microseconds_99", "99th percentile", 1, 3},
    {"examples_per_second", "many: examples a second", 1, 0},
    {"gflops", "many: speed, GFLOP/s", 1, 2},
    {"peak_gflops", "peak, GFLOP/s", 1, 2},
    {"share_of_peak", "many: share of the peak, %", 100, 1},
    {"gigabytes_per_second", "one: parameters read, GB/s", 1, 2},
    {"round_trip_before", "round trip before, ns", 1, 0},
    {"round_trip_after", "round trip after, ns", 1, 0},
    {NULL, NULL, 0, 0},
};

static void print_text(const percept_model *model, const PredictionBench *bench)
{
    printf("network   %zu inputs, %s parameters (%.2f MB), %zu outputs\n", percept_model_inputs(model),
           text_count(percept_model_parameters(model)).text, 1e-6 * (double)bench->bytes, percept_model_outputs(model));
    printf("machine   %zu thread%s, %s; %s examples at once\n\n", bench->threads, bench->threads == 1 ? "" : "s",
           peak_isa(), text_count(bench->block).text);
    bench_print_figures(figures, bench->figures, bench->round_count);
}

static percept_status print_json(const percept_model *model, const PredictionBench *bench, percept_error *error)
{
    json_t *object = json_pack("{s:o, s:o, s:o}", "block", json_count(bench->block), "parameters",
                               json_count(percept_model_parameters(model)), "threads", json_count(bench->threads));
    json_t *measured =
        bench_figures_json(prediction_figures, bench->figures, (const double *)bench->rounds, bench->round_count);
    if (object == NULL || measured == NULL || json_object_update(object, measured) != 0) {
        json_decref(object);
        object = NULL;
    }
    json_decref(measured);
    return json_print(object, JSON_DIGITS, error);
}

static int run(const BenchArguments *arguments)
{
    BenchSubject subject = {0};
    PredictionBench bench = {0};
    percept_error error;
    int exit = bench_subject_open(&manual, arguments, true, &subject);
    if (exit == STATUS_DONE) {
        const PredictionBenchOptions options = {arguments->rounds, arguments->seconds,
                                                (size_t)recipe_integer(subject.recipe, "threads")};
        percept_status status = prediction_bench(subject.model, &options, &bench, &error);
        if (status == PERCEPT_OK && arguments->json)
            status = print_json(subject.model, &bench, &error);
        else if (status == PERCEPT_OK)
            print_text(subject.model, &bench);
        exit = status == PERCEPT_OK ? STATUS_DONE : fail(&error);
    }
    prediction_bench_clear(&bench);
    bench_subject_clear(&subject);
    return exit;
}

int command_bench_predict(int argc, char **argv)
{
    BenchArguments arguments;
    int status = bench_read_arguments(&manual, "RECIPE|RUN|MODEL", false, argc, argv, &arguments);
    if (status == PARSER_GO_ON)
        status = run(&arguments);
    settings_clear(&arguments.settings);
    return status;
}
