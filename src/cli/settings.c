#include "cli/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "cli/help_writer.h"
#include "cli/message.h"
#include "nn/activation.h"
#include "nn/stage.h"
#include "train/optimizer.h"

/* ---- Reading --------------------------------------------------------------------------------------------------- */

percept_status settings_create(int argc, Settings *out, percept_error *error)
{
    out->count = 0;
    return memory_allocate((size_t)argc, sizeof *out->list, "the settings", &out->list, error);
}

void settings_clear(Settings *settings)
{
    memory_free(settings->list);
    *settings = (Settings){NULL, 0};
}

/* The key that has this flag; NULL for --set. */
static const Key *key_of_flag(const char *flag)
{
    const Key *key = NULL;
    for (size_t i = 0; (key = recipe_key_at(i)) != NULL; i++)
        if (key->flag != NULL && strcmp(key->flag, flag) == 0)
            return key;
    return NULL;
}

const Key *settings_key(const Option *option)
{
    return option->take == settings_take ? key_of_flag(option->flag) : NULL;
}

percept_status settings_take(const Option *option, const char *value, percept_error *error)
{
    (void)error;
    Settings *settings = option->target;
    const Key *key = key_of_flag(option->flag);
    settings->list[settings->count++] = (Setting){option->flag, key != NULL ? key->name : NULL, value};
    return PERCEPT_OK;
}

const Key *setting_key(const Setting *setting)
{
    char name[64];
    if (setting->key != NULL)
        return recipe_key_find(setting->key);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(setting->text, "="), setting->text);
    return recipe_key_find(name);
}

percept_status settings_apply(const Settings *settings, percept_recipe *recipe, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; i < settings->count && status == PERCEPT_OK; i++) {
        const Setting *setting = &settings->list[i];
        status = setting->key != NULL ? recipe_set(recipe, setting->key, setting->text, setting->flag, error)
                                      : recipe_set_pair(recipe, setting->text, setting->flag, error);
    }
    return status;
}

/* ---- Help ------------------------------------------------------------------------------------------------------ */

const char *settings_value_name(const Key *key)
{
    static const char *const names[][2] = {[KEY_TEXT] = {"TEXT", "TEXT,..."},
                                           [KEY_CHOICE] = {"NAME", "NAME,..."},
                                           [KEY_INTEGER] = {"N", "N,..."},
                                           [KEY_NUMBER] = {"X", "X,..."},
                                           [KEY_BOOLEAN] = {"true|false", "true|false,..."}};
    return key->value != NULL ? key->value : names[key->type][key->list];
}

/* Rows for all flags that the table of keys names; with `options` NULL only their number. */
static size_t key_options(Settings *settings, Option *options)
{
    size_t count = 0;
    const Key *key = NULL;
    for (size_t i = 0; (key = recipe_key_at(i)) != NULL; i++) {
        if (key->flag == NULL)
            continue;
        if (options != NULL)
            options[count] = (Option){key->flag, settings_value_name(key), NULL, settings_take, settings};
        count++;
    }
    return count;
}

int settings_read(const Parser *parser, Settings *settings, int argc, char **argv)
{
    const size_t own = parser->option_count;
    Option *options = NULL;
    percept_error error;
    if (settings_create(argc, settings, &error) != PERCEPT_OK ||
        memory_allocate(own + key_options(NULL, NULL), sizeof *options, "the flags", &options, &error) != PERCEPT_OK)
        return fail(&error);
    memcpy(options, parser->options, own * sizeof *options);
    Parser all = *parser;
    all.options = options;
    all.option_count = own + key_options(settings, options + own);
    const int status = parser_read(&all, argc, argv);
    memory_free(options);
    return status;
}

void settings_options_of(Settings *settings, const char *const *keys, size_t count, Option *options)
{
    for (size_t i = 0; i < count; i++) {
        const Key *key = recipe_key_find(keys[i]);
        options[i] = (Option){key->flag, settings_value_name(key), key->help, settings_take, settings};
    }
}

#define KEY_COLUMN 24
#define FLAG_COLUMN 26

/* "(--epochs) passes over the training part; integer ≥ 1 [20]" */
static void print_key(const HelpWriter *writer, const Key *key)
{
    char range[RECIPE_DESCRIPTION_SIZE], line[2 * RECIPE_DESCRIPTION_SIZE];
    const char *unset = key->fallback != NULL ? key->fallback : key->unset;
    recipe_describe(key, range, sizeof range);
    snprintf(line, sizeof line, "%s%s%s%s; %s [%s]", key->flag != NULL ? "(" : "", key->flag != NULL ? key->flag : "",
             key->flag != NULL ? ") " : "", key->help, range, unset != NULL ? unset : "none");
    writer->entry(key->name, NULL, line, KEY_COLUMN);
}

