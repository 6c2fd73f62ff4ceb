/* What commands that serve a page share. */
#ifndef CLI_OPEN_PAGE_H
#define CLI_OPEN_PAGE_H

#include "watch/server.h"

/* Starts the user's browser, which may take its time; its output is discarded. */
void open_page(const char *url);

/* Answers requests until a signal comes (cli/interrupt.h), then stops the server; returns the exit status. */
int serve_page(WatchServer *server);

#endif
