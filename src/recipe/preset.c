#include "recipe/preset.h"

#include <stdio.h>
#include <stdlib.h>

#define TEXT_SIZE 96

/* Training rows below which steps are so few that time does not matter. */
#define FEW_ROWS 1000

/* Of keys that data are read with. */
#define MISSING "below"
#define RARE "3"

/* A table is wide if it has so many columns, and fewer rows for each. */
#define MANY_COLUMNS 50
#define ROWS_EACH 4

/* ---- Rules -------------------------------------------------------------------------------------------------------- */

/* Writes a value that depends on the data, or nothing: the key is then left alone. */
typedef void Rule(const PresetFacts *facts, char text[TEXT_SIZE]);

static size_t within(size_t least, size_t value, size_t most)
{
    return value < least ? least : value > most ? most : value;
}

static void choose_layers(const PresetFacts *facts, char text[TEXT_SIZE])
{
    snprintf(text, TEXT_SIZE, "%zu-256-256-256-%zu", facts->features, facts->outputs);
}

/* A sixteenth of the rows, as a power of two from 16 to 256: an epoch of a small table has some steps, too. Of targets an
 * eighth, where that leaves enough steps: as good, and fewer updates take less time. */
static void choose_batch(const PresetFacts *facts, char text[TEXT_SIZE])
{
    const size_t twice_the_steps = facts->classes == 0 && facts->rows >= FEW_ROWS ? 16 : 32;
    size_t batch = 16;
    while (batch < 256 && batch * twice_the_steps <= facts->rows)
        batch *= 2;
    snprintf(text, TEXT_SIZE, "%zu", batch);
}

/* As many as pass 160,000 rows, but from 24 to 30, and 40 where there are few rows. */
static void choose_epochs(const PresetFacts *facts, char text[TEXT_SIZE])
{
    const size_t most = facts->rows < FEW_ROWS ? 40 : 30;
    snprintf(text, TEXT_SIZE, "%zu", within(24, 160000 / within(1, facts->rows, SIZE_MAX), most));
}

static void choose_members(const PresetFacts *facts, char text[TEXT_SIZE])
{
    snprintf(text, TEXT_SIZE, "%d", facts->rows < 50000 ? 8 : 1);
}

/* Two classes are ranked, for which the loss speaks; accuracy looks at one threshold alone. */
static void choose_monitor(const PresetFacts *facts, char text[TEXT_SIZE])
{
    snprintf(text, TEXT_SIZE, "%s", facts->classes == 2 ? "valid_loss" : "");
}

/* Many columns and few rows: a network finds answers in columns that are noise. The penalty takes their weights to 0. */
static void choose_l1(const PresetFacts *facts, char text[TEXT_SIZE])
{
    const bool wide = facts->features >= MANY_COLUMNS && facts->rows < ROWS_EACH * facts->features;
    snprintf(text, TEXT_SIZE, "%s", wide ? "0.001" : "");
}

static void choose_calibration(const PresetFacts *facts, char text[TEXT_SIZE])
{
    snprintf(text, TEXT_SIZE, "%s", facts->classes > 0 && facts->validated ? "temperature" : "");
}

/* ---- The table ---------------------------------------------------------------------------------------------------- */

typedef struct Row {
    const char *key;
    const char *targets; /* its value for regression, or NULL: left alone */
    const char *classes; /* … for classes */
    Rule *rule;          /* in place of both */
    const char *with;    /* a key further down: left alone where the recipe chooses that; or NULL */
} Row;

/* docs/tables.md tells what each of them is worth. */
static const Row tabular[] = {
    {"data.missing", MISSING, MISSING, NULL, NULL},
    {"data.rare", RARE, RARE, NULL, NULL},
    {.key = "model.layers", .rule = choose_layers},
    {"model.activation", "silu", "silu", NULL, NULL},
    {"model.dropout", "0.05", "0.3", NULL, NULL},
    {"model.embedding_size", "8", "0", NULL, "model.embedding"},
    {"model.embedding", "piecewise-linear", "piecewise-linear", NULL, NULL},
    {.key = "model.l1", .rule = choose_l1, .with = "train.optimizer"},
    {.key = "model.members", .rule = choose_members},
    {"train.learning_rate", "0.005", "0.003", NULL, "train.optimizer"},
    {"train.beta2", "0.95", "0.95", NULL, "train.optimizer"},
    {"train.weight_decay", "0.02", "0.02", NULL, "train.optimizer"},
    {"train.decay_factors", "table:50", "table:50", NULL, "train.optimizer"},
    {"train.optimizer", "adamw", "adamw", NULL, NULL},
    {"train.schedule", "cosine", "cosine", NULL, NULL},
    {.key = "train.batch_size", .rule = choose_batch},
    {.key = "train.epochs", .rule = choose_epochs},
    {.key = "train.monitor", .rule = choose_monitor},
    {.key = "train.calibration", .rule = choose_calibration, .with = "model.output"},
};

#define ROWS (sizeof tabular / sizeof tabular[0])

/* ---- The key ------------------------------------------------------------------------------------------------------ */

bool preset_suits_tables(const percept_recipe *recipe)
{
    return recipe_is(recipe, "preset", "tabular") || recipe_is(recipe, "preset", "auto");
}

const char *preset_missing(const percept_recipe *recipe)
{
    return recipe_is(recipe, "preset", "tabular") && !recipe_is_chosen(recipe, "data.missing")
               ? MISSING
               : recipe_text(recipe, "data.missing");
}

size_t preset_rare(const percept_recipe *recipe)
{
    const bool open = preset_suits_tables(recipe) && !recipe_is_chosen(recipe, "data.rare");
    return open ? (size_t)strtoul(RARE, NULL, 10) : (size_t)recipe_integer(recipe, "data.rare");
}

static percept_status set_row(percept_recipe *recipe, const Row *row, const PresetFacts *facts, percept_error *error)
{
    char text[TEXT_SIZE];
    const char *value = facts->classes > 0 ? row->classes : row->targets;
    if (row->rule != NULL) {
        row->rule(facts, text);
        value = text;
    }
    const bool open = value != NULL && value[0] != '\0' && !recipe_is_chosen(recipe, row->key) &&
                      !(row->with != NULL && recipe_is_chosen(recipe, row->with));
    return open ? recipe_set(recipe, row->key, value, "preset tabular", error) : PERCEPT_OK;
}

percept_status preset_apply(percept_recipe *recipe, const PresetFacts *facts, percept_error *error)
{
    const bool applies =
        recipe_is(recipe, "preset", "tabular") || (recipe_is(recipe, "preset", "auto") && facts->table);
    percept_status status = PERCEPT_OK;
    for (size_t r = 0; applies && r < ROWS && status == PERCEPT_OK; r++)
        status = set_row(recipe, &tabular[r], facts, error);
    if (status == PERCEPT_OK)
        recipe_unset(recipe, "preset");
    return status;
}
