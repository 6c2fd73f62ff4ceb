/* The keys of a search, from its space, and their values in the trials. For trials.c. */
#ifndef SHOW_TRIAL_KEYS_H
#define SHOW_TRIAL_KEYS_H

#include "show/trials.h"

/* The part of a search space that pictures need. */
typedef struct TrialSpace {
    bool by_median; /* search.metric is median */
    size_t count;
    struct {
        char *name;
        bool range, logarithmic; /* no list; scale: log */
    } * keys;                    /* in the space's order */
} TrialSpace;

/* Reads the text in the database; parts that cannot be read are ignored. */
percept_status trial_space_read(const char *text, TrialSpace *out, percept_error *error);
void trial_space_clear(TrialSpace *space);

/* Fills trials->keys. recipes[i]: that of a run of trial i, from the database; NULL: not known. */
percept_status trial_keys_find(Trials *trials, const TrialSpace *space, const char *const *recipes,
                               percept_error *error);
void trial_keys_clear(Trials *trials);

#endif
