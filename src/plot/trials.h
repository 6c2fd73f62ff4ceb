/* Trials of a search: what was chosen for each, against the figure that came of it. */
#ifndef PLOT_TRIALS_H
#define PLOT_TRIALS_H

#include "plot/layout.h"

/* Numbers or names, one for each trial. */
typedef struct TrialsAxis {
    const char *label;
    bool logarithmic;
    const char *const *names; /* values are places among them; NULL: numbers */
    size_t name_count;
    const double *values; /* not a number: the trial has none */
} TrialsAxis;

/* What became of a trial; later ones are drawn above earlier ones. */
typedef enum TrialsTone {
    TRIAL_LOST,    /* diverged or failed: no figure */
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
    bool larger_better;    /* else the smaller figure */
    const size_t *numbers; /* of the trials, for the CSV */
    const TrialsTone *tones;
    size_t count; /* trials */
} TrialsPicture;

/* Parallel coordinates: an axis for each key and one for the figure, the better end above, and a line for each trial. The
 * colours of those that finished go by their rank: by the figures one good or bad trial would leave the others one colour. Draws folder/NAME.{svg,png,gp,csv}; the folder must exist. */
percept_status plot_parallel(const char *folder, const char *name, const TrialsPicture *picture, percept_error *error);

/* The figure against each key: a panel a key, a point a trial. What has no figure stands at the foot. */
percept_status plot_scatter(const char *folder, const char *name, const TrialsPicture *picture, percept_error *error);

/* A trial at a rung of successive halving. */
typedef struct RungPoint {
    size_t trial, rung, epochs;
    double figure; /* not a number: none */
    bool promoted;
    bool best; /* it is the best trial's */
} RungPoint;

typedef struct RungPicture {
    const char *title, *label; /* of the picture, NULL: none; of the figure */
    const RungPoint *points;   /* by trial, then rung */
    size_t count;
} RungPicture;

/* Halving: each trial's figure from rung to rung, and how many came and went on. */
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

/* The range of an axis; of names half a place beyond the first and the last. */
Range trials_range(const TrialsAxis *axis, size_t count);

/* The range of the figures without those that are so much worse than the rest that they would squash it: beyond the quartile
 * by more than twice the distance of the quartiles. *beyond: how many are left out. */
Range trials_figure_range(const TrialsPicture *picture, size_t *beyond);

/* The different numbers of an axis in order, where there are no more than TRIALS_FEW of them; else 0. */
#define TRIALS_FEW 8
size_t trials_few_values(const TrialsAxis *axis, size_t count, double values[TRIALS_FEW]);

/* How far a trial stands beside its value, -0.5 … 0.5 of the room that there is, so that those with the same value do not
 * hide each other; 0 on an axis where values hardly meet. */
double trials_spread(const TrialsAxis *axis, size_t count, size_t trial);

#endif
