/* The reference functions of all kinds, in one precision, and what they and the engines share. */
#include <string.h>

#include "base/real.h"
#include "nn/activation.h"
#include "nn/stage.h"

#define FUNCTIONS_DECLARED(name) extern const REAL(StageFunctions) REAL(name##_stage);
STAGE_EACH(FUNCTIONS_DECLARED)

const REAL(StageFunctions) * REAL(stage_functions)(const StageKind *kind)
{
#define FUNCTIONS_LISTED(name) &REAL(name##_stage),
    static const REAL(StageFunctions) *const table[] = {STAGE_EACH(FUNCTIONS_LISTED)};
    for (size_t i = 0; stage_kind_at(i) != NULL; i++)
        if (stage_kind_at(i) == kind)
            return table[i];
    return NULL;
}

void REAL(stage_activate)(const Stage *stage, size_t size, const real *Z, real *A, real *D)
{
    const REAL(Activation) *activation = REAL(activation_at)(stage->activation);
    activation->forward(1, size, Z, A);
    for (size_t i = 0; i < size && D != NULL; i++)
        D[i] = 1;
    if (D != NULL)
        activation->backward(1, size, Z, A, D, D);
}

void REAL(stage_pass)(const Stage *stage, size_t count, const real *from, size_t from_row, size_t taken, real *to,
                      size_t to_row, size_t given)
{
    const size_t first = stage->first, behind = stage->width_in - stage->inputs - first;
    for (size_t i = 0; i < count; i++, from += from_row, to += to_row) {
        memcpy(to, from, first * sizeof *to);
        memcpy(to + first + given, from + first + taken, behind * sizeof *to);
    }
}
