#include "engine/cpu/cpu.h"

#include "engine/cpu/create.h"
#include "engine/members.h"

#if defined PERCEPT_WITH_CBLAS
/* OpenBLAS's own threads, where it has any: ranks of the team call it at once, one thread each. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));
#endif

#define ROW(isa) {cpu_create_##isa##_f32, cpu_create_##isa##_f64},
static CpuCreate *const creators[ISA_COUNT][2] = {ISA_EACH(ROW)};
#undef ROW

#define ROW(isa, kind) &products_##isa##_##kind,
static const Products *const bf16_products[BF16_COUNT] = {BF16_EACH(ROW)};
#undef ROW

static percept_status create_bf16(const EngineConfig *config, Engine **out, percept_error *error)
{
    size_t row = 0;
    percept_status status = bf16_select(&row, error);
    if (status != PERCEPT_OK)
        return status;
    return creators[bf16_isa(row)][0](config, bf16_products[row], CPU_SHARED, out, error);
}

percept_status cpu_create_way(const EngineConfig *config, CpuWay way, Engine **out, percept_error *error)
{
    size_t isa = 0;
    if (config->bfloat16)
        return create_bf16(config, out, error);
    percept_status status = isa_select(&isa, error);
    if (status != PERCEPT_OK)
        return status;
#if defined PERCEPT_WITH_CBLAS
    if (isa == ISA_cblas && openblas_set_num_threads != NULL)
        openblas_set_num_threads(1);
#endif
    return creators[isa][config->precision == PERCEPT_FLOAT32 ? 0 : 1](config, NULL, way, out, error);
}

percept_status cpu_create(const EngineConfig *config, Engine **out, percept_error *error)
{
    return config->network->members > 1 ? members_create(cpu_create, config, out, error)
                                        : cpu_create_way(config, CPU_BY_SHAPE, out, error);
}
