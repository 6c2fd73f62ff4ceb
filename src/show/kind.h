/* A kind of pictures, and what it is drawn from. */
#ifndef SHOW_KIND_H
#define SHOW_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "show/trials.h"

/* The parts of a run that a kind needs (ShowKind.needs). They are not changed. */
typedef struct ShowRun {
    const char *name;   /* for titles and legends */
    const char *folder; /* holds metrics.csv and, if the run is finished, summary.json */
    percept_recipe *recipe;
    percept_model *model; /* NULL if no kind needs it; likewise the next */
    percept_data *data;
    const char *changed; /* the part of the data that has changed since the run ("test part"), or NULL */
    Trials *trials;      /* of a search (SHOW_SEARCH), which has nothing else */
} ShowRun;

/* All zero: the defaults of the kind. */
typedef struct ShowOptions {
    const char *title;   /* above the picture; NULL: the default of the kind */
    const char *figures; /* columns of metrics.csv, "train_loss,valid_loss"; NULL: every loss and every accuracy; for
                            `importance` the metric, "auc" */
    bool log;            /* a logarithmic axis: of losses and errors, of a histogram's counts */
    const char *part;    /* "train", "valid" or "test"; NULL: test, or where there is none valid, then train */
    size_t layer;        /* counted from 1; 0: the first, for a histogram all */
    size_t count;        /* pictures of a class or group, units, examples of a gradient; 0: the default of the kind */
    const char *key;     /* the hyperparameter of `errors`, "train.learning_rate"; NULL: the one that differs */
    const char *columns; /* of `dependence`, "age,size"; NULL: the most important ones */
    const char *output;  /* class or target; NULL: the default of the kind */
    uint64_t seed;       /* for the random choice of examples; 0: take the first ones */
} ShowOptions;

typedef enum ShowNeeds {
    SHOW_METRICS = 1, /* folder/metrics.csv */
    SHOW_RECIPE = 2,
    SHOW_MODEL = 4,
    SHOW_DATA = 8,
    SHOW_SEARCH = 16, /* the folder is that of a search, not of a run */
} ShowNeeds;

typedef struct ShowKind ShowKind;

/* Draws folder/NAME.{svg,png,gp,csv}. */
typedef percept_status ShowDraw(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                                const char *name, percept_error *error);

/* A row of the table. */
struct ShowKind {
    const char *name;    /* "curves" */
    const char *summary; /* one line for help */
    unsigned needs;      /* of ShowNeeds */
    size_t least, most;  /* runs in one picture; most 0: any number */
    ShowDraw *draw;
};

#endif
