/* Where the files of named datasets can be downloaded, and their checksums. */
#ifndef DATA_ORIGIN_H
#define DATA_ORIGIN_H

#include <stddef.h>

#define ORIGIN_SHA256_SIZE 65 /* 64 hexadecimal digits */

/* A file. Mirrors may compress it differently, so size and checksum are those of its inflated content. */
typedef struct OriginFile {
    const char *name; /* without .gz, as the dataset names it; mirrors have it with .gz */
    size_t size;      /* bytes, inflated */
    const char *sha256;
} OriginFile;

typedef struct Origin {
    const char *dataset; /* a named dataset's name */
    const OriginFile *files;
    size_t file_count;
    const char *const *mirrors; /* addresses, ended by /, to which NAME.gz is appended; the first is tried first */
    size_t mirror_count;
} Origin;

/* The table; *count rows. */
const Origin *origins(size_t *count);
const Origin *origin_find(const char *dataset);

#endif
