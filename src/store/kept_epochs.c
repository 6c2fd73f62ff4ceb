#include "store/kept_epochs.h"

#include "base/memory.h"
#include "store/statements.h"

#define EPOCHS_STEP 64

static const char add_epoch[] =
    "INSERT OR REPLACE INTO epochs (run, epoch, best, learning_rate, seconds, train_loss, train_accuracy, valid_loss,"
    " valid_accuracy, test_loss, test_accuracy)"
    " SELECT ?1, ?2, ?3, ?4, seconds_before + ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM runs WHERE id = ?1";

static const char count_epoch[] =
    "UPDATE runs SET epoch = ?2 + 1, seconds = seconds_before + ?5, train_loss = ?6, train_accuracy = ?7,"
    " best_epoch = iif(?3, ?2, best_epoch), valid_loss = iif(?3, ?8, valid_loss),"
    " valid_accuracy = iif(?3, ?9, valid_accuracy), updated = ?10 WHERE id = ?1";

/* Whether the run's row need not count an epoch, because a later one that is kept, too, replaces all that it would set.
 * Only a few are looked at: those of a run are as far apart as there are runs at the same time. */
static bool is_replaced(const Database *database, size_t place)
{
    enum { LOOK_AHEAD = 64 };
    const KeptEpoch *epochs = database->epochs;
    for (size_t i = place + 1; i < database->epoch_count && i <= place + LOOK_AHEAD; i++)
        if (epochs[i].run == epochs[place].run && (epochs[i].progress.best || !epochs[place].progress.best))
            return true;
    return false;
}

static percept_status write_epoch(Database *database, size_t place, double now, percept_error *error)
{
    const KeptEpoch *kept = &database->epochs[place];
    const percept_progress *progress = &kept->progress;
    const Cell cells[] = {
        INTEGER_CELL(kept->run),
        INTEGER_CELL(progress->epoch),
        INTEGER_CELL(progress->best),
        REAL_CELL(progress->learning_rate),
        REAL_CELL(progress->seconds),
        REAL_CELL(progress->train_loss),
        REAL_CELL(progress->train_accuracy),
        REAL_CELL(progress->valid_loss),
        REAL_CELL(progress->valid_accuracy),
        REAL_CELL(progress->test_loss),
        REAL_CELL(progress->test_accuracy),
    };
    Cell counted[10];
    for (size_t i = 0; i < 9; i++)
        counted[i] = cells[i];
    counted[9] = REAL_CELL(now);
    percept_status status = database_execute(database, add_epoch, cells, sizeof cells / sizeof *cells, error);
    if (status != PERCEPT_OK || is_replaced(database, place))
        return status;
    return database_execute(database, count_epoch, counted, 10, error);
}

percept_status kept_epochs_write(Database *database, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    const double now = database_now();
    for (size_t i = 0; i < database->epoch_count && status == PERCEPT_OK; i++)
        status = write_epoch(database, i, now, error);
    return status;
}

percept_status kept_epochs_add(Database *database, int64_t run, const percept_progress *progress, percept_error *error)
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
