#include "percept/percept.h"

const char *percept_version(void)
{
    return PERCEPT_VERSION;
}
