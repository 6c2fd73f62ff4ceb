/* The runs database: one SQLite file in a runs folder, beside the run folders, with every run and search there. It has
 * searches, runs, epochs, tags, files and misclassified pictures; schema.c documents tables and columns.
 *
 * The runs folder of a run is the parent of its run folder. Several processes may write at once (write-ahead log,
 * waiting for each other), and a process that is killed at any moment leaves whole transactions. Epochs are collected
 * and written together, a few times a second, so a thousand short trainings cost little. The end of a run is written at
 * once, together with all collected epochs.
 *
 * A Database may be used by several threads. It keeps no recipe or other pointer after a call. */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recipe/recipe.h"

#define DATABASE_FILE "percept.db"

typedef struct Database Database;

typedef enum DatabaseMode {
    DATABASE_READ, /* a folder without a database is PERCEPT_ERROR_IO; an older schema is migrated */
    DATABASE_WRITE /* database and folder are created if they are missing */
} DatabaseMode;

/* A database that a newer version wrote is PERCEPT_ERROR_FORMAT, with both versions; so is a file that is none.
 * Released with database_close, which writes collected epochs; NULL is allowed. */
percept_status database_open(const char *runs_folder, DatabaseMode mode, Database **out, percept_error *error);

/* How long to wait for other processes that lock the database. */
typedef struct DatabasePatience {
    int milliseconds;
    bool exhausted; /* set if the wait was not long enough, which is then the cause of the failure */
} DatabasePatience;

/* The same for a caller that cannot wait the usual 15 seconds; `patience` must outlive the database. */
percept_status database_open_patient(const char *runs_folder, DatabaseMode mode, DatabasePatience *patience,
                                     Database **out, percept_error *error);
void database_close(Database *database);

/* The runs folder it lies in, as given. */
const char *database_folder(const Database *database);

/* ---- States -------------------------------------------------------------------------------------------------------- */

/* Of runs and of searches. A run that is `running` or `paused` in a process that no longer exists is reported as
 * `interrupted`. */
typedef enum RunState {
    RUN_RUNNING,
    RUN_PAUSED,      /* by request; its process waits */
    RUN_WAITING,     /* of a search: stopped at a rung, may continue later */
    RUN_INTERRUPTED, /* stopped or killed before its end; can be resumed */
    RUN_DONE,
    RUN_PRUNED,   /* of a search: ended at a rung for good */
    RUN_DIVERGED, /* a loss that is not finite */
    RUN_FAILED    /* any other failure, described by message */
} RunState;

const char *run_state_name(RunState state); /* "running", … */

/* Requests of other processes to a run or search in progress. */
typedef enum RunRequest { REQUEST_NONE, REQUEST_PAUSE, REQUEST_STOP } RunRequest;

/* ---- Writing ------------------------------------------------------------------------------------------------------- */

/* The facts about a run before its first step. */
typedef struct RunRecord {
    const char *kind; /* "train", "fold", "reproduce", "trial", "best" */
    const char *name;
    const char *folder;           /* relative to the runs folder; NULL: it has none */
    const percept_recipe *recipe; /* resolved */
    const percept_data *data;     /* for the sizes of its parts, or NULL */
    const char *checksum;         /* data_checksum (data/checksum.h) of them, or NULL */
    size_t parameters;
    size_t threads;
    int64_t search;       /* id, or 0 */
    size_t trial, repeat; /* in the search, from 0 */
} RunRecord;

/* Starts a run, or continues the run of the same folder (or of the same search, trial and repeat). Its epochs from
 * `epoch` on are then deleted. */
percept_status database_begin_run(Database *database, const RunRecord *record, size_t epoch, int64_t *run,
                                  percept_error *error);

/* Adds a finished epoch (progress->epoch_done) to those to be written. A failure to write is reported by the next call
 * that can report it. */
percept_status database_add_epoch(Database *database, int64_t run, const percept_progress *progress,
                                  percept_error *error);

/* Records how a run ended, or that it is paused. result and test may be NULL, message too. */
percept_status database_end_run(Database *database, int64_t run, RunState state, const percept_result *result,
                                const percept_metrics *test, const char *message, percept_error *error);

/* Records RUN_RUNNING or RUN_PAUSED, for other processes. */
percept_status database_set_state(Database *database, int64_t run, RunState state, percept_error *error);

/* The current request to the run. Reads the file a few times a second, else returns the last value. REQUEST_NONE on any
 * failure, which must not end a training. */
RunRequest database_request(Database *database, int64_t run);

/* Adds files that belong to the run, relative to the runs folder; entries that exist already stay. */
percept_status database_add_artifact(Database *database, int64_t run, const char *path, percept_error *error);

/* A picture that the model currently misclassifies. pixels: width × height grey bytes. */
typedef struct WrongPicture {
    int32_t label, predicted;
    const char *label_name, *predicted_name;
    double confidence; /* in `predicted` */
    size_t width, height;
    uint8_t *pixels;
} WrongPicture;

/* Replaces the misclassified pictures of the run, and records their epoch. */
percept_status database_set_wrong(Database *database, int64_t run, size_t epoch, const WrongPicture *pictures,
                                  size_t count, percept_error *error);

/* ---- Searches ------------------------------------------------------------------------------------------------------ */

