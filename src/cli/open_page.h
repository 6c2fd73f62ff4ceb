/* What commands that serve a page share. */
#ifndef CLI_OPEN_PAGE_H
#define CLI_OPEN_PAGE_H

#include "cli/parser.h"
#include "watch/server.h"

/* Where a page is served, and whether the browser is to open it. */
typedef struct PageArguments {
    const char *host;
    size_t port;
    bool open;
} PageArguments;

/* The options of all these commands; `port` is the default, as text. */
#define PAGE_OPTIONS(page, port_text)                                                                                  \
    {"--port", "N", "port, 0 for any free one [" port_text "]", option_take_count, &(page)->port},                     \
        {"--host", "ADDRESS", "address to listen on, 0.0.0.0 for all addresses of this machine [127.0.0.1]",           \
         option_take_text, &(page)->host},                                                                             \
    {                                                                                                                  \
        "--open", NULL, "open the page in the browser", option_take_switch, &(page)->open                              \
    }

/* Reads the arguments as parser_read does, and checks the port. */
int page_read_arguments(const Parser *parser, int argc, char **argv, const PageArguments *page);

/* Serves until a signal comes (cli/interrupt.h); returns the exit status. runs and files as for watch_server_start. `danger`
 * says what others can do with a page that they can reach, for a warning; NULL: nothing. */
int serve_page(const char *command, const PageArguments *page, const char *runs, const ServerPage *files,
               const char *danger);

#endif
