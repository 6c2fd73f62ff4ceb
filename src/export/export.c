#include "export/export.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "export/compare.h"
#include "export/scratch.h"
#include "model/fold.h"

/* The model as the format takes it. What it owns are network and parameters, where something was folded. */
static percept_status prepare(const ExportFormat *format, const percept_model *model, percept_model *out, bool *folded,
                              percept_error *error)
{
    void *parameters = NULL;
    *out = *model;
    percept_status status = format->whole ? PERCEPT_OK : model_fold(model, &out->network, &parameters, error);
    *folded = parameters != NULL;
    if (*folded)
        out->parameters = parameters;
    return status;
}

/* Lets the file answer the rows, and compares. */
static percept_status check_file(const ExportFormat *format, const percept_model *model, const percept_model *own,
                                 const ExportOptions *options, const ExportRows *rows, const char *path,
                                 ExportCheck *check, percept_error *error)
{
    double *answers = NULL;
    percept_status status =
        memory_allocate(rows->count, export_answers(model) * sizeof(double), "the answers", &answers, error);
    if (status == PERCEPT_OK)
        status = format->run(own, options, path, rows, answers, &check->skipped, error);
    if (status == PERCEPT_OK && check->skipped.text[0] == '\0')
        status = compare_answers(model, options, rows, answers, check, error);
    memory_free(answers);
    return status;
}

static percept_status write_checked(const ExportFormat *format, const percept_model *model,
                                    const ExportOptions *options, const ExportRows *rows, const char *path,
                                    ExportCheck *check, percept_error *error)
{
    FileWriter *writer = NULL;
    Scratch scratch = {0};
    percept_model own;
    bool folded = false;
    percept_status status = prepare(format, model, &own, &folded, error);
    if (status == PERCEPT_OK && format->check != NULL)
        status = format->check(&own, options, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, &writer, error);
    if (status == PERCEPT_OK)
        status = scratch_create(path, &scratch, error);
    if (status == PERCEPT_OK)
        status = format->write(&own, options, scratch.file, error);
    if (status == PERCEPT_OK)
        status = check_file(format, model, &own, options, rows, scratch.file, check, error);
    if (status == PERCEPT_OK) {
        status = scratch_hand_over(&scratch, writer, error);
        writer = NULL;
    }
    file_writer_abandon(writer);
    scratch_remove(&scratch);
    if (folded) {
        network_clear(&own.network);
        memory_free(own.parameters);
    }
    return status;
}

/* The rows rounded to float32, and how far Percept's own answers change by that. *rounded is released with memory_free. */
static percept_status round_rows(const percept_model *model, const ExportRows *rows, double **rounded,
                                 ExportCheck *check, percept_error *error)
{
    const size_t inputs = network_inputs(&model->network);
    percept_status status = memory_allocate(rows->count, inputs * sizeof(double), "rows for the check", rounded, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t k = 0; k < rows->count * inputs; k++)
        (*rounded)[k] = (double)(float)rows->values[k];
    return compare_rows(model, rows->values, *rounded, rows->count, &check->rounding, error);
}

percept_status export_write(const ExportFormat *format, const percept_model *model, const ExportOptions *options,
                            const ExportRows *rows, const char *path, ExportCheck *check, percept_error *error)
{
    double *rounded = NULL;
    percept_status status = PERCEPT_OK;
    *check = (ExportCheck){.rows = rows->count};
    if (format->narrow && options->precision == PERCEPT_FLOAT32)
        status = round_rows(model, rows, &rounded, check, error);
    ExportRows own = *rows;
    own.values = rounded != NULL ? rounded : rows->values;
    ExportOptions with_rows = *options;
    with_rows.rows = &own;
    if (status == PERCEPT_OK)
        status = write_checked(format, model, &with_rows, &own, path, check, error);
    memory_free(rounded);
    return status;
}
