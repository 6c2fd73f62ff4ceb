#include "store/database_words.h"

#include <string.h>

static const char *const states[] = {
    [RUN_RUNNING] = "running", [RUN_PAUSED] = "paused", [RUN_WAITING] = "waiting",   [RUN_INTERRUPTED] = "interrupted",
    [RUN_DONE] = "done",       [RUN_PRUNED] = "pruned", [RUN_DIVERGED] = "diverged", [RUN_FAILED] = "failed",
};

static const char *const requests[] = {[REQUEST_PAUSE] = "pause", [REQUEST_STOP] = "stop"};

const char *run_state_name(RunState state)
{
    return states[state];
}

RunState database_state_of(const char *name)
{
    for (size_t s = 0; name != NULL && s < sizeof states / sizeof *states; s++)
        if (strcmp(name, states[s]) == 0)
            return (RunState)s;
    return RUN_FAILED;
}

const char *database_request_name(RunRequest request)
{
    return requests[request];
}

RunRequest database_request_of(const char *name)
{
    for (size_t r = REQUEST_PAUSE; name != NULL && r < sizeof requests / sizeof *requests; r++)
        if (strcmp(name, requests[r]) == 0)
            return (RunRequest)r;
    return REQUEST_NONE;
}
