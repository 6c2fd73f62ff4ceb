/* percept bench: how fast this machine is, and how near to that a training or a prediction comes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bf16.h"
#include "base/isa.h"
#include "base/memory.h"
#include "bench/peak.h"
#include "bench/round_trip.h"
#include "cli/bench_subject.h"
#include "cli/dispatch.h"
#include "cli/json.h"
#include "cli/message.h"
#include "cli/parser.h"

/* ---- percept bench peak -------------------------------------------------------------------------------------------- */

static const Manual peak_manual = {
    .command = "percept bench peak",
    .example = "percept bench peak\n",
    .usage = "percept bench peak [FLAG]...\n",
    .text = "Measures the arithmetic peak of the processor: multiply-adds in registers, with\n"
            "the widest instructions it has, counted as two operations each. bfloat16 is\n"
            "measured where the processor has instructions for it. No training can be faster.\n"
            "Minimum and maximum show how much other programs disturb.\n"
            "\n"
            "Also measures how far apart the cores are: the time that a cache line takes from\n"
            "one thread to another and back. Below 120 ns the cores are near (they share a\n"
            "cache), else far, and several threads then lose more to each other. \"shared\":\n"
            "other programs left the threads one core. What other programs took of the time\n"
            "is the difference between the best bursts and all bursts. PERCEPT_ISA adds the\n"
            "peak of the instructions that it names.\n"
            "\n"
            "--json prints float32, float64 and, if available, bfloat16, each with one_core\n"
            "and all_threads (gflops, least, most), peak_gflops (float32, all threads),\n"
            "round_trip (nanoseconds, least, most; cores: near, far, shared, moved or one\n"
            "core), taken (fraction of the time that other programs took), instructions,\n"
            "threads, chosen (gflops of all threads, instructions) with PERCEPT_ISA.\n",
};

typedef struct PeakArguments {
    size_t rounds, threads;
    double seconds;
    bool json;
} PeakArguments;

enum { ONE_CORE, ALL_THREADS };
#define WIDTHS ((size_t)2)

enum { FLOAT32, FLOAT64, BFLOAT16, PRECISIONS };
static const char *const precision_names[PRECISIONS] = {"float32", "float64", "bfloat16"};

/* Of each precision (rows), on one core and on all threads. */
typedef struct Peaks {
    Spread gflops[PRECISIONS][WIDTHS];
    Spread round_trip; /* nanoseconds */
    Spread taken;      /* by other programs: a fraction of the time of all threads */
    Spread chosen;     /* float32 on all threads with the instructions that PERCEPT_ISA names, if it does */
    size_t precisions; /* that the processor has */
    size_t threads;
    const char *isa; /* the name of these instructions, else NULL */
} Peaks;

/* What is measured besides the peaks: rows of values after theirs. */
enum { ROUND_TRIP, TAKEN, CHOSEN, OTHERS };

static double measure_peak(size_t precision, Team *team, double seconds)
{
    return precision == BFLOAT16
               ? peak_measure_bfloat16(team, seconds)
               : peak_measure(precision == FLOAT64 ? PERCEPT_FLOAT64 : PERCEPT_FLOAT32, team, seconds);
}

/* What other programs take of the cores. */
static double measure_taken(Team *team, double seconds)
{
    double steady = 0;
    const double peak = peak_measure_steady(PERCEPT_FLOAT32, team, seconds, &steady);
    return peak > 0 ? 1 - steady / peak : 0;
}

/* Whether the processor has instructions for it, and PERCEPT_ISA allows them. */
static bool has_bfloat16(void)
{
    percept_error ignored;
    size_t row = 0;
    return bf16_find_native(&row) && bf16_select(&row, &ignored) == PERCEPT_OK;
}

/* The name of the instruction set that PERCEPT_ISA names, and its index; NULL if it names none that can be used. */
static const char *find_chosen(size_t *isa)
{
    percept_error ignored;
    return getenv("PERCEPT_ISA") != NULL && isa_select(isa, &ignored) == PERCEPT_OK ? isa_name(*isa) : NULL;
}

/* All in turn, in rounds. */
static percept_status measure_peaks(const PeakArguments *arguments, Peaks *out, percept_error *error)
{
    Team *team = NULL;
    double *values = NULL; /* (count + OTHERS) × rounds */
    size_t isa = 0;
    const size_t precisions = has_bfloat16() ? PRECISIONS : BFLOAT16, count = precisions * WIDTHS;
    const size_t rounds = arguments->rounds;
    const double seconds = arguments->seconds / (double)(count + OTHERS - 1);
    out->isa = find_chosen(&isa);
    percept_status status = memory_allocate(rounds, (count + OTHERS) * sizeof *values, "the figures", &values, error);
    if (status == PERCEPT_OK)
        status = team_create(arguments->threads, &team, error);
    for (size_t r = 0; r < rounds && status == PERCEPT_OK; r++) {
        for (size_t i = 0; i < count; i++)
            values[i * rounds + r] = 1e-9 * measure_peak(i / WIDTHS, i % WIDTHS == ONE_CORE ? NULL : team, seconds);
        values[(count + ROUND_TRIP) * rounds + r] = round_trip_measure(team);
        values[(count + TAKEN) * rounds + r] = measure_taken(team, seconds);
        values[(count + CHOSEN) * rounds + r] = out->isa != NULL ? 1e-9 * peak_measure_isa(isa, team, seconds) : 0;
    }
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++)
        out->gflops[i / WIDTHS][i % WIDTHS] = spread_of(values + i * rounds, rounds);
    if (status == PERCEPT_OK) {
        out->round_trip = spread_of(values + (count + ROUND_TRIP) * rounds, rounds);
        out->taken = spread_of(values + (count + TAKEN) * rounds, rounds);
        out->chosen = spread_of(values + (count + CHOSEN) * rounds, rounds);
        out->threads = team_size(team);
        out->precisions = precisions;
    }
    team_free(team);
    memory_free(values);
    return status;
}

