/* percept train: arguments, and which run they ask for. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/ranks.h"
#include "cli/settings.h"
#include "cli/train_resume.h"
#include "cli/train_run.h"
#include "data/source.h"
#include "dist/follow.h"
#include "dist/lead.h"
#include "recipe/recipe.h"

static const Manual manual = {
    .command = "percept train",
    .example = "percept train --data fashion-mnist --layers 784-64-10 --epochs 5\n"
               "percept train wine.csv --label quality\n"
               "percept train recipe.yaml --learning-rate 0.01 --out runs/slow\n"
               "percept train --resume runs/slow\n",
    .usage = "percept train [RECIPE|FILE] [FLAG]... [--set KEY=VALUE]...\n"
             "percept train --resume RUN [--epochs N] [--data FILE]\n",
    .text = "Trains a network and saves it in a run folder. The settings come from RECIPE\n"
            "(YAML) and from the command line, which wins over the recipe. The folder gets\n"
            "model.safetensors, metrics.csv, recipe.yaml (which repeats the run to the bit),\n"
            "checkpoint.safetensors, summary.json and plots/.\n"
            "\n"
            "Without a recipe, a table (FILE, or --data) is trained with --preset tabular:\n"
            "settings that suit tables. recipe.yaml names them all; flags override them.\n"
            "\n"
            "The model keeps the parameters of the epoch that was best on the validation set.\n"
            "The test set is measured once, after training. A file without sets of its own\n"
            "gives 16 % to validation and 20 % to test, shuffled and stratified by class.\n"
            "\n"
            "--folds K does stratified K-fold cross-validation: it trains K times, in the\n"
            "folders fold-0, fold-1, ..., and reports mean and standard deviation. The test\n"
            "set is not used.\n"
            "\n"
            "--resume continues an interrupted run. The files are the same as if it had never\n"
            "been interrupted. With more --epochs it also continues a finished run, to the\n"
            "same result as a run of that many epochs (not with schedules that depend on the\n"
            "number, such as cosine). Changed data are refused; --data names the place of\n"
            "data that were moved. A run that needs no further training can do without its\n"
            "checkpoint.safetensors, which is one to five times as large as the model.\n"
            "\n"
            "Processes of mpirun share the blocks of batches; their number decides nothing.\n"
            "Every run is recorded in percept.db beside its folder: see `percept runs`.\n"
            "\n"
            "--json prints best_epoch, calibration (temperature; before and after it log_loss\n"
            "and expected_error), data, epochs, folder, notes (how the data were read),\n"
            "parameters, seconds, state (done, interrupted, or finished where --resume has\n"
            "nothing to do), stopped_early, warnings, and for test, train and valid accuracy,\n"
            "count, loss. What does not exist is null. With --folds it prints folder, folds\n"
            "(accuracy, best_epoch, loss), state, and for valid mean and deviation of both.\n",
    SETTINGS_MANUAL,
};

typedef struct TrainArguments {
    const char *recipe, *resume;
    TrainRun run;
    Settings settings;
} TrainArguments;

/* ---- Arguments ------------------------------------------------------------------------------------------------- */

static int read_arguments(int argc, char **argv, TrainArguments *out)
{
    const Option own[] = {
        {"--out", "DIR", "run folder [runs/NAME-NNN, with a new number]", option_take_text, &out->run.out},
        {"--resume", "RUN", "continue the run in this folder", option_take_text, &out->resume},
        {"--force", NULL, "replace the run in DIR", option_take_switch, &out->run.force},
        {"--quiet", NULL, "print only warnings and errors", option_take_switch, &out->run.quiet},
        {"--json", NULL, "print the result as one line of JSON", option_take_switch, &out->run.json},
        {"--no-plot", NULL, "do not draw learning curves", option_take_switch, &out->run.no_plot},
        {"--set", "KEY=VALUE", "set a key of the recipe; may be repeated", settings_take, &out->settings},
    };
    const Operand operands[] = {{"RECIPE|FILE", true, &out->recipe}};
    const Parser parser = {.manual = &manual,
                           .options = own,
                           .option_count = sizeof own / sizeof own[0],
                           .operands = operands,
                           .operand_count = 1};
    return settings_read(&parser, &out->settings, argc, argv);
}

