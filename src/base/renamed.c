#include "base/renamed.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *former, *name;
} names[] = {
    {"--figures", "--metrics"},
    {"search.figure", "search.metric"},
};

const char *renamed(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].former, name) == 0)
            return names[i].name;
    return name;
}
