/* When a run takes its checkpoints. */
#ifndef STORE_SAVER_H
#define STORE_SAVER_H

#include <time.h>

#include "store/metrics_log.h"
#include "train/train.h"

/* A checkpoint is taken every `every` steps; with 0, after each epoch, but not so soon after the last one that writing
 * would take more than a twentieth of the time, nor within a quarter of a second: epochs shorter than that share one. In any
 * case one is taken where the run is stopped, and after the last epoch. */
typedef struct Saver {
    size_t every;
    char *path;            /* checkpoint.safetensors in the run's folder, owned */
    MetricsLog *log;       /* borrowed: on the disk before a checkpoint that comes after its lines */
    bool refuse;           /* take none: the log is behind */
    struct timespec taken; /* when the last one was */
    double cost;           /* seconds that it took */
} Saver;

percept_status saver_create(const char *folder, size_t every, MetricsLog *log, Saver *out, percept_error *error);
void saver_clear(Saver *saver);

/* A TrainingPause; user is the Saver. */
percept_status saver_pause(const Training *training, bool stopping, void *user, percept_error *error);

#endif
