/* percept plot: pictures of runs. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/help_writer.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/text.h"
#include "recipe/recipe.h"
#include "show/show.h"

#define MOST_KINDS 32
#define NAME_SIZE 60

static void print_kinds(const HelpWriter *writer);

static const Manual manual = {
    .command = "percept plot",
    .example = "percept plot runs/fashion-mnist-001 gallery\n"
               "percept plot runs/fashion-mnist-001 histogram --layer 1 --log\n"
               "percept plot runs/slow runs/fast curves --metrics valid_loss --out .\n"
               "percept plot runs/search-001 parallel\n"
               "percept plot activations --metrics sigmoid,relu\n",
    .usage = "percept plot RUN... KIND [FLAG]...\n",
    .text = "Plots one run, or several in one picture, with gnuplot. Writes KIND.svg and\n"
            "KIND.png, and beside them KIND.csv (the data) and KIND.gp (the script). Change\n"
            "these as you like; `gnuplot KIND.gp` draws the SVG again.\n"
            "\n"
            "Pictures of one run go to its folder plots, pictures of several runs to the\n"
            "folder plots beside the first one, unless --out names another folder.\n",
    .more = print_kinds,
};

typedef struct PlotArguments {
    const char **operands; /* runs, then the kind */
    const char *out;
    OptionChoice part;
    ShowOptions options;
    size_t seed;
} PlotArguments;

static const char *const parts[] = {"train", "valid", "test"};

enum { PARTS = sizeof parts / sizeof parts[0] };

static const char *part_name(size_t index)
{
    return index < PARTS ? parts[index] : NULL;
}

static void print_kinds(const HelpWriter *writer)
{
    size_t count = 0;
    const ShowKind *kinds = show_kinds(&count);
    writer->section("Kinds");
    for (size_t k = 0; k < count; k++)
        writer->entry(kinds[k].name, NULL, kinds[k].summary, 15);
}

static int read_arguments(int argc, char **argv, PlotArguments *out)
{
    ShowOptions *own = &out->options;
    const Option options[] = {
        {"--out", "DIR", "folder for the pictures", option_take_text, &out->out},
        {"--title", "TEXT", "title of the picture", option_take_text, &own->title},
        {"--metrics", "NAME,...",
         "columns of metrics.csv for curves and errors, such as train_loss,valid_error; the metric of importance, as "
         "in "
         "percept explain; names of functions for activations [all]",
         option_take_text, &own->figures},
        {"--log", NULL, "use logarithmic axes for losses and errors, or for the counts of a histogram",
         option_take_switch, &own->log},
        {"--part", "PART", "set that examples are taken from: train, valid or test [test; train for boundary]",
         option_take_choice, &out->part},
        {"--layer", "L", "layer, counted from 1, for weights [1], histogram and sweep [all]", option_take_count,
         &own->layer},
        {"--columns", "NAME,...", "columns of a table for dependence [the most important ones]", option_take_text,
         &own->columns},
        {"--class", "NAME", "class for dependence, shap, roc and precision-recall [the second of two; all for roc]",
         option_take_text, &own->output},
        {"--target", "NAME", "target for dependence, shap, predicted and residuals [the first; all]", option_take_text,
         &own->output},
        {"--count", "N",
         "pictures of each group for gallery [5], pictures in all for mistakes [50], saliency [12], augmented [8] and "
         "weights [72], examples for sweep [1], columns for importance [20] and shap [12]",
         option_take_count, &own->count},
        {"--key", "KEY", "hyperparameter on the axis of errors [the one in which the runs differ]", option_take_text,
         &own->key},
        {"--seed", "N",
         "draw the examples of gallery and saliency, the weights of sweep, and rows and shuffles of tables with this "
         "seed [0: the first examples of gallery and saliency]",
         option_take_count, &out->seed},
    };
    const Operand operands[] = {{"RUN|KIND...", true, out->operands}};
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], operands, 1};
    return parser_read(&parser, argc, argv);
}

static int refuse_kind(const char *word)
{
    const char *names[MOST_KINDS];
    size_t count = 0;
    char list[400] = "";
    const ShowKind *kinds = show_kinds(&count);
    size_t used = 0;
    for (size_t k = 0; k < count && k < MOST_KINDS; k++) {
        names[k] = kinds[k].name;
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", k > 0 ? ", " : "", kinds[k].name);
    }
    const char *nearest = nearest_word(word, names, count);
    if (nearest != NULL)
        return fail_usage(manual.command, "there is no kind '%s'; did you mean '%s'?", word, nearest);
    return fail_usage(manual.command, "there is no kind '%s'; the last word is one of %s", word, list);
}

