/* Trials of a search: their settings and scores. */
#ifndef PLOT_TRIALS_H
#define PLOT_TRIALS_H

#include "plot/layout.h"

/* Numbers or names, one for each trial. */
typedef struct TrialsAxis {
    const char *label;
    bool logarithmic;
    const char *const *names; /* values are indices of these names; NULL: numbers */
    size_t name_count;
    const double *values; /* NaN: the trial has none */
} TrialsAxis;

/* The outcome of a trial; later kinds are drawn above earlier ones. */
typedef enum TrialsTone {
    TRIAL_LOST,    /* diverged or failed: no score */
    TRIAL_STOPPED, /* at a rung, or not finished yet */
    TRIAL_FINISHED,
    TRIAL_BEST, /* one at most */
    TRIAL_TONES
} TrialsTone;

typedef struct TrialsPicture {
    const char *title; /* NULL: none */
    const TrialsAxis *axes;
    size_t axis_count;     /* one at least */
    TrialsAxis figure;     /* numbers */
    bool larger_better;    /* else the smaller score */
    const size_t *numbers; /* of the trials, for the CSV */
    const TrialsTone *tones;
    size_t count; /* trials */
} TrialsPicture;

/* Parallel coordinates: an axis for each key and one for the score, with the better end at the top, and a line for each
 * trial. Colours of finished trials go by rank. By scores, one very good or bad trial would leave all others in one
 * colour. Draws folder/NAME.{svg,png,gp,csv}; the folder must exist. */
percept_status plot_parallel(const char *folder, const char *name, const TrialsPicture *picture, percept_error *error);

/* Score against each setting, one point per trial; trials without a score lie at the bottom. */
percept_status plot_scatter(const char *folder, const char *name, const TrialsPicture *picture, percept_error *error);

/* A trial at a rung of successive halving. */
typedef struct RungPoint {
    size_t trial, rung, epochs;
    double figure; /* NaN: none */
    bool promoted;
    bool best; /* it belongs to the best trial */
} RungPoint;

typedef struct RungPicture {
    const char *title, *label; /* of the picture, NULL: none; of the score */
    const RungPoint *points;   /* by trial, then rung */
    size_t count;
} RungPicture;

/* Halving: the score of each trial from rung to rung, and how many trials reached a rung and continued. */
percept_status plot_rungs(const char *folder, const char *name, const RungPicture *picture, percept_error *error);

/* ---- For these files ---------------------------------------------------------------------------------------------- */

/* Legend entries of the tones that occur, with their numbers, as lines or points; returns how many. */
typedef struct TrialsLegend {
    LegendEntry entries[TRIAL_TONES];
    char labels[TRIAL_TONES][64];
    size_t count;
} TrialsLegend;
void trials_legend(const TrialsPicture *picture, bool lines, TrialsLegend *out);

size_t trials_count(const TrialsPicture *picture, TrialsTone tone);

/* The label of a key without its section: "learning_rate". */
const char *trials_label(const char *key);

/* The range of an axis; for names half a step beyond the first and the last. */
Range trials_range(const TrialsAxis *axis, size_t count);

/* The range of the scores without outliers on the worse side, which would compress it: those beyond the quartile by
 * more than twice the distance of the quartiles. *beyond: their number. */
Range trials_figure_range(const TrialsPicture *picture, size_t *beyond);

/* The distinct numbers of an axis in order, if there are at most TRIALS_FEW; else 0. */
#define TRIALS_FEW 8
size_t trials_few_values(const TrialsAxis *axis, size_t count, double values[TRIALS_FEW]);

/* The offset of a trial from its value, -0.5 … 0.5 of the free room, so that trials with the same value do not hide
 * each other; 0 on an axis with few equal values. */
double trials_spread(const TrialsAxis *axis, size_t count, size_t trial);

#endif
