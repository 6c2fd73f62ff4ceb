/* Hints to the compiler about the loop that follows. clang 14, which compiles for WebAssembly, does not know GCC's pragmas.
 *
 *   UNROLL(n)     at most n turns, a constant where it is compiled: all are written out, so that arrays of vectors become
 *                 registers
 *   INDEPENDENT   no turn reads what another one writes. Arrays may be equal, which clang would take for an overlap */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#define LOOP_PRAGMA(text) _Pragma(#text)
#if defined __clang__
#define UNROLL(n) LOOP_PRAGMA(clang loop unroll(full))
#define INDEPENDENT LOOP_PRAGMA(clang loop vectorize(assume_safety))
#else
#define UNROLL(n) LOOP_PRAGMA(GCC unroll n)
#define INDEPENDENT
#endif

#endif
