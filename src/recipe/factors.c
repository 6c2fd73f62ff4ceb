#include "recipe/factors.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/number.h"
#include "base/quote.h"

#define ROLE_SIZE 32

/* The role in front of the colon, cut to size. */
static void copy_role(const char *text, char role[ROLE_SIZE])
{
    snprintf(role, ROLE_SIZE, "%.*s", (int)strcspn(text, ":"), text);
}

static percept_status refuse_role(const char *name, const char *role, percept_error *error)
{
    const char *roles[GROUP_ROLES];
    char quoted[QUOTED_SIZE];
    for (size_t i = 0; i < GROUP_ROLES; i++)
        roles[i] = group_role_name(i);
    const char *nearest = nearest_word(role, roles, GROUP_ROLES);
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "%s: %s is no role of parameters; the roles are weight, bias, scale, shift, table, slope, "
                     "embedding%s%s%s",
                     name, quote_text(role, quoted), nearest != NULL ? "; did you mean '" : "",
                     nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
}

static percept_status read_factor(const char *name, const char *text, RoleFactors *out, percept_error *error)
{
    char role[ROLE_SIZE], quoted[QUOTED_SIZE];
    const char *colon = strchr(text, ':');
    double factor = NAN;
    copy_role(text, role);
    if (colon == NULL || !number_parse(colon + 1, &factor) || !(factor >= 0 && isfinite(factor)))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%s: expected ROLE:FACTOR with a factor of 0 or more, such as bias:0.1, found %s", name,
                         quote_text(text, quoted));
    const int found = group_role_find(role);
    if (found < 0)
        return refuse_role(name, role, error);
    for (size_t i = 0; i < out->count; i++)
        if (out->items[i].role == (size_t)found)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: %s is given twice; remove one of the two", name, role);
    out->items[out->count++] = (RoleFactor){(size_t)found, factor};
    return PERCEPT_OK;
}

percept_status role_factors(const percept_recipe *recipe, const char *name, RoleFactors *out, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    *out = (RoleFactors){0};
    for (size_t i = 0; i < recipe_count(recipe, name) && status == PERCEPT_OK; i++)
        status = read_factor(name, recipe_texts(recipe, name)[i], out, error);
    return status;
}
