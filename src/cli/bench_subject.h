/* Shared by `percept bench train` and `predict`: arguments, the network that is measured, and the output. */
#ifndef CLI_BENCH_SUBJECT_H
#define CLI_BENCH_SUBJECT_H

#include <jansson.h>

#include "bench/timing.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "percept/percept.h"

typedef struct BenchArguments {
    const char *source, *out;
    size_t rounds, examples;
    double seconds;
    bool json, random, explain;
    Settings settings;
} BenchArguments;

/* Reads the arguments and sets defaults. `operand` is the name of the only operand; with `explains` there is --explain.
 * Returns PARSER_GO_ON, or the exit status. The caller must call settings_clear in any case. */
int bench_read_arguments(const Manual *manual, const char *operand, bool explains, int argc, char **argv,
                         BenchArguments *out);

/* Read numbers that must be above 0. */
percept_status bench_take_rounds(const Option *option, const char *value, percept_error *error);  /* size_t * */
percept_status bench_take_seconds(const Option *option, const char *value, percept_error *error); /* double * */

/* A network, with data if it is to be trained. Zeroed before the first call. */
typedef struct BenchSubject {
    percept_recipe *recipe;
    percept_data data;
    percept_model *model;
} BenchSubject;

/* The network of the recipe with its initial weights, on its own data or, with --random, on generated data of their
 * shape. With `trained_too`, also that of a run or a model, without data. Returns STATUS_DONE, or the exit status after
 * a message. */
int bench_subject_open(const Manual *manual, const BenchArguments *arguments, bool trained_too, BenchSubject *out);
void bench_subject_clear(BenchSubject *subject);

/* How a metric is printed; the table ends with a NULL name. */
typedef struct BenchFigure {
    const char *name;  /* of the metric in JSON */
    const char *label; /* "speed, GFLOP/s"; NULL: not printed */
    double factor;     /* factor of the printed value */
    int decimals;
} BenchFigure;

/* Prints median, least and most of each. */
void bench_print_figures(const BenchFigure *table, const Spread *figures, size_t rounds);

/* {"gflops": median, …, "least": {…}, "most": {…}, "rounds": [{…}, …]}; NULL for lack of memory. `rounds` holds the
 * values of all rounds. */
json_t *bench_figures_json(const char *const *names, const Spread *figures, const double *rounds, size_t round_count);

/* Appends to a list; a NULL item (no memory) makes the list NULL. */
void bench_append(json_t **list, json_t *item);

#endif
