/* What `percept bench train` and `predict` share: arguments, the network that is measured, and how figures are told. */
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

/* Reads them; those not given get defaults. `operand` is the name of the one operand; with `explains` there is --explain.
 * PARSER_GO_ON, or the exit status. settings_clear is the caller's in any case. */
int bench_read_arguments(const Manual *manual, const char *operand, bool explains, int argc, char **argv,
                         BenchArguments *out);

/* Takers of numbers that must be above 0. */
percept_status bench_take_rounds(const Option *option, const char *value, percept_error *error);  /* size_t * */
percept_status bench_take_seconds(const Option *option, const char *value, percept_error *error); /* double * */

/* A network, with data where it is to be trained. Zeroed before the first call. */
typedef struct BenchSubject {
    percept_recipe *recipe;
    percept_data data;
    percept_model *model;
} BenchSubject;

/* The recipe's network with its initial weights, on its own data or, with --random, on others of their shape; where
 * `trained_too`, also that of a run or a model, without data. STATUS_DONE, or the exit status: it was told why. */
int bench_subject_open(const Manual *manual, const BenchArguments *arguments, bool trained_too, BenchSubject *out);
void bench_subject_clear(BenchSubject *subject);

/* How a figure is told; the table ends with a NULL name. */
typedef struct BenchFigure {
    const char *name;  /* of the figure in JSON */
    const char *label; /* "speed, GFLOP/s"; NULL: not told */
    double factor;     /* what is printed, of the figure */
    int decimals;
} BenchFigure;

/* Prints median, least and most of each. */
void bench_print_figures(const BenchFigure *table, const Spread *figures, size_t rounds);

/* {"gflops": median, …, "least": {…}, "most": {…}, "rounds": [{…}, …]}; NULL for lack of memory. `rounds` holds the
 * figures of round after round. */
json_t *bench_figures_json(const char *const *names, const Spread *figures, const double *rounds, size_t round_count);

/* Appends to a list; a NULL item (no memory) spoils the list. */
void bench_append(json_t **list, json_t *item);

#endif
