#include "recipe/experiment.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/batch.h"
#include "data/class_names.h"
#include "data/cut.h"
#include "nn/loss.h"
#include "recipe/data_options.h"
#include "recipe/initial.h"
#include "recipe/optimizer_keys.h"
#include "recipe/part_advice.h"
#include "recipe/preset.h"
#include "recipe/value.h"

/* Hidden layers of a network that a recipe leaves open. */
#define DEFAULT_HIDDEN "256-128"

/* ---- What the recipe leaves open --------------------------------------------------------------------------------- */

/* Sets a key that is still unset from a formatted value. */
static percept_status decide(percept_recipe *recipe, const char *key, percept_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static percept_status decide(percept_recipe *recipe, const char *key, percept_error *error, const char *format, ...)
{
    char text[512]; /* the longest is a file's name */
    va_list arguments;
    if (recipe_is_set(recipe, key))
        return PERCEPT_OK;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return recipe_set(recipe, key, text, "decided from the data", error);
}

/* Outputs that the data ask for: one for each class or target, with intervals three for each target. */
static size_t outputs_of(const percept_recipe *recipe, const percept_dataset *data)
{
    const size_t each = recipe_is_set(recipe, "model.intervals") ? 3 : 1;
    return data->class_count > 0 ? data->class_count : each * data->storage->target_width;
}

static percept_status check_layers(const percept_recipe *recipe, const percept_dataset *data, percept_error *error)
{
    const size_t count = recipe_count(recipe, "model.layers");
    const int64_t *layers = recipe_integers(recipe, "model.layers");
    const size_t width = data->storage->width, wanted = outputs_of(recipe, data);
    if (count < 2)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "model.layers has %zu size; give at least input and output, such as %zu-64-%zu", count, width,
                         wanted);
    if ((size_t)layers[0] != width)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "model.layers begins with %lld inputs, but the data have %zu features; begin with %zu",
                         (long long)layers[0], width, width);
    const size_t outputs = (size_t)layers[count - 1];
    if (outputs != wanted && !(outputs == 1 && data->class_count == 2))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "model.layers ends with %zu outputs, but the data have %zu %s%s; end with %zu%s", outputs,
                         data->class_count > 0 ? wanted : data->storage->target_width,
                         data->class_count > 0 ? "classes" : "targets",
                         data->class_count == 0 && wanted > data->storage->target_width
                             ? ", which take three outputs each with model.intervals"
                             : "",
                         wanted, data->class_count == 2 ? " or 1" : "");
    return PERCEPT_OK;
}

static percept_status check_intervals(const percept_recipe *recipe, percept_error *error)
{
    if (!recipe_is(recipe, "model.output", "identity"))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "model.intervals needs model.output identity, not %s; leave model.output out",
                         recipe_text(recipe, "model.output"));
    if (!recipe_is(recipe, "model.loss", "quantile"))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "model.intervals needs model.loss quantile, not %s; leave model.loss out",
                         recipe_text(recipe, "model.loss"));
    return PERCEPT_OK;
}

static percept_status decide_model(percept_recipe *recipe, const percept_dataset *data, percept_error *error)
{
    if (outputs_of(recipe, data) == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%s' has neither labels nor targets to learn; name them (data.label, data.targets, or "
                         "data.label_file for labels in a file of their own)",
                         recipe_text(recipe, "data.name"));
    if (data->class_count == 1)
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "all labels are '%.32s', one class, and nothing can be learned from them; if the labels are in another "
            "column of a table, name it, such as --label first",
            data->class_names[0]);
    if (data->class_count > 0 && recipe_is_set(recipe, "model.intervals"))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "model.intervals is for targets, but the data have classes; leave it out, or name the targets "
                         "(data.targets)");
    percept_status status = decide(recipe, "model.layers", error, "%zu-" DEFAULT_HIDDEN "-%zu", data->storage->width,
                                   outputs_of(recipe, data));
    if (status == PERCEPT_OK)
        status = check_layers(recipe, data, error);
    if (status != PERCEPT_OK)
        return status;
    const int64_t outputs = recipe_integers(recipe, "model.layers")[recipe_count(recipe, "model.layers") - 1];
    status = decide(recipe, "model.output", error, "%s",
                    data->class_count == 0 ? "identity"
                    : outputs == 1         ? "sigmoid"
                                           : "softmax");
    const bool intervals = recipe_is_set(recipe, "model.intervals");
    if (status == PERCEPT_OK)
        status =
            decide(recipe, "model.loss", error, "%s",
                   intervals ? "quantile" : loss_at_f64(loss_for_output(recipe_text(recipe, "model.output")))->name);
    return status == PERCEPT_OK && intervals ? check_intervals(recipe, error) : status;
}

