#include "cli/gradcheck_arguments.h"

#include <string.h>

#include "base/nearest.h"
#include "base/number.h"
#include "cli/message.h"
#include "cli/options.h"

/* Of each tensor, without --all. */
#define DEFAULT_EACH 4

static const Manual manual = {
    .command = GRADCHECK_COMMAND,
    .example = "percept gradcheck --data mnist --layers 784-512-768-10 --all\n"
               "percept gradcheck runs/fashion-mnist-001 --method complex --examples 32\n"
               "percept gradcheck recipe.yaml --layer 2 --first 10 --sweep --out check\n",
    .usage = "percept gradcheck [RECIPE|RUN|MODEL] [FLAG]... [--set KEY=VALUE]...\n",
    .text = "Compares the gradient that an engine computes, in float64, with differences of\n"
            "the loss of the reference engine: for the initial network of a recipe, or for a\n"
            "trained model, on the first examples of the training set. Where they disagree,\n"
            "the complex step decides, since a difference is not reliable at a kink or where\n"
            "its digits cancel. Exit status 1 if a gradient is wrong. MODEL is a .safetensors\n"
            "file and needs --data. Of a network with layers that are not dense, the loss is\n"
            "computed anew for each number, so --all takes longer.\n",
    SETTINGS_MANUAL,
};

static percept_status take_method(const Option *option, const char *value, percept_error *error)
{
    const char *names[CHECK_METHODS];
    const int found = check_method_find(value);
    for (int m = 0; m < CHECK_METHODS; m++)
        names[m] = check_method_name((CheckMethod)m);
    if (found < 0) {
        const char *nearest = nearest_word(value, names, CHECK_METHODS);
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; %s%s%s", value,
                         nearest != NULL ? "did you mean " : "give central, forward or complex",
                         nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
    }
    *(CheckMethod *)option->target = (CheckMethod)found;
    return PERCEPT_OK;
}

static percept_status take_step(const Option *option, const char *value, percept_error *error)
{
    double step = 0;
    if (!number_parse(value, &step) || step <= 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; give a number above 0 such as 1e-6", value);
    *(double *)option->target = step;
    return PERCEPT_OK;
}

static percept_status take_positive(const Option *option, const char *value, percept_error *error)
{
    const percept_status status = option_take_count(option, value, error);
    if (status == PERCEPT_OK && *(size_t *)option->target == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is 0; give a number from 1 on");
    return status;
}

static percept_status take_examples(const Option *option, const char *value, percept_error *error)
{
    size_t count = 0;
    const Option number = {.target = &count};
    if (strcmp(value, "batch") != 0 && take_positive(&number, value, error) != PERCEPT_OK)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; give a number from 1 on, or batch", value);
    *(const char **)option->target = value;
    return PERCEPT_OK;
}

static int read_arguments(int argc, char **argv, GradcheckArguments *out)
{
    const Option own[] = {
        {"--method", "central|forward|complex", "kind of difference [central]", take_method, &out->method},
        {"--epsilon", "X", "step of the difference [central 1e-5, forward 1e-8, complex 1e-30]", take_step, &out->step},
        {"--examples", "N|batch",
         "check on the first N examples, or on train.batch_size examples [1; with batch norm 8]", take_examples,
         &out->examples},
        {"--parameters", "K",
         "number of weights and of biases to check in each layer, and of each tensor between layers, drawn with the "
         "recipe's seed [4]",
         take_positive, &out->selection.each},
        {"--first", "K", "check the first K weights of each layer instead, and no biases", take_positive, &out->first},
        {"--layer", "L", "check one layer only, counted from 1, with what lies between it and the next", take_positive,
         &out->selection.layer},
        {"--all", NULL, "check all parameters, and with --inputs all features", option_take_switch, &out->all},
        {"--inputs", NULL, "also check the gradient with respect to the scaled features", option_take_switch,
         &out->selection.inputs},
        {"--sweep", NULL, "also report the largest error for steps from 1 down to 2e-12", option_take_switch,
         &out->sweep},
        {"--loop", NULL,
         "compare the loop form (example by example) with the matrix form instead, for 1 example and for 10",
         option_take_switch, &out->loop},
        {"--json", NULL, "print JSON", option_take_switch, &out->json},
        {"--out", "DIR", "write gradcheck.csv into this folder, and with --sweep its data and picture",
         option_take_text, &out->out},
        {"--set", "KEY=VALUE", "set a key of the recipe; may be repeated", settings_take, &out->settings},
    };
    const Operand operands[] = {{"RECIPE|RUN|MODEL", true, &out->source}};
    const Parser parser = {.manual = &manual,
                           .options = own,
                           .option_count = sizeof own / sizeof own[0],
                           .operands = operands,
                           .operand_count = 1};
    return settings_read(&parser, &out->settings, argc, argv);
}

/* Flags that exclude each other. */
static int check_arguments(GradcheckArguments *arguments)
{
    CheckSelection *selection = &arguments->selection;
    const int choices = arguments->all + (selection->each > 0) + (arguments->first > 0);
    if (choices > 1)
        return fail_usage(manual.command, "--all, --parameters and --first exclude each other");
    if (arguments->loop && (arguments->sweep || selection->inputs))
        return fail_usage(manual.command, "--loop goes with neither --sweep nor --inputs");
    if (arguments->first > 0) {
        selection->each = arguments->first;
        selection->first = true;
    } else if (!arguments->all && selection->each == 0) {
        selection->each = DEFAULT_EACH;
    }
    return PARSER_GO_ON;
}

int gradcheck_arguments_read(int argc, char **argv, GradcheckArguments *out)
{
    const int status = read_arguments(argc, argv, out);
    return status == PARSER_GO_ON ? check_arguments(out) : status;
}
