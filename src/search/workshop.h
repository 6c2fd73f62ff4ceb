/* What trainings of a search have in common, and the order for one of them. */
#ifndef SEARCH_WORKSHOP_H
#define SEARCH_WORKSHOP_H

#include <stdatomic.h>

#include "search/crew.h"
#include "search/shared_data.h"
#include "search/space.h"
#include "store/database.h"

/* Shared by all trainings of a search. */
typedef struct Workshop {
    const Space *space;
    SharedData *shared;
    Database *database;
    int64_t search;          /* its id */
    const char *name;        /* of its folder */
    const char *checkpoints; /* the folder of checkpoints */
    bool own_seeds;          /* of each trial (strategy.h) */
    bool keep_models;        /* of finished runs, beside the checkpoints */
    size_t repeats;          /* of a trial */
    atomic_bool stop;        /* all trainings stop after their next step, with a checkpoint */
    atomic_bool pause;       /* all trainings wait meanwhile */
} Workshop;

/* The progress of a training, for other threads. */
typedef struct WorkProgress {
    atomic_size_t epoch;       /* finished */
    atomic_size_t step, steps; /* of the running epoch */
    _Atomic double figure;     /* of the objective so far; NaN */
} WorkProgress;

typedef struct Work {
    size_t trial, repeat;
    const double *point;
    size_t to;              /* epochs */
    bool by_accuracy;       /* the objective */
    const SearchCrew *crew; /* another process trains, the one of this lane; NULL: this one */
    size_t lane;
    uint64_t errand; /* its number */
    WorkProgress *progress;
    void (*epoch)(void *user); /* after each epoch, in the training's thread */
    void *user;
} Work;

#endif
