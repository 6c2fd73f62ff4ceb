/* What a launcher leaves in the environment of the processes that it starts. */
#ifndef DIST_LAUNCHER_H
#define DIST_LAUNCHER_H

#include <stdbool.h>
#include <stddef.h>

/* True in a process that mpirun, or srun with PMIx, has started. */
bool launcher_present(void);

/* How many processes it has started; 1 where that is not known. */
size_t launcher_size(void);

#endif
