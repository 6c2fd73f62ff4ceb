/* How elementwise activations are applied to runs of elements: one table for the large, the small and the few way of the
 * engine, in each instruction set, in float and double. An activation with a row here (activate.isa.c) is computed in
 * vectors, any other through the table of room nn. The result for an element depends on its value alone, not on its place
 * in the run.
 *
 * Largest errors over 400,000 arguments each, against extended or quadruple precision: of values in units in the last
 * place (ulp), of derivatives in ulp of 1. Values below the smallest normal number may be 0.
 *
 *                value          derivative                       value          derivative
 *                float double   float double                    float double   float double
 *   relu           0     0        0     0          selu           2.1   2.9      1.8   2.2
 *   leaky-relu    0.9   0.7       0     0          softplus       3.2   2.9      0.7   0.7
 *   sigmoid       2.4   2.3      0.8   0.8         gelu           7.8   8.7      1.1   1.1
 *   tanh          2.5   2.5      2.7   2.7         silu           3.3   3.4      1.9   1.9
 *   elu           0.9   1.2      0.5   0.5         mish           3.6   3.8      1.8   1.7
 *
 * Those of gelu are in its left tail; for z > -2 they are below 5 and 7.5. */
#ifndef ENGINE_CPU_ACTIVATE_H
#define ENGINE_CPU_ACTIVATE_H

#include "base/isa.h"
#include "nn/activation.h"

#define REAL_HEADER "engine/cpu/activate_real.h"
#include "base/each_real.h"

#endif
