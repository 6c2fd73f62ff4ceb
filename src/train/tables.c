/* Look-up by name in the table of optimizers, whose rows are the same in every precision. */
#include <string.h>

#include "train/optimizer.h"

int optimizer_find(const char *name)
{
    for (size_t i = 0; optimizer_at_f64(i) != NULL; i++)
        if (strcmp(optimizer_at_f64(i)->name, name) == 0)
            return (int)i;
    return -1;
}
