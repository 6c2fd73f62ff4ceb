/* What is tried next. A strategy is a pure function: from the jobs that were given out so far, with the results of those
 * that have ended, to the next job. It keeps nothing between two calls but what it worked out of the space when it was made,
 * so that a search can be replayed from its results alone (scheduler.h). Randomness comes from streams of the search's seed,
 * a child for each trial. */
#ifndef SEARCH_STRATEGY_H
#define SEARCH_STRATEGY_H

#include "search/space.h"
#include "search/strategy_names.h"

/* How a job, and with it perhaps its trial, ended. */
typedef enum JobEnd {
    JOB_PAUSED,   /* has the epochs that were asked for; may be trained on */
    JOB_FINISHED, /* has all its epochs, or stopped early */
    JOB_DIVERGED,
    JOB_FAILED,
    JOB_STOPPED /* a person asked for it */
} JobEnd;

/* Epochs of a job that goes to the end of its recipe. */
#define JOB_TO_THE_END SIZE_MAX

/* A trial trained from where it stands to so many epochs. */
typedef struct Job {
    size_t trial;
    size_t rung;    /* of halving; else 0 */
    size_t to;      /* epochs, counted from the trial's beginning */
    bool continued; /* a later job trains the trial on */
    bool ended;     /* the rest is known: */
    JobEnd end;
    double score; /* larger is better; NaN without one */
} Job;

/* All that has been given out, in that order; a trial's number is its place among the first jobs of trials. */
typedef struct Ledger {
    const Job *jobs;
    size_t job_count;
    const double *points; /* trial_count × space->count */
    size_t trial_count;
} Ledger;

/* What strategies are made from. `refuses` gives the condition because of which no trial may be begun at a point, NULL where
 * one may; the text lives as long as the space. Without `refuses` trials may be begun anywhere. */
typedef struct Candidates {
    const Space *space;
    percept_status (*refuses)(void *user, const double *point, const char **condition, percept_error *error);
    void *user;
} Candidates;

typedef struct Strategy Strategy;

typedef enum StrategyAnswer {
    STRATEGY_JOB,
    STRATEGY_WAIT, /* nothing before another result */
    STRATEGY_OVER  /* nothing any more, whatever the results */
} StrategyAnswer;

/* A row of the table. */
typedef struct StrategyKind {
    const char *name;
    const char *summary;
    bool independent; /* no job depends on a result */
    bool rungs;       /* trials stop at rungs, which are told at the end */
    percept_status (*create)(Strategy *strategy, percept_error *error);
    /* The next job: job->trial, rung and to. Of a trial that is new (job->trial == ledger->trial_count) the point, too. */
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

/* Makes the strategy that the space's settings name; the space must outlive it. Released with strategy_free, which takes
 * NULL. A space that it cannot search is PERCEPT_ERROR_ARGUMENT. */
percept_status strategy_create(const Candidates *candidates, Strategy **out, percept_error *error);
void strategy_free(Strategy *strategy);

percept_status strategy_next(const Strategy *strategy, const Ledger *ledger, Job *job, double *point,
                             StrategyAnswer *answer, percept_error *error);

/* For the strategies. ------------------------------------------------------------------------------------------------ */

/* The stream that trial t is drawn from: child t of the search's seed. */
RandomStream strategy_stream(const Strategy *strategy, size_t trial);

/* Draws for one trial, or to find out whether a grid has any combination that meets the conditions: where so many are
 * refused, less than one part in a thousand is left. */
#define STRATEGY_MOST_DRAWS 10000

/* How many points each condition refused. */
typedef struct Refusals {
    const char *conditions[SPACE_MOST_CONDITIONS];
    size_t counts[SPACE_MOST_CONDITIONS];
    size_t count;
} Refusals;

/* Whether a trial may be begun at a point; a condition that forbids it is counted. */
percept_status strategy_allows(const Strategy *strategy, const double *point, Refusals *refusals, bool *out,
                               percept_error *error);

/* PERCEPT_ERROR_ARGUMENT: none of `looked_at` combinations meets the conditions; names the one that refused most. `drawn`:
 * they were drawn at random, else they are all there are. */
percept_status strategy_refuse_space(const Strategy *strategy, const Refusals *refusals, size_t looked_at, bool drawn,
                                     percept_error *error);

/* Draws points with `draw`, one after the other from the trial's stream, until one is allowed and not tried yet. *found is
 * false where that takes too many draws: what is left of the space is as good as nothing. Where not even one point is
 * allowed it is an error. */
typedef void StrategyDraw(const Strategy *strategy, const Ledger *ledger, RandomStream *stream, double *point);
percept_status strategy_draw(const Strategy *strategy, const Ledger *ledger, StrategyDraw *draw, double *point,
                             bool *found, percept_error *error);

/* A StrategyDraw: each dimension uniformly, in the order of the space; one draw each, whether it is there or not. */
void strategy_draw_uniformly(const Strategy *strategy, const Ledger *ledger, RandomStream *stream, double *point);

/* A next(): new trials to their end, while there are any; `draw` gives their points. */
percept_status strategy_next_drawn(const Strategy *strategy, const Ledger *ledger, StrategyDraw *draw, Job *job,
                                   double *point, StrategyAnswer *answer, percept_error *error);

#endif
