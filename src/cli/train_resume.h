/* percept train --resume RUN: checks what may change when a run is resumed, and resumes it. */
#ifndef CLI_TRAIN_RESUME_H
#define CLI_TRAIN_RESUME_H

#include "cli/settings.h"
#include "cli/train_run.h"

/* The arguments. */
typedef struct TrainResumption {
    const char *command; /* for messages that point to --help */
    const char *folder;  /* of the run */
    const char *recipe;  /* another argument, which is refused, or NULL */
    const TrainRun *run;
    const Settings *settings;
} TrainResumption;

/* Prints all messages and returns the exit status. */
int train_resume(const TrainResumption *resumption);

#endif
