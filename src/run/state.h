#ifndef RUN_STATE_H
#define RUN_STATE_H

#include "recipe/experiment.h"
#include "run/crew.h"
#include "run/recording.h"
#include "run/tensorboard.h"
#include "store/metrics_log.h"
#include "store/run_folder.h"
#include "store/saver.h"

/* What a run holds. Zeroed before the first call, except for the crew; released with run_clear. */
typedef struct Run {
    const RunCrew *crew;    /* the caller's: processes that train along, or NULL */
    percept_recipe *recipe; /* the caller's; resolved by run_begin */
    percept_data data;
    char *checksum; /* of the data (data/checksum.h) */
    percept_model *model;
    char *folder;
    Checkpoint *checkpoint; /* that a resumed run continues from, or NULL */
    double threshold;       /* that was chosen for the model of the resumed run, and is kept; 0: none */
    bool unknown_data;      /* the resumed run is of an older version, which stored no checksum of its data */
    Team *team;
    percept_result result;
    percept_metrics test; /* of the test part, by run_finish; count 0 without one */
    double test_r2;       /* R² over all its targets; NAN without targets or a test part */
    double test_coverage; /* fraction of them in their intervals, the mean over the targets; NAN without intervals */
    bool paused;          /* paused by a request in the runs database */
    bool stopped;         /* stopped by such a request: run_train returns PERCEPT_ERROR_INTERRUPTED */

    /* For this room. */
    int lock;
    MetricsLog *log;
    TensorBoard *tensorboard; /* or NULL */
    Saver saver;
    Recording recording;
    TrainingOptions options;
    percept_callback *callback;
    void *user;
    percept_status log_status;
    percept_error *error;
} Run;

#endif
