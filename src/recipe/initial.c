#include "recipe/initial.h"

#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "nn/initialize.h"
#include "recipe/stages.h"
#include "recipe/value.h"

/* More draws than these before the weights are a slip of the hand: they would take minutes. */
#define MOST_DRAWS 10000000000

/* ---- Network ------------------------------------------------------------------------------------------------------ */

percept_status initial_network(const percept_recipe *recipe, const Schema *schema, Network *out, percept_error *error)
{
    const size_t count = recipe_count(recipe, "model.layers");
    uint64_t *sizes = NULL;
    RecipeStages stages;
    percept_status status = recipe_stages(recipe, schema, &stages, error);
    if (status != PERCEPT_OK)
        return status;
    status = memory_allocate(count, sizeof *sizes, "the layer sizes", &sizes, error);
    if (status != PERCEPT_OK) {
        recipe_stages_clear(&stages);
        return status;
    }
    for (size_t i = 0; i < count; i++)
        sizes[i] = (uint64_t)recipe_integers(recipe, "model.layers")[i];
    const NetworkOptions options = {
        .sizes = sizes,
        .size_count = count,
        .hidden_activations = recipe_texts(recipe, "model.activation"),
        .hidden_activation_count = recipe_count(recipe, "model.activation"),
        .output_activation = recipe_text(recipe, "model.output"),
        .loss = recipe_text(recipe, "model.loss"),
        .sum = strcmp(recipe_text(recipe, "model.reduction"), "sum") == 0,
        .l1 = recipe_numbers(recipe, "model.l1"),
        .l1_count = recipe_count(recipe, "model.l1"),
        .l2 = recipe_numbers(recipe, "model.l2"),
        .l2_count = recipe_count(recipe, "model.l2"),
        .dropout = recipe_numbers(recipe, "model.dropout"),
        .dropout_count = recipe_count(recipe, "model.dropout"),
        .label_smoothing = recipe_number(recipe, "train.label_smoothing"),
        .intervals = recipe_is_set(recipe, "model.intervals") ? recipe_number(recipe, "model.intervals") : 0,
        .stages = stages.options,
        .stage_count = stages.count,
        .members = (size_t)recipe_integer(recipe, "model.members"),
    };
    status = network_create(&options, out, error);
    memory_free(sizes);
    recipe_stages_clear(&stages);
    return status;
}

/* ---- Streams ------------------------------------------------------------------------------------------------------ */

RandomStream initial_child(const percept_recipe *recipe, uint32_t child)
{
    RandomStream stream;
    random_spawn(&stream, (uint64_t)recipe_integer(recipe, "seed"), child);
    return stream;
}

static bool is_stream(const percept_recipe *recipe, const char *name)
{
    return strcmp(recipe_text(recipe, "stream"), name) == 0;
}

/* The stream of the weights, as it begins. */
static percept_status open_stream(const percept_recipe *recipe, RandomStream *out, percept_error *error)
{
    const uint64_t seed = (uint64_t)recipe_integer(recipe, "seed");
    percept_status status = PERCEPT_OK;
    if (is_stream(recipe, "numpy-legacy")) {
        status = random_legacy_seed(out, seed, error);
        if (status != PERCEPT_OK)
            (void)error_prefix(error, "seed, for stream numpy-legacy");
    } else if (is_stream(recipe, "numpy")) {
        random_default_rng(out, seed);
    } else {
        *out = initial_child(recipe, STREAM_WEIGHTS);
    }
    return status;
}

/* Reads "uniform:2080". */
static percept_status parse_draws(const char *text, InitializerDraws *out, percept_error *error)
{
    char quoted[QUOTED_SIZE];
    int64_t count = 0;
    const char *colon = strchr(text, ':');
    const DrawKind kind = colon != NULL ? draw_kind_find(text, (size_t)(colon - text)) : DRAW_NONE;
    if (kind == DRAW_NONE || integer_parse(colon + 1, &count) != INTEGER_OK || count < 0 || count > MOST_DRAWS)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "model.init_after: expected uniform:N or normal:N, N draws from 0 to %lld, found %s",
                         (long long)MOST_DRAWS, quote_text(text, quoted));
    *out = (InitializerDraws){kind, (uint64_t)count};
    return PERCEPT_OK;
}

/* Takes what earlier runs would have taken. */
static percept_status skip_draws(const percept_recipe *recipe, RandomStream *stream, percept_error *error)
{
    for (size_t i = 0; i < recipe_count(recipe, "model.init_after"); i++) {
        InitializerDraws draws = {DRAW_NONE, 0};
        percept_status status = parse_draws(recipe_texts(recipe, "model.init_after")[i], &draws, error);
        if (status != PERCEPT_OK)
            return status;
        draw_skip(stream, draws.kind, draws.count);
    }
    return PERCEPT_OK;
}

/* ---- Weights ------------------------------------------------------------------------------------------------------ */

percept_status initial_parameters(const percept_recipe *recipe, const Network *network, const StageData *features,
                                  double *parameters, RandomStream *after, percept_error *error)
{
    percept_status status = open_stream(recipe, after, error);
    if (status == PERCEPT_OK)
        status = skip_draws(recipe, after, error);
    if (status == PERCEPT_OK)
        status = network_initialize(network, recipe_texts(recipe, "model.init"), recipe_count(recipe, "model.init"),
                                    recipe_number(recipe, "model.init_scale"),
                                    recipe_boolean(recipe, "model.init_by_input"), after, parameters, error);
    if (status == PERCEPT_OK)
        status = network_initialize_stages(network, features, after, parameters, error);
    return status;
}

/* The weights are drawn again, for what they leave: how many words a normal value takes is seen only by drawing it. */
static percept_status stream_behind_weights(const percept_recipe *recipe, const Schema *schema, RandomStream *out,
                                            percept_error *error)
{
    Network network = {0};
    double *parameters = NULL;
    percept_status status = initial_network(recipe, schema, &network, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(network.value_count, sizeof *parameters, "the initial weights", &parameters, error);
    if (status == PERCEPT_OK)
        status = initial_parameters(recipe, &network, NULL, parameters, out, error);
    memory_free(parameters);
    network_clear(&network);
    return status;
}

percept_status initial_order_stream(const percept_recipe *recipe, const Schema *schema, RandomStream *out,
                                    percept_error *error)
{
    *out = initial_child(recipe, STREAM_SHUFFLE);
    if (is_stream(recipe, "children"))
        return PERCEPT_OK;
    if (!recipe_boolean(recipe, "train.shuffle") || recipe_boolean(recipe, "train.reseed"))
        return open_stream(recipe, out, error); /* only its kind is used */
    return stream_behind_weights(recipe, schema, out, error);
}
