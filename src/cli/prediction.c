#include "cli/prediction.h"

#include <stdio.h>

#include "cli/json.h"
#include "cli/text.h"
#include "model/model.h"
#include "nn/loss.h"

/* ---- CSV -------------------------------------------------------------------------------------------------------- */

/* Significant digits that tell all numbers of the model's precision apart. */
static int digits(const percept_model *model)
{
    return model->precision == PERCEPT_FLOAT64 ? 17 : 9;
}

static void print_csv(const PredictionWriter *writer, const double *outputs)
{
    const percept_model *model = writer->model;
    const size_t classes = percept_model_classes(model), count = percept_model_outputs(model);
    const char *separator = "";
    if (classes > 0) {
        text_csv_cell(stdout, percept_model_class_name(model, (size_t)output_class_f64(count, outputs)));
        separator = ",";
    }
    if (classes == 2 && count == 1) /* one output: the probability of class 1 */
        printf(",%.*g", digits(model), 1 - outputs[0]);
    for (size_t k = 0; k < count; k++, separator = ",")
        printf("%s%.*g", separator, digits(model), outputs[k]);
    putchar('\n');
}

void prediction_print_header(const PredictionWriter *writer)
{
    const percept_model *model = writer->model;
    const size_t classes = percept_model_classes(model), outputs = percept_model_outputs(model);
    if (writer->json)
        return;
    if (classes > 0)
        fputs("class", stdout);
    for (size_t k = 0; k < classes; k++) {
        putchar(',');
        text_csv_cell(stdout, percept_model_class_name(model, k));
    }
    for (size_t k = 0; classes == 0 && k < outputs; k++)
        printf("%soutput_%zu", k > 0 ? "," : "", k);
    putchar('\n');
}

/* ---- JSON ------------------------------------------------------------------------------------------------------- */

/* Names of the classes as keys; their numbers, where two have one name. NULL for lack of memory. */
static json_t *make_keys(const percept_model *model)
{
    const size_t classes = percept_model_classes(model);
    json_t *names = json_array(), *numbers = json_array(), *seen = json_object();
    bool complete = names != NULL && numbers != NULL && seen != NULL;
    for (size_t k = 0; k < classes && complete; k++) {
        json_t *name = json_words(percept_model_class_name(model, k));
        complete = name != NULL && json_object_set_new(seen, json_string_value(name), json_true()) == 0 &&
                   json_array_append(names, name) == 0 && json_array_append_new(numbers, json_sprintf("%zu", k)) == 0;
        json_decref(name);
    }
    json_t *keys = !complete ? NULL : json_object_size(seen) == classes ? json_incref(names) : json_incref(numbers);
    json_decref(names);
    json_decref(numbers);
    json_decref(seen);
    return keys;
}

static json_t *json_of_classes(const PredictionWriter *writer, const double *outputs)
{
    const percept_model *model = writer->model;
    const size_t classes = percept_model_classes(model), count = percept_model_outputs(model);
    json_t *chances = json_object();
    bool complete = true;
    for (size_t k = 0; k < classes; k++) {
        const double chance = count > 1 ? outputs[k] : k == 1 ? outputs[0] : 1 - outputs[0];
        const char *key = json_string_value(json_array_get(writer->keys, k));
        complete = json_object_set_new(chances, key, json_figure(chance)) == 0 && complete;
    }
    if (!complete) {
        json_decref(chances);
        return NULL;
    }
    const size_t best = (size_t)output_class_f64(count, outputs);
    return json_pack("{s:o, s:o}", "class", json_words(percept_model_class_name(model, best)), "probabilities",
                     chances);
}

static json_t *json_of_outputs(const PredictionWriter *writer, const double *outputs)
{
    json_t *list = json_array();
    bool complete = true;
    for (size_t k = 0; k < percept_model_outputs(writer->model); k++)
        complete = json_array_append_new(list, json_figure(outputs[k])) == 0 && complete;
    if (!complete) {
        json_decref(list);
        return NULL;
    }
    return json_pack("{s:o}", "outputs", list);
}

/* ---- Either ----------------------------------------------------------------------------------------------------- */

percept_status prediction_writer_create(const percept_model *model, bool json, PredictionWriter *out,
                                        percept_error *error)
{
    *out = (PredictionWriter){.model = model, .json = json};
    if (json && percept_model_classes(model) > 0) {
        out->keys = make_keys(model);
        if (out->keys == NULL)
            return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for the names of %zu classes",
                             percept_model_classes(model));
    }
    return PERCEPT_OK;
}

void prediction_writer_clear(PredictionWriter *writer)
{
    json_decref(writer->keys);
    writer->keys = NULL;
}

percept_status prediction_print(const PredictionWriter *writer, const double *outputs, percept_error *error)
{
    if (!writer->json) {
        print_csv(writer, outputs);
        return PERCEPT_OK;
    }
    json_t *row =
        percept_model_classes(writer->model) > 0 ? json_of_classes(writer, outputs) : json_of_outputs(writer, outputs);
    return json_print(row, (size_t)digits(writer->model), error);
}
