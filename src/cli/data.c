/* percept data: lists, inspects, downloads and generates datasets. */
#include <stdio.h>

#include "base/memory.h"
#include "cli/data_json.h"
#include "cli/dispatch.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/text.h"
#include "data/source.h"

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

/* ---- percept data ---------------------------------------------------------------------------------------------- */

static const Command commands[] = {
    {"list", "the datasets known by name, and where they are", run_list},
    {"info", "what is in a dataset", command_data_info},
    {"get", "download mnist, fashion-mnist or digits", command_data_get},
    {"make", "generate circles, moons, spirals or blobs", command_data_make},
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
    return dispatch_command(&group, argc, argv);
}
