#include "cli/open_page.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/message.h"

#define MOST_PORT 65535

/* Starts the user's browser, which may take its time; its output is discarded. */
static void open_page(const char *url)
{
    char program[] = "xdg-open", address[256];
    char *arguments[] = {program, address, NULL};
    posix_spawn_file_actions_t quiet;
    pid_t process;
    snprintf(address, sizeof address, "%s", url);
    int failed = posix_spawn_file_actions_init(&quiet);
    if (failed == 0) {
        posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        failed = posix_spawnp(&process, program, &quiet, NULL, arguments, environ);
        posix_spawn_file_actions_destroy(&quiet);
    }
    if (failed != 0)
        warn("no browser was started (%s: %s); open %s", program, strerror(failed), url);
}

int page_read_arguments(const Parser *parser, int argc, char **argv, const PageArguments *page)
{
    const int status = parser_read(parser, argc, argv);
    if (status == PARSER_GO_ON && page->port > MOST_PORT)
        return fail_usage(parser->manual->command, "--port is %zu; give a number from 0 to %d", page->port, MOST_PORT);
    return status;
}

static int answer_requests(WatchServer *server)
{
    percept_error error;
    percept_status status = PERCEPT_OK;
    while (status == PERCEPT_OK && interrupt_signal() == 0)
        status = watch_server_work(server, &error);
    watch_server_stop(server);
    return status == PERCEPT_OK ? STATUS_SIGNAL + interrupt_signal() : fail(&error);
}

int serve_page(const char *command, const PageArguments *page, const char *runs, const ServerPage *files,
               const char *danger)
{
    percept_error error;
    WatchServer *server = NULL;
    const percept_status started = watch_server_start(runs, files, page->host, (unsigned)page->port, &server, &error);
    if (started == PERCEPT_ERROR_ARGUMENT)
        return fail_usage(command, "--host: %s", error.message);
    if (started != PERCEPT_OK)
        return fail(&error);
    interrupt_watch();
    printf("%s\n", watch_server_url(server));
    fflush(stdout);
    if (danger != NULL && !watch_server_private(server))
        warn("anyone who can reach %s can %s", page->host, danger);
    if (page->open)
        open_page(watch_server_url(server));
    return answer_requests(server);
}
