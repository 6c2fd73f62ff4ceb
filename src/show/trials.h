/* A search, read from its database: its trials, their settings and scores. */
#ifndef SHOW_TRIALS_H
#define SHOW_TRIALS_H

#include "store/database.h"

/* A key in which trials differ, in the order of the search space. */
typedef struct TrialKey {
    char *name;        /* "train.learning_rate"; "hidden layers" */
    const char *axis;  /* label of the axis: the name, or "parameters" if there are too many hidden layers to name */
    bool logarithmic;  /* as the space says; for a list, if it spans decades */
    char **names;      /* names of values that are no numbers, in order; NULL: they are numbers */
    size_t name_count; /* at most TRIALS_MOST_NAMES */
    double *values;    /* for each trial the number, or the index of the name; NaN: none */
    char **texts;      /* the values as text; NULL: none */
} TrialKey;

#define TRIALS_MOST_NAMES 12

/* A trial, over its repeats. */
typedef struct Trial {
    size_t number;
    RunState state;            /* RUN_DONE if one repeat is done */
    double figure, deviation;  /* score over the runs that did not diverge, and their sample deviation; NaN */
    size_t repeats, converged; /* runs, and those with a score */
    size_t epochs;             /* finished, by the repeat with the most */
    size_t parameters;
    double seconds; /* of all repeats */
} Trial;

typedef struct Trials {
    SearchRows searches;     /* all of the database */
    const SearchRow *search; /* this one */
    bool by_accuracy;        /* the objective, else a loss */
    bool by_median;          /* of the repeats, else their mean */
    Trial *list;             /* by number */
    size_t count;
    size_t best;                     /* index in the list, or count: none is done */
    double test_loss, test_accuracy; /* of the best one, trained again; NaN: not measured */
    TrialKey *keys;
    size_t key_count;
    RungRow *rungs; /* by rung, then score */
    size_t rung_count;
} Trials;

/* True if score `a` is better than `b`; NaN is worse than any number. */
bool trials_better(const Trials *trials, double a, double b);

/* True for a trial without a score: it diverged or failed. */
bool trial_is_lost(const Trial *trial);

/* "24 trials: 18 finished, 4 stopped at a rung, 2 diverged". */
#define TRIALS_TEXT_SIZE 240
void trials_count_text(const Trials *trials, char text[TRIALS_TEXT_SIZE]);

#endif
