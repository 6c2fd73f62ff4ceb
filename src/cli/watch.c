/* percept watch: the live page. */
#include "cli/command.h"
#include "cli/open_page.h"
#include "cli/parser.h"

static const Manual manual = {
    .command = "percept watch",
    .example = "percept watch\n"
               "percept watch --runs runs --port 8080 --open\n",
    .usage = "percept watch [FLAG]...\n",
    .text = "Serves a live page of the trainings and searches in a runs folder: learning\n"
            "curves, trials, rungs, misclassified pictures, and buttons that pause and stop\n"
            "them. Open the address that is printed. Ctrl-C ends the page; trainings\n"
            "continue.\n"
            "\n"
            "The page may be started before the first training. It is reachable only from\n"
            "this machine, at 127.0.0.1. To watch from elsewhere, forward the port: ssh -L\n"
            "8765:127.0.0.1:8765 MACHINE. --host makes it reachable from other machines,\n"
            "without password and encryption.\n"
            "\n"
            "At most 64 connections are open at once, 48 from one address. A further one\n"
            "closes the least useful one. A request and its answer may take 30 seconds.\n",
};

int command_watch(int argc, char **argv)
{
    const char *runs = "runs";
    PageArguments page = {.host = "127.0.0.1", .port = 8765};
    const Option options[] = {
        {"--runs", "DIR", "runs folder [runs]", option_take_text, &runs},
        PAGE_OPTIONS(&page, "8765"),
    };
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], NULL, 0};
    const int status = page_read_arguments(&parser, argc, argv, &page);
    if (status != PARSER_GO_ON)
        return status;
    return serve_page(manual.command, &page, runs, NULL,
                      "see, pause and stop the runs: there is no password and no encryption");
}
