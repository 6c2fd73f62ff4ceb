/* A burst of multiply-adds in each instruction set and precision: peak_burst_avx512_f32, …, peak_burst_avx512_native, … */
#ifndef BENCH_PEAK_BURST_H
#define BENCH_PEAK_BURST_H

#include "base/bf16.h"

/* `rounds` rounds; *result depends on all of them, so the compiler cannot omit any. Returns the number of
 * operations. */
typedef double PeakBurst(size_t rounds, double *result);

#define ROW(isa)                                                                                                       \
    PeakBurst peak_burst_##isa##_f32;                                                                                  \
    PeakBurst peak_burst_##isa##_f64;
ISA_EACH(ROW)
#undef ROW

#define ROW(isa, kind) PeakBurst peak_burst_##isa##_##kind;
BF16_EACH(ROW)
#undef ROW

#endif
