#include "store/filter.h"

#include "base/memory.h"

percept_status filter_parse(const char *text, Filter *out, percept_error *error)
{
    (void)out;
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "filters are not there yet: '%s'", text);
}

void filter_clear(Filter *filter)
{
    memory_free(filter->sql);
    memory_free(filter->cells);
    memory_free(filter->words);
    *filter = (Filter){0};
}
