/* Instruction sets. Files named NAME.isa.c are compiled once for each row of this table and for float and double, with
 * the flags that CMakeLists.txt gives the row; at run time the best row that the processor can execute is taken.
 * A new instruction set is one line here, its test in isa.c, and one line in CMakeLists.txt.
 *
 *   avx512, avx2   x86-64 with these extensions
 *   neon           AArch64, which always has it
 *   simd128        WebAssembly. No fused multiplication, and vectors of the width of plain's: the same bits as plain on x86-64
 *   plain          elsewhere, what the compiler may assume everywhere (SSE2 on x86-64)
 *   cblas          only if built with PERCEPT_CBLAS: the last row's code, with the matrix products done by the CBLAS
 *                  library. The benchmark compares with it.
 *
 * In such a file ISA(name) is name_avx512_f32 and so on, `real` the element type (see base/vector.h). */
#ifndef BASE_ISA_H
#define BASE_ISA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#if defined PERCEPT_WITH_CBLAS
#define ISA_CBLAS(ROW) ROW(cblas)
#else
#define ISA_CBLAS(ROW)
#endif

/* Best first. The row named by ISA_EVERYWHERE runs on every processor, so cblas is used only on request. */
#if defined __x86_64__
#define ISA_EACH(ROW) ROW(avx512) ROW(avx2) ROW(plain) ISA_CBLAS(ROW)
#define ISA_EVERYWHERE ISA_plain
#elif defined __aarch64__
#define ISA_EACH(ROW) ROW(neon) ISA_CBLAS(ROW)
#define ISA_EVERYWHERE ISA_neon
#elif defined __wasm__
#define ISA_EACH(ROW) ROW(simd128)
#define ISA_EVERYWHERE ISA_simd128
#else
#define ISA_EACH(ROW) ROW(plain) ISA_CBLAS(ROW)
#define ISA_EVERYWHERE ISA_plain
#endif

#define ISA_INDEX(name) ISA_##name,
enum { ISA_EACH(ISA_INDEX) ISA_COUNT };
#undef ISA_INDEX

/* Name of row `index` < ISA_COUNT. */
const char *isa_name(size_t index);

/* True if this processor can execute the row. */
bool isa_supported(size_t index);

/* The row to use: the one named by the environment variable PERCEPT_ISA, else the best supported one. An unknown or
 * unsupported name is PERCEPT_ERROR_ARGUMENT. */
percept_status isa_select(size_t *index, percept_error *error);

#endif
