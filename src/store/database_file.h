/* The database, for the files of this room: the open file and its state in memory. */
#ifndef STORE_DATABASE_FILE_H
#define STORE_DATABASE_FILE_H

#include <pthread.h>
#include <sqlite3.h>
#include <time.h>

#include "store/database.h"
#include "store/process.h"

/* How often collected epochs are written, and requests are read. */
#define DATABASE_PERIOD 0.25

/* How long to wait for the transaction of another process. */
#define DATABASE_PATIENCE_MS 15000

/* An epoch that is not yet written. */
typedef struct KeptEpoch {
    int64_t run;
    percept_progress progress;
} KeptEpoch;

/* The last request that was read. */
typedef struct SeenRequest {
    int64_t id;
    bool search; /* of a search, not of a run */
    RunRequest request;
} SeenRequest;

/* A statement that was prepared once. */
typedef struct KeptStatement {
    const char *sql; /* identified by the address of its text */
    sqlite3_stmt *statement;
} KeptStatement;

struct Database {
    sqlite3 *file;
    char *folder, *path;
    pthread_mutex_t mutex; /* locked from *_begin to *_end */
    Process process;
    DatabasePatience *patience; /* or NULL: DATABASE_PATIENCE_MS */

    KeptStatement *statements;
    size_t statement_count;

    KeptEpoch *epochs; /* kept_epochs.h */
    size_t epoch_count, epoch_capacity;
    double flushed; /* database_clock() when epochs were last written */

    SeenRequest *requests;
    size_t request_count;
    double looked; /* when they were read */
};

/* Seconds of a monotonic clock, for durations; and seconds since 1970. */
double database_clock(void);
double database_now(void);

#endif
