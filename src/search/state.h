/* The state of a search, for the files of this room. Everything that changes while threads work is protected by the
 * mutex. */
#ifndef SEARCH_STATE_H
#define SEARCH_STATE_H

#include <pthread.h>

#include "search/scheduler.h"
#include "search/search.h"
#include "search/work.h"

/* A run of a trial. */
typedef struct RepeatRecord {
    bool begun;
    JobEnd end;    /* after its last session */
    size_t epochs; /* finished */
    double figure, seconds;
    int64_t run;
    char *message; /* or NULL */
} RepeatRecord;

typedef struct TrialRecord {
    size_t parameters, epochs;         /* epochs of the whole training; 0: it has no valid recipe */
    double unit;                       /* cost of an epoch */
    bool keeps_best, best_by_accuracy; /* train.keep, train.monitor */
    RunState state;
    size_t rung, reached; /* reached: epochs */
    double figure, deviation, score;
    size_t converged, diverged, failed;
    bool forgotten; /* its model was removed (ensemble.h) */
} TrialRecord;

/* Facts about a job that are not in the ledger. */
typedef struct JobRecord {
    size_t to;      /* epochs */
    size_t pending; /* repeats whose results are not known yet */
    double cost;    /* of those known */
} JobRecord;

/* A run to be trained for a job. */
typedef struct Task {
    size_t job, repeat;
} Task;

/* A run that the database has from an earlier process. */
typedef struct EarlierRun {
    size_t trial, repeat;
    int64_t run;
    RunState state;
    double seconds;
    char *message;  /* or NULL */
    char *checksum; /* of its data, or NULL */
} EarlierRun;

/* The work of a thread. */
typedef struct Slot {
    const SearchCrew *crew; /* it waits for another process, which trains; NULL: it trains itself */
    size_t lane;
    uint64_t errands; /* sent along the lane */
    bool busy;
    Task task;
    size_t trial, began; /* epochs that were finished before */
    double began_at;     /* seconds of the monotonic clock */
    double point[SPACE_MOST_DIMENSIONS];
    WorkProgress progress;
    Search *search;
    pthread_t thread;
} Slot;

struct Search {
    Space *space;
    char *folder, *runs_folder, *name; /* name: the folder's, beside the database */
    char *checkpoints;
    int lock;
    Database *database;
    int64_t id, best_run;
    bool finished;
    SharedData *shared;
    Workshop workshop;
    Strategy *strategy;
    Scheduler *scheduler;
    bool by_accuracy, median;
    double diverged_below;
    size_t repeats, jobs;
    size_t slot_count;   /* jobs, and lanes of other processes */
    size_t most_members; /* of an ensemble; 0: none */
    SearchEnsemble ensemble;
    double minutes; /* the time limit; NAN: none */
    double opened;  /* seconds of the monotonic clock: when the search was opened */
    double loading; /* seconds that the data took */
    bool out_of_time;

    TrialRecord *trials;
    RepeatRecord *runs; /* trials × repeats */
    size_t trial_count, trial_capacity;
    JobRecord *job_records;
    size_t job_count, job_capacity;
    Task *tasks;
    size_t task_count, task_capacity;
    EarlierRun *earlier; /* replay.c */
    size_t earlier_count;

    pthread_mutex_t mutex;
    pthread_cond_t changed;
    Slot *slots;
    atomic_size_t idle;    /* threads that wait for work */
    bool started;          /* the scheduler may be advanced */
    percept_status status; /* of the failure that ended the search early */
    percept_error error;
    size_t *news; /* trials that ended or reached a rung */
    size_t news_count, news_capacity;
};

/* ---- trials.c: called under the mutex ------------------------------------------------------------------------------- */

/* The hooks of the scheduler. */
percept_status trials_begin(void *user, const Scheduler *scheduler, size_t job, double *most, percept_error *error);
percept_status trials_ended(void *user, const Scheduler *scheduler, size_t job, percept_error *error);

/* The result of a run's session is known; `before`: from an earlier process, with the seconds of all sessions. */
percept_status trials_note(Search *search, Task task, const WorkOutcome *outcome, bool before, percept_error *error);

/* Trials that wait at a rung will not continue. */
percept_status trials_prune(Search *search, percept_error *error);

/* The condition that excludes a point, or NULL (strategy.h). */
percept_status trials_refuse(void *user, const double *point, const char **out, percept_error *error);

void trials_release(Search *search);

/* ---- replay.c ------------------------------------------------------------------------------------------------------- */

/* Reads the runs that the database has of the search. */
percept_status replay_read(Search *search, percept_error *error);
void replay_clear(Search *search);

/* Refuses a trial whose data have changed; `checksum` is that of its data now. */
percept_status replay_check_data(const Search *search, size_t trial, const char *checksum, percept_error *error);

/* The known result of a run after this many epochs; *found is false if it must be trained. */
percept_status replay_find(const Search *search, size_t trial, size_t repeat, size_t to, WorkOutcome *out, bool *found,
                           percept_error *error);

/* ---- pool.c --------------------------------------------------------------------------------------------------------- */

/* Works until everything is done or a failure ends it early; search->status then has the reason. */
percept_status pool_work(Search *search, const SearchWatcher *watcher, percept_error *error);

/* Seconds of the monotonic clock. */
double pool_clock(void);

/* When trainings must stop, on that clock, so that time is left for the winner; INFINITY without a limit. */
double pool_deadline(const Search *search);

/* ---- outlook.c ------------------------------------------------------------------------------------------------------ */

/* Epochs trained and left, and the time left; `now` on the clock of the slots. */
void outlook_add(const Search *search, double now, SearchView *view);

/* ---- settle.c ------------------------------------------------------------------------------------------------------- */

/* Loads the data of the trial at `point`, decides what the base recipe leaves open about them and by what trials are compared,
 * and refuses what no trial could do without. The second refuses spaces whose trials could make no ensemble. */
percept_status settle_search(Search *search, const double *point, percept_error *error);
percept_status settle_ensemble(const Search *search, percept_error *error);

/* ---- results.c ------------------------------------------------------------------------------------------------------ */

percept_status results_write_table(const Search *search, percept_error *error);

#endif
