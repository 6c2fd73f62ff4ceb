/* Shared by the commands of `percept runs`: opening the database, finding runs, printing them. */
#ifndef CLI_RUNS_H
#define CLI_RUNS_H

#include <jansson.h>

#include "cli/options.h"
#include "store/database.h"

/* The flag for the runs folder, which every command of this level has. */
#define RUNS_FOLDER "runs"
#define RUNS_OPTION(target)                                                                                            \
    {                                                                                                                  \
        "--runs", "DIR", "the runs folder [" RUNS_FOLDER "]", option_take_text, target                                 \
    }

/* Finds a run by its id, or by its folder: as recorded, or as a path. PERCEPT_ERROR_IO if there is none. *rows receives
 * only this run, and is released with run_rows_clear. */
percept_status runs_find(Database *database, const char *name, RunRows *rows, percept_error *error);

/* Prints the error; an invalid filter or key counts as wrong usage. Returns the exit status. */
int runs_fail(const char *command, const percept_error *error);

/* ---- Values by name: columns of runs, keys of recipes (store/run_columns.h) ----------------------------------------- */

/* The value of a run under a name, "" if it is missing, in a new string released with memory_free: for display (0.9712
 * as 97.12 %, times as dates) or exactly. recipe: that of the run, parsed. */
percept_status runs_value(const RunRow *row, const json_t *recipe, const char *name, bool people, char **out,
                          percept_error *error);

/* The run's recipe, parsed; an empty object if it is invalid; NULL for lack of memory. */
json_t *runs_recipe(const RunRow *row);

/* All of a run as an object; NULL for lack of memory. */
json_t *runs_json(const RunRow *row);

/* ---- Columns of tables ---------------------------------------------------------------------------------------------- */

/* "id,name,train.batch_size" as names, which are checked; *names and *text are released with memory_free. */
typedef struct RunsColumns {
    const char **names;
    size_t count;
    char *text; /* that they lie in */
} RunsColumns;

percept_status runs_columns_read(const char *list, RunsColumns *out, percept_error *error);
void runs_columns_clear(RunsColumns *columns);

/* A table with as many columns as the terminal has room for, the first ones first; all of them if standard output is no
 * terminal. Empty columns are omitted unless `all`. */
percept_status runs_print_table(const RunRows *rows, const RunsColumns *columns, bool all, percept_error *error);

/* Prints CSV (RFC 4180): one line of names, then one line per run. */
percept_status runs_print_csv(const RunRows *rows, const RunsColumns *columns, percept_error *error);

int command_runs_list(int argc, char **argv);
int command_runs_best(int argc, char **argv);
int command_runs_show(int argc, char **argv);
int command_runs_compare(int argc, char **argv);
int command_runs_tag(int argc, char **argv);
int command_runs_delete(int argc, char **argv);

/* What `percept runs show` prints of a run, without its epochs. */
percept_status runs_print(Database *database, const RunRow *row, bool all, percept_error *error);

#endif
