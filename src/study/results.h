/* The results of a study: named numbers of the epochs of a run, of a run, or of the study. */
#ifndef STUDY_RESULTS_H
#define STUDY_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Of a run or a study as a whole, not of an epoch. */
#define RESULT_WHOLE (-1L)

typedef struct Result {
    char *run;    /* "" if the study is one run, and for results of the study */
    char *figure; /* "train_loss", "largest error" */
    long epoch;   /* from 0, or RESULT_WHOLE */
    double value;
} Result;

/* Zeroed: none. Released with results_clear. */
typedef struct Results {
    Result *list;
    size_t count, capacity;
} Results;

percept_status results_add(Results *results, const char *run, long epoch, const char *figure, double value,
                           percept_error *error);

/* Adds every metric in a run's metrics.csv. */
percept_status results_add_metrics(Results *results, const char *run, const char *folder, percept_error *error);

/* The value that was added last under these names; NULL if there is none. */
const double *results_find(const Results *results, const char *run, long epoch, const char *figure);

void results_clear(Results *results);

#endif
