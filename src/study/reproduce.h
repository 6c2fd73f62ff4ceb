/* Runs a study: its runs, its parts, and the comparison with published results. */
#ifndef STUDY_REPRODUCE_H
#define STUDY_REPRODUCE_H

#include "run/run.h"
#include "study/published.h"
#include "study/study.h"

/* Callbacks. Each may be NULL. */
typedef struct StudyWatcher {
    /* Run `number` of `count`, from 1, is about to train. */
    void (*begins)(const StudyRun *run, size_t number, size_t count, const Run *live, void *user);
    percept_callback *progress; /* of the run; asks to stop as in percept_model_train */
    void (*ended)(const StudyRun *run, const Run *live, void *user);
    /* All runs are done; the rest reports no progress. Not 0: stop here. */
    int (*trained)(void *user);
    /* A failure that does not stop the study. */
    void (*warns)(const char *message, void *user);
    void *user;
} StudyWatcher;

typedef struct StudyPlace {
    const char *out;       /* the folder, or NULL: a new one in runs/ */
    bool force;            /* replace the study, or the runs, that it holds */
    bool resume;           /* resume it: finished runs are kept, others continue from their checkpoints */
    const char *published; /* the published results: published_read */
} StudyPlace;

/* Trains the wanted runs (in the folder itself where the study is one run, else in folders of their names), makes the
 * parts, and writes study.yaml, metrics.csv, plots/ and report.html. *folder is released with memory_free, *published
 * with published_clear; if settings were changed, nothing is compared. PERCEPT_ERROR_INTERRUPTED: the callback asked to
 * stop; the results so far are kept and can be resumed. */
percept_status study_reproduce(Study *study, const StudyPlace *place, const StudyWatcher *watcher, char **folder,
                               Published *published, percept_error *error);

#endif
