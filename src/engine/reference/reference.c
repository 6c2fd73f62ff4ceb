#include "engine/reference/reference.h"

percept_status reference_create(const EngineConfig *config, Engine **out, percept_error *error)
{
    if (config->bfloat16)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "engine reference has no bfloat16 products; choose engine cpu, or precision float32");
    return config->precision == PERCEPT_FLOAT32 ? reference_create_f32(config, out, error)
                                                : reference_create_f64(config, out, error);
}
