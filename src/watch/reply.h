/* Answers of the live page's server. Each has the headers that restrict the browser: only our own scripts, styles and
 * pictures, no frames, no guessing of types, no caching. */
#ifndef WATCH_REPLY_H
#define WATCH_REPLY_H

#include <jansson.h>
#include <microhttpd.h>
#include <stddef.h>

#include "base/embedded.h"

/* The Content-Security-Policy of the live page, and of all answers that are no files. */
#define REPLY_POLICY                                                                                                   \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "                    \
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

/* Answers with a file, whose bytes are valid until the server stops, under a policy. */
enum MHD_Result reply_file(struct MHD_Connection *connection, const char *policy, const EmbeddedFile *file);

/* Answers with a value, which is released; NULL is a lack of memory and becomes 500. */
enum MHD_Result reply_json(struct MHD_Connection *connection, unsigned code, json_t *value);

/* Answers {"problem": "…"}. */
enum MHD_Result reply_problem(struct MHD_Connection *connection, unsigned code, const char *problem);

#endif