/* "digits" of "/some/folder/digits.csv" */
static percept_status decide_name(percept_recipe *recipe, percept_error *error)
{
    const char *data = recipe_text(recipe, "data.name"), *slash = strrchr(data, '/');
    const char *base = slash != NULL ? slash + 1 : data;
    const size_t length = strcspn(base, ".");
    return decide(recipe, "name", error, "%.*s", length > 0 ? (int)length : 3, length > 0 ? base : "run");
}

/* The parts: a named dataset's own split, the sizes of the parts of a file, or how many examples validation got. */
static percept_status decide_parts(percept_recipe *recipe, const percept_data *data, percept_error *error)
{
    const Storage *storage = data->train->storage;
    const DataOptions options = data_options_of(recipe),
                      decided = data_decide(&options, storage->own_test, storage->own_valid);
    percept_status status = decide(recipe, "data.shuffle", error, "%s", decided.shuffle ? "true" : "false");
    if (status == PERCEPT_OK && decided.stratify && data->train->class_count > 0)
        status = decide(recipe, "data.stratify", error, "true");
    if (status != PERCEPT_OK || options.split_count > 0)
        return status;
    if (decided.split_count > 0)
        return decide(recipe, "data.split", error, "%g,%g,%g", decided.split[0], decided.split[1], decided.split[2]);
    if (decided.test_told &&
        storage->groups != NULL) { /* groups are assigned by the requested sizes, not by the resulting ones */
        char validation[NUMBER_SIZE], test[NUMBER_SIZE];
        number_format(decided.validation, validation);
        number_format(decided.test, test);
        status = decide(recipe, "data.validation", error, "%s", validation);
        return status == PERCEPT_OK ? decide(recipe, "data.test", error, "%s", test) : status;
    }
    if (decided.test_told) {
        status = decide(recipe, "data.validation", error, "%zu", storage->cut[CUT_VALID]);
        return status == PERCEPT_OK ? decide(recipe, "data.test", error, "%zu", storage->cut[CUT_TEST]) : status;
    }
    const bool beside = options.validation_file != NULL;
    return decide(recipe, "data.validation", error, "%zu", data->valid != NULL && !beside ? data->valid->count : 0);
}

static bool scales_targets(const percept_recipe *recipe)
{
    return strcmp(recipe_text(recipe, "data.target_scale"), scaler_kind_name(SCALER_STANDARDIZE)) == 0;
}

static percept_status decide_scale(percept_recipe *recipe, const Storage *storage, percept_error *error)
{
    percept_status status = decide(recipe, "data.divisor", error, "%g", storage->divisor);
    if (status != PERCEPT_OK)
        return status;
    return decide(recipe, "data.scale", error, "%s",
                  scaler_kind_name(storage->table ? SCALER_STANDARDIZE : SCALER_NONE));
}

/* How the epoch is chosen: small validation parts have ties and jumps in their accuracy that the loss has not. */
static percept_status decide_choice(percept_recipe *recipe, const percept_dataset *valid, percept_error *error)
{
    percept_status status = decide(recipe, "train.keep", error, "%s", valid != NULL ? "best" : "last");
    if (status != PERCEPT_OK || valid == NULL)
        return status;
    const bool loss = valid->class_count == 0 || valid->count < PART_ADVICE_FEW;
    return decide(recipe, "train.monitor", error, "%s", loss ? "valid_loss" : "valid_accuracy");
}

/* Targets are scaled where outputs can be any number and the loss of scaled ones is a multiple of the loss. */
static TargetTransformKind transform_of(const percept_recipe *recipe)
{
    return (TargetTransformKind)target_transform_find(recipe_text(recipe, "data.target_transform"));
}

static percept_status decide_target_scale(percept_recipe *recipe, const percept_dataset *train, percept_error *error)
{
    const Loss_f64 *loss = loss_at_f64((size_t)loss_find(recipe_text(recipe, "model.loss")));
    const bool possible =
        train->class_count == 0 && strcmp(recipe_text(recipe, "model.output"), "identity") == 0 && loss->unit_power > 0;
    percept_status status =
        decide(recipe, "data.target_scale", error, "%s", scaler_kind_name(possible ? SCALER_STANDARDIZE : SCALER_NONE));
    if (status == PERCEPT_OK && !possible && transform_of(recipe) != TARGET_AS_IT_IS)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.target_transform %s needs targets, model.output identity and a loss of their unit, such "
                         "as mean-squared-error; leave it out",
                         recipe_text(recipe, "data.target_transform"));
    if (status == PERCEPT_OK && !possible && scales_targets(recipe))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.target_scale standardize needs targets, model.output identity and a loss of their unit, "
                         "such as mean-squared-error; leave it out");
    return status;
}

