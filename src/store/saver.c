#include "store/saver.h"

#include "base/file.h"
#include "base/memory.h"

#define LEAST_SECONDS 0.25
#define MOST_SHARE 0.05 /* of the time for checkpoints */

static double seconds_between(const struct timespec *from, const struct timespec *to)
{
    return (double)(to->tv_sec - from->tv_sec) + 1e-9 * (double)(to->tv_nsec - from->tv_nsec);
}

bool saver_is_due(const Saver *saver, const Training *training, bool stopping)
{
    const percept_progress *progress = training_progress(training);
    struct timespec now;
    if (saver->refuse)
        return false;
    if (stopping || training_is_over(training))
        return true;
    if (saver->every > 0)
        return training_updates(training) % saver->every == 0;
    if (!progress->epoch_done)
        return false;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const double passed = seconds_between(&saver->taken, &now);
    return passed >= LEAST_SECONDS && passed * MOST_SHARE >= saver->cost;
}

percept_status saver_write(Saver *saver, const Training *training, percept_error *error)
{
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    percept_status status = saver->sync(saver->user, error);
    if (status == PERCEPT_OK)
        status = checkpoint_write(training, saver->path, error);
    clock_gettime(CLOCK_MONOTONIC, &saver->taken);
    saver->cost = seconds_between(&start, &saver->taken);
    return status;
}

percept_status saver_pause(const Training *training, bool stopping, void *user, percept_error *error)
{
    Saver *saver = user;
    return saver_is_due(saver, training, stopping) ? saver_write(saver, training, error) : PERCEPT_OK;
}

static percept_status sync_log(void *log, percept_error *error)
{
    return metrics_log_sync(log, error);
}

percept_status saver_create_at(const char *path, size_t every, SaverSync *sync, void *user, Saver *out,
                               percept_error *error)
{
    *out = (Saver){.every = every, .sync = sync, .user = user};
    clock_gettime(CLOCK_MONOTONIC, &out->taken);
    return memory_copy_string(path, &out->path, error);
}

percept_status saver_create(const char *folder, size_t every, MetricsLog *log, Saver *out, percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(folder, CHECKPOINT_FILE, &path, error);
    if (status == PERCEPT_OK)
        status = saver_create_at(path, every, sync_log, log, out, error);
    memory_free(path);
    return status;
}

void saver_clear(Saver *saver)
{
    memory_free(saver->path);
    saver->path = NULL;
}
