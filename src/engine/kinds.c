#include "engine/kinds.h"

#include <string.h>

#include "engine/cpu/cpu.h"
#include "engine/reference/reference.h"

static const EngineKind table[] = {
    {"cpu", "fast float32 and float64, all cores", cpu_create, true},
    {"reference", "plain loops, the oracle", reference_create, false},
};

const EngineKind *engine_kinds(size_t *count)
{
    *count = sizeof table / sizeof table[0];
    return table;
}

const EngineKind *engine_kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}
