/* Learning-rate schedules: one table. Adding one: its function and a row in schedule.c. */
#ifndef TRAIN_SCHEDULE_H
#define TRAIN_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>

/* Settings of all schedules; each uses its own. */
typedef struct ScheduleOptions {
    double base;     /* train.learning_rate */
    double decay;    /* what the row's formula says */
    size_t every;    /* step: epochs between two drops */
    double rise;     /* one-cycle: part of the steps in which the rate rises */
    size_t patience; /* plateau: epochs without a better one that are still borne */
    size_t warmup;   /* steps of the rise before any schedule: rate · min(1, (step + 1) / warmup); 0: none */
} ScheduleOptions;

/* Where a training stands, and how long it is. */
typedef struct ScheduleMoment {
    size_t epoch, epochs; /* from 0 */
    size_t step, steps;   /* over all epochs, from 0 */
    double reduction;     /* product of the drops that plateau has ordered */
} ScheduleMoment;

typedef struct Schedule {
    const char *name;
    const char *formula;
    double decay;          /* used when a recipe names none */
    bool needs_validation; /* the rate depends on the monitored metric */
    bool needs_length;     /* the rate depends on how many epochs there will be */
    double (*rate)(const ScheduleOptions *options, const ScheduleMoment *moment);
} Schedule;

/* The rate of a step, warm-up and all. */
double schedule_rate(const Schedule *schedule, const ScheduleOptions *options, const ScheduleMoment *moment);

/* What plateau remembers. */
typedef struct Plateau {
    double score;     /* the best so far, larger is better */
    double reduction; /* product of all drops, 1 at the start */
    size_t count;     /* epochs since the best one, or since the last drop */
    size_t epochs;    /* seen */
} Plateau;

/* Takes the monitored metric of an epoch in: the rate drops after more than `patience` epochs in a row whose score was
 * not better than the best by a ten-thousandth of it (PyTorch's ReduceLROnPlateau, with its default threshold). */
void plateau_see(Plateau *plateau, const ScheduleOptions *options, double score);

/* Row `index` of the table, or NULL past its end; the index of a name, or -1. */
const Schedule *schedule_at(size_t index);
int schedule_find(const char *name);

#endif
