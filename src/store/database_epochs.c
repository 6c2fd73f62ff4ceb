/* Epochs: kept back, written together, read. */
#include "base/memory.h"
#include "store/database_file.h"

#define EPOCHS_STEP 64

static const char add_epoch[] =
    "INSERT OR REPLACE INTO epochs (run, epoch, best, learning_rate, seconds, train_loss, train_accuracy, valid_loss,"
    " valid_accuracy, test_loss, test_accuracy)"
    " SELECT ?1, ?2, ?3, ?4, seconds_before + ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM runs WHERE id = ?1";

static const char count_epoch[] =
    "UPDATE runs SET epoch = ?2 + 1, seconds = seconds_before + ?5, train_loss = ?6, train_accuracy = ?7,"
    " best_epoch = iif(?3, ?2, best_epoch), valid_loss = iif(?3, ?8, valid_loss),"
    " valid_accuracy = iif(?3, ?9, valid_accuracy), updated = ?10 WHERE id = ?1";

static percept_status write_epoch(Database *database, const KeptEpoch *kept, double now, percept_error *error)
{
    const percept_progress *progress = &kept->progress;
    const Cell cells[] = {
        INTEGER(kept->run),
        INTEGER(progress->epoch),
        INTEGER(progress->best),
        REAL(progress->learning_rate),
        REAL(progress->seconds),
        REAL(progress->train_loss),
        REAL(progress->train_accuracy),
        REAL(progress->valid_loss),
        REAL(progress->valid_accuracy),
        REAL(progress->test_loss),
        REAL(progress->test_accuracy),
    };
    Cell counted[10];
    for (size_t i = 0; i < 9; i++)
        counted[i] = cells[i];
    counted[9] = REAL(now);
    percept_status status = database_execute(database, add_epoch, cells, sizeof cells / sizeof *cells, error);
    return status == PERCEPT_OK ? database_execute(database, count_epoch, counted, 10, error) : status;
}

percept_status database_write_epochs(Database *database, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    const double now = database_now();
    for (size_t i = 0; i < database->epoch_count && status == PERCEPT_OK; i++)
        status = write_epoch(database, &database->epochs[i], now, error);
    return status;
}

static percept_status keep(Database *database, int64_t run, const percept_progress *progress, percept_error *error)
{
    if (database->epoch_count == database->epoch_capacity) {
        const size_t size = sizeof *database->epochs, capacity = 2 * database->epoch_capacity + EPOCHS_STEP;
        percept_status status = memory_grow(&database->epochs, database->epoch_count * size, capacity, size,
                                            "epochs for the runs database", error);
        if (status != PERCEPT_OK)
            return status;
        database->epoch_capacity = capacity;
    }
    database->epochs[database->epoch_count++] = (KeptEpoch){run, *progress};
    return PERCEPT_OK;
}

percept_status database_add_epoch(Database *database, int64_t run, const percept_progress *progress,
                                  percept_error *error)
{
    pthread_mutex_lock(&database->mutex);
    percept_status status = keep(database, run, progress, error);
    if (status == PERCEPT_OK)
        status = database_flush_due(database, error);
    pthread_mutex_unlock(&database->mutex);
    return status;
}

/* ---- Reading ------------------------------------------------------------------------------------------------------ */

static const char read_epochs[] =
    "SELECT epoch, learning_rate, seconds, train_loss, train_accuracy, valid_loss, valid_accuracy, test_loss,"
    " test_accuracy FROM epochs WHERE run = ? AND epoch >= ? ORDER BY epoch";

static percept_status read_epoch(sqlite3_stmt *statement, void *row, percept_error *error)
{
    (void)error;
    *(EpochRow *)row = (EpochRow){
        .epoch = (size_t)sqlite3_column_int64(statement, 0),
        .learning_rate = column_real(statement, 1),
        .seconds = column_real(statement, 2),
        .train_loss = column_real(statement, 3),
        .train_accuracy = column_real(statement, 4),
        .valid_loss = column_real(statement, 5),
        .valid_accuracy = column_real(statement, 6),
        .test_loss = column_real(statement, 7),
        .test_accuracy = column_real(statement, 8),
    };
    return PERCEPT_OK;
}

percept_status database_epochs(Database *database, int64_t run, size_t from, EpochRow **rows, size_t *count,
                               percept_error *error)
{
    percept_status status = database_select(database, read_epochs, CELLS(INTEGER(run), INTEGER(from)), read_epoch,
                                            sizeof **rows, rows, count, error);
    if (status != PERCEPT_OK)
        memory_free(*rows), *rows = NULL;
    return status;
}
