/* What the optimizers share in every precision. */
#include <math.h>
#include <string.h>

#include "train/optimizer.h"

int optimizer_find(const char *name)
{
    for (size_t i = 0; optimizer_at_f64(i) != NULL; i++)
        if (strcmp(optimizer_at_f64(i)->name, name) == 0)
            return (int)i;
    return -1;
}

void optimizer_begin_step(OptimizerState *state, uint64_t step, double learning_rate)
{
    state->learning_rate = learning_rate;
    if (state->slots[OPTIMIZER_SLOTS - 1] == NULL) /* no second moment */
        return;
    state->debias1 = 1 - pow(state->options.beta1, (double)step);
    state->debias2 = 1 - pow(state->options.beta2, (double)step);
}
