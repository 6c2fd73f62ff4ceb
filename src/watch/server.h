/* The server of the live page: the files of the page, its data, and the requests of its buttons. It can also serve the files
 * of another page alone.
 *
 *   GET  /, /style.css, /main.js, …   the page (page.h)
 *   GET  /feed?since=MS               runs and searches (feed.h); also the server
 *   GET  /run?id=N&from=E&wrong=E     a run
 *   GET  /search?id=N&since=MS        a search with its runs
 *   POST /run?id=N&ask=pause          pause, stop, or none: withdraws it, which ends a pause
 *   POST /search?id=N&ask=stop        the same for a search
 *
 * A request names no file: paths are compared with this table without decoding, and parameters are numbers and three
 * words. It has no body. A POST needs the token, in the header Percept-Token. Access control: guard.h. */
#ifndef WATCH_SERVER_H
#define WATCH_SERVER_H

#include <stdbool.h>

#include "base/embedded.h"
#include "base/error.h"

typedef struct WatchServer WatchServer;

/* The files of a page, and the Content-Security-Policy that a browser shall apply to them. */
typedef struct ServerPage {
    const EmbeddedFile *files;
    size_t count;
    const char *policy;
} ServerPage;

/* Starts serving the live page with the data of a runs folder, which need not exist yet; or, where `folder` is NULL, another
 * page without data and buttons, whose files must outlive the server: GET of them is all that is then answered. host, port: as
 * guard_create and watch_listen take them. Released with watch_server_stop. */
percept_status watch_server_start(const char *folder, const ServerPage *page, const char *host, unsigned port,
                                  WatchServer **out, percept_error *error);
void watch_server_stop(WatchServer *server); /* NULL is allowed */

/* Answers requests or waits for them; returns after about a second, or earlier, also after a signal. */
percept_status watch_server_work(WatchServer *server, percept_error *error);

/* Where the page is: "http://127.0.0.1:8765/"; for a server on all addresses the one of this machine itself. */
const char *watch_server_url(const WatchServer *server);

/* Only this machine reaches it. */
bool watch_server_private(const WatchServer *server);

#endif
