/* The reference functions of all kinds, in one precision. */
#include "base/real.h"
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
