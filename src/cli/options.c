#include "cli/options.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/number.h"

percept_status option_take_text(const Option *option, const char *value, percept_error *error)
{
    if (value[0] == '\0')
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is empty; give a %s", option->value);
    *(const char **)option->target = value;
    return PERCEPT_OK;
}

percept_status option_take_switch(const Option *option, const char *value, percept_error *error)
{
    (void)value;
    (void)error;
    *(bool *)option->target = true;
    return PERCEPT_OK;
}

percept_status option_take_count(const Option *option, const char *value, percept_error *error)
{
    char *end = NULL;
    errno = 0;
    const unsigned long long count = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || errno != 0 || count > SIZE_MAX)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; give a whole number such as 4", value);
    *(size_t *)option->target = (size_t)count;
    return PERCEPT_OK;
}

#define MOST_CHOICES 32

percept_status option_take_probability(const Option *option, const char *value, percept_error *error)
{
    double *probability = option->target;
    if (!number_parse(value, probability) || !(*probability >= 0 && *probability <= 1))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; give a number from 0 to 1 such as 0.3", value);
    return PERCEPT_OK;
}

percept_status option_take_choice(const Option *option, const char *value, percept_error *error)
{
    OptionChoice *choice = option->target;
    const char *names[MOST_CHOICES];
    char list[sizeof error->message / 2] = "";
    size_t count = 0;
    for (size_t used = 0; count < MOST_CHOICES && choice->name(count) != NULL; count++) {
        names[count] = choice->name(count);
        if (strcmp(value, names[count]) == 0) {
            choice->chosen = count;
            return PERCEPT_OK;
        }
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", count > 0 ? ", " : "", names[count]);
    }
    const char *nearest = nearest_word(value, names, count);
    if (nearest != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; did you mean %s?", value, nearest);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; give one of %s", value, list);
}

bool operand_repeats(const Operand *operand)
{
    const size_t length = strlen(operand->name);
    return length > 3 && strcmp(operand->name + length - 3, "...") == 0;
}
