/* The database as the room itself sees it: the open file, and what is kept of it in memory. */
#ifndef STORE_DATABASE_FILE_H
#define STORE_DATABASE_FILE_H

#include <pthread.h>
#include <sqlite3.h>
#include <time.h>

#include "store/database.h"
#include "store/process.h"

/* How often what is kept back is written, and what others ask is looked at. */
#define DATABASE_PERIOD 0.25

/* Another process' transaction is waited for that long. */
#define DATABASE_PATIENCE_MS 15000

/* An epoch kept back. */
typedef struct KeptEpoch {
    int64_t run;
    percept_progress progress;
} KeptEpoch;

/* What somebody asked, as last seen. */
typedef struct SeenRequest {
    int64_t id;
    bool search; /* of a search, not of a run */
    RunRequest request;
} SeenRequest;

/* A statement that was prepared once. */
typedef struct KeptStatement {
    const char *sql; /* its text's address is its name */
    sqlite3_stmt *statement;
} KeptStatement;

struct Database {
    sqlite3 *file;
    char *folder, *path;
    pthread_mutex_t mutex; /* held from *_begin to *_end */
    Process process;
    DatabasePatience *patience; /* or NULL: DATABASE_PATIENCE_MS */

    KeptStatement *statements;
    size_t statement_count;

    KeptEpoch *epochs; /* kept_epochs.h */
    size_t epoch_count, epoch_capacity;
    double flushed; /* database_clock() when epochs were last written */

    SeenRequest *requests;
    size_t request_count;
    double looked; /* when they were seen */
};

/* Seconds since some moment, for what passes; and since 1970. */
double database_clock(void);
double database_now(void);

#endif
