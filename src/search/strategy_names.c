#include "search/strategy_names.h"

#define ROW(name) #name,
static const char *const names[] = {STRATEGY_EACH(ROW)};
#undef ROW

const char *strategy_name(size_t index)
{
    return index < sizeof names / sizeof names[0] ? names[index] : NULL;
}
