/* Includes the header named by REAL_HEADER three times: for float, double and complex double. Such a header has
 * no include guard of its own and declares with `real` and `REAL(name)`:
 *   #define REAL_HEADER "data/batch_real.h"
 *   #include "base/each_real.h" */
#include "base/real.h"

#undef real
#undef REAL
#define real float
#define REAL(name) name##_f32
#include REAL_HEADER

#undef real
#undef REAL
#define real double
#define REAL(name) name##_f64
#include REAL_HEADER

#undef real
#undef REAL
#define real complex_double
#define REAL(name) name##_c128
#include REAL_HEADER

#undef REAL_HEADER
#include "base/real.h"
