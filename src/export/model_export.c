/* percept_model_export, over the table of formats. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/export.h"
#include "export/formats.h"

/* Rows to check with, where the caller has none. */
#define DRAWN_ROWS 1000

const char *percept_export_format(size_t i)
{
    const ExportFormat *format = export_format_at(i);
    return format != NULL ? format->name : NULL;
}

const char *percept_export_extension(size_t i)
{
    const ExportFormat *format = export_format_at(i);
    return format != NULL ? format->extension : NULL;
}

const char *percept_export_help(size_t i)
{
    const ExportFormat *format = export_format_at(i);
    return format != NULL ? format->help : NULL;
}

static percept_status refuse_format(const char *name, percept_error *error)
{
    char known[100] = "";
    size_t length = 0;
    for (size_t i = 0; export_format_at(i) != NULL && length < sizeof known; i++)
        length += (size_t)snprintf(known + length, sizeof known - length, "%s%s", i > 0 ? ", " : "",
                                   export_format_at(i)->name);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no format '%.32s' to export to; there are %s", name,
                     known);
}

/* As much of the caller's options as its library knew; the rest is 0. */
static percept_status read_options(const percept_export_options *given, percept_export_options *out,
                                   percept_error *error)
{
    memset(out, 0, sizeof *out);
    if (given == NULL)
        return PERCEPT_OK;
    if (given->struct_size < sizeof given->struct_size)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "options->struct_size is %zu; set it to sizeof(percept_export_options) before the call",
                         given->struct_size);
    memcpy(out, given, given->struct_size < sizeof *out ? given->struct_size : sizeof *out);
    if (out->precision != 0 && out->precision != PERCEPT_FLOAT32 && out->precision != PERCEPT_FLOAT64)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "options->precision is %d; give PERCEPT_FLOAT32, PERCEPT_FLOAT64, or 0 for the model's",
                         (int)out->precision);
    return PERCEPT_OK;
}

static void give_check(const ExportCheck *all, percept_export_check *out)
{
    percept_export_check check = {.struct_size = out->struct_size,
                                  .rows = all->rows,
                                  .difference = all->difference,
                                  .rounding = all->rounding,
                                  .labels = all->labels,
                                  .skipped = all->skipped.text[0] != '\0'};
    snprintf(check.reason, sizeof check.reason, "%s", all->skipped.text);
    memcpy(out, &check, out->struct_size < sizeof check ? out->struct_size : sizeof check);
}

percept_status percept_model_export(const percept_model *model, const char *format, const char *path,
                                    const percept_export_options *options, percept_export_check *check,
                                    percept_error *error)
{
    if (model == NULL || format == NULL || path == NULL)
        return error_null(error, "percept_model_export", "model, format and path");
    if (check != NULL && check->struct_size < sizeof check->struct_size)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "check->struct_size is %zu; set it to sizeof(percept_export_check) before the call",
                         check->struct_size);
    percept_export_options own = {0};
    const ExportFormat *row = export_format_find(format);
    percept_status status = row != NULL ? read_options(options, &own, error) : refuse_format(format, error);
    if (status != PERCEPT_OK)
        return status;
    const ExportOptions chosen = {.precision = own.precision != 0 ? own.precision : model->precision,
                                  .columns = own.columns != 0,
                                  .opset = own.opset,
                                  .prefix = own.prefix,
                                  .with_main = own.with_main != 0,
                                  .no_libm = own.no_libm != 0};
    double *drawn = NULL;
    ExportRows rows = {.values = own.rows, .count = own.row_count, .given = own.row_count};
    if (own.rows == NULL || own.row_count == 0) {
        rows.count = DRAWN_ROWS;
        status = memory_allocate(rows.count, percept_model_inputs(model) * sizeof *drawn, "rows for the check", &drawn,
                                 error);
        if (status == PERCEPT_OK)
            export_draw_rows(model, rows.count, drawn);
        rows.values = drawn;
    }
    ExportCheck result = {0};
    if (status == PERCEPT_OK)
        status = export_write(row, model, &chosen, &rows, path, &result, error);
    memory_free(drawn);
    if (status == PERCEPT_OK && check != NULL)
        give_check(&result, check);
    return status;
}
