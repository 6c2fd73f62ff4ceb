#include "engine/reference/reference.h"

#include "engine/members.h"

percept_status reference_create(const EngineConfig *config, Engine **out, percept_error *error)
{
    if (config->network->members > 1)
        return members_create(reference_create, config, out, error);
    return config->precision == PERCEPT_FLOAT32 ? reference_create_f32(config, out, error)
                                                : reference_create_f64(config, out, error);
}
