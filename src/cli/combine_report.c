#include "cli/combine_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/describe.h"
#include "cli/json.h"
#include "cli/message.h"
#include "cli/text.h"
#include "model/model.h"
#include "recipe/recipe.h"

#define NAME_LEAST 12
#define NAME_MOST 36

/* Of a model; NAN where there is none. */
typedef struct Measured {
    double loss, accuracy, roc_auc, r2;
} Measured;

/* What was measured: of the models, then of the combination. NULL rows: nothing was. */
typedef struct Measures {
    Measured *rows;
    size_t examples;
    const char *data, *part; /* of the recipe, and "valid" */
} Measures;

/* ---- Measuring --------------------------------------------------------------------------------------------------- */

static percept_status measure(const percept_model *model, const percept_dataset *data, size_t threads, Measured *out,
                              percept_error *error)
{
    percept_report report = {.struct_size = sizeof report};
    percept_status status = percept_model_report(model, data, threads, &report, error);
    if (status == PERCEPT_OK)
        *out = (Measured){.loss = report.metrics->loss,
                          .accuracy = report.metrics->classes > 0 ? report.metrics->accuracy : NAN,
                          .roc_auc = report.metrics->classes == 2 ? report.macro.auc : NAN,
                          .r2 = report.metrics->classes > 0 ? NAN : report.overall.r2};
    percept_report_clear(&report);
    return status;
}

static percept_status measure_all(const CombineReport *report, const percept_dataset *data, size_t threads,
                                  Measures *out, percept_error *error)
{
    percept_status status = memory_allocate(report->count + 1, sizeof *out->rows, "the metrics", &out->rows, error);
    for (size_t k = 0; status == PERCEPT_OK && k <= report->count; k++)
        status = measure(k < report->count ? report->models[k] : report->whole, data, threads, &out->rows[k], error);
    out->examples = percept_dataset_count(data);
    return status;
}

/* The validation part, or all of other data that have no parts. */
static percept_status find_data(const CombineData *from, const percept_data *data, const percept_dataset **out,
                                Measures *measures, percept_error *error)
{
    const bool whole = data_choice_is_whole(&from->choice, data);
    *out = whole ? data->train : data->valid;
    measures->data = file_below_here(recipe_text(from->recipe, "data.name"));
    measures->part = whole ? "all" : data_choice_part_name(DATA_CHOICE_VALID);
    return *out != NULL ? PERCEPT_OK : error_set(error, PERCEPT_ERROR_ARGUMENT, "the data have no validation part");
}

static percept_status measure_on(const CombineReport *report, CombineData *from, Measures *out, percept_error *error)
{
    percept_data data = {0};
    const percept_dataset *part = NULL;
    if (from->choice.source == NULL)
        from->choice.source = report->names[0];
    percept_status status = data_choice_load(&from->choice, report->whole, &from->recipe, &data, error);
    if (status == PERCEPT_OK)
        status = find_data(from, &data, &part, out, error);
    if (status == PERCEPT_OK)
        status = measure_all(report, part, from->threads, out, error);
    percept_data_free(&data);
    if (status != PERCEPT_OK) {
        memory_free(out->rows);
        out->rows = NULL;
    }
    return status;
}

/* ---- Printing ---------------------------------------------------------------------------------------------------- */

static void print_row(const char *name, size_t columns, const percept_model *model, const Measured *row)
{
    text_left(stdout, name, columns);
    printf("%9zu%12s", model->network.members, text_loss(row->loss).text);
    if (!isnan(row->accuracy))
        printf("%11s", text_percent(row->accuracy).text);
    if (!isnan(row->roc_auc))
        printf("%10.4f", row->roc_auc);
    if (!isnan(row->r2))
        printf("%10.4f", row->r2);
    putchar('\n');
}

static void print_table(const CombineReport *report, const Measures *measures)
{
    const Measured *whole = &measures->rows[report->count];
    size_t columns = NAME_LEAST;
    for (size_t k = 0; k < report->count; k++)
        columns = text_columns(report->names[k]) > columns ? text_columns(report->names[k]) : columns;
    columns = columns > NAME_MOST ? NAME_MOST : columns;
    printf("\non %s, %s, %s examples\n\n", text_plain(measures->data).text,
           strcmp(measures->part, "all") == 0 ? "all of it" : "validation part", text_count(measures->examples).text);
    text_left(stdout, "model", columns);
    printf("%9s%12s%s%s%s\n", "members", "loss", isnan(whole->accuracy) ? "" : "   accuracy",
           isnan(whole->roc_auc) ? "" : "   ROC AUC", isnan(whole->r2) ? "" : "        R²");
    for (size_t k = 0; k < report->count; k++)
        print_row(report->names[k], columns, report->models[k], &measures->rows[k]);
    print_row("combination", columns, report->whole, whole);
}

static json_t *row_of(const char *name, const percept_model *model, const Measured *row)
{
    const Measured none = {NAN, NAN, NAN, NAN};
    row = row != NULL ? row : &none;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "accuracy", json_figure(row->accuracy), "loss",
                     json_figure(row->loss), "members", json_count(model->network.members), "name", json_words(name),
                     "r2", json_figure(row->r2), "roc_auc", json_figure(row->roc_auc));
}

static percept_status print_json(const CombineReport *report, const Measures *measures, percept_error *error)
{
    const bool measured = measures->rows != NULL;
    json_t *rows = json_array();
    for (size_t k = 0; k < report->count; k++)
        if (json_array_append_new(
                rows, row_of(report->names[k], report->models[k], measured ? &measures->rows[k] : NULL)) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    json_t *whole = row_of(report->out, report->whole, measured ? &measures->rows[report->count] : NULL);
    return json_print(json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "by", json_words(report->by), "combination",
                                whole, "data", measured ? json_words(measures->data) : json_null(), "members",
                                json_count(report->whole->network.members), "models", rows, "out",
                                json_words(report->out), "part", measured ? json_words(measures->part) : json_null()),
                      JSON_DIGITS, error);
}

percept_status combine_report_print(const CombineReport *report, CombineData *from, bool json, percept_error *error)
{
    Measures measures = {0};
    percept_error reason;
    percept_status status = measure_on(report, from, &measures, &reason);
    if (status == PERCEPT_ERROR_MEMORY || (status != PERCEPT_OK && from->choice.data != NULL)) {
        if (error != NULL)
            *error = reason;
        return status;
    }
    if (status != PERCEPT_OK)
        warn("the models were not measured: %s", reason.message);
    if (json) {
        status = print_json(report, &measures, error);
    } else {
        describe_network(stdout, report->whole);
        putchar('\n');
        if (measures.rows != NULL)
            print_table(report, &measures);
        printf("\n%s\n", text_plain(report->out).text);
        status = PERCEPT_OK;
    }
    memory_free(measures.rows);
    return status;
}
