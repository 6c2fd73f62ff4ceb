/* percept train --resume RUN: checks what may change when a run goes on, and lets it. */
#ifndef CLI_TRAIN_RESUME_H
#define CLI_TRAIN_RESUME_H

#include "cli/settings.h"
#include "cli/train_run.h"

/* What stands on the command line. */
typedef struct TrainResumption {
    const char *command; /* for messages that point to --help */
    const char *folder;  /* of the run */
    const char *recipe;  /* given beside it, which is refused, or NULL */
    const TrainRun *run;
    const Settings *settings;
} TrainResumption;

/* Returns the exit status, all messages said. */
int train_resume(const TrainResumption *resumption);

#endif
