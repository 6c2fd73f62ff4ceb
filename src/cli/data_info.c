/* percept data info: what is in a dataset, and how a file is understood. */
#include <stdio.h>

#include "base/memory.h"
#include "cli/command.h"
#include "cli/data_columns.h"
#include "cli/data_json.h"
#include "cli/message.h"
#include "cli/notes.h"
#include "cli/parser.h"
#include "cli/settings.h"
#include "cli/text.h"
#include "data/source.h"
#include "recipe/data_options.h"
#include "recipe/experiment.h"

static const Manual manual = {
    .command = "percept data info",
    .example = "percept data info fashion-mnist\n",
    .usage = "percept data info NAME|FILE [FLAG]...\n",
    .text = "Reads a dataset and reports its numbers of examples, features and classes, how a\n"
            "file was understood, and of each feature of a table: kind, missing values,\n"
            "different values, a histogram, and the most frequent values or their range. The\n"
            "histogram of a category has its most frequent values, others have bins of one\n"
            "width from the smallest to the largest value. A column of dates is several\n"
            "features: COLUMN:year, :month, :weekday, :hour and :time, as far as they vary.\n"
            "\n"
            "--json prints one object: classes (name, train, test), columns (distinct,\n"
            "frequent, high, histogram (counts, width), kind, low, mean, missing, name),\n"
            "features, folder, image (height, width), missing, name, notes (kind, text),\n"
            "targets, test, train, type, validation, weighted; what does not exist is null.\n"
            "\n"
            "The format of a file is detected, as are delimiter, header and label column of a\n"
            "table; flags override them.\n",
};

/* Classes that are printed, if there are more than that and a few. */
#define MOST_CLASSES 40
#define CLASSES_OF_MANY 32

static percept_status print_classes(const percept_dataset *train, const percept_dataset *test, percept_error *error)
{
    size_t columns = sizeof "class" - 1, *counts[2] = {NULL, NULL};
    percept_status status = dataset_count_classes(train, &counts[0], error);
    if (status == PERCEPT_OK && test != NULL)
        status = dataset_count_classes(test, &counts[1], error);
    for (size_t k = 0; k < train->class_count; k++) {
        const size_t wide = text_columns(train->class_names[k]);
        columns = wide > columns ? wide : columns;
    }
    columns = columns < 40 ? columns : 40;
    if (status == PERCEPT_OK) {
        printf("\nlabel  ");
        text_left(stdout, "class", columns);
        printf("%12s%s\n", "training", test != NULL ? "        test" : "");
    }
    const size_t shown = train->class_count > MOST_CLASSES ? CLASSES_OF_MANY : train->class_count;
    for (size_t k = 0; status == PERCEPT_OK && k < shown; k++) {
        printf("%5zu  ", k);
        text_left(stdout, train->class_names[k], columns);
        printf("%12s", text_count(counts[0][k]).text);
        if (test != NULL)
            printf("%12s", text_count(counts[1][k]).text);
        putchar('\n');
    }
    if (status == PERCEPT_OK && shown < train->class_count)
        printf("... and %s more; --json has all\n", text_count(train->class_count - shown).text);
    memory_free(counts[0]);
    memory_free(counts[1]);
    return status;
}

static percept_status print_info(const char *name, const char *folder, const percept_dataset *train,
                                 const percept_dataset *test, percept_error *error)
{
    const Storage *storage = train->storage;
    printf("name      %s\n", text_plain(name).text);
    if (folder != NULL)
        printf("folder    %s\n", text_plain(folder).text);
    notes_print(stdout, &storage->notes, false);
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
        printf("missing   %s value%s, which training fills as --missing says\n", text_count(storage->missing).text,
               storage->missing == 1 ? "" : "s");
    percept_status status = train->class_count > 0 ? print_classes(train, test, error) : PERCEPT_OK;
    return status == PERCEPT_OK ? data_columns_print(storage, error) : status;
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
        SourceOptions options = data_options_source(recipe);
        options.missing = MISSING_MEAN; /* counts them */
        options.missing_label = UNANSWERED_DROP;
        options.only_described = options.decide_answers = true;
        status = source_open(arguments->name, arguments->directory, &options, &train, &test, error);
    }
    if (named == NULL || named_dataset_locate(named, arguments->directory, &folder, NULL) != PERCEPT_OK)
        folder = NULL;
    if (status == PERCEPT_OK && arguments->json)
        status = data_info_json(arguments->name, folder, train, test, error);
    else if (status == PERCEPT_OK)
        status = print_info(arguments->name, folder, train, test, error);
    memory_free(folder);
    percept_dataset_free(train);
    percept_dataset_free(test);
    percept_recipe_free(recipe);
    return status;
}

int command_data_info(int argc, char **argv)
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
    const Parser parser = {&manual, options, ALL, operands, 1};
    percept_error error;
    if (settings_create(argc, &arguments.settings, &error) != PERCEPT_OK)
        return fail(&error);
    int status = parser_read(&parser, argc, argv);
    if (status == PARSER_GO_ON)
        status = tell_info(&arguments, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
    settings_clear(&arguments.settings);
    return status;
}
