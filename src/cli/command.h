/* Commands: `percept train`, `percept data info`. There is one table for each level. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stddef.h>

/* A row. `run` gets the arguments after the name and returns the exit status. */
typedef struct Command {
    const char *name;
    const char *summary; /* one line for the level's help */
    int (*run)(int argc, char **argv);
} Command;

/* A level: "percept" or "percept data". */
typedef struct CommandGroup {
    const char *name;
    const char *summary; /* one line for the manual page */
    const char *example; /* lines, each ended by \n; so the next two */
    const char *usage;
    const char *text;
    const Command *commands;
    size_t count;
} CommandGroup;

/* The summary of `help`, a command of every level. */
#define COMMAND_HELP_SUMMARY "help for a command; with --man its manual page"

/* The summaries of the levels `data`, `runs` and `bench`, for the level above and for their own help. */
#define COMMAND_DATA_SUMMARY "list, inspect, download and generate datasets"

#define COMMAND_RUNS_SUMMARY "recorded runs: list, compare, find the best"

#define COMMAND_BENCH_SUMMARY "measure how fast this machine trains and predicts"

/* The program's own level (main.c). */
extern const CommandGroup command_program;

int command_train(int argc, char **argv);
int command_evaluate(int argc, char **argv);
int command_predict(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_export(int argc, char **argv);
int command_import(int argc, char **argv);
int command_combine(int argc, char **argv);
int command_gradcheck(int argc, char **argv);
int command_reproduce(int argc, char **argv);
int command_search(int argc, char **argv);
int command_report(int argc, char **argv);
int command_descend(int argc, char **argv);
int command_plot(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_playground(int argc, char **argv);
int command_data(int argc, char **argv);
int command_data_info(int argc, char **argv);
int command_data_get(int argc, char **argv);
int command_data_make(int argc, char **argv);
int command_runs(int argc, char **argv);
int command_bench(int argc, char **argv);
int command_bench_train(int argc, char **argv);
int command_bench_predict(int argc, char **argv);
int command_version(int argc, char **argv);
int command_completion(int argc, char **argv);

#endif
