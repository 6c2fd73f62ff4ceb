/* A search: many trainings at once, and their results.
 *
 * Its folder holds space.yaml (every setting of the search, resolved), checkpoints/ of trainings that are not finished,
 * results.csv (one line per trial), and best/, the run folder of the winner. The database beside it has everything
 * else. scheduler.h explains why the outcome does not depend on threads or interruptions.
 *
 * The files: open.c opens, settle.c decides what follows from the data, view.c shows the state, replay.c finds results of
 * earlier processes in the database, trials.c adds up what repeats came to, pool.c is the pool of threads,
 * work.c and observe.c a training, errand.c one that another process does (crew.h), serve.c that process's part, results.c writes
 * tables, best.c makes the winner, ensemble.c chooses it among the models of the best trials. */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include "run/run.h"
#include "search/crew.h"
#include "search/space.h"
#include "store/database.h"

#define SEARCH_RESULTS "results.csv"
#define SEARCH_ENSEMBLE RUN_FOLDER_ENSEMBLE

typedef struct Search Search;

/* Loads data and creates the strategy, then the folder with space.yaml. On failure nothing is left behind. folder NULL:
 * a new one in runs/. jobs: number of trainings at once, 0 for one per core. The search owns the space from now on,
 * even on failure. Released with search_close, which takes NULL. */
percept_status search_open(Space *space, const char *folder, bool force, size_t jobs, Search **out,
                           percept_error *error);

/* Continues a search in its folder. The second function gives it a time limit in place of its own, and also continues a
 * search that a time limit has ended. */
percept_status search_reopen(const char *folder, size_t jobs, Search **out, percept_error *error);
percept_status search_reopen_for(const char *folder, size_t jobs, double minutes, Search **out, percept_error *error);
void search_close(Search *search);

/* Before it runs: lanes of other processes do as many more trainings at once (crew.h). The crew must outlive the search. It fails
 * if one of them has other data or none. */
percept_status search_join(Search *search, const SearchCrew *crew, percept_error *error);

/* Whether there is nothing left to do. */
bool search_is_finished(const Search *search);

const Space *search_space(const Search *search);
const char *search_folder(const Search *search);
size_t search_jobs(const Search *search);
size_t search_repeats(const Search *search);
bool search_by_accuracy(const Search *search); /* else by loss */
bool search_has_rungs(const Search *search);
bool search_needs_workers(const Search *search); /* the next trial depends on results */

/* The largest number of trials. */
size_t search_planned(const Search *search);

/* The time limit in minutes, NAN without one; and whether it has ended the trials. */
double search_minutes(const Search *search);
bool search_is_out_of_time(const Search *search);

/* The seed of a run. */
int64_t search_seed(const Search *search, size_t trial, size_t repeat);

/* ---- Trials -------------------------------------------------------------------------------------------------------- */

/* The current state of a trial. */
typedef struct SearchTrial {
    size_t number;
    RunState state; /* RUN_RUNNING, RUN_WAITING (at a rung), RUN_DONE, RUN_PRUNED, RUN_DIVERGED, RUN_FAILED */
    size_t rung, epochs;
    double figure;    /* score: mean or median of the objective over the repeats that did not diverge */
    double deviation; /* sample deviation (n - 1); NaN for one repeat */
    size_t converged, diverged, failed;
    double seconds; /* of training, all repeats */
    size_t parameters;
    double point[SPACE_MOST_DIMENSIONS];
    const char *message; /* of the first repeat that failed or was stopped, or NULL; lives as long as the search */
} SearchTrial;

size_t search_count(const Search *search);
void search_trial(const Search *search, size_t number, SearchTrial *out);

/* Whether one of its runs diverged. */
bool search_has_diverged(const Search *search, size_t trial, size_t repeat);

/* The numbers of the trials, the best first: finished ones by score, then pruned ones by rung and score, then the
 * others. *out is released with memory_free. */
percept_status search_ranking(const Search *search, size_t **out, percept_error *error);

/* The winner, or search_count. */
size_t search_winner(const Search *search);

/* A rung of halving: how many trials reached it, and how many continued. */
typedef struct SearchRung {
    size_t epochs, arrived, promoted, lost; /* lost: diverged, failed or stopped on the way */
    double best;                            /* figure; NaN */
} SearchRung;

size_t search_rungs(const Search *search);
SearchRung search_rung(const Search *search, size_t rung);

/* ---- Running
 * ------------------------------------------------------------------------------------------------------ */

/* A running training. */
typedef struct SearchRunning {
    size_t trial, repeat;
    size_t epoch, epochs; /* finished epochs, and those of the whole training; halving may end it earlier */
    size_t step, steps;
    double figure; /* so far; NaN */
} SearchRunning;

/* The progress of a search. */
typedef struct SearchView {
    size_t planned, begun, done, waiting, pruned, diverged, failed;
    size_t best; /* trial, or `begun` */
    SearchTrial best_trial;
    const SearchRunning *running; /* by trial */
    size_t running_count;
    double seconds;                     /* since it was started or resumed */
    double epochs_trained, epochs_left; /* of all runs; left: expected number */
    double left;                        /* approximate seconds; NaN while unknown */
    bool paused;                        /* by request */
} SearchView;

/* Callbacks, called in the thread that called search_run. */
typedef struct SearchWatcher {
    void (*view)(const SearchView *view, void *user);    /* a few times a second */
    void (*ended)(const SearchTrial *trial, void *user); /* a trial reached a rung or ended */
    bool (*interrupted)(void *user);                     /* true: stop, with checkpoints */
    void *user;
} SearchWatcher;

/* Runs all trials, and writes results.csv. PERCEPT_ERROR_INTERRUPTED: a callback asked to stop; results so far are kept
 * in results.csv. Trials that diverge or fail are no failure, unless all do (PERCEPT_ERROR_DIVERGED). */
percept_status search_run(Search *search, const SearchWatcher *watcher, percept_error *error);

/* Trains the winner in best/, with the seed of its first repeat that did not diverge, and measures it on the test part,
 * which was not read before. *test has count 0 where there is no test part; it is released with
 * percept_metrics_clear. */
percept_status search_train_best(Search *search, percept_callback *callback, void *user, percept_result *result,
                                 percept_metrics *test, percept_error *error);

/* With search.ensemble the winner is not trained again: it is the model that is best on the validation part of those that
 * networks of the best trials make together. */
typedef struct SearchEnsemblePart {
    size_t trial, repeat, member;
    size_t count; /* how often the network counts */
} SearchEnsemblePart;

typedef struct SearchEnsemble {
    size_t members; /* all counts together; 0: there is no ensemble */
    SearchEnsemblePart *parts;
    size_t count;
    double score; /* the objective on the validation part */
} SearchEnsemble;

bool search_wants_ensemble(const Search *search);
const SearchEnsemble *search_ensemble(const Search *search);

/* search_train_best for it: best/ becomes a run folder whose recipe and metrics.csv are those of the best trial in the
 * ensemble; ensemble.csv lists what it is made of. It may be called after an interruption, if a trial is finished. */
percept_status search_make_ensemble(Search *search, percept_result *result, percept_metrics *test,
                                    percept_error *error);

/* Records in the database that the search is over. */
percept_status search_finish(Search *search, percept_error *error);

#endif
