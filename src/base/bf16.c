#include "base/bf16.h"

#include <stdlib.h>
#include <string.h>

#if defined __aarch64__
#include <sys/auxv.h>
#endif

#if defined __x86_64__
#define NEEDED "AVX512_BF16"
static bool has_instructions(void)
{
    return __builtin_cpu_supports("avx512bf16");
}
#elif defined __aarch64__
#define NEEDED "BF16"
#ifndef HWCAP2_BF16
#define HWCAP2_BF16 (1UL << 14)
#endif
static bool has_instructions(void)
{
    return (getauxval(AT_HWCAP2) & HWCAP2_BF16) != 0;
}
#else
#define NEEDED "AVX512_BF16 or Arm's BF16"
static bool has_instructions(void)
{
    return false;
}
#endif

enum { KIND_native, KIND_emulated };

#define ROW(isa, kind) {ISA_##isa, KIND_##kind == KIND_native},
static const struct {
    size_t isa;
    bool native;
} table[] = {BF16_EACH(ROW)};
#undef ROW

size_t bf16_isa(size_t row)
{
    return table[row].isa;
}

bool bf16_native(size_t row)
{
    return table[row].native;
}

static bool find(size_t isa, bool native, size_t *row)
{
    for (*row = 0; *row < BF16_COUNT; ++*row)
        if (table[*row].isa == isa && table[*row].native == native)
            return true;
    return false;
}

bool bf16_find_native(size_t *row)
{
    for (size_t isa = 0; isa < ISA_COUNT && has_instructions(); isa++)
        if (isa_supported(isa) && find(isa, true, row))
            return true;
    return false;
}

percept_status bf16_select(size_t *row, percept_error *error)
{
    const char *wanted = getenv("PERCEPT_BFLOAT16");
    size_t isa = 0, other = 0;
    percept_status status = isa_select(&isa, error);
    if (status != PERCEPT_OK)
        return status;
    if (wanted != NULL && strcmp(wanted, "emulated") != 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "PERCEPT_BFLOAT16=%s is unknown; unset it, or say emulated for tests", wanted);
    if (find(isa, wanted == NULL, row) && (wanted != NULL || has_instructions()))
        return PERCEPT_OK;
    if (bf16_find_native(&other))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "PERCEPT_ISA=%s has no bfloat16 products; choose %s, or precision float32", isa_name(isa),
                         isa_name(table[other].isa));
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "precision bfloat16 needs a processor with " NEEDED
                     ", and this one lacks it; choose precision float32");
}
