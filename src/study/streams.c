#include "study/streams.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "nn/initialize.h"

#define MOST_DRAWS 64

/* What has been drawn from a stream, in order. */
typedef struct Drawn {
    size_t count;
    InitializerDraws list[MOST_DRAWS];
} Drawn;

static percept_status add_drawn(Drawn *drawn, DrawKind kind, uint64_t count, percept_error *error)
{
    if (drawn->count > 0 && drawn->list[drawn->count - 1].kind == kind) {
        if (count > INT64_MAX - drawn->list[drawn->count - 1].count)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "a random stream of more draws than can be counted");
        drawn->list[drawn->count - 1].count += count;
        return PERCEPT_OK;
    }
    if (drawn->count == MOST_DRAWS)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "a random stream changes between uniform and normal draws more "
                         "often than %d times; begin a new one",
                         MOST_DRAWS);
    drawn->list[drawn->count++] = (InitializerDraws){kind, count};
    return PERCEPT_OK;
}

/* What a recipe says was drawn before its weights ("uniform:2080"). */
static percept_status add_before(const percept_recipe *recipe, Drawn *drawn, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && i < recipe_count(recipe, "model.init_after"); i++) {
        const char *item = recipe_texts(recipe, "model.init_after")[i], *colon = strchr(item, ':');
        int64_t count = 0;
        const DrawKind kind = colon != NULL ? draw_kind_find(item, (size_t)(colon - item)) : DRAW_NONE;
        if (kind == DRAW_NONE || integer_parse(colon + 1, &count) != INTEGER_OK || count < 0)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "model.init_after: '%s' is no number of draws", item);
        status = add_drawn(drawn, kind, (uint64_t)count, error);
    }
    return status;
}

/* What the weights of a recipe draw. */
static percept_status add_weights(const percept_recipe *recipe, Drawn *drawn, percept_error *error)
{
    static const char *const identity[] = {"identity"};
    uint64_t sizes[MOST_DRAWS];
    InitializerDraws draws[MOST_DRAWS];
    Network network = {0};
    const size_t count = recipe_count(recipe, "model.layers");
    if (count < 2 || count > MOST_DRAWS)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "a run that continues a random stream needs model.layers (2 to %d of them) in the run before",
                         MOST_DRAWS);
    for (size_t i = 0; i < count; i++)
        sizes[i] = (uint64_t)recipe_integers(recipe, "model.layers")[i];
    const NetworkOptions options = {.sizes = sizes,
                                    .size_count = count,
                                    .hidden_activations = identity,
                                    .hidden_activation_count = 1,
                                    .output_activation = "identity",
                                    .loss = "mean-squared-error"};
    percept_status status = network_create(&options, &network, error);
    if (status != PERCEPT_OK)
        return status;
    const size_t used =
        network_draws(&network, recipe_texts(recipe, "model.init"), recipe_count(recipe, "model.init"), draws);
    network_clear(&network);
    for (size_t d = 0; status == PERCEPT_OK && d < used; d++)
        status = add_drawn(drawn, draws[d].kind, draws[d].count, error);
    return status;
}

percept_status stream_continue(const percept_recipe *last, percept_recipe *next, percept_error *error)
{
    Drawn drawn = {0};
    char text[MOST_DRAWS * 32] = "";
    percept_status status = add_before(last, &drawn, error);
    if (status == PERCEPT_OK)
        status = add_weights(last, &drawn, error);
    for (size_t d = 0; d < drawn.count; d++) {
        const size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s:%" PRIu64, d > 0 ? "," : "",
                 draw_kind_name(drawn.list[d].kind), drawn.list[d].count);
    }
    return status == PERCEPT_OK && drawn.count > 0 ? recipe_set(next, "model.init_after", text, NULL, error) : status;
}
