#include "explain/subject.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "explain/streams.h"
#include "train/outputs.h"

/* Rows that no engine takes for a few. */
#define PADDED 16

/* ---- The model ---------------------------------------------------------------------------------------------------- */

percept_status explain_subject_create(const percept_model *model, bool log_odds, size_t threads, ExplainSubject *out,
                                      percept_error *error)
{
    const size_t outputs = percept_model_outputs(model);
    ExplainSubject subject = {.model = model,
                              .inputs = percept_model_inputs(model),
                              .outputs = model->class_count == 2 && outputs == 1 ? 2 : outputs,
                              .probabilities = model->class_count > 0 && outputs_are_probabilities(&model->network),
                              .log_odds = log_odds};
    if (log_odds && !subject.probabilities)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the outputs of the model are not probabilities, so they have no log odds");
    Schema schema = model->schema;
    schema.width = subject.inputs;
    percept_status status = explain_columns_create(&schema, &subject.columns, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(PADDED, (subject.inputs + subject.outputs) * sizeof *subject.padded, "the rows",
                                 &subject.padded, error);
    if (status == PERCEPT_OK)
        status = percept_predictor_create(model, threads, &subject.predictor, error);
    if (status == PERCEPT_OK)
        *out = subject;
    else
        explain_subject_clear(&subject);
    return status;
}

void explain_subject_clear(ExplainSubject *subject)
{
    percept_predictor_free(subject->predictor);
    explain_columns_clear(&subject->columns);
    memory_free(subject->padded);
    *subject = (ExplainSubject){0};
}

/* log p_k / Σ_{j ≠ k} p_j in place; infinite where a probability is 0. */
static void take_log_odds(double *answer, size_t outputs, double *others)
{
    for (size_t k = 0; k < outputs; k++) {
        others[k] = 0;
        for (size_t j = 0; j < outputs; j++)
            others[k] += j != k ? answer[j] : 0;
    }
    for (size_t k = 0; k < outputs; k++)
        answer[k] = log(answer[k]) - log(outputs > 1 ? others[k] : 1 - answer[k]);
}

/* Sums of probabilities that are worked on at once; more outputs are done in place, in two passes. */
#define FEW_OUTPUTS 256

/* Fewer than PADDED rows, with copies of the first one behind them. */
static void predict_short(ExplainSubject *subject, const double *features, size_t count, double *answers)
{
    const size_t inputs = subject->inputs;
    double *rows = subject->padded, *padded_answers = rows + PADDED * inputs;
    memcpy(rows, features, count * inputs * sizeof *rows);
    for (size_t i = count; i < PADDED; i++)
        memcpy(rows + i * inputs, features, inputs * sizeof *rows);
    percept_predictor_probabilities(subject->predictor, rows, PADDED, padded_answers);
    memcpy(answers, padded_answers, count * subject->outputs * sizeof *answers);
}

/* The predictor cuts rows into blocks, of which the last may be short. */
static void predict_all(ExplainSubject *subject, const double *features, size_t count, double *answers)
{
    const size_t block = percept_predictor_block(subject->predictor);
    const size_t left = count % block, tail = left < PADDED && block >= PADDED ? left : 0, body = count - tail;
    percept_predictor_probabilities(subject->predictor, features, body, answers);
    if (tail > 0)
        predict_short(subject, features + body * subject->inputs, tail, answers + body * subject->outputs);
}

void explain_predict(ExplainSubject *subject, const double *features, size_t count, double *answers)
{
    double others[FEW_OUTPUTS];
    predict_all(subject, features, count, answers);
    if (!subject->log_odds)
        return;
    for (size_t i = 0; i < count; i++) {
        double *answer = answers + i * subject->outputs;
        if (subject->outputs <= FEW_OUTPUTS) {
            take_log_odds(answer, subject->outputs, others);
            continue;
        }
        for (size_t k = 0; k < subject->outputs; k++)
            answer[k] = log(answer[k]) - log1p(-answer[k]);
    }
}

int32_t explain_class_of(const ExplainSubject *subject, const double *answer)
{
    const size_t outputs = percept_model_outputs(subject->model);
    if (subject->model->class_count == 0)
        return -1;
    const double threshold = subject->model->threshold;
    if (subject->log_odds && subject->outputs == 2 && (outputs == 1 || threshold > 0))
        return isnan(answer[1]) ? -1 : answer[1] >= (threshold > 0 ? log(threshold) - log1p(-threshold) : 0);
    return outputs_class(threshold, outputs, answer + (subject->outputs - outputs));
}

/* Multiply-adds of a few seconds on two cores. */
#define FEW_SECONDS 2e11

size_t explain_rows_in_time(const ExplainSubject *subject, size_t predictions, size_t least, size_t most)
{
    const double rows = FEW_SECONDS / ((double)subject->model->network.value_count * (double)predictions);
    return rows >= (double)most ? most : rows <= (double)least ? least : (size_t)rows;
}

bool explain_takes_minutes(const ExplainSubject *subject, size_t predictions)
{
    return (double)subject->model->network.value_count * (double)predictions > 20 * FEW_SECONDS;
}

const char *explain_output_name(const ExplainSubject *subject, size_t k, char text[SCHEMA_NAME_SIZE])
{
    return subject->model->class_count > 0 ? percept_model_class_name(subject->model, k)
                                           : model_output_name(subject->model, k, text, SCHEMA_NAME_SIZE);
}

percept_status explain_output_find(const ExplainSubject *subject, const char *name, size_t *out, percept_error *error)
{
    char text[SCHEMA_NAME_SIZE];
    const char *word = subject->model->class_count > 0 ? "class" : "target";
    const char **names = NULL;
    for (size_t k = 0; k < subject->outputs; k++)
        if (strcmp(explain_output_name(subject, k, text), name) == 0) {
            *out = k;
            return PERCEPT_OK;
        }
    if (subject->model->class_count == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the model has no %s '%.60s'", word, name);
    percept_status status = memory_allocate(subject->outputs, sizeof *names, "the names", &names, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t k = 0; k < subject->outputs; k++)
        names[k] = percept_model_class_name(subject->model, k);
    const char *nearest = nearest_word(name, names, subject->outputs);
    memory_free(names);
    return nearest != NULL ? error_set(error, PERCEPT_ERROR_ARGUMENT,
                                       "the model has no class '%.60s'; did you mean '%.60s'?", name, nearest)
                           : error_set(error, PERCEPT_ERROR_ARGUMENT, "the model has no class '%.60s'", name);
}

/* ---- Rows --------------------------------------------------------------------------------------------------------- */

/* The rows that are used: all, or `count` of them (selection sampling: D. E. Knuth, volume 2, section 3.4.2, algorithm
 * S, which keeps their order). */
static void choose_rows(size_t all, size_t count, uint64_t seed, size_t *numbers)
{
    RandomStream stream;
    explain_stream(seed, EXPLAIN_SAMPLE, 0, &stream);
    for (size_t i = 0, taken = 0; taken < count; i++)
        if (count == all || random_below(&stream, all - i) < count - taken)
            numbers[taken++] = i;
}

static percept_status make_room(const percept_dataset *data, ExplainRows *rows, percept_error *error)
{
    const Storage *storage = data->storage;
    percept_status status =
        memory_allocate(rows->count, rows->inputs * sizeof *rows->features, "the rows", &rows->features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows->count, sizeof *rows->numbers, "the rows", &rows->numbers, error);
    if (status == PERCEPT_OK && data->labels != NULL)
        status = memory_allocate(rows->count, sizeof *rows->labels, "the labels", &rows->labels, error);
    if (status == PERCEPT_OK && storage->targets != NULL)
        status = memory_allocate(rows->count, rows->target_width * sizeof *rows->targets, "the targets", &rows->targets,
                                 error);
    if (status == PERCEPT_OK && storage->weights != NULL)
        status = memory_allocate(rows->count, sizeof *rows->weights, "the weights", &rows->weights, error);
    return status;
}

percept_status explain_rows_take(const percept_dataset *data, size_t most, uint64_t seed, ExplainRows *out,
                                 percept_error *error)
{
    const Storage *storage = data->storage;
    ExplainRows rows = {.count = data->count < most ? data->count : most,
                        .inputs = storage->width,
                        .target_width = storage->target_width};
    percept_status status = make_room(data, &rows, error);
    if (status != PERCEPT_OK) {
        explain_rows_clear(&rows);
        return status;
    }
    choose_rows(data->count, rows.count, seed, rows.numbers);
    for (size_t i = 0; i < rows.count; i++) {
        const size_t from = rows.numbers[i], row = data->rows[from];
        percept_dataset_features(data, from, rows.features + i * rows.inputs);
        if (rows.labels != NULL)
            rows.labels[i] = data->labels[from];
        if (rows.targets != NULL)
            memcpy(rows.targets + i * rows.target_width, storage->targets + row * rows.target_width,
                   rows.target_width * sizeof *rows.targets);
        if (rows.weights != NULL)
            rows.weights[i] = storage->weights[row];
    }
    *out = rows;
    return PERCEPT_OK;
}

percept_status explain_rows_sample(const ExplainRows *from, size_t most, uint64_t seed, ExplainRows *out,
                                   percept_error *error)
{
    ExplainRows rows = {.count = from->count < most ? from->count : most, .inputs = from->inputs};
    const size_t width = rows.inputs * sizeof *rows.features;
    percept_status status = memory_allocate(rows.count, width, "the rows", &rows.features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows.count, sizeof *rows.numbers, "the rows", &rows.numbers, error);
    if (status != PERCEPT_OK) {
        explain_rows_clear(&rows);
        return status;
    }
    choose_rows(from->count, rows.count, seed, rows.numbers);
    for (size_t i = 0; i < rows.count; i++) {
        memcpy(rows.features + i * rows.inputs, from->features + rows.numbers[i] * rows.inputs, width);
        rows.numbers[i] = from->numbers[rows.numbers[i]];
    }
    *out = rows;
    return PERCEPT_OK;
}

void explain_rows_clear(ExplainRows *rows)
{
    memory_free(rows->features);
    memory_free(rows->numbers);
    memory_free(rows->labels);
    memory_free(rows->targets);
    memory_free(rows->weights);
    *rows = (ExplainRows){0};
}