static bool is_dataset(const char *name)
{
    return name != NULL && (named_dataset_find(name) != NULL || generator_find(name) != NULL);
}

/* True for the name of a file of data, as its format has them: "wine.csv". */
static bool is_data_file(const char *name)
{
    size_t count = 0;
    const SourceFormat *formats = source_formats(&count);
    for (size_t f = 0; name != NULL && f < count; f++)
        if (formats[f].recognize(name))
            return true;
    return false;
}

/* Without a recipe: the data that stand in its place, and settings that suit them. */
static percept_status begin_without_recipe(const TrainArguments *arguments, percept_recipe **recipe,
                                           percept_error *error)
{
    percept_status status = percept_recipe_create(recipe, error);
    if (status == PERCEPT_OK && arguments->recipe != NULL)
        status = percept_recipe_set(*recipe, "data.name", arguments->recipe, error);
    return status == PERCEPT_OK ? percept_recipe_set(*recipe, "preset", "auto", error) : status;
}

/* The recipe, with what the command line sets. */
static int read_recipe(const TrainArguments *arguments, percept_recipe **recipe)
{
    percept_error error;
    const bool bare = arguments->recipe == NULL || is_data_file(arguments->recipe);
    percept_status status =
        bare ? begin_without_recipe(arguments, recipe, &error) : percept_recipe_load(arguments->recipe, recipe, &error);
    if (status != PERCEPT_OK && is_dataset(arguments->recipe))
        return fail_usage(manual.command, "'%s' is a dataset, not a recipe; give it with --data", arguments->recipe);
    if (status != PERCEPT_OK)
        return fail(&error);
    status = settings_apply(&arguments->settings, *recipe, &error);
    return status == PERCEPT_OK ? PARSER_GO_ON : fail_argument(manual.command, &error);
}

/* ---- One process, or several -------------------------------------------------------------------------------------- */

/* Processes that share batches share their blocks. */
static int set_blocks(percept_recipe *recipe)
{
    percept_error error;
    if (recipe_is_set(recipe, "train.blocks") || recipe_set(recipe, "train.blocks", "0", NULL, &error) == PERCEPT_OK)
        return PARSER_GO_ON;
    return fail(&error);
}

/* The command, as the only process or as the one that leads the others. */
static int run(int argc, char **argv, const RunCrew *crew)
{
    TrainArguments arguments = {0};
    percept_recipe *recipe = NULL;
    int status = read_arguments(argc, argv, &arguments);
    arguments.run.crew = crew;
    if (status == PARSER_GO_ON && arguments.resume != NULL) {
        const TrainResumption resumption = {.run = &arguments.run,
                                            .folder = arguments.resume,
                                            .recipe = arguments.recipe,
                                            .settings = &arguments.settings,
                                            .command = manual.command};
        status = train_resume(&resumption);
    } else if (status == PARSER_GO_ON) {
        status = read_recipe(&arguments, &recipe);
        if (status == PARSER_GO_ON && crew != NULL)
            status = set_blocks(recipe);
        if (status == PARSER_GO_ON)
            status = (train_is_cross_validation(recipe) ? train_folds : train_new)(&arguments.run, recipe);
    }
    percept_recipe_free(recipe);
    settings_clear(&arguments.settings);
    return status;
}

static int lead(const World *world, int argc, char **argv)
{
    Lead leader;
    if (!world->launched)
        return run(argc, argv, NULL);
    lead_begin(&leader, world);
    const int status = run(argc, argv, &leader.crew);
    lead_end(&leader);
    return status;
}

int command_train(int argc, char **argv)
{
    return ranks_run(argc, argv, lead, follow);
}
