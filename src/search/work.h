/* One training of a trial: a run of one thread, without a folder, told to the database, and to TensorBoard where the recipe
 * wants it, as SEARCH/trial-T, SEARCH/trial-T-R with repeats. It goes from where the trial stands (its checkpoint) to so
 * many epochs. */
#ifndef SEARCH_WORK_H
#define SEARCH_WORK_H

#include <stdatomic.h>

#include "search/shared_data.h"
#include "search/strategy.h"
#include "store/database.h"

/* What all trainings of a search have in common. */
typedef struct Workshop {
    const Space *space;
    SharedData *shared;
    Database *database;
    int64_t search;          /* its id */
    const char *name;        /* of its folder */
    const char *checkpoints; /* the folder of checkpoints */
    atomic_bool stop;        /* all stop after their next step, with a checkpoint */
    atomic_bool pause;       /* nobody takes another step meanwhile */
} Workshop;

/* The recipe of a trial's run, resolved, and its data, which are to be given back whether this succeeds or not (*set may be
 * NULL). Run r has the base recipe's seed plus r. On failure *out is the recipe as far as it came, or NULL; it is released
 * in any case. */
percept_status work_recipe(const Space *space, SharedData *shared, const double *point, size_t repeat,
                           percept_recipe **out, const DataSet **set, percept_error *error);

/* Where a training stands, for those who look on from other threads. */
typedef struct WorkProgress {
    atomic_size_t epoch;       /* finished */
    atomic_size_t step, steps; /* of the running epoch */
    _Atomic double figure;     /* of the objective so far; NaN */
} WorkProgress;

typedef struct Work {
    size_t trial, repeat;
    const double *point;
    size_t to;        /* epochs */
    bool by_accuracy; /* the objective */
    WorkProgress *progress;
    void (*epoch)(void *user); /* after each epoch, in the training's thread */
    void *user;
} Work;

#define WORK_MESSAGE 256

typedef struct WorkOutcome {
    JobEnd end;
    double figure;  /* of the objective, of the parameters that are kept */
    size_t epochs;  /* finished in all */
    double seconds; /* of this part */
    int64_t run;    /* in the database; 0: none */
    char message[WORK_MESSAGE];
} WorkOutcome;

/* Trains. A training that diverges, cannot be done or is stopped by request is an outcome. PERCEPT_ERROR_INTERRUPTED:
 * workshop->stop; the checkpoint is there. Any other failure is one of the search: its database or its disk. */
percept_status work_run(Workshop *workshop, const Work *work, WorkOutcome *out, percept_error *error);

/* The state that an end is in the database. */
RunState work_state(JobEnd end);

/* The checkpoint of a trial's run; *out is released with memory_free. And away with it, if it is there. */
percept_status work_checkpoint(const Workshop *workshop, size_t trial, size_t repeat, char **out, percept_error *error);
void work_forget(const Workshop *workshop, size_t trial, size_t repeat);

#endif
