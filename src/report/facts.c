/* What was run: data, network, training. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "model/model.h"
#include "nn/activation.h"
#include "recipe/optimizer_keys.h"
#include "recipe/recipe.h"
#include "recipe/stages.h"
#include "report/html.h"
#include "report/sections.h"

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

/* Adds a fact and releases the line. */
static void tell(Page *page, const char *name, Html *line)
{
    html_write(line, "", 1);
    if (line->error.status != PERCEPT_OK)
        page_fail(page, &line->error);
    else
        page_fact(page, name, (const char *)line->buffer.bytes);
    html_clear(line);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void add_part(Html *line, const char *before, const percept_dataset *part, const char *what)
{
    if (part != NULL)
        html_format(line, "%s%s %s", before, text_count(percept_dataset_count(part)).text, what);
}

static void tell_data(Page *page, const Record *record)
{
    Html line = {0};
    const percept_data *data = &record->data;
    html_markup(&line, file_below_here(recipe_text(record->recipe, "data.name")));
    add_part(&line, ": ", data->train, "to train");
    add_part(&line, ", ", data->valid, "to validate");
    add_part(&line, ", ", data->test, "to test");
    tell(page, "data", &line);
}

/* ---- The network ------------------------------------------------------------------------------------------------- */

/* Appends to a text as much as fits. */
static void append(char text[NETWORK_TEXT_SIZE], const char *more)
{
    const size_t used = strlen(text);
    snprintf(text + used, NETWORK_TEXT_SIZE - used, "%s", more);
}

static void append_size(char text[NETWORK_TEXT_SIZE], const char *before, size_t size)
{
    char number[32];
    snprintf(number, sizeof number, "%s%zu", before, size);
    append(text, number);
}

static void append_parameters(char text[NETWORK_TEXT_SIZE], size_t count)
{
    append(text, ", ");
    append(text, text_count(count).text);
    append(text, " parameters");
}

/* Equal activations in a row are named once. */
static void describe_model(const Network *network, char text[NETWORK_TEXT_SIZE])
{
    append_size(text, "", network_inputs(network));
    for (size_t l = 0; l < network->depth; l++)
        append_size(text, "-", network_side_output(network, l + 1));
    for (size_t l = 0; l < network->depth; l++) {
        const size_t activation = network->layers[l].activation;
        if ((l > 0 && network->layers[l - 1].activation == activation) || network_activation_is_replaced(network, l))
            continue;
        append(text, ", ");
        append(text, activation_at_f64(activation)->name);
    }
    const StageKind *kind = NULL;
    for (size_t k = 0; (kind = network_stage_kind(network, k)) != NULL; k++) {
        append(text, ", ");
        append(text, kind->name);
    }
    if (network->members > 1) {
        append_size(text, ", ", network->members);
        append(text, " members");
    }
    append_parameters(text, network->parameter_count);
}

/* The same of a resolved recipe. Sizes too large to be multiplied never were a network; parameters of stages are not
 * counted here. */
static void describe_recipe(const percept_recipe *recipe, char text[NETWORK_TEXT_SIZE])
{
    const size_t count = recipe_count(recipe, "model.layers");
    const int64_t *sizes = recipe_integers(recipe, "model.layers");
    const char *const *hidden = recipe_texts(recipe, "model.activation");
    size_t parameters = 0;
    bool countable = !recipe_has_stages(recipe) && recipe_integer(recipe, "model.members") == 1;
    for (size_t l = 0; l < count; l++) {
        size_t weights = 0;
        append_size(text, l > 0 ? "-" : "", (size_t)sizes[l]);
        if (l > 0)
            countable = countable && !__builtin_mul_overflow((size_t)sizes[l - 1] + 1, (size_t)sizes[l], &weights) &&
                        !__builtin_add_overflow(parameters, weights, &parameters);
    }
    for (size_t a = 0; count > 2 && a < recipe_count(recipe, "model.activation"); a++) {
        append(text, ", ");
        append(text, hidden[a]);
    }
    if (recipe_is_set(recipe, "model.output")) {
        append(text, ", ");
        append(text, recipe_text(recipe, "model.output"));
    }
    if (countable && count > 1)
        append_parameters(text, parameters);
}

void network_text(const Record *record, char text[NETWORK_TEXT_SIZE])
{
    text[0] = '\0';
    if (record->model != NULL)
        describe_model(&record->model->network, text);
    else if (recipe_is_set(record->recipe, "model.layers"))
        describe_recipe(record->recipe, text);
}

/* ---- Training ---------------------------------------------------------------------------------------------------- */

static void tell_training(Page *page, const percept_recipe *recipe)
{
    Html line = {0};
    const size_t epochs = (size_t)recipe_integer(recipe, "train.epochs");
    html_markup(&line, recipe_text(recipe, "train.optimizer"));
    if (recipe_is_set(recipe, "train.learning_rate"))
        html_format(&line, ", learning rate %g", recipe_number(recipe, "train.learning_rate"));
    html_format(&line, ", batches of %s, %s epoch%s",
                text_count((size_t)recipe_integer(recipe, "train.batch_size")).text, text_count(epochs).text,
                plural(epochs));
    tell(page, "training", &line);
}

/* Keys that are shown in other lines, or that are of no interest to readers. */
static bool is_told(const Key *key)
{
    static const char *const told[] = {
        "data.name",    "model.layers",     "model.activation",    "model.output", "train.optimizer",
        "train.epochs", "train.batch_size", "train.learning_rate", "seed",         "engine",
        "precision"};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        if (strcmp(key->name, told[i]) == 0)
            return true;
    return key->idle;
}

/* Adds "key value" if it is not the default. What the data decided has no default and is in the recipe. */
static percept_status add_setting(Html *line, const Key *key, const percept_recipe *recipe,
                                  const percept_recipe *defaults, percept_error *error)
{
    char *value = NULL, *usual = NULL;
    percept_status status = recipe_format(recipe, key->name, &value, error);
    if (status == PERCEPT_OK)
        status = recipe_format(defaults, key->name, &usual, error);
    if (status == PERCEPT_OK && strcmp(value, usual) != 0)
        html_format(line, "%s%s %s", line->buffer.size > 0 ? ", " : "", key->name, value);
    memory_free(value);
    memory_free(usual);
    return status;
}

static void tell_settings(Page *page, const percept_recipe *recipe)
{
    Html line = {0};
    percept_recipe *defaults = NULL;
    percept_error error;
    const Key *key = NULL;
    percept_status status = percept_recipe_create(&defaults, &error);
    if (status == PERCEPT_OK)
        status = recipe_set(defaults, "train.optimizer", recipe_text(recipe, "train.optimizer"), NULL, &error);
    if (status == PERCEPT_OK)
        status = optimizer_keys_decide(defaults, &error);
    for (size_t i = 0; status == PERCEPT_OK && (key = recipe_key_at(i)) != NULL; i++)
        if ((key->fallback != NULL || optimizer_keys_has(key->name)) && recipe_is_set(recipe, key->name) &&
            !is_told(key))
            status = add_setting(&line, key, recipe, defaults, &error);
    percept_recipe_free(defaults);
    if (status != PERCEPT_OK)
        page_fail(page, &error);
    if (line.buffer.size > 0)
        tell(page, "besides", &line);
    else
        html_clear(&line);
}

void section_facts(Page *page, const Record *record)
{
    char text[NETWORK_TEXT_SIZE];
    const percept_recipe *recipe = record->recipe;
    Html arithmetic = {0};
    page_facts_begin(page);
    tell_data(page, record);
    network_text(record, text);
    if (text[0] != '\0')
        page_fact(page, "network", text);
    tell_training(page, recipe);
    tell_settings(page, recipe);
    html_format(&arithmetic, "%s, engine %s, seed %lld", recipe_text(recipe, "precision"),
                recipe_text(recipe, "engine"), (long long)recipe_integer(recipe, "seed"));
    tell(page, "arithmetic", &arithmetic);
    page_fact(page, "folder", record->folder);
    page_facts_end(page);
}
