/* Strategies choose the next trial. A strategy is a pure function: from the jobs started so far, with the results of
 * those that have ended, to the next job. Between two calls it keeps only what it computed from the space when it was
 * created. So a search can be replayed from its results alone (scheduler.h). Random numbers come from streams of the
 * search's seed, a child for each trial. */
#ifndef SEARCH_STRATEGY_H
#define SEARCH_STRATEGY_H

#include "search/space.h"
#include "search/strategy_names.h"

/* How a job, and with it perhaps its trial, ended. */
typedef enum JobEnd {
    JOB_PAUSED,   /* has the requested epochs; may continue */
    JOB_FINISHED, /* has all its epochs, or stopped early */
    JOB_DIVERGED,
    JOB_FAILED,
    JOB_STOPPED /* requested by the user */
} JobEnd;

/* Epochs of a job that runs to the end of its recipe. */
#define JOB_TO_THE_END SIZE_MAX

/* Training of a trial from its current epoch to a later one. */
typedef struct Job {
    size_t trial;
    size_t rung;    /* of halving; else 0 */
    size_t to;      /* epochs, counted from the trial's beginning */
    bool continued; /* a later job continues the trial */
    bool ended;     /* the rest is known: */
    JobEnd end;
    double score; /* larger is better; NaN without one */
} Job;

/* All started jobs, in order. The number of a trial is its position among the first jobs of trials. */
typedef struct Ledger {
    const Job *jobs;
    size_t job_count;
    const double *points; /* trial_count × space->count */
    size_t trial_count;
} Ledger;

/* The input of a strategy. `refuses` returns the condition that excludes a point, or NULL if a trial may start there;
 * the text lives as long as the space. Without `refuses` trials may start anywhere. */
typedef struct Candidates {
    const Space *space;
    percept_status (*refuses)(void *user, const double *point, const char **condition, percept_error *error);
    void *user;
} Candidates;

typedef struct Strategy Strategy;

typedef enum StrategyAnswer {
    STRATEGY_JOB,
    STRATEGY_WAIT, /* no job before another result */
    STRATEGY_OVER  /* no more jobs, whatever the results */
} StrategyAnswer;

/* A row of the table. */
typedef struct StrategyKind {
    const char *name;
    const char *summary;
    bool independent; /* no job depends on a result */
    bool rungs;       /* trials stop at rungs, which are reported at the end */
    bool own_seeds;   /* each trial has a seed of its own: that of the recipe, the next one, … */
    percept_status (*create)(Strategy *strategy, percept_error *error);
    /* The next job: job->trial, rung and to. For a new trial (job->trial == ledger->trial_count) also its point. */
    percept_status (*next)(const Strategy *strategy, const Ledger *ledger, Job *job, double *point,
                           StrategyAnswer *answer, percept_error *error);
} StrategyKind;

struct Strategy {
    const StrategyKind *kind;
    Candidates candidates;
    size_t trials;  /* at most */
    size_t *epochs; /* of each rung; NULL without rungs */
    size_t rungs;   /* at least 1 */
    double *points; /* of a grid: all of them, trials × space->count */
};

#define ROW(name) extern const StrategyKind strategy_##name;
STRATEGY_EACH(ROW)
#undef ROW

/* The table, or NULL past its end. */
const StrategyKind *strategy_at(size_t index);

/* Creates the strategy in the settings of the space, which must outlive it. Released with strategy_free, which takes
 * NULL. PERCEPT_ERROR_ARGUMENT for a space that the strategy cannot search. */
percept_status strategy_create(const Candidates *candidates, Strategy **out, percept_error *error);
void strategy_free(Strategy *strategy);

percept_status strategy_next(const Strategy *strategy, const Ledger *ledger, Job *job, double *point,
                             StrategyAnswer *answer, percept_error *error);

/* For the strategies. ------------------------------------------------------------------------------------------------ */

/* The stream for trial t: child t of the search's seed. */
RandomStream strategy_stream(const Strategy *strategy, size_t trial);

/* Number of draws for one trial, or to detect whether any combination of a grid meets the conditions. If all of them
 * are refused, less than a thousandth of the space is allowed. */
#define STRATEGY_MOST_DRAWS 10000

/* The number of points that each condition refused. */
typedef struct Refusals {
    const char *conditions[SPACE_MOST_CONDITIONS];
    size_t counts[SPACE_MOST_CONDITIONS];
    size_t count;
} Refusals;

/* Whether a trial may start at a point; counts the condition that forbids it. */
percept_status strategy_allows(const Strategy *strategy, const double *point, Refusals *refusals, bool *out,
                               percept_error *error);

/* PERCEPT_ERROR_ARGUMENT: none of `looked_at` combinations meets the conditions; names the one that refused most.
 * `drawn`: they were drawn at random, else they are all combinations. */
percept_status strategy_refuse_space(const Strategy *strategy, const Refusals *refusals, size_t looked_at, bool drawn,
                                     percept_error *error);

/* Draws points with `draw`, one after the other from the trial's stream, until one is allowed and not tried yet. *found
 * is false if that takes too many draws: hardly anything of the space is left. It is an error if no point is
 * allowed. */
typedef void StrategyDraw(const Strategy *strategy, const Ledger *ledger, RandomStream *stream, double *point);
percept_status strategy_draw(const Strategy *strategy, const Ledger *ledger, StrategyDraw *draw, double *point,
                             bool *found, percept_error *error);

/* A StrategyDraw: each dimension uniformly, in the order of the space; one draw each, whether it exists or not. */
void strategy_draw_uniformly(const Strategy *strategy, const Ledger *ledger, RandomStream *stream, double *point);

/* A next(): trains new trials to their end, while there are any; `draw` gives their points. */
percept_status strategy_next_drawn(const Strategy *strategy, const Ledger *ledger, StrategyDraw *draw, Job *job,
                                   double *point, StrategyAnswer *answer, percept_error *error);

#endif
