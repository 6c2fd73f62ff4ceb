/* A model from a recipe alone, without data. */
#include <string.h>

#include "base/memory.h"
#include "recipe/experiment.h"
#include "recipe/initial.h"

/* What no data can decide is set already, or refused. */
static percept_status check(const percept_recipe *recipe, size_t class_count, const char *const *class_names,
                            percept_error *error)
{
    if (recipe_count(recipe, "model.layers") < 2)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "model.layers is not set; without data it must name all sizes, such as 4-16-3");
    if (recipe_is_set(recipe, "data.scale") && !recipe_is(recipe, "data.scale", "none"))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.scale %s needs data; leave it out, and set the scale with percept_model_set_scale",
                         recipe_text(recipe, "data.scale"));
    if (class_count == 0 && class_names != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "class names for 0 classes; give class_count too");
    for (size_t k = 0; class_names != NULL && k < class_count; k++)
        if (class_names[k] == NULL)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "class %zu has no name", k);
    return PERCEPT_OK;
}

/* No scaling but by data.divisor. */
static Scaler plain_scaler(const percept_recipe *recipe, const Network *network)
{
    const double divisor = recipe_is_set(recipe, "data.divisor") ? recipe_number(recipe, "data.divisor") : 1;
    return (Scaler){.kind = SCALER_NONE, .width = network_inputs(network), .divisor = divisor};
}

percept_status percept_model_build(percept_recipe *recipe, size_t class_count, const char *const *class_names,
                                   percept_model **out, percept_error *error)
{
    if (recipe == NULL || out == NULL)
        return error_null(error, "percept_model_build", "recipe and out");
    Network network = {0};
    char **names = NULL;
    percept_model *model = NULL;
    percept_status status = check(recipe, class_count, class_names, error);
    if (status == PERCEPT_OK)
        status = class_names_copy(class_names, class_count, &names, error);
    if (status == PERCEPT_OK) {
        const int64_t *sizes = recipe_integers(recipe, "model.layers");
        Storage storage = {.width = (size_t)sizes[0],
                           .target_width =
                               class_count > 0 ? 0 : (size_t)sizes[recipe_count(recipe, "model.layers") - 1],
                           .class_count = class_count};
        const percept_dataset shape = {.storage = &storage, .class_count = class_count, .class_names = names};
        status = experiment_resolve_network(recipe, &shape, error);
    }
    if (status == PERCEPT_OK)
        status = initial_network(recipe, NULL, &network, error);
    if (status == PERCEPT_OK) {
        Scaler scaler = plain_scaler(recipe, &network);
        status = model_create(&network, recipe_is(recipe, "precision", "float64") ? PERCEPT_FLOAT64 : PERCEPT_FLOAT32,
                              &scaler, class_count, names, &model, error);
    }
    if (status == PERCEPT_OK)
        status = experiment_initialize(recipe, NULL, model, error);
    network_clear(&network);
    memory_free(names);
    if (status == PERCEPT_OK)
        *out = model;
    else
        percept_model_free(model);
    return status;
}
