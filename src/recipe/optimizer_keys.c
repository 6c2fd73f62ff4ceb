#include "recipe/optimizer_keys.h"

#include <string.h>

#include "base/number.h"

/* A key, and where its number stands in the settings; nesterov, which is no number, has a line of its own. */
typedef struct OptimizerKey {
    const char *name;
    size_t offset;
} OptimizerKey;

static const OptimizerKey keys[] = {
    {"train.momentum", offsetof(OptimizerOptions, momentum)}, {"train.rho", offsetof(OptimizerOptions, rho)},
    {"train.beta1", offsetof(OptimizerOptions, beta1)},       {"train.beta2", offsetof(OptimizerOptions, beta2)},
    {"train.epsilon", offsetof(OptimizerOptions, epsilon)},
};

#define KEYS (sizeof keys / sizeof *keys)
#define NESTEROV "train.nesterov"
#define RATE "train.learning_rate"

static double *number_of(OptimizerOptions *options, const OptimizerKey *key)
{
    /* cppcheck-suppress invalidPointerCast ; the offset is that of a double */
    return (double *)((char *)options + key->offset);
}

static const Optimizer_f64 *row_of(const percept_recipe *recipe)
{
    return optimizer_at_f64((size_t)optimizer_find(recipe_text(recipe, "train.optimizer")));
}

bool optimizer_keys_has(const char *name)
{
    for (size_t k = 0; k < KEYS; k++)
        if (strcmp(keys[k].name, name) == 0)
            return true;
    return strcmp(name, NESTEROV) == 0 || strcmp(name, RATE) == 0;
}

bool optimizer_keys_default(const percept_recipe *recipe, const char *name, double *value)
{
    const Optimizer_f64 *row = row_of(recipe);
    OptimizerOptions defaults = row->defaults;
    for (size_t k = 0; k < KEYS; k++)
        if (strcmp(keys[k].name, name) == 0)
            *value = *number_of(&defaults, &keys[k]);
    if (strcmp(name, RATE) == 0)
        *value = row->learning_rate;
    if (strcmp(name, NESTEROV) == 0)
        *value = defaults.nesterov;
    return optimizer_keys_has(name);
}

percept_status optimizer_keys_decide(percept_recipe *recipe, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t k = 0; recipe_key_at(k) != NULL && status == PERCEPT_OK; k++) {
        const Key *key = recipe_key_at(k);
        char text[NUMBER_SIZE];
        double value = 0;
        if (recipe_is_set(recipe, key->name) || !optimizer_keys_default(recipe, key->name, &value))
            continue;
        number_format(value, text);
        if (key->type == KEY_BOOLEAN)
            status = recipe_set(recipe, key->name, value > 0 ? "true" : "false", NULL, error);
        else
            status = recipe_set(recipe, key->name, text, NULL, error);
    }
    return status;
}

OptimizerOptions optimizer_keys_options(const percept_recipe *recipe)
{
    OptimizerOptions options = row_of(recipe)->defaults;
    for (size_t k = 0; k < KEYS; k++)
        if (recipe_is_set(recipe, keys[k].name))
            *number_of(&options, &keys[k]) = recipe_number(recipe, keys[k].name);
    if (recipe_is_set(recipe, NESTEROV))
        options.nesterov = recipe_boolean(recipe, NESTEROV);
    return options;
}
