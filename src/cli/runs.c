/* percept runs: everything that was tried. */
#include "cli/runs.h"

#include <string.h>

#include "cli/dispatch.h"

static const Command commands[] = {
    {"list", "list runs as a table, filtered and sorted", command_runs_list},
    {"show", "everything recorded about a run", command_runs_show},
    {"compare", "differences between runs: keys, metrics, curves", command_runs_compare},
    {"best", "the best run", command_runs_best},
    {"tag", "add or remove tags", command_runs_tag},
    {"delete", "delete runs from the database", command_runs_delete},
};

static const CommandGroup group = {
    .name = "percept runs",
    .summary = COMMAND_RUNS_SUMMARY,
    .example = "percept runs list --where 'valid_accuracy > 0.97 and train.batch_size = 128'\n"
               "percept runs show fashion-mnist-001\n"
               "percept runs compare 3 5 --out compared\n"
               "percept runs best --by test_accuracy\n"
               "percept runs tag 5 baseline\n",
    .usage = "percept runs COMMAND [ARGUMENT]...\n",
    .text = "Every training, fold, reproduced run and trial of a search is recorded in\n"
            "percept.db in its runs folder, beside the run folders: recipe, data, machine,\n"
            "epochs and result. The file is an SQLite database that other programs can read.\n"
            "A run is named by its id or by its folder.\n",
    .commands = commands,
    .count = sizeof commands / sizeof commands[0],
};

int command_runs(int argc, char **argv)
{
    return dispatch_command(&group, argc, argv);
}
