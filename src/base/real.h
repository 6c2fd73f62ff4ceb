/* Every precision from one source. A file named NAME.real.c is compiled once for each precision, with
 * PERCEPT_REAL set to F32, F64 or C128 (complex double, for the complex step). In it
 *   real        is float, double or double complex,
 *   REAL(name)  is name_f32, name_f64 or name_c128,
 *   real_part(x), comparable for all three, decides branches (ReLU, maximum, sign).
 * <tgmath.h> gives exp, log, tanh, sqrt for the type at hand.
 * Prototypes for all three are declared at once by including base/each_real.h (see there). */
#ifndef BASE_REAL_H
#define BASE_REAL_H

#include <complex.h>
#include <tgmath.h>

#define F32 32
#define F64 64
#define C128 128

typedef double complex complex_double;

#if defined PERCEPT_REAL && PERCEPT_REAL == F32
typedef float real_scalar; /* the ordered type behind real */
#define real_part(x) (x)
#elif defined PERCEPT_REAL && PERCEPT_REAL == F64
typedef double real_scalar;
#define real_part(x) (x)
#elif defined PERCEPT_REAL && PERCEPT_REAL == C128
typedef double real_scalar;
#define real_part(x) creal(x)
#endif

#endif

/* Outside the include guard: each_real.h redefines these two and restores them by including this file again. */
#undef real
#undef REAL
#if defined PERCEPT_REAL && PERCEPT_REAL == F32
#define real float
#define REAL(name) name##_f32
#elif defined PERCEPT_REAL && PERCEPT_REAL == F64
#define real double
#define REAL(name) name##_f64
#elif defined PERCEPT_REAL && PERCEPT_REAL == C128
#define real complex_double
#define REAL(name) name##_c128
#endif
