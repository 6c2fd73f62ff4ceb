#include "cli/train_resume.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/shell.h"
#include "cli/text.h"
#include "cli/train_json.h"
#include "recipe/experiment.h"
#include "store/run_folder.h"

/* What may be set: what decides no result, more epochs, and another place of the same data. */
static bool is_open(const Key *key)
{
    return key->idle || key->path || strcmp(key->name, "train.epochs") == 0;
}

/* Whether another place of the data is named. */
static bool moves_data(const Settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        const Key *key = setting_key(&settings->list[i]);
        if (key != NULL && key->path && !key->idle)
            return true;
    }
    return false;
}

/* Arguments beside --resume must not change the results of the run. */
static int check_arguments(const TrainResumption *resumption)
{
    const TrainRun *run = resumption->run;
    if (resumption->recipe != NULL || run->out != NULL || run->force)
        return fail_usage(resumption->command,
                          "--resume continues the run in its own folder with its own recipe; leave out %s",
                          resumption->recipe != NULL ? "the recipe"
                          : run->out != NULL         ? "--out"
                                                     : "--force");
    for (size_t i = 0; i < resumption->settings->count; i++) {
        const Key *key = setting_key(&resumption->settings->list[i]);
        if (key != NULL && !is_open(key))
            return fail_usage(resumption->command,
                              "%s would change the run; leave %s out, or start a new run without --resume", key->name,
                              resumption->settings->list[i].flag);
    }
    return PARSER_GO_ON;
}

static int load_recipe(const TrainResumption *resumption, percept_recipe **recipe, int64_t *epochs)
{
    percept_error error;
    char *path = NULL;
    percept_status status = file_join(resumption->folder, "recipe.yaml", &path, &error);
    if (status == PERCEPT_OK)
        status = percept_recipe_load(path, recipe, &error);
    memory_free(path);
    if (status != PERCEPT_OK)
        return fail(&error);
    *epochs = recipe_integer(*recipe, "train.epochs");
    status = settings_apply(resumption->settings, *recipe, &error);
    return status == PERCEPT_OK ? PARSER_GO_ON : fail_argument(resumption->command, &error);
}

/* More epochs are fine where the first ones come out as they did. */
static int check_epochs(const TrainResumption *resumption, const percept_recipe *recipe, int64_t before)
{
    const int64_t epochs = recipe_integer(recipe, "train.epochs");
    const char *schedule = experiment_schedule_of_length(recipe);
    if (epochs < before)
        return fail_usage(resumption->command,
                          "%s has train.epochs %lld, and --resume can only raise them; give more, or start a new run",
                          resumption->folder, (long long)before);
    if (epochs > before && schedule != NULL)
        return fail_usage(resumption->command,
                          "the schedule %s is spread over the %lld epochs of %s, so more of them change the first ones "
                          "too; start a new run with --epochs %lld",
                          schedule, (long long)before, resumption->folder, (long long)epochs);
    return PARSER_GO_ON;
}

static int report_finished(const TrainResumption *resumption, const percept_recipe *recipe)
{
    percept_error error;
    const long long epochs = recipe_integer(recipe, "train.epochs");
    if (resumption->run->json)
        return train_json_print_finished(resumption->folder, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
    if (resumption->run->quiet)
        return STATUS_DONE;
    printf("%s is finished; there is nothing to resume\n", text_plain(resumption->folder).text);
    if (experiment_schedule_of_length(recipe) != NULL) {
        printf("its schedule, %s, ends with its %lld epochs: for more, start a new run\n",
               experiment_schedule_of_length(recipe), epochs);
        return STATUS_DONE;
    }
    char more[64];
    snprintf(more, sizeof more, "train --epochs %lld --resume", 2 * epochs);
    printf("to train longer, give any number of epochs above %lld\n\nnext      ", epochs);
    shell_print_command(stdout, more, resumption->folder);
    return STATUS_DONE;
}

int train_resume(const TrainResumption *resumption)
{
    percept_error error;
    percept_recipe *recipe = NULL;
    bool finished = false;
    int64_t before = 0;
    int status = check_arguments(resumption);
    if (status != PARSER_GO_ON)
        return status;
    if (run_folder_find(resumption->folder, &finished, &error) != PERCEPT_OK)
        return fail(&error);
    TrainRun run = *resumption->run;
    run.out = resumption->folder;
    status = load_recipe(resumption, &recipe, &before);
    if (status == PARSER_GO_ON)
        status = check_epochs(resumption, recipe, before);
    if (status == PARSER_GO_ON) {
        const bool changed = recipe_integer(recipe, "train.epochs") > before || moves_data(resumption->settings);
        if (finished && !changed)
            status = report_finished(resumption, recipe);
        else if (train_is_cross_validation(recipe))
            status = train_folds_resumed(&run, recipe, changed);
        else
            status = train_resumed(&run, recipe);
    }
    percept_recipe_free(recipe);
    return status;
}
