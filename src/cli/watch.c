/* percept watch: the live page. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/open_page.h"
#include "cli/parser.h"
#include "watch/server.h"

#define MOST_PORT 65535

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

typedef struct WatchArguments {
    const char *runs, *host;
    size_t port;
    bool open;
} WatchArguments;

static int read_arguments(int argc, char **argv, WatchArguments *out)
{
    const Option options[] = {
        {"--runs", "DIR", "runs folder [runs]", option_take_text, &out->runs},
        {"--port", "N", "port, 0 for any free one [8765]", option_take_count, &out->port},
        {"--host", "ADDRESS", "address to listen on, 0.0.0.0 for all addresses of this machine [127.0.0.1]",
         option_take_text, &out->host},
        {"--open", NULL, "open the page in the browser", option_take_switch, &out->open},
    };
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], NULL, 0};
    const int status = parser_read(&parser, argc, argv);
    if (status == PARSER_GO_ON && out->port > MOST_PORT)
        return fail_usage(manual.command, "--port is %zu; give a number from 0 to %d", out->port, MOST_PORT);
    return status;
}

static void announce(const WatchServer *server, const WatchArguments *arguments)
{
    printf("%s\n", watch_server_url(server));
    fflush(stdout);
    if (!watch_server_private(server))
        warn("anyone who can reach %s can see, pause and stop the runs: there is no password and no encryption",
             arguments->host);
    if (arguments->open)
        open_page(watch_server_url(server));
}

static int serve(const WatchArguments *arguments)
{
    percept_error error;
    WatchServer *server = NULL;
    const percept_status started =
        watch_server_start(arguments->runs, NULL, arguments->host, (unsigned)arguments->port, &server, &error);
    if (started == PERCEPT_ERROR_ARGUMENT)
        return fail_usage(manual.command, "--host: %s", error.message);
    if (started != PERCEPT_OK)
        return fail(&error);
    interrupt_watch();
    announce(server, arguments);
    return serve_page(server);
}

int command_watch(int argc, char **argv)
{
    WatchArguments arguments = {.runs = "runs", .host = "127.0.0.1", .port = 8765};
    const int status = read_arguments(argc, argv, &arguments);
    return status == PARSER_GO_ON ? serve(&arguments) : status;
}