/* "--epochs N   passes over the training set [20]" */
static void print_everyday_key(const HelpWriter *writer, const Key *key)
{
    char choices[RECIPE_DESCRIPTION_SIZE] = "", line[2 * RECIPE_DESCRIPTION_SIZE];
    if (key->type == KEY_CHOICE)
        recipe_describe(key, choices, sizeof choices);
    snprintf(line, sizeof line, "%s%s%s [%s]", key->help, choices[0] != '\0' ? "; " : "", choices,
             key->fallback != NULL ? key->fallback : key->unset);
    writer->entry(key->flag != NULL ? key->flag : key->name, settings_value_name(key), line, FLAG_COLUMN);
}

/* Bytes of "train" in "train.epochs"; 0 for a key without a section. */
static size_t section_length(const Key *key)
{
    const char *dot = strchr(key->name, '.');
    return dot != NULL ? (size_t)(dot - key->name) : 0;
}

/* Data, model and training come before what concerns a run as a whole. */
static void print_everyday_keys(const HelpWriter *writer)
{
    const Key *key = NULL;
    writer->section("Common settings [default]");
    for (int whole = 0; whole <= 1; whole++)
        for (size_t i = 0; (key = recipe_key_at(i)) != NULL; i++)
            if (key->everyday && (section_length(key) == 0) == (whole == 1))
                print_everyday_key(writer, key);
    writer->gap();
    writer->paragraph("All of these are keys of the recipe: --epochs 5 is --set train.epochs=5.\n"
                      "--help-all lists all keys: for files, splits, scaling, training and metrics.\n");
}

/* ---- What the choices compute ----------------------------------------------------------------------------------- */

static void print_activations(const HelpWriter *writer)
{
    writer->section("Activations");
    for (size_t i = 0; activation_at_f64(i) != NULL; i++)
        writer->entry(activation_at_f64(i)->name, NULL, activation_at_f64(i)->formula, KEY_COLUMN);
}

static void print_optimizers(const HelpWriter *writer)
{
    writer->section("Optimizers");
    for (size_t i = 0; optimizer_at_f64(i) != NULL; i++)
        writer->entry(optimizer_at_f64(i)->name, NULL, optimizer_at_f64(i)->formula, KEY_COLUMN);
}

/* "x for x > 0, else slope * x; settings: slope [0.25] to begin with" */
static void print_kind(const HelpWriter *writer, const StageKind *kind)
{
    char line[1024];
    size_t used = (size_t)snprintf(line, sizeof line, "%s", kind->formula);
    for (size_t s = 0; s < STAGE_SETTINGS && kind->settings[s].name != NULL && used < sizeof line; s++) {
        const StageSetting *setting = &kind->settings[s];
        char value[NUMBER_SIZE];
        number_format(setting->value, value);
        const char *own = setting->activation != NULL ? setting->activation : "the layer's";
        used += (size_t)snprintf(line + used, sizeof line - used, "%s %s [%s]: %s", s == 0 ? "; settings:" : ",",
                                 setting->name, setting->kind == SETTING_ACTIVATION ? own : value, setting->help);
    }
    writer->entry(kind->name, NULL, line, KEY_COLUMN);
}

static void print_kinds(const HelpWriter *writer)
{
    writer->section("Kinds of stages");
    writer->paragraph("For model.stages (between a hidden layer and its activation) and\n"
                      "model.input_stages (before the first layer): KIND or KIND:SETTING=VALUE.\n");
    for (size_t i = 0; stage_kind_at(i) != NULL; i++)
        print_kind(writer, stage_kind_at(i));
}

void settings_print_keys(const HelpWriter *writer)
{
    if (writer->everyday) {
        print_everyday_keys(writer);
        return;
    }
    writer->section("Keys");
    writer->paragraph("Keys of the recipe, for --set. Some have a flag as well: --epochs 5 is\n"
                      "--set train.epochs=5. A list is 3,7 or [3,7]. The default is in brackets.\n");
    const Key *key = NULL, *before = NULL;
    for (size_t i = 0; (key = recipe_key_at(i)) != NULL; i++) {
        const size_t length = section_length(key);
        if (before == NULL || length != section_length(before) || strncmp(before->name, key->name, length) != 0)
            writer->gap();
        print_key(writer, key);
        before = key;
    }
    print_activations(writer);
    print_optimizers(writer);
    print_kinds(writer);
}