typedef struct SearchRecord {
    const char *name, *strategy, *objective; /* objective: "valid_accuracy" or "valid_loss" */
    const char *folder;                      /* relative to the runs folder */
    const char *space;                       /* YAML, every setting of the search */
    size_t planned;                          /* number of runs, without the retrained winner; 0: not known */
} SearchRecord;

/* Starts a search, or continues the one of the same folder. */
percept_status database_begin_search(Database *database, const SearchRecord *record, int64_t *search,
                                     percept_error *error);

/* Deletes the search of this folder, if there is one, with its runs: before a new one starts there. */
percept_status database_forget_search(Database *database, const char *folder, percept_error *error);
percept_status database_end_search(Database *database, int64_t search, RunState state, int64_t best_run,
                                   const char *message, percept_error *error);
percept_status database_set_search_state(Database *database, int64_t search, RunState state, percept_error *error);
RunRequest database_search_request(Database *database, int64_t search);

/* A trial that reached a rung of successive halving, and its outcome. */
typedef struct RungRow {
    size_t trial, rung;
    size_t epochs; /* of training up to this rung */
    double figure; /* of the objective, mean over the repeats; NaN: diverged or failed before */
    bool promoted; /* it continued, at once or later */
} RungRow;

/* Adds it, or changes the one of the same trial and rung. */
percept_status database_set_rung(Database *database, int64_t search, const RungRow *rung, percept_error *error);

/* ---- Reading ------------------------------------------------------------------------------------------------------- */

/* Missing numbers are NaN, texts NULL, counts 0. Times are seconds since 1970. */
typedef struct RunRow {
    int64_t id, search;
    char *kind, *name, *folder;
    size_t trial, repeat;
    RunState state;
    RunRequest request;
    char *recipe;  /* a JSON object: {"train.batch_size": 128, "model.layers": [784, 64, 10], …} */
    char *dataset; /* data.name */
    char *checksum, *version, *machine, *message;
    char *tags; /* "a, b"; "" without any */
    size_t train_count, valid_count, test_count, parameters, threads;
    size_t epochs;   /* planned */
    size_t epoch;    /* finished */
    long best_epoch; /* -1: none */
    double train_loss, train_accuracy, valid_loss, valid_accuracy, test_loss, test_accuracy;
    double started, ended, updated;
    double seconds; /* of training, over all its sessions */
} RunRow;

typedef struct RunRows {
    RunRow *rows;
    size_t count;
} RunRows;

typedef struct RunQuery {
    const char *where; /* a filter as `percept runs --where` takes it (filter.h), or NULL */
    const char *order; /* a column or a recipe key; NULL: id */
    bool descending;
    size_t limit;          /* 0: all */
    int64_t search;        /* only of this search; 0: of any or none */
    int64_t id;            /* only this run; 0: any */
    const char *folder;    /* only the run of this folder; NULL: any */
    int64_t recipes_since; /* recipe NULL for runs last changed before this; 0: none, INT64_MAX: all */
} RunQuery;

percept_status database_runs(Database *database, const RunQuery *query, RunRows *out, percept_error *error);
void run_rows_clear(RunRows *rows);

typedef struct EpochRow {
    size_t epoch;
    double learning_rate, seconds;
    double train_loss, train_accuracy, valid_loss, valid_accuracy, test_loss, test_accuracy;
} EpochRow;

/* Epochs from … of a run, in order. *rows is released with memory_free. */
percept_status database_epochs(Database *database, int64_t run, size_t from, EpochRow **rows, size_t *count,
                               percept_error *error);

/* Files that belong to a run, by name: *paths is released with database_free_paths. */
percept_status database_artifacts(Database *database, int64_t run, char ***paths, size_t *count, percept_error *error);
void database_free_paths(char **paths, size_t count);

typedef struct SearchRow {
    int64_t id, best_run;
    char *name, *folder, *strategy, *objective, *space, *message;
    RunState state;
    RunRequest request;
    size_t planned, runs, done, diverged, failed, pruned; /* runs: begun */
    double started, ended, updated;
} SearchRow;

typedef struct SearchRows {
    SearchRow *rows;
    size_t count;
} SearchRows;

percept_status database_searches(Database *database, SearchRows *out, percept_error *error);
void search_rows_clear(SearchRows *rows);

/* The rungs of a search, by rung, then score. *rows is released with memory_free. */
percept_status database_rungs(Database *database, int64_t search, RungRow **rows, size_t *count, percept_error *error);

/* *pictures is released with wrong_pictures_free. */
percept_status database_wrong(Database *database, int64_t run, size_t *epoch, WrongPicture **pictures, size_t *count,
                              percept_error *error);
void wrong_pictures_free(WrongPicture *pictures, size_t count);

/* ---- Changing runs -------------------------------------------------------------------------------------- */

/* Sends a request to a run or search in progress; REQUEST_NONE withdraws it, which also ends a pause.
 * PERCEPT_ERROR_ARGUMENT if it is not in progress. */
percept_status database_ask(Database *database, int64_t run, RunRequest request, percept_error *error);
percept_status database_ask_search(Database *database, int64_t search, RunRequest request, percept_error *error);

percept_status database_tag(Database *database, int64_t run, const char *tag, bool remove, percept_error *error);

/* Deletes a run and all its rows; files stay. A run in progress is PERCEPT_ERROR_ARGUMENT. */
percept_status database_delete(Database *database, int64_t run, percept_error *error);

#endif