static const char *distance_of(const Spread *round_trip)
{
    return distance_names[distance_between(round_trip->least, round_trip->most)];
}

static void print_spread(const char *what, double factor, const Spread *spread, const char *word)
{
    printf("%-29s%12.1f%12.1f%12.1f%s%s\n", what, factor * spread->median, factor * spread->least,
           factor * spread->most, *word != '\0' ? "  " : "", word);
}

static void print_peaks(const Peaks *peaks)
{
    printf("multiply-adds in registers, %s, in GFLOP/s\n\n", peak_isa());
    printf("%-29s%12s%12s%12s\n", "", "median", "least", "most");
    char what[48];
    for (size_t p = 0; p < peaks->precisions; p++)
        for (size_t w = 0; w < WIDTHS; w++) {
            snprintf(what, sizeof what, w == ONE_CORE ? "%s, one core" : "%s, %zu thread%s", precision_names[p],
                     peaks->threads, peaks->threads == 1 ? "" : "s");
            print_spread(what, 1, &peaks->gflops[p][w], "");
        }
    if (peaks->isa != NULL) {
        snprintf(what, sizeof what, "float32, %s alone", peaks->isa);
        print_spread(what, 1, &peaks->chosen, "");
    }
    printf("\n");
    if (peaks->threads > 1)
        print_spread("cache line there and back, ns", 1, &peaks->round_trip, distance_of(&peaks->round_trip));
    print_spread("taken by other programs, %", 100, &peaks->taken, "");
}

static json_t *spread_json(const Spread *spread)
{
    return json_pack("{s:o, s:o, s:o}", "gflops", json_figure(spread->median), "least", json_figure(spread->least),
                     "most", json_figure(spread->most));
}

static percept_status print_peaks_json(const Peaks *peaks, percept_error *error)
{
    json_t *rows[PRECISIONS] = {NULL};
    for (size_t p = 0; p < peaks->precisions; p++)
        rows[p] = json_pack("{s:o, s:o}", "one_core", spread_json(&peaks->gflops[p][ONE_CORE]), "all_threads",
                            spread_json(&peaks->gflops[p][ALL_THREADS]));
    const Spread *trip = &peaks->round_trip;
    json_t *round_trip =
        json_pack("{s:o, s:o, s:o, s:o}", "cores", json_words(distance_of(trip)), "least", json_figure(trip->least),
                  "most", json_figure(trip->most), "nanoseconds", json_figure(trip->median));
    json_t *chosen = NULL;
    if (peaks->isa != NULL)
        chosen = json_pack("{s:o, s:o}", "gflops", json_figure(peaks->chosen.median), "instructions",
                           json_words(peaks->isa));
    return json_print(json_pack("{s:o*, s:o, s:o, s:o*, s:o, s:o, s:o, s:o, s:o}", "chosen", chosen,
                                precision_names[FLOAT32], rows[FLOAT32], precision_names[FLOAT64], rows[FLOAT64],
                                precision_names[BFLOAT16], rows[BFLOAT16], "instructions", json_words(peak_isa()),
                                "peak_gflops", json_figure(peaks->gflops[FLOAT32][ALL_THREADS].median), "threads",
                                json_count(peaks->threads), "round_trip", round_trip, "taken",
                                json_figure(peaks->taken.median)),
                      JSON_DIGITS, error);
}

static int run_peak(int argc, char **argv)
{
    PeakArguments arguments = {.rounds = 5, .seconds = 1};
    const Option options[] = {
        {"--rounds", "N", "number of rounds [5]", bench_take_rounds, &arguments.rounds},
        {"--seconds", "S", "length of a round in seconds [1]", bench_take_seconds, &arguments.seconds},
        {"--threads", "N", "threads, 0 for one per core [0]", option_take_count, &arguments.threads},
        {"--json", NULL, "print JSON", option_take_switch, &arguments.json},
    };
    const Parser parser = {&peak_manual, options, sizeof options / sizeof options[0], NULL, 0};
    const int read = parser_read(&parser, argc, argv);
    percept_error error;
    Peaks peaks;
    if (read != PARSER_GO_ON)
        return read;
    percept_status status = measure_peaks(&arguments, &peaks, &error);
    if (status == PERCEPT_OK && arguments.json)
        status = print_peaks_json(&peaks, &error);
    else if (status == PERCEPT_OK)
        print_peaks(&peaks);
    return status == PERCEPT_OK ? STATUS_DONE : fail(&error);
}

/* ---- percept bench ------------------------------------------------------------------------------------------------- */

static const Command commands[] = {
    {"peak", "the processor's arithmetic peak", run_peak},
    {"train", "speed of a training, also as a fraction of the peak", command_bench_train},
    {"predict", "time of one prediction, and of many at once", command_bench_predict},
};

static const CommandGroup group = {
    .name = "percept bench",
    .summary = COMMAND_BENCH_SUMMARY,
    .example = "percept bench peak\n"
               "percept bench train recipe.yaml --explain\n"
               "percept bench predict runs/fashion-mnist-001 --threads 1\n",
    .usage = "percept bench COMMAND [ARGUMENT]...\n",
    .text = "Measures speed on this machine, in rounds: the median counts; minimum and\n"
            "maximum show how much other programs disturbed. Speed is operations per second\n"
            "in the products of the layers, a multiply-add counted as two, also as a fraction\n"
            "of the peak that the processor reached in the same round.\n",
    .commands = commands,
    .count = sizeof commands / sizeof commands[0],
};

int command_bench(int argc, char **argv)
{
    return dispatch_command(&group, argc, argv);
}
