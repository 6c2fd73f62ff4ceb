/* percept export: a model as a file for other programs, checked. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/export_rows.h"
#include "cli/help_writer.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/run_source.h"
#include "cli/settings.h"
#include "cli/text.h"
#include "export/formats.h"
#include "recipe/recipe.h"

static void print_formats(const HelpWriter *writer)
{
    writer->section("Formats");
    for (size_t f = 0; export_format_at(f) != NULL; f++)
        writer->entry(export_format_at(f)->name, NULL, export_format_at(f)->help, 14);
}

static const Manual manual = {
    .command = "percept export",
    .example = "percept export runs/fashion-mnist-001 --to onnx\n"
               "percept export model.safetensors --to npz --examples new.csv --out model.npz\n",
    .usage = "percept export RUN|MODEL --to FORMAT [FLAG]...\n",
    .text = "Writes a model as a file that other programs predict with. The file holds the\n"
            "whole way from raw columns to the answer: values for missing cells, categories,\n"
            "scaling, the network, probabilities or targets in their units. Normalization is\n"
            "folded into the weights where that is possible.\n"
            "\n"
            "Before the file is handed over it is read back and predicts some rows. The\n"
            "largest difference from Percept's own predictions is printed. A file that\n"
            "differs by more than rounding is not written. The rows come from --examples,\n"
            "else from the run's training part; for a model file alone, or where the data\n"
            "of the run are not there, they are drawn from the model's scaling.\n"
            "\n"
            "An ONNX file takes `features` (rows, columns): NaN where a value is missing, and\n"
            "codes for categories. With --inputs columns each column is an input under its\n"
            "name (rows, 1), and categories are texts. It gives `label` and `probabilities`,\n"
            "or `targets`.\n",
    .more = print_formats,
};

typedef struct ExportArguments {
    const char *source, *out, *examples;
    const char *prefix;
    bool with_main, no_libm, int8;
    OptionChoice format, precision, inputs;
    size_t opset;
    Settings settings; /* of how --examples is read */
} ExportArguments;

static const char *format_name(size_t index)
{
    const ExportFormat *format = export_format_at(index);
    return format != NULL ? format->name : NULL;
}

static const char *precision_name(size_t index)
{
    static const char *const names[] = {"float32", "float64", NULL};
    return index < 2 ? names[index] : NULL;
}

static const char *inputs_name(size_t index)
{
    static const char *const names[] = {"tensor", "columns", NULL};
    return index < 2 ? names[index] : NULL;
}

/* The name of the file: --out, or that of the run or the model with the format's extension, here. */
static percept_status choose_path(const ExportArguments *arguments, const ExportFormat *format, char **out,
                                  percept_error *error)
{
    char *name = NULL;
    static const char model_ending[] = ".safetensors";
    if (arguments->out != NULL)
        return memory_copy_string(arguments->out, out, error);
    percept_status status = file_last_name(arguments->source, &name, error);
    if (status != PERCEPT_OK)
        return status;
    size_t length = strlen(name);
    if (length > strlen(model_ending) && strcmp(name + length - strlen(model_ending), model_ending) == 0)
        length -= strlen(model_ending);
    const size_t size = length + 1 + strlen(format->extension) + 1;
    status = memory_allocate(size, 1, "a name", out, error);
    if (status == PERCEPT_OK)
        snprintf(*out, size, "%.*s.%s", (int)length, name, format->extension);
    memory_free(name);
    return status;
}

/* Of a file that rounds the model on purpose. */
static void print_rounded(const ExportRows *rows, const char *origin, const ExportCheck *check)
{
    printf("compared on %s rows %s: 8 bits change answers by up to %.2g and %s labels\n", text_count(rows->count).text,
           origin, check->difference, text_count(check->labels).text);
    if (check->known > 0)
        printf("accuracy on %s of them%s: %s, before %s\n", text_count(check->known).text,
               rows->tested > 0 ? ", the test part" : "",
               text_percent((double)check->right / (double)check->known).text,
               text_percent((double)check->own_right / (double)check->known).text);
}

static void print_result(const ExportFormat *format, const char *path, const ExportRows *rows, const char *origin,
                         const ExportCheck *check)
{
    printf("%s  %s\n", text_plain(path).text, format->help);
    if (check->skipped.text[0] != '\0') {
        warn("the file was not checked: %s", check->skipped.text);
        return;
    }
    if (check->bound > 1) {
        print_rounded(rows, origin, check);
        return;
    }
    printf("checked on %s rows %s: largest difference %.2g%s", text_count(rows->count).text, origin, check->difference,
           check->labels == 0 ? ", all labels equal\n" : "");
    if (check->rounding > 2e-6)
        warn("raw values rounded to float32 change the answers by up to %.2g; --precision float64 avoids this",
             check->rounding);
    if (check->labels > 0)
        printf(", %s labels differ (their probabilities are that close)\n", text_count(check->labels).text);
}

