/* A search as its database tells it: what was tried, along which keys, what came of it. */
#ifndef SHOW_TRIALS_H
#define SHOW_TRIALS_H

#include "store/database.h"

/* A key in which trials differ, in the order of the search space. */
typedef struct TrialKey {
    char *name;        /* "train.learning_rate"; "hidden layers" */
    const char *axis;  /* what `values` are: the name, or "parameters" where hidden layers are too many to be named */
    bool logarithmic;  /* as the space says; of a list, where it spans decades */
    char **names;      /* of values that are no numbers, in order; NULL: they are numbers */
    size_t name_count; /* at most TRIALS_MOST_NAMES */
    double *values;    /* a trial's: the number, or the place among the names; NaN: it has none */
    char **texts;      /* what was chosen, for readers; NULL: nothing */
} TrialKey;

#define TRIALS_MOST_NAMES 12

/* A trial, over its repeats. */
typedef struct Trial {
    size_t number;
    RunState state;            /* RUN_DONE where one repeat is done */
    double figure, deviation;  /* of the objective: mean or median and sample deviation of what converged; NaN */
    size_t repeats, converged; /* runs, and those with a figure */
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
    size_t best;                     /* place in the list, or count: none is done */
    double test_loss, test_accuracy; /* of the best one, trained again; NaN: not measured */
    TrialKey *keys;
    size_t key_count;
    RungRow *rungs; /* by rung, then figure */
    size_t rung_count;
} Trials;

/* True if figure `a` is better than `b`; what is no number is worse than any. */
bool trials_better(const Trials *trials, double a, double b);

/* True for a trial without a figure to stand for: it diverged or failed. */
bool trial_is_lost(const Trial *trial);

/* "24 trials: 18 finished, 4 stopped at a rung, 2 diverged". */
#define TRIALS_TEXT_SIZE 240
void trials_count_text(const Trials *trials, char text[TRIALS_TEXT_SIZE]);

#endif
