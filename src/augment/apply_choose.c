#include "augment/apply.h"

percept_status apply_choose(AugmentApply *out[2], percept_error *error)
{
#define ROW(isa) {augment_apply_##isa##_f32, augment_apply_##isa##_f64},
    static AugmentApply *const table[][2] = {ISA_EACH(ROW)};
#undef ROW
    size_t isa = 0;
    percept_status status = isa_select(&isa, error);
    if (status == PERCEPT_OK) {
        out[0] = table[isa][0];
        out[1] = table[isa][1];
    }
    return status;
}
