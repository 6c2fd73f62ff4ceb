/* bfloat16: the upper half of a float32, with its range and 8 bits of precision. Products of bfloat16 are exact in
 * float32; processors have an instruction that adds two of them to a float32 in each lane, which takes half the
 * instructions of float32 and half the memory.
 *
 * Files named NAME.bf16.c are compiled for float once for each row of this table: an instruction set of base/isa.h, and
 * whether these instructions are the processor's (`native`) or `emulated`. Emulation gives the same bits and is far
 * slower than float32. It is for tests, and used only on request. */
#ifndef BASE_BF16_H
#define BASE_BF16_H

#include <stdbool.h>
#include <stddef.h>

#include "base/isa.h"

#if defined __x86_64__
#define BF16_EACH(ROW) ROW(avx512, native) ROW(avx512, emulated) ROW(avx2, emulated) ROW(plain, emulated)
#elif defined __aarch64__
#define BF16_EACH(ROW) ROW(neon, native) ROW(neon, emulated)
#elif defined __wasm__
#define BF16_EACH(ROW) ROW(simd128, emulated)
#else
#define BF16_EACH(ROW) ROW(plain, emulated)
#endif

#define BF16_INDEX(isa, kind) BF16_##isa##_##kind,
enum { BF16_EACH(BF16_INDEX) BF16_COUNT };
#undef BF16_INDEX

/* The row to use, in the set that isa_select chooses: emulated if the environment variable PERCEPT_BFLOAT16 is
 * `emulated`, else native. PERCEPT_ERROR_ARGUMENT if the processor or the set has no native instructions. */
percept_status bf16_select(size_t *row, percept_error *error);

/* The set's number in base/isa.h, and whether the row is native. */
size_t bf16_isa(size_t row);
bool bf16_native(size_t row);

/* The first native row that this processor can execute; false if there is none. */
bool bf16_find_native(size_t *row);

#endif
