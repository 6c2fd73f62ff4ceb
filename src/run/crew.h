/* Other processes that train the same network, as the run of the process that leads them sees them. src/dist/ connects them;
 * they have no folder, and follow. */
#ifndef RUN_CREW_H
#define RUN_CREW_H

#include "engine/ranks.h"
#include "recipe/recipe.h"

/* What all do after a step. */
typedef enum CrewOrder {
    CREW_GO,   /* on to the next step */
    CREW_SAVE, /* give the leader the state of the optimizer; another order comes */
    CREW_STOP  /* end the training */
} CrewOrder;

typedef struct RunCrew {
    const Ranks *ranks;
    void *state;

    /* Before the data are read: all others begin to read theirs, too. */
    percept_status (*load)(void *state, const percept_recipe *recipe, percept_error *error);

    /* After that. `own`: how it ended here, with *error. PERCEPT_OK if all have the same data and can train. */
    percept_status (*agree)(void *state, percept_status own, const char *checksum, percept_error *error);

    /* All begin to train. */
    void (*start)(void *state);
    void (*order)(void *state, CrewOrder order);

    /* The run is over; `status` is that of its training. Also called if it never began. */
    void (*end)(void *state, percept_status status);
} RunCrew;

#endif
