/* For files named NAME.both.c only: they are compiled as NAME.real.c, for each precision, and as NAME.isa.c, for each
 * instruction set in float and double. BOTH(name) is the name of a function in the build at hand. Every sum, product,
 * quotient and root is rounded as it is written, so a function that treats each element by itself gives the same bits
 * in every build. */
#ifndef BASE_BOTH_H
#define BASE_BOTH_H

#include "base/real.h"

#if defined PERCEPT_ISA
#include "base/vector.h"
#define BOTH(name) ISA(name)
#else
#define BOTH(name) REAL(name)
#endif

#endif
