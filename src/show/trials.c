#include "show/trials.h"

#include <math.h>
#include <stdio.h>

bool trials_better(const Trials *trials, double a, double b)
{
    if (isnan(a) || isnan(b))
        return !isnan(a) && isnan(b);
    return trials->by_accuracy ? a > b : a < b;
}

bool trial_is_lost(const Trial *trial)
{
    return trial->state == RUN_DIVERGED || trial->state == RUN_FAILED;
}

void trials_count_text(const Trials *trials, char text[TRIALS_TEXT_SIZE])
{
    static const struct {
        RunState state;
        const char *words;
    } states[] = {{RUN_DONE, "finished"},
                  {RUN_PRUNED, "stopped at a rung"},
                  {RUN_WAITING, "waiting at a rung"},
                  {RUN_DIVERGED, "diverged"},
                  {RUN_FAILED, "failed"},
                  {RUN_RUNNING, "running"},
                  {RUN_PAUSED, "paused"},
                  {RUN_INTERRUPTED, "interrupted"}};
    size_t used = (size_t)snprintf(text, TRIALS_TEXT_SIZE, "%zu trial%s", trials->count, trials->count == 1 ? "" : "s");
    const char *between = ": ";
    for (size_t s = 0; s < sizeof states / sizeof states[0]; s++) {
        size_t count = 0;
        for (size_t t = 0; t < trials->count; t++)
            count += trials->list[t].state == states[s].state;
        if (count == 0 || used >= TRIALS_TEXT_SIZE)
            continue;
        used += (size_t)snprintf(text + used, TRIALS_TEXT_SIZE - used, "%s%zu %s", between, count, states[s].words);
        between = ", ";
    }
}
