/* C: one source and one header in C99, without anything else than <math.h>. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "export/c_answers.h"
#include "export/c_columns.h"
#include "export/c_dates.h"
#include "export/c_header.h"
#include "export/c_int8.h"
#include "export/c_main.h"
#include "export/c_network.h"
#include "export/c_run.h"

extern const ExportFormat export_c;

#define PREFIX_SIZE 64

/* ---- Names ------------------------------------------------------------------------------------------------------- */

static bool is_prefix(const char *name)
{
    size_t length = 0;
    for (; name[length] != '\0'; length++)
        if (!isascii((unsigned char)name[length]) || !(isalnum((unsigned char)name[length]) || name[length] == '_'))
            return false;
    return length > 0 && length < PREFIX_SIZE && isalpha((unsigned char)name[0]);
}

/* The given prefix, or one of the file's name: letters, digits and '_', with a letter in front. */
static void choose_prefix(const ExportOptions *options, const char *path, char out[PREFIX_SIZE])
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    size_t length = 0;
    if (options->prefix != NULL) {
        snprintf(out, PREFIX_SIZE, "%s", options->prefix);
        return;
    }
    if (!isascii((unsigned char)name[0]) || !isalpha((unsigned char)name[0]))
        length = (size_t)snprintf(out, PREFIX_SIZE, "model_");
    for (; *name != '\0' && *name != '.' && length + 1 < PREFIX_SIZE; name++)
        out[length++] = (char)(isascii((unsigned char)*name) && isalnum((unsigned char)*name) ? *name : '_');
    out[length] = '\0';
}

/* The path with .h in place of .c. */
static percept_status header_path(const char *path, char **out, percept_error *error)
{
    const char *dot = strrchr(path, '.');
    if (dot == NULL || strcmp(dot, ".c") != 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "--out: a C source must end in .c, and its header will end in .h");
    percept_status status = memory_copy_string(path, out, error);
    if (status == PERCEPT_OK)
        (*out)[strlen(path) - 1] = 'h';
    return status;
}

/* ---- The check of a model ------------------------------------------------------------------------------------------ */

static percept_status check_finite(const percept_model *model, const ExportOptions *options, percept_error *error)
{
    double *values = NULL;
    const Network *network = &model->network;
    percept_status status = model_parameters_f64(model, &values, error);
    for (size_t t = 0; t < network->tensor_count && status == PERCEPT_OK; t++) {
        const NetworkTensor *tensor = &network->tensors[t];
        bool finite = true;
        for (size_t e = tensor->offset; e < tensor->offset + tensor_size(tensor); e++)
            finite = finite && isfinite(options->precision == PERCEPT_FLOAT32 ? (float)values[e] : values[e]);
        if (!finite)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                               "%s has values that C cannot write as numbers (infinite or NaN); train the model again",
                               tensor->name);
    }
    memory_free(values);
    return status;
}

static percept_status check(const percept_model *model, const ExportOptions *options, percept_error *error)
{
    if (options->prefix != NULL && !is_prefix(options->prefix))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "--prefix must be letters, digits and '_', beginning with a letter, and at most %d of them",
                         PREFIX_SIZE - 1);
    if (options->int8 && options->rows->given == 0)
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "--int8 needs rows of data, on which the ranges of all layers are measured, and the data of the "
            "run are not at hand; name a file with --examples");
    for (size_t l = 0; options->int8 && l < model->network.depth; l++)
        if (model->network.layers[l].inputs > C_INT8_MOST_INPUTS)
            return error_set(
                error, PERCEPT_ERROR_ARGUMENT,
                "--int8: layer %zu has %zu inputs, and 32 bits hold the sum of %d products; leave the flag out", l,
                model->network.layers[l].inputs, C_INT8_MOST_INPUTS);
    percept_status status = c_network_check(&model->network, error);
    return status == PERCEPT_OK ? check_finite(model, options, error) : status;
}

/* ---- Writing --------------------------------------------------------------------------------------------------------- */

/* The source: functions that know no model, tables, and functions of this model. `last` holds what is behind the
 * tables. */
