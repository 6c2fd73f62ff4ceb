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

OptimizerApply *optimizer_apply_at(size_t index, size_t isa, bool single_precision)
{
#define AT(isa) {optimizer_at_##isa##_f32, optimizer_at_##isa##_f64},
    static const struct {
        const Optimizer_f32 *(*f32)(size_t index);
        const Optimizer_f64 *(*f64)(size_t index);
    } at[ISA_COUNT] = {ISA_EACH(AT)};
#undef AT
    return single_precision ? at[isa].f32(index)->apply : at[isa].f64(index)->apply;
}

bool optimizer_treats_all_alike(const OptimizerState *state)
{
    for (size_t g = 0; g < state->group_count; g++)
        if (state->groups[g].rate != 1 || state->groups[g].whole)
            return false;
    return true;
}

void optimizer_apply_groups(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    const OptimizerState *optimizer = state;
    size_t from = 0, to = 0;
    for (size_t g = 0; g < optimizer->group_count; g++) {
        const ParameterGroup *group = &optimizer->groups[g];
        if (group->whole || !group_within(group, begin, end, &from, &to))
            continue;
        OptimizerState own = *optimizer;
        own.learning_rate *= group->rate;
        own.apply(&own, from, to, parameters, gradient);
    }
}

void optimizer_begin_step(OptimizerState *state, uint64_t step, double learning_rate)
{
    state->learning_rate = learning_rate;
    if (state->slots[1] == NULL) /* no second moment */
        return;
    state->debias1 = 1 - pow(state->options.beta1, (double)step);
    state->debias2 = 1 - pow(state->options.beta2, (double)step);
}
