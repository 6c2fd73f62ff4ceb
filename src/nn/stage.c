#include "nn/stage.h"

#include <string.h>

#define STAGE_ROW_DECLARED(name) extern const StageKind name##_kind;
STAGE_EACH(STAGE_ROW_DECLARED)

#define STAGE_ROW_LISTED(name) &name##_kind,
static const StageKind *const table[] = {STAGE_EACH(STAGE_ROW_LISTED)};

const StageKind *stage_kind_at(size_t index)
{
    return index < sizeof table / sizeof table[0] ? table[index] : NULL;
}

const StageKind *stage_kind_find(const char *name)
{
    for (size_t i = 0; stage_kind_at(i) != NULL; i++)
        if (strcmp(table[i]->name, name) == 0)
            return table[i];
    return NULL;
}

const StageKind *stage_normalization_at(size_t index)
{
    for (size_t i = 0; stage_kind_at(i) != NULL; i++)
        if (table[i]->normalization != NULL && index-- == 0)
            return table[i];
    return NULL;
}

const StageKind *stage_normalization_find(const char *name)
{
    for (size_t i = 0; stage_normalization_at(i) != NULL; i++)
        if (strcmp(stage_normalization_at(i)->normalization, name) == 0)
            return stage_normalization_at(i);
    return NULL;
}

int stage_setting_find(const StageKind *kind, const char *name)
{
    for (size_t s = 0; s < STAGE_SETTINGS && kind->settings[s].name != NULL; s++)
        if (strcmp(kind->settings[s].name, name) == 0)
            return (int)s;
    return -1;
}
