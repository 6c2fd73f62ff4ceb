#include "train/matrix.h"

#define ROW(isa)                                                                                                       \
    {{matrix_gram_##isa##_f64, matrix_multiply_##isa##_f64}, {matrix_gram_##isa##_f32, matrix_multiply_##isa##_f32}},
static const MatrixKernels kernels[ISA_COUNT][2] = {ISA_EACH(ROW)};
#undef ROW

MatrixKernels matrix_kernels(size_t isa, bool single_precision)
{
    return kernels[isa][single_precision];
}
