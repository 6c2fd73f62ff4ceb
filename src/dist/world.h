/* The processes that a launcher of MPI (mpirun, srun) has started, as one of them sees them. They are called ranks; rank 0
 * leads. Nothing else knows MPI. Without it (PERCEPT_MPI=OFF, or no Open MPI where Percept is built) world.absent.c stands in
 * its place.
 *
 * All calls but world_join and those for messages are made by the thread that joined, at the same point in all ranks. They do
 * not fail: a process that loses another one is ended by MPI. */
#ifndef DIST_WORLD_H
#define DIST_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "engine/ranks.h"

typedef struct World {
    bool launched; /* by a launcher; else this process is alone, and none of the functions below does anything */
    Ranks ranks;   /* with the exchange of memory (engine/ranks.h) */
    struct WorldLock *lock; /* of messages */
} World;

/* Joins the other processes if there are any; MPI is started only then. A build without MPI refuses to be one of several
 * processes. Ended with world_leave. */
percept_status world_join(World *out, percept_error *error);
void world_leave(World *world);

/* Rank 0's bytes to all others. */
void world_broadcast(const World *world, void *bytes, size_t size);

/* Rows of `size` bytes: the own ones of each rank into rank 0's `all`, by rank. `all` is read by rank 0 alone. */
void world_gather(const World *world, const void *own, size_t size, void *all);

/* Messages between single ranks, each lane of which is a sequence of its own. From any thread, also from several at once, but not
 * beside the functions above. A receive does not wait: *arrived is false if no message is there; else it replaces what the buffer
 * holds. */
void world_send(const World *world, size_t rank, size_t lane, const void *bytes, size_t size);
percept_status world_receive(const World *world, size_t rank, size_t lane, Buffer *message, bool *arrived,
                             percept_error *error);

/* Ends all ranks at once, with status 1: for failures that only one of them knows. */
_Noreturn void world_abort(void);

#endif
