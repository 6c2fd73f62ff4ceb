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

/* The inflated size that the trailer (the file's last four bytes, little-endian) claims, cut to what `size` packed
 * bytes can hold at most (deflate expands 1032 : 1). Right for a single member below 4 GiB; else only a guess. */
size_t gzip_size_hint(const uint8_t trailer[4], size_t size);

/* Appends what `size` bytes of gzip inflate to: all members, one after another. Nothing moves if the buffer has room
 * for the result; else it grows, to at most 1032 bytes for each packed one. PERCEPT_ERROR_FORMAT for bytes that end
 * early, are corrupt (each member's CRC-32 is checked) or go on with something else after the last member; the message
 * names the file `name`. On failure the buffer keeps its size; bytes behind it are undefined. */
percept_status gzip_inflate(const uint8_t *bytes, size_t size, const char *name, Buffer *out, percept_error *error);

#endif
