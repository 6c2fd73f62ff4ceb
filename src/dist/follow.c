#include "dist/follow.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "data/checksum.h"
#include "dist/greeting.h"
#include "dist/words.h"
#include "recipe/experiment.h"
#include "recipe/yaml.h"
#include "train/training.h"
#include "train/training_prepare.h"

/* A network that is trained along. */
typedef struct Follower {
    const World *world;
    percept_recipe *recipe;
    percept_data data;
    percept_model *model;
    char *checksum;
    TrainingOptions options;
    Team *team;
} Follower;

static void follower_clear(Follower *follower)
{
    percept_model_free(follower->model);
    percept_data_free(&follower->data);
    percept_recipe_free(follower->recipe);
    team_free(follower->team);
    memory_free(follower->checksum);
    *follower = (Follower){.world = follower->world};
}

/* ---- Loading ------------------------------------------------------------------------------------------------------ */

/* The text must be received in any case. */
static percept_status receive_text(const World *world, char **text, size_t *size, percept_error *error)
{
    uint64_t bytes = 0;
    world_broadcast(world, &bytes, sizeof bytes);
    *size = (size_t)bytes;
    const percept_status status = memory_allocate(*size, 1, "the recipe", text, error);
    if (status == PERCEPT_OK)
        world_broadcast(world, *text, *size);
    return status;
}

static percept_status parse(const char *text, size_t size, percept_recipe **out, percept_error *error)
{
    static const char name[] = "the recipe of rank 0";
    yaml_document_t document;
    percept_status status = percept_recipe_create(out, error);
    if (status == PERCEPT_OK)
        status = yaml_open_text(text, size, name, &document, error);
    if (status != PERCEPT_OK)
        return status;
    status = recipe_set_mapping(*out, &document, yaml_document_get_root_node(&document), name, NULL, error);
    yaml_document_delete(&document);
    return status;
}

/* As the run of rank 0 does it. */
static percept_status load(Follower *follower, percept_error *error)
{
    percept_status status = percept_data_load(follower->recipe, &follower->data, error);
    if (status == PERCEPT_OK)
        status = percept_model_create(follower->recipe, &follower->data, &follower->model, error);
    if (status == PERCEPT_OK)
        status = experiment_training(follower->recipe, &follower->data, &follower->options, error);
    if (status == PERCEPT_OK)
        status = training_check(follower->model, follower->data.train, follower->data.valid, &follower->options, error);
    if (status == PERCEPT_OK)
        status = data_checksum(&follower->data, &follower->checksum, error);
    if (status == PERCEPT_OK)
        status = team_create((size_t)recipe_integer(follower->recipe, "threads"), &follower->team, error);
    return status;
}

static void answer(const Follower *follower, percept_status status, const percept_error *error)
{
    Readiness own = {.status = status};
    snprintf(own.message, sizeof own.message, "%s", status != PERCEPT_OK ? error->message : "");
    snprintf(own.checksum, sizeof own.checksum, "%s", follower->checksum != NULL ? follower->checksum : "");
    greeting_host(own.host, sizeof own.host);
    world_gather(follower->world, &own, sizeof own, NULL);
}

/* ---- Training ------------------------------------------------------------------------------------------------------ */

/* A TrainingPause: after each step, what rank 0 says. */
static percept_status obey(const Training *training, bool stopping, void *user, percept_error *error)
{
    const Follower *follower = user;
    Word word = word_hear(follower->world);
    (void)stopping;
    while (word == WORD_SAVE) {
        training_collect(training);
        word = word_hear(follower->world);
    }
    return word == WORD_GO ? PERCEPT_OK : error_set(error, PERCEPT_ERROR_INTERRUPTED, "rank 0 has stopped");
}

/* How a training ends that ends in all ranks alike is no failure. */
static percept_status train(Follower *follower, percept_error *error)
{
    follower->options.blocks.ranks = &follower->world->ranks;
    follower->options.pause = obey;
    follower->options.pause_user = follower;
    const percept_status status = train_run(follower->model, follower->data.train, follower->data.valid,
                                            &follower->options, follower->team, NULL, NULL, NULL, error);
    return status == PERCEPT_ERROR_INTERRUPTED || status == PERCEPT_ERROR_DIVERGED ? PERCEPT_OK : status;
}

/* One run, from its recipe on. */
static percept_status follow_run(const World *world, percept_error *error)
{
    Follower follower = {.world = world};
    char *text = NULL;
    size_t size = 0;
    percept_status status = receive_text(world, &text, &size, error);
    if (status != PERCEPT_OK)
        return status;
    percept_status loaded = parse(text, size, &follower.recipe, error);
    if (loaded == PERCEPT_OK)
        loaded = load(&follower, error);
    answer(&follower, loaded, error);
    if (word_hear(world) == WORD_TRAIN)
        status = train(&follower, error);
    memory_free(text);
    follower_clear(&follower);
    return status;
}

percept_status follow(const World *world, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    const struct sigaction ignore = {.sa_handler = SIG_IGN}; /* rank 0 decides when all end */
    sigaction(SIGINT, &ignore, NULL);
    sigaction(SIGTERM, &ignore, NULL);
    while (status == PERCEPT_OK && word_hear(world) == WORD_LOAD)
        status = follow_run(world, error);
    return status;
}
