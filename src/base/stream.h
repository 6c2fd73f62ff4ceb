/* The bytes of a file, a pipe or standard input, read in constant memory and inflated if they are gzip. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct ByteStream ByteStream;

/* Opens a file, or takes a descriptor, which the caller still owns and must keep open. `name` is for messages and is
 * copied. Gzip is recognized by its first bytes (1f 8b). Released with byte_stream_close. */
percept_status byte_stream_open(const char *path, ByteStream **out, percept_error *error);
percept_status byte_stream_adopt(int descriptor, const char *name, ByteStream **out, percept_error *error);
void byte_stream_close(ByteStream *stream);

/* Reads at most `size` bytes (at least 1), as many as are available at once; *got is 0 only at the end.
 * PERCEPT_ERROR_FORMAT for gzip that ends early, is corrupt (the CRC-32 of each member is checked) or continues with
 * other bytes. */
percept_status byte_stream_read(ByteStream *stream, void *bytes, size_t size, size_t *got, percept_error *error);

/* True if the bytes come from a terminal. */
bool byte_stream_is_terminal(const ByteStream *stream);

/* The fraction of the file that has been read; 0 if its size is not known. */
double byte_stream_progress(const ByteStream *stream);

#endif
