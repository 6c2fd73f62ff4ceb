/* percept playground: serves the page in which networks learn in the browser. */
#include <stdio.h>

#include "base/memory.h"
#include "cli/beside.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/open_page.h"
#include "cli/parser.h"
#include "watch/server.h"
#include "watch/site.h"

#define MOST_PORT 65535

/* As for the live page, and WebAssembly, which a worker of our own runs. */
#define POLICY                                                                                                         \
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " \
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "                                 \
    "require-trusted-types-for 'script'; trusted-types percept"

static const Manual manual = {
    .command = "percept playground",
    .example = "percept playground --open\n",
    .usage = "percept playground [FLAG]...\n",
    .text = "Serves a page on which a small network learns in the browser: choose points in\n"
            "the plane, layers, units and settings, and see what each unit answers, the\n"
            "decision, the loss and the gradients while it trains. The page computes with\n"
            "the same code as this program. What it shows can be copied as a recipe, which\n"
            "`percept train` repeats. Open the address that is printed. Ctrl-C ends it.\n"
            "\n"
            "The page must have been built (`make playground`); the environment variable\n"
            "PERCEPT_PLAYGROUND names another folder with it. It is reachable only from\n"
            "this machine, at 127.0.0.1; --host makes it reachable from others.\n",
};

typedef struct PlaygroundArguments {
    const char *host;
    size_t port;
    bool open;
} PlaygroundArguments;

static int read_arguments(int argc, char **argv, PlaygroundArguments *out)
{
    const Option options[] = {
        {"--port", "N", "port, 0 for any free one [8766]", option_take_count, &out->port},
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

/* The page's files. */
static percept_status find_page(Site *out, percept_error *error)
{
    char *folder = NULL;
    percept_status status = beside_find("playground", "PERCEPT_PLAYGROUND", "../playground", &folder, error);
    if (status != PERCEPT_OK)
        return error_set(error, PERCEPT_ERROR_IO,
                         "this program was built without the playground; build it with `make playground`, or set "
                         "PERCEPT_PLAYGROUND to its folder");
    status = site_read(folder, out, error);
    if (status == PERCEPT_OK && (site_find(out, "/") == NULL || site_find(out, "/percept.wasm") == NULL)) {
        site_clear(out);
        status = error_set(error, PERCEPT_ERROR_IO,
                           "the folder '%.100s' has no index.html or no percept.wasm; build it with `make playground`",
                           folder);
    }
    memory_free(folder);
    return status;
}

static int serve(const PlaygroundArguments *arguments, const ServerPage *page)
{
    percept_error error;
    WatchServer *server = NULL;
    const percept_status started =
        watch_server_start(NULL, page, arguments->host, (unsigned)arguments->port, &server, &error);
    if (started == PERCEPT_ERROR_ARGUMENT)
        return fail_usage(manual.command, "--host: %s", error.message);
    if (started != PERCEPT_OK)
        return fail(&error);
    interrupt_watch();
    printf("%s\n", watch_server_url(server));
    fflush(stdout);
    if (arguments->open)
        open_page(watch_server_url(server));
    return serve_page(server);
}

int command_playground(int argc, char **argv)
{
    PlaygroundArguments arguments = {.host = "127.0.0.1", .port = 8766};
    percept_error error;
    Site site = {0};
    int status = read_arguments(argc, argv, &arguments);
    if (status != PARSER_GO_ON)
        return status;
    if (find_page(&site, &error) != PERCEPT_OK)
        return fail(&error);
    status = serve(&arguments, &(ServerPage){site.files, site.count, POLICY});
    site_clear(&site);
    return status;
}
