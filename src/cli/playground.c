/* percept playground: serves the page in which networks learn in the browser. */
#include "base/memory.h"
#include "cli/beside.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/open_page.h"
#include "cli/parser.h"
#include "watch/site.h"

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

int command_playground(int argc, char **argv)
{
    PageArguments page = {.host = "127.0.0.1", .port = 8766};
    const Option options[] = {PAGE_OPTIONS(&page, "8766")};
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], NULL, 0};
    percept_error error;
    Site site = {0};
    int status = page_read_arguments(&parser, argc, argv, &page);
    if (status != PARSER_GO_ON)
        return status;
    if (find_page(&site, &error) != PERCEPT_OK)
        return fail(&error);
    status = serve_page(manual.command, &page, NULL, &(ServerPage){site.files, site.count, POLICY}, NULL);
    site_clear(&site);
    return status;
}
