/* Learning-rate schedules: one table. Adding one: its function and a row in schedule.c. */
#ifndef TRAIN_SCHEDULE_H
#define TRAIN_SCHEDULE_H

#include <stddef.h>

typedef struct Schedule {
    const char *name;
    const char *formula; /* η base rate, d or k = train.decay, e epoch from 0, E epochs */
    double (*rate)(double base, double decay, size_t epoch, size_t epochs);
} Schedule;

/* Row `index` of the table, or NULL past its end; the index of a name, or -1. */
const Schedule *schedule_at(size_t index);
int schedule_find(const char *name);

#endif
