/* Where the time of a training step goes: the products of each layer, how they are computed, and their fraction of the
 * peak. */
#ifndef BENCH_EXPLAIN_H
#define BENCH_EXPLAIN_H

#include "recipe/experiment.h"

/* A product. Rows and columns are those of the result, depth the length of its sums. Times and rates are 0 for an engine
 * that keeps no trace. */
typedef struct ExplainRow {
    size_t layer; /* from 0 */
    EngineProduct product;
    size_t rows, columns, depth;
    EnginePlan plan;
    double operations; /* in a step with a whole batch */
    double bytes;      /* bytes that must be moved, likewise: operands and result, each once */
    double seconds;    /* likewise, with activation, loss or update */
    double gflops, share_of_peak;
} ExplainRow;

typedef struct Explanation {
    size_t batch;     /* examples of a step */
    double peak;      /* operations a second of all threads */
    double memory;    /* bytes a second that all threads can read */
    double gathering; /* seconds of a step */
    double step;      /* of the whole step, including work outside the engine */
    ExplainRow *rows;
    size_t row_count;
} Explanation;

/* Trains the model for about this many seconds and measures it; `anew` as in bench/training.h. Released with
 * explanation_clear. */
percept_status explain_training(const percept_recipe *recipe, const percept_data *data, percept_model *model,
                                double seconds, size_t anew, Explanation *out, percept_error *error);
void explanation_clear(Explanation *explanation);

/* "forward", "weight gradient", "input gradient" */
const char *explain_product_name(EngineProduct product);

#endif
