/* Keys of the recipe on the command line: `--set key=value` and the flags in the table of keys. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "cli/parser.h"
#include "recipe/recipe.h"

/* One setting, in the order given. */
typedef struct Setting {
    const char *flag; /* "--set" or a key's flag */
    const char *key;  /* NULL for --set */
    const char *text; /* the value, or "key=value" for --set */
} Setting;

typedef struct Settings {
    Setting *list; /* room for all arguments of the program */
    size_t count;
} Settings;

/* Makes room for argc settings. Released with settings_clear. */
percept_status settings_create(int argc, Settings *out, percept_error *error);
void settings_clear(Settings *settings);

/* Handles --set or the flag of a key; the target of the option is the Settings. */
percept_status settings_take(const Option *option, const char *value, percept_error *error);

/* Reads arguments with a parser whose options are a command's own, --set among them, and the flags that the table of keys
 * names behind them; makes room for the settings first, which are released with settings_clear in any case. Returns what
 * parser_read does. */
int settings_read(const Parser *parser, Settings *settings, int argc, char **argv);

/* Makes rows for the flags of these keys, which must have one, with their help. */
void settings_options_of(Settings *settings, const char *const *keys, size_t count, Option *options);

/* Keys about reading a table, and those of them about its columns; all have flags. */
#define SETTINGS_TABLE_KEYS                                                                                            \
    "data.header", "data.delimiter", "data.decimal", "data.drop", "data.missing_tokens", "data.missing_label",         \
        "data.missing"
#define SETTINGS_COLUMN_KEYS                                                                                           \
    "data.format", "data.encoding", "data.first_index", "data.label", "data.targets", "data.id", "data.categories",    \
        "data.columns"
#define SETTINGS_TABLE_COUNT 7
#define SETTINGS_COLUMN_COUNT 8

/* The key of a setting; NULL if there is none of that name. */
const Key *setting_key(const Setting *setting);

/* Sets them in the recipe; later ones win. */
percept_status settings_apply(const Settings *settings, percept_recipe *recipe, percept_error *error);

/* The key that an option sets; NULL for --set and for options that are no setting. */
const Key *settings_key(const Option *option);

/* The name of a key's value in help: "X", "N,...", "NAME". */
const char *settings_value_name(const Key *key);

/* Prints all keys by section, with type, range, default and help; or only the flags of the everyday keys. */
void settings_print_keys(const HelpWriter *writer);

/* Of the Manual of a command that takes settings. */
#define SETTINGS_MANUAL .more = settings_print_keys, .help_all = "print this with all keys of a recipe"

#endif
