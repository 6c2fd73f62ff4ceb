#include "cli/prediction.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "cli/json.h"
#include "cli/text.h"
#include "model/model.h"
#include "train/outputs.h"

/* ---- CSV -------------------------------------------------------------------------------------------------------- */

/* Significant digits that distinguish all numbers of the model's precision. */
static int digits(const percept_model *model)
{
    return model->precision == PERCEPT_FLOAT64 ? 17 : 9;
}

size_t prediction_width(const percept_model *model)
{
    const size_t classes = percept_model_classes(model);
    return classes > 0 ? classes : percept_model_outputs(model);
}

/* The predicted class; -1 if probabilities are NaN. A single output decides by itself, as in evaluations. */
static int32_t predicted_class(const PredictionWriter *writer, const double *answer)
{
    const size_t outputs = percept_model_outputs(writer->model), width = prediction_width(writer->model);
    const double given = writer->format.threshold;
    const int32_t class = outputs_class(writer->model->threshold, outputs, answer + (width - outputs));
    return class < 0 || isnan(given) ? class : answer[width - 1] >= given;
}

static void print_copied(const PredictionWriter *writer, FILE *stream, const char *copied)
{
    for (size_t k = 0; k < writer->format.copied_count; k++) {
        text_csv_cell_as(stream, writer->format.terminal, copied);
        fputc(',', stream);
        copied += strlen(copied) + 1;
    }
}

static void print_csv(const PredictionWriter *writer, FILE *stream, const double *answer, const char *copied)
{
    const percept_model *model = writer->model;
    const size_t width = prediction_width(model);
    const int figures = digits(model);
    char text[1 + NUMBER_SIZE] = ",";
    bool first = true;
    print_copied(writer, stream, copied);
    if (percept_model_classes(model) > 0) {
        const int32_t class = predicted_class(writer, answer);
        if (class >= 0)
            text_csv_cell_as(stream, writer->format.terminal, percept_model_class_name(model, (size_t) class));
        first = false;
    }
    for (size_t k = 0; k < width; k++, first = false) {
        const size_t length = number_print(answer[k], figures, text + 1);
        (void)fwrite(text + first, 1, length + !first, stream);
    }
    fputc('\n', stream);
}

/* The name of output t of a model without classes, that of its target. */
static const char *output_name(const percept_model *model, size_t t, char text[MODEL_OUTPUT_NAME_SIZE])
{
    static const char *const ends[] = {"", "_low", "_high"};
    const size_t each = network_outputs_of_target(&model->network);
    if (model->schema.targets != NULL)
        return model_output_name(model, t, text, MODEL_OUTPUT_NAME_SIZE);
    snprintf(text, MODEL_OUTPUT_NAME_SIZE, "output_%zu%s", t / each, ends[t % each]);
    return text;
}

void prediction_print_header(const PredictionWriter *writer)
{
    const percept_model *model = writer->model;
    FILE *stream = writer->format.stream;
    const size_t classes = percept_model_classes(model), outputs = percept_model_outputs(model);
    char text[MODEL_OUTPUT_NAME_SIZE];
    if (writer->format.json)
        return;
    for (size_t k = 0; k < writer->format.copied_count; k++) {
        text_csv_cell(stream, writer->format.names[k]);
        fputc(',', stream);
    }
    if (classes > 0)
        fputs("class", stream);
    for (size_t k = 0; k < classes; k++) {
        fputc(',', stream);
        text_csv_cell(stream, percept_model_class_name(model, k));
    }
    for (size_t k = 0; classes == 0 && k < outputs; k++) {
        fputs(k > 0 ? "," : "", stream);
        text_csv_cell(stream, output_name(model, k, text));
    }
    fputc('\n', stream);
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

static json_t *json_of_classes(const PredictionWriter *writer, const double *answer)
{
    const percept_model *model = writer->model;
    const size_t classes = percept_model_classes(model);
    json_t *chances = json_object();
    bool complete = true;
    for (size_t k = 0; k < classes; k++) {
        const char *key = json_string_value(json_array_get(writer->keys, k));
        complete = json_object_set_new(chances, key, json_figure(answer[k])) == 0 && complete;
    }
    if (!complete) {
        json_decref(chances);
        return NULL;
    }
    const int32_t class = predicted_class(writer, answer);
    return json_pack("{s:o, s:o}", "class",
                     class >= 0 ? json_words(percept_model_class_name(model, (size_t) class)) : json_null(),
                     "probabilities", chances);
}

/* By name where the model's targets have names, else a list. */
static json_t *json_of_outputs(const PredictionWriter *writer, const double *outputs)
{
    const percept_model *model = writer->model;
    const bool named = model->schema.targets != NULL;
    json_t *answer = named ? json_object() : json_array();
    char text[MODEL_OUTPUT_NAME_SIZE];
    bool complete = true;
    for (size_t k = 0; k < percept_model_outputs(model); k++)
        complete = (named ? json_object_set_new(answer, output_name(model, k, text), json_figure(outputs[k]))
                          : json_array_append_new(answer, json_figure(outputs[k]))) == 0 &&
                   complete;
    if (!complete) {
        json_decref(answer);
        return NULL;
    }
    return json_pack("{s:o}", "outputs", answer);
}

/* Adds the copied columns under their names to a row's object. */
static bool add_copied(const PredictionWriter *writer, const char *copied, json_t *row)
{
    json_t *texts = json_object();
    bool complete = texts != NULL;
    for (size_t k = 0; k < writer->format.copied_count && complete; k++) {
        complete = json_object_set_new(texts, writer->format.names[k], json_words(copied)) == 0;
        copied += strlen(copied) + 1;
    }
    return json_object_set_new(row, "copied", texts) == 0 && complete;
}

/* ---- Either ----------------------------------------------------------------------------------------------------- */

percept_status prediction_writer_create(const percept_model *model, const PredictionFormat *format,
                                        PredictionWriter *out, percept_error *error)
{
    *out = (PredictionWriter){.model = model, .format = *format};
    if (format->json && percept_model_classes(model) > 0) {
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

percept_status prediction_print(const PredictionWriter *writer, FILE *stream, const double *answer, const char *copied,
                                percept_error *error)
{
    if (!writer->format.json) {
        print_csv(writer, stream, answer, copied);
        return PERCEPT_OK;
    }
    json_t *row =
        percept_model_classes(writer->model) > 0 ? json_of_classes(writer, answer) : json_of_outputs(writer, answer);
    if (row != NULL && writer->format.copied_count > 0 && !add_copied(writer, copied, row)) {
        json_decref(row);
        row = NULL;
    }
    return json_print_to(stream, row, (size_t)digits(writer->model), error);
}
