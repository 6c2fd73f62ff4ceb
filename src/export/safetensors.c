/* The model file as it is: safetensors already (model/model_file.h), which Python's safetensors reads. */
#include <string.h>

#include "export/format.h"

extern const ExportFormat export_safetensors;

static percept_status check(const percept_model *model, const ExportOptions *options, percept_error *error)
{
    if (options->precision == model->precision)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "--precision: a safetensors file holds the model as it is, in %s; leave the flag out",
                     model->precision == PERCEPT_FLOAT64 ? "float64" : "float32");
}

static percept_status write(const percept_model *model, const ExportOptions *options, const char *path,
                            percept_error *error)
{
    (void)options;
    return percept_model_save(model, path, error);
}

static percept_status run(const percept_model *model, const ExportOptions *options, const char *path,
                          const ExportRows *rows, double *answers, ExportReason *skipped, percept_error *error)
{
    percept_model *read = NULL;
    percept_predictor *predictor = NULL;
    (void)model, (void)options, (void)skipped;
    percept_status status = percept_model_load(path, &read, error);
    if (status == PERCEPT_OK)
        status = percept_predictor_create(read, 1, &predictor, error);
    if (status == PERCEPT_OK)
        percept_predictor_probabilities(predictor, rows->values, rows->count, answers);
    percept_predictor_free(predictor);
    percept_model_free(read);
    return status;
}

const ExportFormat export_safetensors = {.name = "safetensors",
                                         .extension = "safetensors",
                                         .help = "the model file itself, for Percept and for safetensors in Python",
                                         .whole = true,
                                         .check = check,
                                         .write = write,
                                         .run = run};