static percept_status decide_training(percept_recipe *recipe, percept_error *error)
{
    const int schedule = schedule_find(recipe_text(recipe, "train.schedule"));
    char decay[NUMBER_SIZE];
    number_format(schedule_at((size_t)schedule)->decay, decay);
    const long long epochs = recipe_integer(recipe, "train.epochs");
    percept_status status = optimizer_keys_decide(recipe, error);
    if (status == PERCEPT_OK && recipe_is(recipe, "train.average", "epochs"))
        status = decide(recipe, "train.average_from", error, "%lld", epochs / 4 * 3 + epochs % 4 * 3 / 4);
    return status == PERCEPT_OK ? decide(recipe, "train.decay", error, "%s", decay) : status;
}

/* Writes out the names of classes that were given in another form, such as numbers of labels. Words that name none are
 * left alone: they were not used for data that come from elsewhere than percept_data_load. */
static percept_status decide_classes(percept_recipe *recipe, const Storage *storage, const char *name,
                                     percept_error *error)
{
    const size_t count = recipe_count(recipe, name);
    int32_t *classes = NULL;
    const char **names = NULL;
    if (count == 0 || storage->class_count == 0)
        return PERCEPT_OK;
    percept_status status = class_names_find(storage, recipe_texts(recipe, name), count, &classes, error);
    if (status == PERCEPT_ERROR_ARGUMENT)
        return PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *names, "the class names", &names, error);
    for (size_t c = 0; status == PERCEPT_OK && c < count; c++)
        names[c] = storage->class_names[classes[c]];
    if (status == PERCEPT_OK)
        status = recipe_set_items(recipe, recipe_key_find(name), names, count, error);
    memory_free(classes);
    memory_free(names);
    return status;
}

/* A label that turned out to be a number is a target. */
static percept_status decide_answers(percept_recipe *recipe, const percept_dataset *train, percept_error *error)
{
    const Schema *schema = &train->storage->schema;
    if (!recipe_is_set(recipe, "data.name") || schema->targets == NULL || recipe_count(recipe, "data.targets") > 0)
        return PERCEPT_OK;
    recipe_unset(recipe, "data.label");
    return recipe_set_items(recipe, recipe_key_find("data.targets"), (const char *const *)schema->targets,
                            schema->target_width, error);
}

static percept_status apply_preset(percept_recipe *recipe, const percept_data *data, percept_error *error)
{
    const percept_dataset *train = data->train;
    const PresetFacts facts = {.table = train->storage->table,
                               .rows = train->count,
                               .features = train->storage->width,
                               .outputs = outputs_of(recipe, train),
                               .classes = train->class_count,
                               .validated = data->valid != NULL};
    return facts.outputs > 0 ? preset_apply(recipe, &facts, error) : PERCEPT_OK; /* decide_model refuses the data */
}

percept_status experiment_resolve(percept_recipe *recipe, const percept_data *data, percept_error *error)
{
    const percept_dataset *train = data->train;
    percept_status status = apply_preset(recipe, data, error);
    if (status == PERCEPT_OK)
        status = decide_name(recipe, error);
    if (status == PERCEPT_OK)
        status = decide_answers(recipe, train, error);
    if (status == PERCEPT_OK)
        status = decide_parts(recipe, data, error);
    if (status == PERCEPT_OK)
        status = decide_classes(recipe, train->storage, "data.classes", error);
    if (status == PERCEPT_OK)
        status = decide_classes(recipe, train->storage, "data.positive", error);
    if (status == PERCEPT_OK)
        status = decide_scale(recipe, train->storage, error);
    if (status == PERCEPT_OK)
        status = decide_model(recipe, train, error);
    if (status == PERCEPT_OK)
        status = decide_choice(recipe, data->valid, error);
    if (status == PERCEPT_OK)
        status = decide_target_scale(recipe, train, error);
    return status == PERCEPT_OK ? decide_training(recipe, error) : status;
}

percept_status experiment_resolve_network(percept_recipe *recipe, const percept_dataset *shape, percept_error *error)
{
    percept_status status = decide_model(recipe, shape, error);
    return status == PERCEPT_OK ? decide_training(recipe, error) : status;
}
