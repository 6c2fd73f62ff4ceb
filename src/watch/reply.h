/* Answers of the live page's server. Each has the headers that restrict the browser: only our own scripts, styles and
 * pictures, no frames, no guessing of types, no caching. */
#ifndef WATCH_REPLY_H
#define WATCH_REPLY_H

#include <jansson.h>
#include <microhttpd.h>
#include <stddef.h>

/* Answers with constant bytes, which are valid as long as the program runs. */
enum MHD_Result reply_constant(struct MHD_Connection *connection, unsigned code, const char *type, const void *bytes,
                               size_t size);

/* Answers with a value, which is released; NULL is a lack of memory and becomes 500. */
enum MHD_Result reply_json(struct MHD_Connection *connection, unsigned code, json_t *value);

/* Answers {"problem": "…"}. */
enum MHD_Result reply_problem(struct MHD_Connection *connection, unsigned code, const char *problem);

#endif
