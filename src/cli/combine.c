/* percept combine: one model of several that were trained apart. */
#include "model/combine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "cli/combine_report.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/run_source.h"
#include "cli/settings.h"
#include "cli/text.h"
#include "store/run_folder.h"

static const Manual manual = {
    .command = "percept combine",
    .example = "percept combine runs/credit-001 runs/credit-002 runs/credit-003\n"
               "percept combine runs/a runs/b --by weights --out mean.safetensors\n",
    .usage = "percept combine RUN|MODEL... [FLAG]...\n",
    .text = "Makes one model of several that were trained apart. It is a model file like any\n"
            "other, for predict, evaluate, explain and export.\n"
            "\n"
            "--by probabilities keeps all their networks as members of one model (as\n"
            "model.members does): it predicts the mean of what they predict, class\n"
            "probabilities or targets. Each network counts once, and a model that is named\n"
            "twice counts twice. --by weights averages the parameters: a model of the size of\n"
            "one. That is good for runs that continue one training, or differ in little.\n"
            "\n"
            "The models must have layers of one shape, and must read the same columns in the\n"
            "same way, so they are trained on one training part. Seeds, optimizer, rates,\n"
            "dropout and other settings of training may differ. A stored threshold is not\n"
            "taken over.\n"
            "\n"
            "Each model and the combination are measured on the validation part of the first\n"
            "run, or on --data. --json prints one line: by, combination, data, members,\n"
            "models, out, part; of each model accuracy, loss, members, name, r2 and roc_auc,\n"
            "null where there is none.\n",
};

typedef struct Arguments {
    const char **sources; /* NULL behind the last */
    size_t count;
    const char *out;
    OptionChoice by;
    bool json;
    CombineData from;
} Arguments;

enum { BY_PROBABILITIES, BY_WEIGHTS };

static const char *way_name(size_t index)
{
    static const char *const names[] = {"probabilities", "weights", NULL};
    return index < 2 ? names[index] : NULL;
}

static int read_arguments(int argc, char **argv, Arguments *out)
{
    static const char *const keys[] = {SETTINGS_COLUMN_KEYS, SETTINGS_TABLE_KEYS};
    enum { OWN = 6, ALL = OWN + SETTINGS_COLUMN_COUNT + SETTINGS_TABLE_COUNT };
    Option options[ALL] = {
        {"--out", "FILE", "the model [combined.safetensors, in this folder]", option_take_text, &out->out},
        {"--by", "WAY", "average probabilities (or targets) of all networks, or their weights [probabilities]",
         option_take_choice, &out->by},
        {"--data", "NAME|FILE", "measure on these data instead of the run's", option_take_text, &out->from.choice.data},
        {"--data-dir", "DIR", "folder where datasets are looked for first", option_take_text,
         &out->from.choice.directory},
        {"--json", NULL, "print JSON", option_take_switch, &out->json},
        {"--threads", "N", "threads, 0 for one per core [0]", option_take_count, &out->from.threads},
    };
    settings_options_of(&out->from.settings, keys, ALL - OWN, options + OWN);
    const Operand operands[] = {{"RUN|MODEL...", false, out->sources}};
    const Parser parser = {&manual, options, ALL, operands, 1};
    const int status = parser_read(&parser, argc, argv);
    while (status == PARSER_GO_ON && out->sources[out->count] != NULL)
        out->count++;
    return status == PARSER_GO_ON && out->count < 2 ? fail_usage(manual.command, "give at least two models") : status;
}

/* ---- Combining --------------------------------------------------------------------------------------------------- */

static percept_status by_probabilities(percept_model *const *models, size_t count, percept_model **out,
                                       percept_error *error)
{
    CombineMember *members = NULL;
    size_t all = 0, used = 0;
    for (size_t k = 0; k < count; k++)
        all += models[k]->network.members;
    percept_status status = memory_allocate(all, sizeof *members, "the members", &members, error);
    for (size_t k = 0; status == PERCEPT_OK && k < count; k++)
        for (size_t m = 0; m < models[k]->network.members; m++)
            members[used++] = (CombineMember){models[k], m};
    if (status == PERCEPT_OK)
        status = combine_members(members, all, out, error);
    memory_free(members);
    return status;
}

