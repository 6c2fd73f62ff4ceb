#include "cli/open_page.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/message.h"

void open_page(const char *url)
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

int serve_page(WatchServer *server)
{
    percept_error error;
    percept_status status = PERCEPT_OK;
    while (status == PERCEPT_OK && interrupt_signal() == 0)
        status = watch_server_work(server, &error);
    watch_server_stop(server);
    return status == PERCEPT_OK ? STATUS_SIGNAL + interrupt_signal() : fail(&error);
}
