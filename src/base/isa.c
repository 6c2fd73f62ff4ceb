#include "base/isa.h"

#include <stdlib.h>
#include <string.h>

#if defined __x86_64__
static bool supports_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}

static bool supports_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

#if defined __aarch64__
static bool supports_neon(void)
{
    return true;
}
#elif defined __wasm__
static bool supports_simd128(void)
{
    return true; /* a browser without it loads no module that has it */
}
#else
static bool supports_plain(void)
{
    return true;
}
#endif

#if defined PERCEPT_WITH_CBLAS
static bool supports_cblas(void)
{
    return true;
}
#endif

typedef struct Isa {
    const char *name;
    bool (*supported)(void);
} Isa;

#define ROW(name) {#name, supports_##name},
static const Isa table[] = {ISA_EACH(ROW)};
#undef ROW

const char *isa_name(size_t index)
{
    return table[index].name;
}

bool isa_supported(size_t index)
{
    return table[index].supported();
}

#define ROW(name) " " #name
static const char names[] = ISA_EACH(ROW);
#undef ROW

percept_status isa_select(size_t *index, percept_error *error)
{
    const char *wanted = getenv("PERCEPT_ISA");
    for (size_t i = 0; i < ISA_COUNT; i++) {
        const bool meant = wanted == NULL ? isa_supported(i) : strcmp(wanted, isa_name(i)) == 0;
        if (!meant)
            continue;
        if (!isa_supported(i))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "PERCEPT_ISA=%s: this processor lacks these instructions; unset it or choose another of%s",
                             wanted, names);
        *index = i;
        return PERCEPT_OK;
    }
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "PERCEPT_ISA=%s is unknown; choose one of%s", wanted, names);
}
