/* percept data: which datasets there are, and what is in them. */
#include <stdio.h>

#include "base/memory.h"
#include "cli/command.h"
#include "cli/data_json.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "cli/text.h"
#include "data/source.h"
#include "recipe/experiment.h"

/* ---- percept data list ----------------------------------------------------------------------------------------- */

static const Manual list_manual = {
    .command = "percept data list",
    .example = "percept data list\n",
    .usage = "percept data list [FLAG]...\n",
    .text = "Lists the datasets known by name, with the folder of each, or how to get it.\n"
            "They are looked for in DIR, $PERCEPT_DATA, the user's data directory and\n"
            "/usr/share/datasets, in this order. --json prints a list: folder (null if not\n"
            "found), name, summary and the numbers of examples: test, train, and validation,\n"
            "which is taken from train.\n",
};

#define NAME_COLUMNS 16

static void list_generators(void)
{
    size_t count = 0;
    const Generator *table = generators(&count);
    for (size_t g = 0; g < count; g++) {
        text_left(stdout, table[g].name, NAME_COLUMNS);
        text_wrapped(stdout, NAME_COLUMNS, table[g].summary);
        printf("%*sgenerated when used\n", NAME_COLUMNS, "");
    }
}

static int run_list(int argc, char **argv)
{
    const char *directory = NULL;
    bool json = false;
    const Option options[] = {
        {"--data-dir", "DIR", "folder where datasets are looked for first", option_take_text, &directory},
        {"--json", NULL, "print JSON", option_take_switch, &json},
    };
    const Parser parser = {&list_manual, options, sizeof options / sizeof options[0], NULL, 0};
    const int status = parser_read(&parser, argc, argv);
    percept_error failure;
    if (status != PARSER_GO_ON)
        return status;
    if (json)
        return data_list_json(directory, &failure) == PERCEPT_OK ? STATUS_DONE : fail(&failure);
    size_t count = 0;
    const NamedDataset *table = named_datasets(&count);
    for (size_t d = 0; d < count; d++) {
        char *folder = NULL;
        percept_error error;
        const bool found = named_dataset_locate(&table[d], directory, &folder, &error) == PERCEPT_OK;
        text_left(stdout, table[d].name, NAME_COLUMNS);
        text_wrapped(stdout, NAME_COLUMNS, table[d].summary);
        printf("%*s", NAME_COLUMNS, "");
        if (found)
            printf("in %s\n", text_plain(folder).text);
        else
            text_wrapped(stdout, NAME_COLUMNS, error.message);
        memory_free(folder);
    }
    list_generators();
    return STATUS_DONE;
}

/* ---- percept data info ----------------------------------------------------------------------------------------- */

static const Manual info_manual = {
    .command = "percept data info",
    .example = "percept data info fashion-mnist\n",
    .usage = "percept data info NAME|FILE [FLAG]...\n",
    .text = "Reads a dataset and reports its numbers of examples, features and classes.\n"
            "--json prints one object: classes (name, train, test), features, folder, image\n"
            "(height, width), missing, name, targets, test, train, type, validation,\n"
            "weighted; what does not exist is null.\n"
            "\n"
            "The format of a file is detected, as are delimiter, header and label column of a\n"
            "table; flags override them.\n",
};

static void print_classes(const percept_dataset *train, const percept_dataset *test)
{
    size_t columns = sizeof "class" - 1;
    for (size_t k = 0; k < train->class_count; k++) {
        const size_t wide = text_columns(train->class_names[k]);
        columns = wide > columns ? wide : columns;
    }
    columns = columns < 40 ? columns : 40;
    printf("\nlabel  ");
    text_left(stdout, "class", columns);
    printf("%12s%s\n", "training", test != NULL ? "        test" : "");
    for (size_t k = 0; k < train->class_count; k++) {
        printf("%5zu  ", k);
        text_left(stdout, train->class_names[k], columns);
        printf("%12s", text_count(data_count_label(train, k)).text);
        if (test != NULL)
            printf("%12s", text_count(data_count_label(test, k)).text);
        putchar('\n');
    }
}

