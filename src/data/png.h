/* PNG pictures (ISO/IEC 15948) as grey bytes, through libpng. */
#ifndef DATA_PNG_H
#define DATA_PNG_H

#include "base/buffer.h"
#include "base/error.h"

/* The size that all pictures of a dataset have, and the first of them; all zero before it is read. */
typedef struct PngSize {
    size_t height, width;
    const char *first;
} PngSize;

/* Appends the height × width grey pixels of a PNG file to `pixels`. Grey of any depth, colour, palettes and interlaced
 * pictures are read: 16 bits are rounded to 8, fewer are spread over 0 … 255, colour becomes (299 R + 587 G + 114 B) /
 * 1000 (ITU-R BT.601, "luma"), transparency and gamma are ignored.
 *
 * Before decompression a picture is refused if its size differs from the first one (the message names both), if it is
 * larger than the bytes of the file can hold, or if it has more than 2^26 pixels. PERCEPT_ERROR_FORMAT for a file that
 * is no PNG, ends early or fails its checks; on failure the buffer keeps its size. */
percept_status png_append(const char *path, PngSize *size, Buffer *pixels, percept_error *error);

#endif