static void assemble(CSource *source, const char *header, const CText *last, CText *out)
{
    const bool libm = !source->options->no_libm, integers = source->options->int8;
    c_put(out, "/* %s_predict: see %s */\n", source->prefix, header);
    if (source->options->with_main && !source->wide)
        c_put(out,
              "/* The program below reads decimals, which float would round. */\n#ifndef %s\n#define %s "
              "double\n#endif\n\n",
              source->value, source->value);
    c_put(out, "%s%s%s#include \"%s\"\n\n", libm ? "#include <math.h>\n" : "", integers ? "#include <stdint.h>\n" : "",
          libm || integers ? "\n" : "", header);
    c_put_text(out, &source->functions);
    c_put(out, "/* ---- The model: matrices lie row after row ---- */\n\n");
    c_put_text(out, &source->tables);
    c_put_text(out, last);
}

static void write_last(CSource *source, CText *last)
{
    CText answers = {.error = last->error};
    c_network_write(source);
    c_columns_write_prepare(source, last);
    c_put_text(last, &source->forward);
    c_put(last, "\n");
    c_answers_write(source, &answers);
    c_put_text(last, &answers);
    c_put(last, "\n");
    c_answers_write_names(source, last);
    if (c_columns_have_categories(source))
        c_put(last, "\n");
    c_columns_write_codes(source, last);
    if (c_dates_any(source))
        c_put(last, "\n");
    c_dates_write(source, last);
    if (source->options->with_main)
        c_main_write(source, last);
    buffer_clear(&answers.buffer);
}

static percept_status save(const CText *text, const char *path, percept_error *error)
{
    return text->status == PERCEPT_OK ? file_write(path, text->buffer.bytes, text->buffer.size, error) : text->status;
}

static percept_status write_files(CSource *source, const char *path, const char *header, percept_error *error)
{
    CText last = {.error = error}, code = {.error = error}, declarations = {.error = error};
    const char *slash = strrchr(header, '/');
    write_last(source, &last);
    assemble(source, slash != NULL ? slash + 1 : header, &last, &code);
    c_header_write(source, &declarations);
    percept_status status = c_source_status(source);
    if (status == PERCEPT_OK)
        status = save(&code, path, error);
    if (status == PERCEPT_OK)
        status = save(&declarations, header, error);
    buffer_clear(&last.buffer);
    buffer_clear(&code.buffer);
    buffer_clear(&declarations.buffer);
    return status;
}

static percept_status write(const percept_model *model, const ExportOptions *options, const char *path,
                            percept_error *error)
{
    char prefix[PREFIX_SIZE];
    char *header = NULL;
    CSource source = {0};
    CRanges ranges = {0};
    choose_prefix(options, path, prefix);
    percept_status status = header_path(path, &header, error);
    if (status == PERCEPT_OK)
        status = c_source_create(model, options, prefix, &source, error);
    if (status == PERCEPT_OK && options->int8)
        status = c_ranges_measure(model, options->rows->values, options->rows->given, &ranges, error);
    if (status == PERCEPT_OK && options->int8)
        c_int8_share_ranges(model, &ranges);
    source.ranges = options->int8 ? &ranges : NULL;
    if (status == PERCEPT_OK)
        status = write_files(&source, path, header, error);
    c_source_clear(&source);
    c_ranges_clear(&ranges);
    memory_free(header);
    return status;
}

static percept_status run(const percept_model *model, const ExportOptions *options, const char *path,
                          const ExportRows *rows, double *answers, ExportReason *skipped, percept_error *error)
{
    char prefix[PREFIX_SIZE];
    CSource source = {0};
    choose_prefix(options, path, prefix);
    percept_status status = c_source_create(model, options, prefix, &source, error);
    if (status == PERCEPT_OK)
        status = c_run(&source, path, rows, export_answers(model), answers, skipped, error);
    c_source_clear(&source);
    return status;
}

const ExportFormat export_c = {.name = "c",
                               .extension = "c",
                               .help = "source and header in C99, without other libraries",
                               .narrow = true,
                               .check = check,
                               .write = write,
                               .run = run};
