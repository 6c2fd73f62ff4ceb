/* percept data: which datasets there are, and what is in them. */
#include <stdio.h>

#include "base/memory.h"
#include "cli/command.h"
#include "cli/data_json.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/text.h"
#include "data/source.h"

/* ---- percept data list ----------------------------------------------------------------------------------------- */

static const Manual list_manual = {
    .command = "percept data list",
    .example = "percept data list\n",
    .usage = "percept data list [FLAG]...\n",
    .text = "Lists the datasets known by name, and where each was found, or how to get it.\n"
            "They are looked for in DIR, $PERCEPT_DATA, the user's data directory, then\n"
            "/usr/share/datasets. With --json the answer is a list: folder (null for what is\n"
            "not there), name, summary, and how many examples there are: test, train, and\n"
            "validation, which is taken from train.\n",
};

#define NAME_COLUMNS 16

static int run_list(int argc, char **argv)
{
    const char *directory = NULL;
    bool json = false;
    const Option options[] = {
        {"--data-dir", "DIR", "folder to look for datasets in first", option_take_text, &directory},
        {"--json", NULL, "the answer for a program", option_take_switch, &json},
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
            printf("in %s\n", folder);
        else
            text_wrapped(stdout, NAME_COLUMNS, error.message);
        memory_free(folder);
    }
    return STATUS_DONE;
}

/* ---- percept data info ----------------------------------------------------------------------------------------- */

static const Manual info_manual = {
    .command = "percept data info",
    .example = "percept data info fashion-mnist\n",
    .usage = "percept data info NAME|FILE [FLAG]...\n",
    .text = "Reads a dataset and tells how many examples, features and classes it has. With\n"
            "--json the answer is an object: classes (name, train, test), features, folder,\n"
            "image (height, width), name, test, train, type; null for what there is not.\n",
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
    printf("name      %s\n", name);
    if (folder != NULL)
        printf("folder    %s\n", folder);
    printf("examples  %s for training", text_count(train->count).text);
    if (test != NULL)
        printf(", %s for testing", text_count(test->count).text);
    printf("\nfeatures  %s, %s", text_count(storage->width).text, data_type_name(storage->type));
    if (storage->image_height > 0)
        printf(", grey pictures %zu high, %zu wide", storage->image_height, storage->image_width);
    putchar('\n');
    if (train->class_count > 0)
        print_classes(train, test);
}

static int run_info(int argc, char **argv)
{
    const char *name = NULL, *directory = NULL;
    bool json = false;
    const Option options[] = {
        {"--data-dir", "DIR", "folder to look for datasets in first", option_take_text, &directory},
        {"--json", NULL, "the answer for a program", option_take_switch, &json},
    };
    const Operand operands[] = {{"NAME|FILE", false, &name}};
    const Parser parser = {&info_manual, options, sizeof options / sizeof options[0], operands, 1};
    int status = parser_read(&parser, argc, argv);
    if (status != PARSER_GO_ON)
        return status;
    percept_dataset *train = NULL, *test = NULL;
    percept_error error;
    char *folder = NULL;
    if (source_open(name, directory, NULL, &train, &test, &error) != PERCEPT_OK)
        return fail(&error);
    const NamedDataset *named = named_dataset_find(name);
    if (named == NULL || named_dataset_locate(named, directory, &folder, NULL) != PERCEPT_OK)
        folder = NULL;
    if (!json)
        print_info(name, folder, train, test);
    else if (data_info_json(name, folder, train, test, &error) != PERCEPT_OK)
        status = fail(&error);
    memory_free(folder);
    percept_dataset_free(train);
    percept_dataset_free(test);
    return status == PARSER_GO_ON ? STATUS_DONE : status;
}

/* ---- percept data ---------------------------------------------------------------------------------------------- */

static const Command commands[] = {
    {"list", "the datasets known by name, and where they are", run_list},
    {"info", "what is in a dataset", run_info},
};

static const CommandGroup group = {
    .name = "percept data",
    .summary = COMMAND_DATA_SUMMARY,
    .example = "percept data list\n"
               "percept data info fashion-mnist\n",
    .usage = "percept data COMMAND [ARGUMENT]...\n",
    .text = "Shows the datasets that can be trained on.\n",
    .commands = commands,
    .count = sizeof commands / sizeof commands[0],
};

int command_data(int argc, char **argv)
{
    return command_run(&group, argc, argv);
}
