/* percept import: a dense network that was trained elsewhere becomes a model. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/text.h"
#include "export/import.h"
#include "recipe/keys.h"
#include "recipe/value.h"

static const Manual manual = {
    .command = "percept import",
    .example = "percept import classifier.onnx --out classifier.safetensors\n"
               "percept import weights.safetensors --activation relu --output softmax \\\n"
               "    --classes cat,dog --out pets.safetensors\n",
    .usage = "percept import FILE [FLAG]...\n",
    .text = "Makes a model of a dense network that was trained elsewhere, so that it can be\n"
            "evaluated, plotted, timed and exported here. FILE is an ONNX graph (.onnx) or\n"
            "the weights of dense layers (.safetensors).\n"
            "\n"
            "ONNX: layers are Gemm, or MatMul and Add; scalings by constants are folded into\n"
            "them; activations are known in whatever operators they are written. Graphs of\n"
            "PyTorch, of skl2onnx (scaler, network, class names) and of Percept are read.\n"
            "Some rows are computed by the graph and by the model, and the largest\n"
            "difference is printed.\n"
            "\n"
            "Safetensors: pairs of NAME.weight and NAME.bias in the order of their names, as\n"
            "PyTorch saves them (outputs, inputs); coefs_ and kernel are (inputs, outputs).\n"
            "Say what follows the layers with --activation and --output.\n",
};

typedef struct ImportArguments {
    const char *path, *out, *activation, *output, *classes;
} ImportArguments;

/* The name of the model: that of the file, here. */
static percept_status choose_path(const ImportArguments *arguments, char **out, percept_error *error)
{
    static const char ending[] = ".safetensors";
    char *name = NULL;
    if (arguments->out != NULL)
        return memory_copy_string(arguments->out, out, error);
    percept_status status = file_last_name(arguments->path, &name, error);
    if (status != PERCEPT_OK)
        return status;
    char *dot = strrchr(name, '.');
    if (dot != NULL)
        *dot = '\0';
    const size_t size = strlen(name) + sizeof ending;
    status = memory_allocate(size, 1, "a name", out, error);
    if (status == PERCEPT_OK)
        snprintf(*out, size, "%s%s", name, ending);
    memory_free(name);
    if (status == PERCEPT_OK && strcmp(*out, arguments->path) == 0) {
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "the model would replace '%.100s'; name it with --out", *out);
        memory_free(*out);
        *out = NULL;
    }
    return status;
}

static percept_status import_to(const ImportArguments *arguments, percept_error *error)
{
    Value classes = {0};
    ImportResult result = {0};
    char *path = NULL;
    percept_status status = choose_path(arguments, &path, error);
    if (status == PERCEPT_OK && arguments->classes != NULL)
        status = value_parse(recipe_key_find("data.drop"), arguments->classes, &classes, error);
    const ImportOptions options = {.activation = arguments->activation,
                                   .output = arguments->output,
                                   .classes = (const char *const *)classes.items.texts,
                                   .class_count = classes.count};
    if (status == PERCEPT_OK)
        status = import_model(arguments->path, &options, &result, error);
    if (status == PERCEPT_OK)
        status = percept_model_save(result.model, path, error);
    if (status == PERCEPT_OK) {
        describe_network(stdout, result.model);
        printf("\n%s\n", text_plain(path).text);
        if (result.compared)
            printf("checked on %zu drawn rows: largest difference from the graph %.2g\n", result.rows,
                   result.difference);
    }
    percept_model_free(result.model);
    value_clear(&classes);
    memory_free(path);
    return status;
}

int command_import(int argc, char **argv)
{
    ImportArguments arguments = {0};
    const Option options[] = {
        {"--out", "FILE", "the model [named after the file, in this folder]", option_take_text, &arguments.out},
        {"--activation", "NAME", "of hidden layers, where the file has weights only", option_take_text,
         &arguments.activation},
        {"--output", "NAME", "of the last layer, where the file ends with its sums: softmax, sigmoid [identity]",
         option_take_text, &arguments.output},
        {"--classes", "NAME,...", "names of the classes [those of the file, or 0,1,...]", option_take_text,
         &arguments.classes},
    };
    const Operand operands[] = {{"FILE", false, &arguments.path}};
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], operands, 1};
    percept_error error;
    const int status = parser_read(&parser, argc, argv);
    if (status != PARSER_GO_ON)
        return status;
    return import_to(&arguments, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
}
