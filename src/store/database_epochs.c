/* Epochs: added and read. */
#include "base/memory.h"
#include "store/kept_epochs.h"
#include "store/transactions.h"

percept_status database_add_epoch(Database *database, int64_t run, const percept_progress *progress,
                                  percept_error *error)
{
    pthread_mutex_lock(&database->mutex);
    percept_status status = kept_epochs_add(database, run, progress, error);
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
    percept_status status = database_select(database, read_epochs, CELLS(INTEGER_CELL(run), INTEGER_CELL(from)),
                                            read_epoch, sizeof **rows, rows, count, error);
    if (status != PERCEPT_OK)
        memory_free(*rows), *rows = NULL;
    return status;
}
