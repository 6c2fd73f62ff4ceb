/* From a resolved recipe to a model with its initial parameters. */
#include <string.h>

#include "base/memory.h"
#include "data/batch.h"
#include "recipe/experiment.h"
#include "recipe/initial.h"

double experiment_parameters(const percept_recipe *recipe)
{
    const int64_t *sizes = recipe_integers(recipe, "model.layers");
    double count = 0;
    for (size_t l = 1; l < recipe_count(recipe, "model.layers"); l++)
        count += ((double)sizes[l - 1] + 1) * (double)sizes[l];
    return count;
}

double experiment_parameters_of(const percept_recipe *recipe, const Schema *schema)
{
    Network network = {0};
    if (recipe_count(recipe, "model.layers") < 2 || initial_network(recipe, schema, &network, NULL) != PERCEPT_OK)
        return 0;
    const double count = (double)network.parameter_count;
    network_clear(&network);
    return count;
}

/* Most training examples that stages are begun from: their quantiles are as good as those of all. */
#define MOST_FITTED 20000

/* Scaled features of training examples, evenly taken; nothing where no stage asks for them. Released with memory_free. */
static percept_status gather_features(const percept_model *model, const percept_dataset *train, double **X,
                                      StageData *out, percept_error *error)
{
    const size_t width = network_inputs(&model->network);
    const size_t rows = train->count < MOST_FITTED ? train->count : MOST_FITTED;
    uint32_t *order = NULL;
    if (model->network.sides[0].before == 0)
        return PERCEPT_OK;
    percept_status status = memory_allocate(rows, sizeof *order, "an order", &order, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows * width, sizeof **X, "features", X, error);
    if (status == PERCEPT_OK) {
        for (size_t i = 0; i < rows; i++)
            order[i] = (uint32_t)(i * train->count / rows);
        const Batch batch = {.data = train, .scaler = &model->scaler, .order = order, .count = rows};
        batch_gather_f64(&batch, 0, rows, *X, width);
        *out = (StageData){*X, rows, width};
    }
    memory_free(order);
    return status;
}

percept_status experiment_initialize(const percept_recipe *recipe, const percept_dataset *train, percept_model *model,
                                     percept_error *error)
{
    double *values = NULL, *X = NULL;
    StageData features = {0};
    RandomStream after;
    percept_status status =
        memory_allocate(model->network.value_count, sizeof *values, "the initial weights", &values, error);
    if (status == PERCEPT_OK && train != NULL)
        status = gather_features(model, train, &X, &features, error);
    if (status == PERCEPT_OK)
        status = initial_parameters(recipe, &model->network, X != NULL ? &features : NULL, values, &after, error);
    if (status == PERCEPT_OK)
        model_set_parameters(model, values);
    memory_free(values);
    memory_free(X);
    return status;
}

/* On the training part, or with data.scale_on all on all parts. */
static percept_status fit_scaler(const percept_recipe *recipe, const percept_data *data, Scaler *out,
                                 percept_error *error)
{
    const percept_dataset *parts[] = {data->train, data->valid, data->test};
    const size_t count = strcmp(recipe_text(recipe, "data.scale_on"), "all") == 0 ? 3 : 1;
    return scaler_fit(out, (ScalerKind)scaler_kind_find(recipe_text(recipe, "data.scale")),
                      recipe_number(recipe, "data.divisor"), parts, count, error);
}

static percept_status check_filled(const percept_data *data, percept_error *error)
{
    const percept_dataset *const parts[] = {data->train, data->valid, data->test};
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++)
        if (percept_dataset_missing(parts[p]) > 0)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "the data lack %zu features; fill them first (percept_data_fill)",
                             percept_dataset_missing(parts[p]));
    return PERCEPT_OK;
}

/* The scaling of targets, which becomes that of all outputs for them. */
static percept_status fit_targets(const percept_recipe *recipe, const percept_dataset *train, percept_model *model,
                                  percept_error *error)
{
    Scaler *scaler = &model->target_scaler;
    const int transform = target_transform_find(recipe_text(recipe, "data.target_transform"));
    const size_t each = network_outputs_of_target(&model->network);
    percept_status status = target_transform_fit(&scaler->transform, (TargetTransformKind)transform, train, error);
    if (status == PERCEPT_OK && recipe_is(recipe, "data.target_scale", scaler_kind_name(SCALER_STANDARDIZE)))
        status = scaler_fit_targets(scaler, train, error);
    if (status != PERCEPT_OK || each == 1)
        return status;
    scaler->width = train->storage->target_width;
    return scaler_repeat(scaler, each, error);
}

percept_status percept_model_create(percept_recipe *recipe, const percept_data *data, percept_model **out,
                                    percept_error *error)
{
    if (recipe == NULL || data == NULL || data->train == NULL || out == NULL)
        return error_null(error, "percept_model_create", "recipe, data, data->train and out");
    Network network = {0};
    Scaler scaler = {0};
    percept_model *model = NULL;
    percept_status status = check_filled(data, error);
    if (status == PERCEPT_OK)
        status = experiment_resolve(recipe, data, error);
    if (status == PERCEPT_OK && data->train->class_count == 0 && recipe_number(recipe, "train.label_smoothing") > 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "train.label_smoothing is for classes, but the data have none; leave it out");
    if (status == PERCEPT_OK)
        status = initial_network(recipe, &data->train->storage->schema, &network, error);
    if (status == PERCEPT_OK)
        status = fit_scaler(recipe, data, &scaler, error);
    if (status == PERCEPT_OK)
        status = model_create(
            &network, strcmp(recipe_text(recipe, "precision"), "float64") == 0 ? PERCEPT_FLOAT64 : PERCEPT_FLOAT32,
            &scaler, data->train->class_count, data->train->class_names, &model, error);
    if (status == PERCEPT_OK)
        status = model_set_schema(model, &data->train->storage->schema, error);
    if (status == PERCEPT_OK)
        status = fit_targets(recipe, data->train, model, error);
    if (status == PERCEPT_OK)
        status = experiment_initialize(recipe, data->train, model, error);
    network_clear(&network);
    scaler_clear(&scaler);
    if (status == PERCEPT_OK)
        *out = model;
    else
        percept_model_free(model);
    return status;
}
