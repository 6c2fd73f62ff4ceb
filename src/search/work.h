/* One training of a trial: a run with one thread and without a folder. It is recorded in the database, and for
 * TensorBoard if the recipe says so, as SEARCH/trial-T, or SEARCH/trial-T-R with repeats. It continues the trial from
 * its checkpoint to a given epoch. */
#ifndef SEARCH_WORK_H
#define SEARCH_WORK_H

#include "search/strategy.h"
#include "search/workshop.h"

/* The number that a run adds to the seed of the base recipe: its repeat, or with own_seeds its place among all runs. */
size_t work_seed(const Workshop *workshop, size_t trial, size_t repeat);

/* The recipe of a trial's run, resolved, and its data, which must be returned in any case (*set may be NULL). Its seed is that
 * of the base recipe plus `seed`. On failure *out is an incomplete recipe, or NULL; it must be released in any
 * case. */
percept_status work_recipe(const Space *space, SharedData *shared, const double *point, size_t seed,
                           percept_recipe **out, const DataSet **set, percept_error *error);

#define WORK_MESSAGE 256

typedef struct WorkOutcome {
    JobEnd end;
    double figure;  /* of the objective, for the parameters that are kept */
    size_t epochs;  /* finished in all */
    double seconds; /* of this session */
    int64_t run;    /* in the database; 0: none */
    char message[WORK_MESSAGE];
} WorkOutcome;

/* Trains. A training that diverges, fails or is stopped by request is a normal outcome. PERCEPT_ERROR_INTERRUPTED:
 * workshop->stop; the checkpoint is written. Any other failure concerns the search: its database or its disk. */
percept_status work_run(Workshop *workshop, const Work *work, WorkOutcome *out, percept_error *error);

/* The state in the database for an end. */
RunState work_state(JobEnd end);

/* The checkpoint of a trial's run; *out is released with memory_free. The second function removes it, if it exists. */
percept_status work_checkpoint(const Workshop *workshop, size_t trial, size_t repeat, char **out, percept_error *error);
void work_forget(const Workshop *workshop, size_t trial, size_t repeat);

/* The same for the model of a run that finished, which is there with keep_models. */
percept_status work_model(const Workshop *workshop, size_t trial, size_t repeat, char **out, percept_error *error);
void work_forget_model(const Workshop *workshop, size_t trial, size_t repeat);

#endif