static percept_status export_to(const ExportArguments *arguments, const percept_model *model,
                                const percept_recipe *recipe, const ExportFormat *format, percept_error *error)
{
    ExportOptions options = {.precision = arguments->precision.chosen == 0   ? PERCEPT_FLOAT32
                                          : arguments->precision.chosen == 1 ? PERCEPT_FLOAT64
                                                                             : model->precision,
                             .prefix = arguments->prefix,
                             .with_main = arguments->with_main,
                             .no_libm = arguments->no_libm,
                             .int8 = arguments->int8,
                             .columns = arguments->inputs.chosen == 1,
                             .opset = arguments->opset};
    CheckRows rows = {.tested = arguments->int8};
    ExportCheck check;
    Buffer text = {0};
    char *path = NULL;
    percept_status status = choose_path(arguments, format, &path, error);
    if (status == PERCEPT_OK && recipe != NULL)
        status = recipe_write_text(recipe, &text, error);
    if (status == PERCEPT_OK)
        status =
            check_rows_load(arguments->source, arguments->examples, &arguments->settings, recipe, model, &rows, error);
    options.recipe = (const char *)text.bytes;
    if (status == PERCEPT_OK)
        status = export_write(format, model, &options, &rows.rows, path, &check, error);
    if (status == PERCEPT_OK)
        print_result(format, path, &rows.rows, rows.origin, &check);
    check_rows_clear(&rows);
    buffer_clear(&text);
    memory_free(path);
    return status;
}

static percept_status export_model(const ExportArguments *arguments, percept_error *error)
{
    percept_model *model = NULL;
    percept_recipe *recipe = NULL;
    percept_status status = run_source_open(arguments->source, &model, &recipe, error);
    if (status == PERCEPT_OK)
        status = export_to(arguments, model, recipe, export_format_at(arguments->format.chosen), error);
    percept_recipe_free(recipe);
    percept_model_free(model);
    return status;
}

int command_export(int argc, char **argv)
{
    static const char *const keys[] = {"data.format", "data.encoding", "data.first_index", SETTINGS_TABLE_KEYS};
    enum { OWN = 10, ALL = OWN + 3 + SETTINGS_TABLE_COUNT };
    ExportArguments arguments = {
        .format = {format_name, SIZE_MAX}, .precision = {precision_name, SIZE_MAX}, .inputs = {inputs_name, 0}};
    Option options[ALL] = {
        {"--to", "FORMAT", "the format, see below", option_take_choice, &arguments.format},
        {"--out", "FILE", "the file [named after the run or the model, in this folder]", option_take_text,
         &arguments.out},
        {"--examples", "FILE", "rows for the check, raw as in training [the run's training part]", option_take_text,
         &arguments.examples},
        {"--precision", "TYPE", "of the numbers in the file, float32 or float64 [the model's]", option_take_choice,
         &arguments.precision},
        {"--prefix", "NAME", "c: the beginning of all names [the name of the file]", option_take_text,
         &arguments.prefix},
        {"--with-main", NULL, "c: add a program that reads rows of CSV and prints answers", option_take_switch,
         &arguments.with_main},
        {"--no-libm", NULL, "c: with its own exp, tanh and others, where there is no <math.h>", option_take_switch,
         &arguments.no_libm},
        {"--int8", NULL, "c: layers in whole numbers of 8 bits, for small processors; costs some accuracy",
         option_take_switch, &arguments.int8},
        {"--inputs", "FORM", "onnx: one tensor of all features, or columns: one input for each [tensor]",
         option_take_choice, &arguments.inputs},
        {"--opset", "N", "onnx: version of the operators, 13 to 22 [13]", option_take_count, &arguments.opset},
    };
    settings_options_of(&arguments.settings, keys, ALL - OWN, options + OWN);
    const Operand operands[] = {{"RUN|MODEL", false, &arguments.source}};
    const Parser parser = {&manual, options, ALL, operands, 1};
    percept_error error;
    if (settings_create(argc, &arguments.settings, &error) != PERCEPT_OK)
        return fail(&error);
    int status = parser_read(&parser, argc, argv);
    if (status == PARSER_GO_ON && arguments.format.chosen == SIZE_MAX)
        status = fail_usage(manual.command, "the format is missing; name it with --to");
    if (status == PARSER_GO_ON)
        status = export_model(&arguments, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
    settings_clear(&arguments.settings);
    return status;
}
