/* Inflating gzip (RFC 1952) through libdeflate, straight into the memory that will hold the bytes. */
#ifndef BASE_GZIP_H
#define BASE_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

/* True if the bytes start as gzip does (1f 8b). */
bool gzip_recognize(const uint8_t *bytes, size_t size);

/* The inflated size in the trailer (the last four bytes of the file, little-endian), limited to what `size` packed
 * bytes can hold (deflate expands 1032 : 1). Exact for a single member below 4 GiB; else only a guess. */
size_t gzip_size_hint(const uint8_t trailer[4], size_t size);

/* Inflates `size` bytes of gzip, all members one after another, and appends the result. Nothing moves if the buffer has
 * room for it; else the buffer grows, to at most 1032 bytes for each packed byte. PERCEPT_ERROR_FORMAT for data that
 * end early, are corrupt (the CRC-32 of each member is checked) or continue with other bytes after the last member; the
 * message names the file `name`. On failure the buffer keeps its size; bytes behind it are undefined. */
percept_status gzip_inflate(const uint8_t *bytes, size_t size, const char *name, Buffer *out, percept_error *error);

#endif
