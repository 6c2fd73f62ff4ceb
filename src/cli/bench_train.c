/* percept bench train: the speed of a recipe's training. */
#include <stdio.h>

#include "base/file.h"
#include "bench/peak.h"
#include "bench/roofline.h"
#include "bench/training.h"
#include "cli/bench_explain.h"
#include "cli/bench_subject.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/message.h"
#include "cli/text.h"
#include "model/model.h"

static const Manual manual = {
    .command = "percept bench train",
    .example = "percept bench train recipe.yaml\n"
               "percept bench train --random --layers 784-512-768-10 --explain\n",
    .usage = "percept bench train [RECIPE] [FLAG]... [--set KEY=VALUE]...\n",
    .text = "Trains as a recipe says, without a run folder, and reports the speed: whole\n"
            "epochs with shuffling, losses and validation, after one that is not counted.\n"
            "Operations are those of the products: 6 n in out for each layer, without the\n"
            "input gradient of the first, and 2 n in out for examples that are only measured.\n"
            "Before and after each round the round trip of a cache line between two cores is\n"
            "measured: near (below 120 ns) and far cores are judged apart.\n"
            "An epoch that takes longer than --seconds is a round by itself. After\n"
            "train.epochs epochs training starts again from the initial parameters, with\n"
            "--random after each epoch.\n"
            "\n"
            "--json prints gflops, peak_gflops, share_of_peak, seconds_per_epoch,\n"
            "microseconds_per_step, examples_per_second, round_trip_before and\n"
            "round_trip_after (medians; nanoseconds, 0 for one thread), the same in least,\n"
            "most and rounds; examples, layers, precision, steps, threads; explain.\n"
            "\n"
            "--explain then trains for another --seconds and shows, for each product of each\n"
            "layer in a step with a whole batch: shape (rows x columns of the result, x\n"
            "length of the sums), kernel and tile, the pieces that threads work on and the\n"
            "stretches that sums are cut into, operations, bytes of operands and result, time\n"
            "(with activation, loss or update), rate, and the fraction of the peak. --out\n"
            "also writes a roofline: the rate of each product against its operations per\n"
            "byte.\n",
    SETTINGS_MANUAL,
};

static const BenchFigure figures[] = {
    {"gflops", "speed, GFLOP/s", 1, 2},
    {"peak_gflops", "peak, GFLOP/s", 1, 2},
    {"share_of_peak", "share of the peak, %", 100, 1},
    {"seconds_per_epoch", "seconds an epoch", 1, 6},
    {"microseconds_per_step", "microseconds a step", 1, 3},
    {"examples_per_second", "examples a second", 1, 0},
    {"round_trip_before", "round trip before, ns", 1, 0},
    {"round_trip_after", "round trip after, ns", 1, 0},
    {NULL, NULL, 0, 0},
};

static const char *precision_of(const BenchSubject *subject)
{
    return recipe_text(subject->recipe, "precision");
}

/* Near and far cores are as two machines, so their shares are never mixed. */
static void print_distances(const TrainingBench *bench)
{
    for (size_t d = 0; d < DISTANCES; d++) {
        const DistanceShare *apart = &bench->apart[d];
        if (apart->count > 0)
            printf("cores %-6s %zu round%s, %.1f %% of the peak\n", distance_names[d], apart->count,
                   apart->count == 1 ? "" : "s", 100 * apart->share);
    }
}

static void print_text(const BenchSubject *subject, const TrainingBench *bench)
{
    const Network *network = &subject->model->network;
    printf("network   %zu", network_inputs(network));
    for (size_t l = 0; l < network->depth; l++)
        printf("-%zu", network_side_output(network, l + 1));
    printf(", %s parameters, %s\n", text_count(network->parameter_count).text, precision_of(subject));
    printf("epoch     %s examples, %s steps, %.4g GFLOP\n", text_count(bench->examples).text,
           text_count(bench->steps).text, 1e-9 * bench->operations);
    printf("machine   %zu thread%s, %s\n\n", bench->threads, bench->threads == 1 ? "" : "s", peak_isa());
    bench_print_figures(figures, bench->figures, bench->round_count);
    if (bench->threads > 1)
        print_distances(bench);
}

static percept_status print_json(const BenchSubject *subject, const TrainingBench *bench,
                                 const Explanation *explanation, percept_error *error)
{
    const Network *network = &subject->model->network;
    json_t *layers = json_array();
    bench_append(&layers, json_count(network_inputs(network)));
    for (size_t l = 0; l < network->depth; l++)
        bench_append(&layers, json_count(network_side_output(network, l + 1)));
    json_t *object = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "examples", json_count(bench->examples), "layers",
                               layers, "operations_per_epoch", json_figure(bench->operations), "precision",
                               json_words(precision_of(subject)), "steps", json_count(bench->steps), "threads",
                               json_count(bench->threads));
    json_t *measured =
        bench_figures_json(training_figures, bench->figures, (const double *)bench->rounds, bench->round_count);
    const bool explained = explanation->row_count > 0;
    if (object == NULL || measured == NULL || json_object_update(object, measured) != 0 ||
        (explained && json_object_set_new(object, "explain", bench_explanation_json(explanation)) != 0)) {
        json_decref(object);
        object = NULL;
    }
    json_decref(measured);
    return json_print(object, JSON_DIGITS, error);
}

/* That the picture could not be drawn spoils nothing else. */
static percept_status write_roofline(const Explanation *explanation, const char *folder, percept_error *error)
{
    percept_error later;
    const percept_status status = file_make_folder(folder, error);
    if (status == PERCEPT_OK && roofline_draw(explanation, folder, &later) != PERCEPT_OK)
        warn("the roofline was not drawn: %s", later.message);
    return status;
}

/* Measures, and with --explain shows where the time goes. */
static percept_status measure(const BenchArguments *arguments, const BenchSubject *subject, TrainingBench *bench,
                              Explanation *explanation, percept_error *error)
{
    const size_t anew = arguments->random; /* labels drawn at random are soon known by heart */
    const TrainingBenchOptions options = {arguments->rounds, arguments->seconds, anew};
    percept_status status = training_bench(subject->recipe, &subject->data, subject->model, &options, bench, error);
    if (status == PERCEPT_OK && arguments->explain)
        status = explain_training(subject->recipe, &subject->data, subject->model, arguments->seconds, anew,
                                  explanation, error);
    if (status == PERCEPT_OK && arguments->out != NULL)
        status = write_roofline(explanation, arguments->out, error);
    if (status != PERCEPT_OK || arguments->json)
        return status == PERCEPT_OK ? print_json(subject, bench, explanation, error) : status;
    print_text(subject, bench);
    if (arguments->explain)
        bench_print_explanation(&subject->model->network, explanation);
    return PERCEPT_OK;
}

static int run(const BenchArguments *arguments)
{
    BenchSubject subject = {0};
    TrainingBench bench = {0};
    Explanation explanation = {0};
    percept_error error;
    int exit = bench_subject_open(&manual, arguments, false, &subject);
    if (exit == STATUS_DONE && measure(arguments, &subject, &bench, &explanation, &error) != PERCEPT_OK)
        exit = fail(&error);
    explanation_clear(&explanation);
    training_bench_clear(&bench);
    bench_subject_clear(&subject);
    return exit;
}

int command_bench_train(int argc, char **argv)
{
    BenchArguments arguments;
    int status = bench_read_arguments(&manual, "RECIPE", true, argc, argv, &arguments);
    if (status == PARSER_GO_ON)
        status = run(&arguments);
    settings_clear(&arguments.settings);
    return status;
}
