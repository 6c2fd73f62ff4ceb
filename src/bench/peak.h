/* The processor's peak: multiply-adds in registers, with the widest instruction set it has, counted as two operations
 * each; for bfloat16, its dot products of two, counted as four. The speed of training is reported as a fraction of
 * it. */
#ifndef BENCH_PEAK_H
#define BENCH_PEAK_H

#include "base/team.h"
#include "percept/percept.h"

/* Operations per second of one core (team NULL), or of all ranks of a team together: the best of short bursts of about
 * `seconds` in total. PERCEPT_FLOAT32 or PERCEPT_FLOAT64. */
double peak_measure(percept_type precision, Team *team, double seconds);

/* The same, and *steady: operations per second over all the time. It is lower than the peak as far as other programs
 * took the cores. */
double peak_measure_steady(percept_type precision, Team *team, double seconds, double *steady);

/* The same in float32 with the instruction set `isa` (base/isa.h), which the processor must support. */
double peak_measure_isa(size_t isa, Team *team, double seconds);

/* The same of products of bfloat16, with the instructions that trainings use (base/bf16.h); 0 if the processor has
 * none. */
double peak_measure_bfloat16(Team *team, double seconds);

/* Name of the instruction set that the others use: the best that the processor supports, whatever PERCEPT_ISA says. */
const char *peak_isa(void);

#endif