static percept_status check_fit(const Arguments *arguments, percept_model *const *models, size_t k,
                                percept_error *error)
{
    const size_t members = models[0]->network.members, own = models[k]->network.members;
    percept_status status = combine_check(models[0], models[k], error);
    if (status == PERCEPT_OK && arguments->by.chosen == BY_WEIGHTS && own != members)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "it has %zu members, not %zu; leave --by weights out to average predictions", own, members);
    if (status != PERCEPT_OK)
        (void)error_prefix(error, "'%.50s' does not fit '%.50s'", arguments->sources[k], arguments->sources[0]);
    return status;
}

/* Loads all models, the recipe of the first run among them, and checks that they fit the first. */
static percept_status load(Arguments *arguments, percept_model **models, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t k = 0; status == PERCEPT_OK && k < arguments->count; k++) {
        percept_recipe *recipe = NULL;
        status = run_source_open(arguments->sources[k], &models[k], &recipe, error);
        if (status == PERCEPT_OK && k > 0)
            status = check_fit(arguments, models, k, error);
        if (recipe != NULL && arguments->from.recipe == NULL) {
            arguments->from.recipe = recipe;
            arguments->from.choice.source = arguments->sources[k];
        } else {
            percept_recipe_free(recipe);
        }
    }
    return status;
}

/* The file must not replace what it is made of. */
static percept_status check_out(const Arguments *arguments, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t k = 0; status == PERCEPT_OK && k < arguments->count; k++) {
        char *file = NULL;
        status = run_folder_model(arguments->sources[k], &file, error);
        if (status == PERCEPT_OK && strcmp(file, arguments->out) == 0)
            status =
                error_set(error, PERCEPT_ERROR_ARGUMENT,
                          "the combination would replace '%.100s', which it is made of; name it with --out FILE", file);
        memory_free(file);
    }
    return status;
}

static percept_status combine(Arguments *arguments, percept_model **models, percept_error *error)
{
    percept_model *whole = NULL;
    percept_status status = check_out(arguments, error);
    if (status == PERCEPT_OK)
        status = load(arguments, models, error);
    if (status == PERCEPT_OK && arguments->by.chosen == BY_WEIGHTS)
        status = combine_average((const percept_model *const *)models, arguments->count, &whole, error);
    else if (status == PERCEPT_OK)
        status = by_probabilities(models, arguments->count, &whole, error);
    if (status == PERCEPT_OK)
        status = percept_model_save(whole, arguments->out, error);
    if (status == PERCEPT_OK) {
        const CombineReport report = {.names = arguments->sources,
                                      .models = models,
                                      .count = arguments->count,
                                      .whole = whole,
                                      .by = way_name(arguments->by.chosen),
                                      .out = arguments->out};
        status = combine_report_print(&report, &arguments->from, arguments->json, error);
    }
    percept_model_free(whole);
    return status;
}

int command_combine(int argc, char **argv)
{
    Arguments arguments = {.by = {way_name, BY_PROBABILITIES}, .out = "combined.safetensors"};
    percept_model **models = NULL;
    percept_error error;
    int status = STATUS_FAILED;
    arguments.from.choice = (DataChoice){.part = DATA_CHOICE_NO_PART, .settings = &arguments.from.settings};
    if (memory_allocate_zeroed((size_t)argc + 1, sizeof *arguments.sources, "the arguments", &arguments.sources,
                               &error) != PERCEPT_OK ||
        memory_allocate_zeroed((size_t)argc + 1, sizeof(percept_model *), "the models", &models, &error) !=
            PERCEPT_OK ||
        settings_create(argc, &arguments.from.settings, &error) != PERCEPT_OK)
        (void)fail(&error);
    else
        status = read_arguments(argc, argv, &arguments);
    if (status == PARSER_GO_ON)
        status = combine(&arguments, models, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
    for (size_t k = 0; models != NULL && k < arguments.count; k++)
        percept_model_free(models[k]);
    memory_free(models);
    memory_free(arguments.sources);
    percept_recipe_free(arguments.from.recipe);
    settings_clear(&arguments.from.settings);
    return status;
}
