/* Decides when a run takes its checkpoints. */
#ifndef STORE_SAVER_H
#define STORE_SAVER_H

#include <time.h>

#include "store/metrics_log.h"
#include "train/train.h"

/* Writes the metrics of finished epochs to the disk. */
typedef percept_status SaverSync(void *user, percept_error *error);

/* A checkpoint is taken every `every` steps; with 0, after each epoch, but not so soon after the last one that writing
 * would take more than a twentieth of the time, nor within a quarter of a second: epochs shorter than that share one. In any
 * case one is taken where the run is stopped, and after the last epoch. */
typedef struct Saver {
    size_t every;
    char *path;      /* of the checkpoint, owned */
    SaverSync *sync; /* writes the metrics of epochs, before a checkpoint that comes after them */
    void *user;
    bool refuse;           /* take none: the metrics could not be written */
    struct timespec taken; /* when the last one was */
    double cost;           /* seconds that it took */
} Saver;

/* For a run folder with its log. */
percept_status saver_create(const char *folder, size_t every, MetricsLog *log, Saver *out, percept_error *error);

/* For a checkpoint anywhere. */
percept_status saver_create_at(const char *path, size_t every, SaverSync *sync, void *user, Saver *out,
                               percept_error *error);
void saver_clear(Saver *saver);

/* A TrainingPause; user is the Saver. */
percept_status saver_pause(const Training *training, bool stopping, void *user, percept_error *error);

#endif