static void print_info(const char *name, const char *folder, const percept_dataset *train, const percept_dataset *test)
{
    const Storage *storage = train->storage;
    printf("name      %s\n", text_plain(name).text);
    if (folder != NULL)
        printf("folder    %s\n", text_plain(folder).text);
    printf("examples  %s for training", text_count(train->count - storage->own_valid).text);
    if (storage->own_valid > 0)
        printf(", %s for validation", text_count(storage->own_valid).text);
    if (test != NULL)
        printf(", %s for testing", text_count(test->count).text);
    printf("\nfeatures  %s, %s", text_count(storage->width).text, data_type_name(storage->type));
    if (storage->image_height > 0)
        printf(", grey pictures %zu high, %zu wide", storage->image_height, storage->image_width);
    putchar('\n');
    if (storage->targets != NULL)
        printf("targets   %s\n", text_count(storage->target_width).text);
    if (storage->weights != NULL)
        printf("weights   of each example\n");
    if (storage->missing > 0)
        printf("missing   %s features; --missing tells training what to do\n", text_count(storage->missing).text);
    if (train->class_count > 0)
        print_classes(train, test);
}

typedef struct InfoArguments {
    const char *name, *directory;
    bool json;
    Settings settings; /* of how a file is read */
} InfoArguments;

static percept_status tell_info(const InfoArguments *arguments, percept_error *error)
{
    percept_recipe *recipe = NULL;
    percept_dataset *train = NULL, *test = NULL;
    char *folder = NULL;
    const NamedDataset *named = named_dataset_find(arguments->name);
    percept_status status = percept_recipe_create(&recipe, error);
    if (status == PERCEPT_OK)
        status = settings_apply(&arguments->settings, recipe, error);
    if (status == PERCEPT_OK) {
        SourceOptions options = experiment_source(recipe);
        options.missing = MISSING_MEAN; /* counts them */
        options.missing_label = UNANSWERED_DROP;
        status = source_open(arguments->name, arguments->directory, &options, &train, &test, error);
    }
    if (named == NULL || named_dataset_locate(named, arguments->directory, &folder, NULL) != PERCEPT_OK)
        folder = NULL;
    if (status == PERCEPT_OK && arguments->json)
        status = data_info_json(arguments->name, folder, train, test, error);
    else if (status == PERCEPT_OK)
        print_info(arguments->name, folder, train, test);
    memory_free(folder);
    percept_dataset_free(train);
    percept_dataset_free(test);
    percept_recipe_free(recipe);
    return status;
}

static int run_info(int argc, char **argv)
{
    static const char *const keys[] = {SETTINGS_COLUMN_KEYS, SETTINGS_TABLE_KEYS};
    enum { OWN = 2, ALL = OWN + SETTINGS_COLUMN_COUNT + SETTINGS_TABLE_COUNT - 1 }; /* missing values are counted */
    InfoArguments arguments = {0};
    Option options[ALL] = {
        {"--data-dir", "DIR", "folder where datasets are looked for first", option_take_text, &arguments.directory},
        {"--json", NULL, "print JSON", option_take_switch, &arguments.json},
    };
    settings_options_of(&arguments.settings, keys, ALL - OWN, options + OWN);
    const Operand operands[] = {{"NAME|FILE", false, &arguments.name}};
    const Parser parser = {&info_manual, options, ALL, operands, 1};
    percept_error error;
    if (settings_create(argc, &arguments.settings, &error) != PERCEPT_OK)
        return fail(&error);
    int status = parser_read(&parser, argc, argv);
    if (status == PARSER_GO_ON)
        status = tell_info(&arguments, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
    settings_clear(&arguments.settings);
    return status;
}

/* ---- percept data ---------------------------------------------------------------------------------------------- */

static const Command commands[] = {
    {"list", "the datasets known by name, and where they are", run_list},
    {"info", "what is in a dataset", run_info},
    {"get", "download mnist, fashion-mnist or digits", command_data_get},
    {"make", "draw circles, moons, spirals or blobs", command_data_make},
};

static const CommandGroup group = {
    .name = "percept data",
    .summary = COMMAND_DATA_SUMMARY,
    .example = "percept data list\n"
               "percept data info fashion-mnist\n"
               "percept data get mnist\n"
               "percept data make circles --out circles.csv\n",
    .usage = "percept data COMMAND [ARGUMENT]...\n",
    .text = "Lists, inspects, downloads and generates datasets.\n",
    .commands = commands,
    .count = sizeof commands / sizeof commands[0],
};

int command_data(int argc, char **argv)
{
    return command_run(&group, argc, argv);
}
