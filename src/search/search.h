/* A search: many trainings at once, and what came of them.
 *
 * Its folder holds space.yaml (all that decides the search, resolved), checkpoints/ of trainings that are not finished,
 * results.csv (a line a trial), and best/, the run folder of the winner. The database beside it has everything else.
 * scheduler.h explains why the outcome does not depend on threads or interruptions.
 *
 * The files: open.c opens, view.c shows the state, replay.c finds results of earlier processes in the database, trials.c adds
 * up what repeats came to, pool.c is the pool of threads, results.c writes tables, best.c trains the winner. */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include "run/run.h"
#include "search/space.h"
#include "store/database.h"

#define SEARCH_RESULTS "results.csv"

typedef struct Search Search;

/* Loads data and makes the strategy, then the folder with space.yaml: whatever is refused leaves nothing behind. folder
 * NULL: a new one in runs/. jobs: trainings at once, 0 for one a core. The space belongs to the search from then on, even
 * on failure. Released with search_close, which takes NULL. */
percept_status search_open(Space *space, const char *folder, bool force, size_t jobs, Search **out,
                           percept_error *error);

/* One that goes on in its folder. */
percept_status search_reopen(const char *folder, size_t jobs, Search **out, percept_error *error);
void search_close(Search *search);

/* Whether there is nothing left to do. */
bool search_is_finished(const Search *search);

const Space *search_space(const Search *search);
const char *search_folder(const Search *search);
size_t search_jobs(const Search *search);
size_t search_repeats(const Search *search);
bool search_by_accuracy(const Search *search); /* else by loss */
bool search_has_rungs(const Search *search);
bool search_needs_workers(const Search *search); /* what is tried next depends on results */

/* Trials that are planned at most. */
size_t search_planned(const Search *search);

/* ---- Trials -------------------------------------------------------------------------------------------------------- */

/* A trial as it stands. */
typedef struct SearchTrial {
    size_t number;
    RunState state; /* RUN_RUNNING, RUN_WAITING (at a rung), RUN_DONE, RUN_PRUNED, RUN_DIVERGED, RUN_FAILED */
    size_t rung, epochs;
    double figure;    /* of the objective over the repeats that converged: mean or median */
    double deviation; /* over n - 1 of them; NaN of one */
    size_t converged, diverged, failed;
    double seconds; /* of training, all repeats */
    size_t parameters;
    double point[SPACE_MOST_DIMENSIONS];
    const char *message; /* of the first repeat that failed or was stopped, or NULL; lives as long as the search */
} SearchTrial;

size_t search_count(const Search *search);
void search_trial(const Search *search, size_t number, SearchTrial *out);

/* Whether a run of it diverged. */
bool search_has_diverged(const Search *search, size_t trial, size_t repeat);

/* The trials' numbers, the best first: those that have all their epochs by figure, then those that were pruned, by rung and
 * figure, then the others. *out is released with memory_free. */
percept_status search_ranking(const Search *search, size_t **out, percept_error *error);

/* The winner, or search_count. */
size_t search_winner(const Search *search);

/* A rung of halving: how many came, and how many went on. */
typedef struct SearchRung {
    size_t epochs, arrived, promoted, lost; /* lost: diverged, failed or stopped on their way */
    double best;                            /* figure; NaN */
} SearchRung;

size_t search_rungs(const Search *search);
SearchRung search_rung(const Search *search, size_t rung);

/* ---- Doing it ------------------------------------------------------------------------------------------------------ */

/* A training under way. */
typedef struct SearchRunning {
    size_t trial, repeat;
    size_t epoch, epochs; /* finished, of the whole training: halving may end it before */
    size_t step, steps;
    double figure; /* so far; NaN */
} SearchRunning;

/* How it goes. */
typedef struct SearchView {
    size_t planned, begun, done, waiting, pruned, diverged, failed;
    size_t best; /* trial, or `begun` */
    SearchTrial best_trial;
    const SearchRunning *running; /* by trial */
    size_t running_count;
    double seconds;                     /* since it was begun or taken up */
    double epochs_trained, epochs_left; /* of all runs; left: as many as are to be expected */
    double left;                        /* seconds, about; NaN while nothing can be said */
    bool paused;                        /* by request */
} SearchView;

/* Who watches; called in the thread that called search_run. */
typedef struct SearchWatcher {
    void (*view)(const SearchView *view, void *user);    /* a few times a second */
    void (*ended)(const SearchTrial *trial, void *user); /* a trial stands at a rung, or is over */
    bool (*interrupted)(void *user);                     /* true: stop, with checkpoints */
    void *user;
} SearchWatcher;

/* Tries all that there is to try, and writes results.csv. PERCEPT_ERROR_INTERRUPTED: asked to stop; what was done is kept,
 * results.csv has it. Trials that diverge or fail are no failure; that all do is one (PERCEPT_ERROR_DIVERGED). */
percept_status search_run(Search *search, const SearchWatcher *watcher, percept_error *error);

/* Trains the winner in best/, with the seed of its first repeat that converged, and measures it on the test part, for the
 * first time. *test has count 0 where there is no test part; it is released with percept_metrics_clear. */
percept_status search_train_best(Search *search, percept_callback *callback, void *user, percept_result *result,
                                 percept_metrics *test, percept_error *error);

/* The search is over: tells the database. */
percept_status search_finish(Search *search, percept_error *error);

#endif
