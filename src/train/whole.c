#include "train/whole.h"

#include <string.h>

#include "train/lbfgs.h"
#include "train/muon.h"

static const WholeOptimizer *const table[] = {&whole_muon, &whole_lbfgs};

const WholeOptimizer *whole_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i]->name, name) == 0)
            return table[i];
    return NULL;
}
