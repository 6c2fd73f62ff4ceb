/* Learning-rate schedules: one table. Adding one: its function and a row in schedule.c. */
#ifndef TRAIN_SCHEDULE_H
#define TRAIN_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Settings of all schedules; each uses its own. */
typedef struct ScheduleOptions {
    double base;     /* train.learning_rate */
    double decay;    /* the factor in the row's formula */
    size_t every;    /* step: epochs between two drops; cosine-restarts: of the first cycle */
    size_t growth;   /* cosine-restarts: a cycle's epochs / those of the one before it, ≥ 1 */
    double rise;     /* one-cycle: fraction of the steps in which the rate rises */
    size_t patience; /* plateau: number of epochs without improvement that are tolerated */
    size_t warmup;   /* steps of the rise before any schedule: rate · min(1, (step + 1) / warmup); 0: none */
} ScheduleOptions;

/* The position in a training, and its length. */
typedef struct ScheduleMoment {
    size_t epoch, epochs; /* from 0 */
    size_t step, steps;   /* over all epochs, from 0 */
    double reduction;     /* product of the drops by plateau */
} ScheduleMoment;

typedef struct Schedule {
    const char *name;
    const char *formula;
    double decay;          /* default */
    bool needs_validation; /* the rate depends on the monitored metric */
    bool needs_length;     /* the rate depends on the number of epochs */
    bool cycles;           /* the rate starts again with each cycle of options->every … epochs */
    double (*rate)(const ScheduleOptions *options, const ScheduleMoment *moment);
} Schedule;

/* The rate of a step, including warmup. */
double schedule_rate(const Schedule *schedule, const ScheduleOptions *options, const ScheduleMoment *moment);

/* Of a schedule with cycles: how many have ended after this number of epochs. */
size_t schedule_cycles(const ScheduleOptions *options, size_t epochs);

/* What another setting than the learning rate is multiplied with in a step: the row with base 1 and its own decay. */
double schedule_factor(const Schedule *schedule, const ScheduleMoment *moment);

/* Row `index` of those that can be such a factor, from 0 to 1 and without settings; NULL past the last one. */
const Schedule *schedule_factor_at(size_t index);

/* The state of plateau. */
typedef struct Plateau {
    double score;     /* the best so far, larger is better */
    double reduction; /* product of all drops, 1 at the start */
    uint64_t count;   /* epochs since the best one, or since the last drop */
    uint64_t epochs;  /* seen */
} Plateau;

/* Updates the state with the monitored metric of an epoch. The rate drops after more than `patience` consecutive epochs
 * whose score was not better than the best by a ten-thousandth of it (PyTorch's ReduceLROnPlateau, with its default
 * threshold). */
void plateau_see(Plateau *plateau, const ScheduleOptions *options, double score);

/* Row `index` of the table, or NULL past its end; the index of a name, or -1. */
const Schedule *schedule_at(size_t index);
int schedule_find(const char *name);

#endif
