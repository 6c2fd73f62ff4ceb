/* Engines as they are asked for: checked, and with an adversary around them where one is wanted. */
#include "base/bf16.h"
#include "engine/adversary.h"

percept_status engine_check_bfloat16(const EngineKind *kind, percept_error *error)
{
    size_t row = 0;
    if (!kind->bfloat16)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "engine %s has no bfloat16 products; choose engine cpu, or precision float32", kind->name);
    return bf16_select(&row, error);
}

percept_status engine_create(const EngineKind *kind, const EngineConfig *config, Engine **out, percept_error *error)
{
    if (config->precision != PERCEPT_FLOAT32 && config->precision != PERCEPT_FLOAT64)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "an engine computes in float32 or float64");
    if (config->bfloat16 && config->precision != PERCEPT_FLOAT32)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "sums of bfloat16 products are float32");
    if (config->batch_capacity == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "an engine's batches must hold at least one example");
    const percept_status status = config->bfloat16 ? engine_check_bfloat16(kind, error) : PERCEPT_OK;
    if (status != PERCEPT_OK)
        return status;
    const bool adversary = config->training && config->adversarial > 0 && config->network->members <= 1;
    return adversary ? adversary_create(kind, config, out, error) : kind->create(config, out, error);
}
