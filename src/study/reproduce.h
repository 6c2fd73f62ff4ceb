/* Doing a study: its runs, its parts, and how its figures compare with published ones. */
#ifndef STUDY_REPRODUCE_H
#define STUDY_REPRODUCE_H

#include "run/run.h"
#include "study/published.h"
#include "study/study.h"

/* Who watches. Each may be NULL. */
typedef struct StudyWatcher {
    /* Run `number` of `count`, from 1, is about to train. */
    void (*begins)(const StudyRun *run, size_t number, size_t count, const Run *live, void *user);
    percept_callback *progress; /* of the run; asks to stop as in percept_model_train */
    void (*ended)(const StudyRun *run, const Run *live, void *user);
    /* All runs are done; what follows has no progress. Not 0: stop here. */
    int (*trained)(void *user);
    /* Something went wrong that the study does without. */
    void (*warns)(const char *message, void *user);
    void *user;
} StudyWatcher;

typedef struct StudyPlace {
    const char *out;       /* the folder, or NULL: a new one in runs/ */
    bool force;            /* replace the study, or the runs, that it holds */
    bool resume;           /* go on with it: finished runs are kept, others go on from their checkpoints */
    const char *published; /* the figures to compare with: published_read */
} StudyPlace;

/* Trains the wanted runs (in the folder itself where the study is one run, else in folders of their names), does the
 * parts, and writes study.yaml, metrics.csv, plots/ and report.html. *folder is released with memory_free, *published with
 * published_clear; where settings changed the study, its figures are only shown.
 * PERCEPT_ERROR_INTERRUPTED: the callback asked to stop; what was done stays, to be resumed. */
percept_status study_reproduce(Study *study, const StudyPlace *place, const StudyWatcher *watcher, char **folder,
                               Published *published, percept_error *error);

#endif
