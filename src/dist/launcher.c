#include "dist/launcher.h"

#include <stdlib.h>

bool launcher_present(void)
{
    return getenv("OMPI_COMM_WORLD_SIZE") != NULL || getenv("PMIX_RANK") != NULL;
}

size_t launcher_size(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS"};
    for (size_t i = 0; i < sizeof names / sizeof *names && launcher_present(); i++) {
        const char *text = getenv(names[i]);
        const unsigned long size = text != NULL ? strtoul(text, NULL, 10) : 0;
        if (size > 0)
            return size;
    }
    return 1;
}
