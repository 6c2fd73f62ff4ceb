/* The program: finds the command, and sees to it that what was printed has arrived. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/dispatch.h"
#include "cli/message.h"

static const Command commands[] = {
    {"train", "train a network and save it in a run folder", command_train},
    {"evaluate", "loss, accuracy, metrics per class, confusion matrix", command_evaluate},
    {"predict", "predict classes and probabilities of new examples", command_predict},
    {"explain", "columns that a model depends on, and why it gave an answer", command_explain},
    {"export", "write a model as ONNX, C or NumPy arrays", command_export},
    {"import", "make a model of a network from ONNX or safetensors", command_import},
    {"combine", "make one model of several", command_combine},
    {"gradcheck", "check gradients against differences of the loss", command_gradcheck},
    {"reproduce", "repeat a published experiment and compare the results", command_reproduce},
    {"search", "try many settings and keep the best", command_search},
    {"report", "write runs as one HTML page", command_report},
    {"descend", "gradient descent on a formula, step by step", command_descend},
    {"plot", "plot runs: curves, boundaries, weights, galleries", command_plot},
    {"runs", COMMAND_RUNS_SUMMARY, command_runs},
    {"watch", "live page of running trainings, with pause and stop", command_watch},
    {"playground", "page on which small networks learn before one's eyes", command_playground},
    {"data", COMMAND_DATA_SUMMARY, command_data},
    {"bench", COMMAND_BENCH_SUMMARY, command_bench},
    {"version", "version, compiler, libraries, processor", command_version},
    {"completion", "completion script for bash, zsh or fish", command_completion},
};

const CommandGroup command_program = {
    .name = "percept",
    .summary = "a workbench for multilayer perceptrons",
    .example = "percept train --layers 784-64-10 --epochs 5\n"
               "percept evaluate runs/fashion-mnist-001\n",
    .usage = "percept COMMAND [ARGUMENT]...\n"
             "percept help [--man] [COMMAND]\n",
    .text = "A workbench for multilayer perceptrons: trains dense networks on a CPU, measures\n"
            "them, and uses them. Results go to standard output; progress and messages go to\n"
            "standard error. Exit status: 0 done, 1 failed, 2 wrong usage, 130 or 143 after\n"
            "an interrupt, 141 where the reader of the output closed the pipe.\n",
    .commands = commands,
    .count = sizeof commands / sizeof commands[0],
};

static void ignore(int signal_number)
{
    (void)signal_number;
}

/* A closed pipe and a file that may not grow (ulimit -f) become errors of the write: a training keeps what it has, and the
 * message names the file. A handler, unlike SIG_IGN, is not inherited by the programs started from here. A closed descriptor
 * is filled, lest a file be opened in its place and get our text; it is opened for the wrong direction, so that writing to
 * it still fails. */
static void prepare_streams(void)
{
    struct sigaction action = {.sa_handler = ignore, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGXFSZ, &action, NULL);
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
            (void)!open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* Standard output that could not take all is a failure, even if the work was done. A reader that has enough and closes the
 * pipe, such as head, is none of the program's concern: the status is that of a program that SIGPIPE ends. */
static int finish_streams(int status)
{
    const bool told = status != STATUS_DONE && ferror(stdout);
    if (told)
        return status;
    if (!output_arrived())
        return output_unwanted() ? STATUS_SIGNAL + SIGPIPE : STATUS_FAILED;
    return close(STDOUT_FILENO) == 0 ? status : STATUS_FAILED;
}

int main(int argc, char **argv)
{
    char version[] = "version";
    prepare_streams();
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        argv[1] = version;
    return finish_streams(dispatch_command(&command_program, argc > 0 ? argc - 1 : 0, argv + 1));
}
