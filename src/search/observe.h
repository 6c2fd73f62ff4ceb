/* A training of a trial while it runs: what it reports to the database and to others, and why it is stopped. */
#ifndef SEARCH_OBSERVE_H
#define SEARCH_OBSERVE_H

#include "run/tensorboard.h"
#include "search/errand.h"
#include "search/workshop.h"
#include "store/saver.h"

/* Why a training is stopped. */
typedef enum Reason { REASON_NONE, REASON_RUNG, REASON_REQUEST, REASON_STOP, REASON_FAILURE } Reason;

typedef struct Bench {
    Workshop *workshop;
    const Work *work;
    percept_recipe *recipe;
    const DataSet *set;
    percept_model *model;
    Team *team;
    TrainingOptions options;
    char *path; /* of the checkpoint */
    Checkpoint *checkpoint;
    Saver saver;
    TensorBoard *tensorboard; /* or NULL */
    int64_t run;
    size_t looks;
    Errand *errand; /* the training is done elsewhere; NULL: here */
    bool over;      /* it stopped at a rung, and has nothing left to do */
    Reason reason;
    percept_status failure; /* of storing the metrics; *error says what */
    percept_error *error;
} Bench;

/* The callback of the training; the user of all four is the Bench. */
int bench_observe(const percept_progress *progress, void *user);

/* Between its calls, where the training is done elsewhere; true: it is to stop. */
bool bench_is_stopped(void *user);

/* TrainingOptions.pause. A trial that is over, or was stopped by the user, needs no checkpoint. */
percept_status bench_save(const Training *training, bool stopping, void *user, percept_error *error);

/* The SaverSync: epochs are in the database before a checkpoint that comes after them. */
percept_status bench_sync_epochs(void *user, percept_error *error);

#endif
