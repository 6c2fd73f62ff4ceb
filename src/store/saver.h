/* Decides when a run writes checkpoints. */
#ifndef STORE_SAVER_H
#define STORE_SAVER_H

#include <time.h>

#include "store/metrics_log.h"
#include "train/train.h"

/* Writes the metrics of finished epochs to the disk. */
typedef percept_status SaverSync(void *user, percept_error *error);

/* A checkpoint is written every `every` steps; with 0, after each epoch, but at most four times a second, and so rarely
 * that writing takes at most a twentieth of the time. One is always written when the run is stopped, and after the last
 * epoch. */
typedef struct Saver {
    size_t every;
    char *path;      /* of the checkpoint, owned */
    SaverSync *sync; /* writes the metrics of epochs, before a checkpoint that comes after them */
    void *user;
    bool refuse;           /* write none: the metrics could not be written */
    struct timespec taken; /* time of the last one */
    double cost;           /* seconds that it took */
} Saver;

/* For a run folder with its metrics log. */
percept_status saver_create(const char *folder, size_t every, MetricsLog *log, Saver *out, percept_error *error);

/* For a checkpoint anywhere. */
percept_status saver_create_at(const char *path, size_t every, SaverSync *sync, void *user, Saver *out,
                               percept_error *error);
void saver_clear(Saver *saver);

/* Whether a checkpoint is to be written now, and writing it. */
bool saver_is_due(const Saver *saver, const Training *training, bool stopping);
percept_status saver_write(Saver *saver, const Training *training, percept_error *error);

/* Both as a TrainingPause; user is the Saver. */
percept_status saver_pause(const Training *training, bool stopping, void *user, percept_error *error);

#endif
