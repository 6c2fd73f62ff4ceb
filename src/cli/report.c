/* percept report: runs as one HTML page. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/text.h"
#include "report/report.h"

static const Manual manual = {
    .command = "percept report",
    .example = "percept report runs/fashion-mnist-001\n"
               "percept report runs/slow runs/fast --out compared.html\n",
    .usage = "percept report RUN... [FLAG]...\n",
    .text = "Writes runs as one HTML page: settings, metrics, epochs, classes, pictures and\n"
            "the recipe. The page needs no network, no scripts and no other file. With\n"
            "several runs, it begins with a table of their differences.\n"
            "\n"
            "RUN is a run folder, also of a cross-validation or of an unfinished run, or the\n"
            "folder of a search. The page of a search has all trials, as pictures and as a\n"
            "table that sorts by column (with a script), and the report of the best trial.\n"
            "\n"
            "The model is measured again on the test set, or without one on the validation\n"
            "set. If the data are not found, the page says so and shows the metrics stored in\n"
            "the folder. All pictures in RUN/plots are shown; missing ones that suit the run\n"
            "(curves, decision regions, galleries, weights) are drawn. Pictures that compare\n"
            "runs go to the folder plots beside the page.\n",
};

typedef struct ReportArguments {
    const char **runs; /* NULL behind the last */
    const char *out;
    ReportOptions options;
} ReportArguments;

static int read_arguments(int argc, char **argv, ReportArguments *out)
{
    const Option options[] = {
        {"--out", "FILE", "output file [RUN/report.html; for several runs report.html]", option_take_text, &out->out},
        {"--stored", NULL, "do not read the data; use only what the folders hold", option_take_switch,
         &out->options.stored},
        {"--no-plot", NULL, "do not draw pictures", option_take_switch, &out->options.no_plot},
        {"--threads", "N", "threads, 0 for one per core [0]", option_take_count, &out->options.threads},
    };
    const Operand operands[] = {{"RUN...", false, out->runs}};
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], operands, 1};
    return parser_read(&parser, argc, argv);
}

/* Where the page goes unless the arguments say it. */
static percept_status choose_path(const ReportArguments *arguments, size_t count, char **out, percept_error *error)
{
    if (arguments->out != NULL || count > 1)
        return memory_copy_string(arguments->out != NULL ? arguments->out : "report.html", out, error);
    return file_join(arguments->runs[0], "report.html", out, error);
}

static percept_status report(const ReportArguments *arguments, percept_error *error)
{
    size_t count = 0;
    char *path = NULL;
    while (arguments->runs[count] != NULL)
        count++;
    percept_status status = choose_path(arguments, count, &path, error);
    if (status == PERCEPT_OK)
        status = report_write(arguments->runs, count, path, &arguments->options, error);
    if (status == PERCEPT_OK)
        printf("report    %s\n", text_plain(path).text);
    memory_free(path);
    return status;
}

int command_report(int argc, char **argv)
{
    ReportArguments arguments = {0};
    percept_error error;
    if (memory_allocate_zeroed((size_t)argc + 1, sizeof *arguments.runs, "the arguments", &arguments.runs, &error) !=
        PERCEPT_OK)
        return fail(&error);
    int status = read_arguments(argc, argv, &arguments);
    if (status == PARSER_GO_ON)
        status = report(&arguments, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
    memory_free(arguments.runs);
    return status;
}