/* Where the pictures go: `plots` in the only run, or beside the first of several. */
static percept_status choose_folder(const PlotArguments *arguments, size_t runs, char **folder, percept_error *error)
{
    if (arguments->out != NULL)
        return memory_copy_string(arguments->out, folder, error);
    if (runs == 0)
        return memory_copy_string("plots", folder, error);
    if (runs == 1)
        return file_join(arguments->operands[0], "plots", folder, error);
    char *parent = NULL;
    percept_status status = memory_copy_string(arguments->operands[0], &parent, error);
    if (status != PERCEPT_OK)
        return status;
    size_t end = strlen(parent);
    while (end > 0 && parent[end - 1] == '/')
        end--;
    while (end > 0 && parent[end - 1] != '/')
        end--;
    parent[end] = '\0';
    status = file_join(parent, "plots", folder, error);
    memory_free(parent);
    return status;
}

/* "gallery-train", "histogram-layer2": pictures with other options do not replace each other. */
static void choose_name(const ShowKind *kind, const ShowOptions *options, char name[NAME_SIZE])
{
    size_t used = (size_t)snprintf(name, NAME_SIZE, "%s", kind->name);
    if (options->part != NULL)
        used += (size_t)snprintf(name + used, NAME_SIZE - used, "-%s", options->part);
    if (options->layer > 0)
        snprintf(name + used, NAME_SIZE - used, "-layer%zu", options->layer);
}

static percept_status open_run(const char *folder, const ShowKind *kind, ShowRun *out, percept_error *error)
{
    percept_status status = show_run_open(folder, kind->needs, out, error);
    if (status == PERCEPT_OK && out->changed != NULL)
        warn_changed(folder, out->changed, recipe_text(out->recipe, "data.name"));
    return status;
}

static percept_status draw(const ShowKind *kind, const PlotArguments *arguments, size_t count, percept_error *error)
{
    ShowRun *runs = NULL;
    char *folder = NULL, name[NAME_SIZE];
    percept_status status = memory_allocate_zeroed(count, sizeof *runs, "the runs", &runs, error);
    for (size_t r = 0; r < count && status == PERCEPT_OK; r++)
        status = open_run(arguments->operands[r], kind, &runs[r], error);
    if (status == PERCEPT_OK)
        status = choose_folder(arguments, count, &folder, error);
    if (status == PERCEPT_OK)
        status = file_make_folder(folder, error);
    if (status == PERCEPT_OK) {
        choose_name(kind, &arguments->options, name);
        status = show_draw(kind, runs, count, &arguments->options, folder, name, error);
    }
    if (status == PERCEPT_OK)
        printf("%s/%s.svg\n%s/%s.png\n", text_plain(folder).text, name, text_plain(folder).text, name);
    memory_free(folder);
    for (size_t r = 0; runs != NULL && r < count; r++)
        show_run_close(&runs[r]);
    memory_free(runs);
    return status;
}

static int plot(PlotArguments *arguments)
{
    size_t count = 0;
    percept_error error;
    while (arguments->operands[count] != NULL)
        count++;
    if (count == 0)
        return fail_usage(manual.command, "give a run and a kind of picture");
    const ShowKind *kind = show_kind_find(arguments->operands[--count]);
    if (kind == NULL)
        return refuse_kind(arguments->operands[count]);
    if (count < kind->least)
        return fail_usage(manual.command, "%s needs %s", kind->name, kind->least > 1 ? "two runs or more" : "a run");
    if (kind->most > 0 && count > kind->most)
        return fail_usage(manual.command, "%s takes %zu run%s at most, not %zu", kind->name, kind->most,
                          kind->most == 1 ? "" : "s", count);
    arguments->options.part = part_name(arguments->part.chosen);
    arguments->options.seed = arguments->seed;
    return draw(kind, arguments, count, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
}

int command_plot(int argc, char **argv)
{
    PlotArguments arguments = {.part = {part_name, PARTS}};
    percept_error error;
    if (memory_allocate_zeroed((size_t)argc + 1, sizeof *arguments.operands, "the arguments", &arguments.operands,
                               &error) != PERCEPT_OK)
        return fail(&error);
    int status = read_arguments(argc, argv, &arguments);
    if (status == PARSER_GO_ON)
        status = plot(&arguments);
    memory_free(arguments.operands);
    return status;
}
