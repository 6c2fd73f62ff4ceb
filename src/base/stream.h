/* Bytes one after another in constant memory, inflated if they are gzip: of a file, a pipe, standard input. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct ByteStream ByteStream;

/* Opens a file, or takes a descriptor that stays the caller's and must stay open; `name` is for messages and is copied.
 * Whether the bytes are gzip is told by their start (1f 8b). Released with byte_stream_close. */
percept_status byte_stream_open(const char *path, ByteStream **out, percept_error *error);
percept_status byte_stream_adopt(int descriptor, const char *name, ByteStream **out, percept_error *error);
void byte_stream_close(ByteStream *stream);

/* Reads at most `size` bytes (at least 1), as many as come at once; *got is 0 only at the end. PERCEPT_ERROR_FORMAT for
 * gzip that ends early, is corrupt (each member's CRC-32 is checked) or goes on with something else. */
percept_status byte_stream_read(ByteStream *stream, void *bytes, size_t size, size_t *got, percept_error *error);

/* True if somebody types the bytes. */
bool byte_stream_is_terminal(const ByteStream *stream);

/* How much of the file has been read, from 0 to 1; 0 where its size is not known. */
double byte_stream_progress(const ByteStream *stream);

#endif
