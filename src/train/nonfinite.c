#include "train/nonfinite.h"

#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "train/vector.h"

/* Where a number was met. */
typedef struct Place {
    const char *part; /* "training" */
    bool target;
    size_t example, column;
    double value;
} Place;

bool nonfinite_is_allowed(const Training *training, double value)
{
    return training->options->report_nonfinite || isfinite(value);
}

/* schema: of the values, among which an unknown category is NaN; NULL for targets. */
static bool find(const double *values, size_t count, const Schema *schema, Place *place)
{
    for (place->column = 0; place->column < count; place->column++)
        if (!isfinite(values[place->column]) && !(schema != NULL && schema_is_category(schema, place->column))) {
            place->value = values[place->column];
            return true;
        }
    return false;
}

/* Takes a number as the network does: float32 makes infinities of large ones. */
static void round_values(const percept_model *model, double *values, size_t count)
{
    for (size_t j = 0; j < count && model->precision == PERCEPT_FLOAT32; j++)
        values[j] = (double)(float)values[j];
}

/* The first value of an example that is not finite; `row` has room for its features and for its targets. */
static bool find_in_part(const percept_model *model, const percept_dataset *data, double *row, Place *place)
{
    const size_t width = data->storage->width,
                 targets = data->storage->targets != NULL ? data->storage->target_width : 0;
    const Batch batch = {.data = data, .scaler = &model->scaler, .count = data->count};
    for (place->example = 0; place->example < data->count; place->example++) {
        const size_t i = place->example;
        place->target = false;
        batch_gather_f64(&batch, i, i + 1, row, width);
        round_values(model, row, width);
        if (find(row, width, &model->schema, place))
            return true;
        place->target = true;
        if (targets > 0)
            batch_targets_f64(&batch, i, i + 1, row); /* once each, also for intervals */
        round_values(model, row, targets);
        if (find(row, targets, NULL, place))
            return true;
    }
    return false;
}

static bool find_in_data(const Training *training, Place *place)
{
    const percept_dataset *parts[] = {training->train, training->valid};
    const char *const names[] = {"training", "validation"};
    const size_t width = network_inputs(&training->model->network),
                 outputs = network_outputs(&training->model->network);
    double *row = NULL;
    bool found = false;
    if (memory_allocate(width + outputs, sizeof *row, "an example", &row, NULL) != PERCEPT_OK)
        return false;
    for (size_t p = 0; p < 2 && !found; p++) {
        place->part = names[p];
        found = parts[p] != NULL && find_in_part(training->model, parts[p], row, place);
    }
    memory_free(row);
    return found;
}

percept_status nonfinite_refuse(const Training *training, const char *what, percept_error *error)
{
    const Schema *schema = &training->model->schema;
    char name[SCHEMA_NAME_SIZE];
    Place place;
    if (!find_in_data(training, &place))
        return error_set(error, PERCEPT_ERROR_DIVERGED, "%s; try a smaller train.learning_rate (now %g)", what,
                         training->update.learning_rate);
    return error_set(
        error, PERCEPT_ERROR_DIVERGED, "%s: %s of example %zu of the %s part is %s; correct the data", what,
        place.target ? schema_target_name(schema, place.column, name) : schema_feature_name(schema, place.column, name),
        place.example + 1, place.part, isnan(place.value) ? "not a number" : "infinite, as it is scaled");
}

percept_status nonfinite_check_parameters(const Training *training, percept_error *error)
{
    const percept_model *model = training->model;
    const size_t count = model->network.value_count;
    const bool best = training->best_parameters != NULL && training->state.best_count > 0;
    char what[128];
    if (training->options->report_nonfinite ||
        (model->precision == PERCEPT_FLOAT32 ? vector_is_finite_f32 : vector_is_finite_f64)(0, count,
                                                                                            model->parameters))
        return PERCEPT_OK;
    snprintf(what, sizeof what, "the parameters of epoch %zu are not finite",
             (size_t)(best ? training->state.best_count : training->state.epoch) - 1);
    return nonfinite_refuse(training, what, error);
}
