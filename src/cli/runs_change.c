/* percept runs tag and delete. */
#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/runs.h"
#include "store/run_folder.h"

static const Manual tag_manual = {
    .command = "percept runs tag",
    .example = "percept runs tag 3 baseline good\n"
               "percept runs tag 3 good --remove\n"
               "percept runs list --where 'tags ~ baseline'\n",
    .usage = "percept runs tag RUN WORD... [FLAG]...\n",
    .text = "Adds tags to a run, or removes them. Tags help to find runs again.\n",
};

static const Manual delete_manual = {
    .command = "percept runs delete",
    .example = "percept runs delete 3\n"
               "percept runs delete 7 slow --files\n",
    .usage = "percept runs delete RUN... [FLAG]...\n",
    .text = "Deletes runs from the database, with their epochs and tags, without asking.\n"
            "Their folders stay, unless --files also removes the files that Percept wrote\n"
            "there, and each folder that is then empty. Runs in progress are not deleted.\n",
};

typedef struct ChangeArguments {
    const char *folder, *run, **words;
    bool remove, files;
} ChangeArguments;

/* Does something to the arguments' words, which are one at least. */
typedef percept_status Change(Database *database, const ChangeArguments *arguments, percept_error *error);

static int read_and_change(const Parser *parser, int argc, char **argv, const ChangeArguments *arguments,
                           Change *change)
{
    percept_error error;
    Database *database = NULL;
    const int parsed = parser_read(parser, argc, argv);
    if (parsed != PARSER_GO_ON)
        return parsed;
    percept_status status = database_open(arguments->folder, DATABASE_READ, &database, &error);
    if (status == PERCEPT_OK)
        status = change(database, arguments, &error);
    database_close(database);
    return status == PERCEPT_OK ? STATUS_DONE : fail(&error);
}

/* A command with a flag of its own, and a run before the words where `run` is true. */
static int change_runs(const Manual *manual, bool run, const char *words, const Option *own, ChangeArguments *arguments,
                       Change *change, int argc, char **argv)
{
    percept_error error;
    if (memory_allocate_zeroed((size_t)argc + 1, sizeof *arguments->words, "the arguments", &arguments->words,
                               &error) != PERCEPT_OK)
        return fail(&error);
    const Option options[] = {*own, RUNS_OPTION(&arguments->folder)};
    const Operand operands[] = {{"RUN", false, &arguments->run}, {words, false, arguments->words}};
    const size_t first = run ? 0 : 1;
    const Parser parser = {manual, options, sizeof options / sizeof *options, operands + first, 2 - first};
    const int status = read_and_change(&parser, argc, argv, arguments, change);
    memory_free(arguments->words);
    return status;
}

/* ---- Tags --------------------------------------------------------------------------------------------------------- */

static percept_status tag(Database *database, const ChangeArguments *arguments, percept_error *error)
{
    RunRows run = {0};
    percept_status status = runs_find(database, arguments->run, &run, error);
    for (size_t w = 0; status == PERCEPT_OK && arguments->words[w] != NULL; w++)
        status = database_tag(database, run.rows[0].id, arguments->words[w], arguments->remove, error);
    run_rows_clear(&run);
    return status;
}

int command_runs_tag(int argc, char **argv)
{
    ChangeArguments arguments = {.folder = RUNS_FOLDER};
    const Option option = {"--remove", NULL, "remove the tags", option_take_switch, &arguments.remove};
    return change_runs(&tag_manual, true, "WORD...", &option, &arguments, tag, argc, argv);
}

/* ---- Forgetting --------------------------------------------------------------------------------------------------- */

/* Removes the run's files; a folder that is trained in is held by a lock. */
static percept_status remove_files(const Database *database, const RunRow *run, percept_error *error)
{
    char *path = NULL;
    int lock = -1;
    if (run->folder == NULL)
        return PERCEPT_OK;
    percept_status status = file_join(database_folder(database), run->folder, &path, error);
    if (status == PERCEPT_OK && file_exists(path)) {
        status = run_folder_lock(path, &lock, error);
        if (status == PERCEPT_OK)
            status = run_folder_remove(path, error);
        run_folder_unlock(lock);
    }
    memory_free(path);
    return status;
}

static percept_status delete_run(Database *database, const char *name, bool files, percept_error *error)
{
    RunRows run = {0};
    percept_status status = runs_find(database, name, &run, error);
    if (status == PERCEPT_OK && (run.rows[0].state == RUN_RUNNING || run.rows[0].state == RUN_PAUSED))
        status =
            error_set(error, PERCEPT_ERROR_IO, "run %lld is in progress; stop it first", (long long)run.rows[0].id);
    if (status == PERCEPT_OK && files)
        status = remove_files(database, run.rows, error);
    if (status == PERCEPT_OK)
        status = database_delete(database, run.rows[0].id, error);
    run_rows_clear(&run);
    return status;
}

static percept_status delete_runs(Database *database, const ChangeArguments *arguments, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t w = 0; status == PERCEPT_OK && arguments->words[w] != NULL; w++)
        status = delete_run(database, arguments->words[w], arguments->files, error);
    return status;
}

int command_runs_delete(int argc, char **argv)
{
    ChangeArguments arguments = {.folder = RUNS_FOLDER};
    const Option option = {"--files", NULL, "also remove the files that Percept wrote in their folders",
                           option_take_switch, &arguments.files};
    return change_runs(&delete_manual, false, "RUN...", &option, &arguments, delete_runs, argc, argv);
}
