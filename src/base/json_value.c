#include "base/json_value.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

/* jansson refuses such a text in the same way as it reports a lack of memory; without its check it is taken. */
bool json_can_hold(const char *text)
{
    json_t *checked = json_string(text), *unchecked = checked != NULL ? NULL : json_string_nocheck(text);
    const bool refused = checked == NULL && unchecked != NULL;
    json_decref(checked);
    json_decref(unchecked);
    return !refused;
}

json_t *json_figure(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_count(uint64_t count)
{
    return json_integer((json_int_t)count);
}

/* Every byte past ASCII may be part of what is wrong: all of them are replaced. */
static json_t *repaired(const char *text)
{
    static const char unknown[] = "\xEF\xBF\xBD";
    char *clean = NULL, *end = NULL;
    if (memory_allocate(strlen(text) + 1, sizeof unknown, "a text", &clean, NULL) != PERCEPT_OK)
        return NULL;
    for (end = clean; *text != '\0'; text++)
        if ((unsigned char)*text < 0x80) {
            *end++ = *text;
        } else {
            memcpy(end, unknown, sizeof unknown - 1);
            end += sizeof unknown - 1;
        }
    *end = '\0';
    json_t *value = json_string(clean);
    memory_free(clean);
    return value;
}

json_t *json_words(const char *text)
{
    if (text == NULL)
        return json_null();
    return json_can_hold(text) ? json_string(text) : repaired(text);
}
