/* A command that the processes of mpirun do together: rank 0 leads, the others follow. A process alone leads nobody. */
#ifndef CLI_RANKS_H
#define CLI_RANKS_H

#include "dist/world.h"

/* Joins the processes, compares them, and does the part of this one; returns the program's status, which is that of rank 0: the
 * others end with 0. A failure of `follow` is one that rank 0 does not know, and ends all of them. */
int ranks_run(int argc, char **argv, int (*lead)(const World *world, int argc, char **argv),
              percept_status (*follow)(const World *world, percept_error *error));

/* Prints what has failed in this rank, and ends all of them. */
_Noreturn void ranks_give_up(const World *world, const percept_error *error);

#endif
