/* A run in the runs database (store/database.h) of the parent folder of its run folder. Recording never stops a
 * training: the first error is kept, and the run continues unrecorded. */
#ifndef RUN_RECORDING_H
#define RUN_RECORDING_H

#include "run/wrong.h"
#include "store/database.h"

/* The kind of a run and its place. */
typedef struct RunPlace {
    const char *kind;  /* store/database.h: "train", "fold", … */
    const char *whole; /* the folder of the study, search or cross-validation that contains the run's folder, or NULL */
    int64_t search;    /* id, or 0 */
    size_t trial, repeat; /* in the search */
} RunPlace;

typedef struct Recording {
    Database *database; /* NULL: the run is not recorded, or not any more */
    int64_t id;
    char *name;            /* path of the run's folder in the runs folder */
    bool ended;            /* the row says how it ended */
    double looked;         /* percept_progress.seconds when requests were last read */
    WrongSearch wrong;     /* misclassified pictures */
    percept_error failure; /* the first one; its status is PERCEPT_OK while there is none */
} Recording;

/* Opens the database and begins the row of the run in `folder`, or continues it from `epoch`. Kind, folder and position
 * in a search are those of `place`. A failure is kept, and the run continues without a row. */
percept_status recording_begin(Recording *recording, const char *folder, const RunPlace *place, const RunRecord *record,
                               size_t epoch, percept_error *error);

/* To be called after each step and each epoch. */
void recording_observe(Recording *recording, const percept_progress *progress);

/* The current request to the run: between steps, read a few times a second; and while it is paused. */
RunRequest recording_request(Recording *recording, const percept_progress *progress);
RunRequest recording_request_now(Recording *recording);
void recording_set_state(Recording *recording, RunState state);

/* After an epoch: stores misclassified pictures, if that is due. */
void recording_show_wrong(Recording *recording, const Training *training, const percept_dataset *valid);

/* Records how the run ended. test and message may be NULL. */
void recording_end(Recording *recording, RunState state, const percept_result *result, const percept_metrics *test,
                   const char *message);

/* Closes the database; a run that was not ended was interrupted. */
void recording_clear(Recording *recording);

#endif
