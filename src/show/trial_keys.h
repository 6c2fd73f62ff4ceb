/* The keys of a search: which they are by its space, and what trials have there. For trials.c. */
#ifndef SHOW_TRIAL_KEYS_H
#define SHOW_TRIAL_KEYS_H

#include "show/trials.h"

/* A search space as far as pictures need it. */
typedef struct TrialSpace {
    bool by_median; /* search.metric is median */
    size_t count;
    struct {
        char *name;
        bool range, logarithmic; /* no list; scale: log */
    } * keys;                    /* in the space's order */
} TrialSpace;

/* Reads the text that the database has; what cannot be read is left out. */
percept_status trial_space_read(const char *text, TrialSpace *out, percept_error *error);
void trial_space_clear(TrialSpace *space);

/* Fills trials->keys. recipes[i]: that of a run of trial i, as the database has it; NULL: none is known. */
percept_status trial_keys_find(Trials *trials, const TrialSpace *space, const char *const *recipes,
                               percept_error *error);
void trial_keys_clear(Trials *trials);

#endif
