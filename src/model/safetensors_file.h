/* Reads an untrusted file in pieces: the first bytes decide how much is read. */
#ifndef MODEL_SAFETENSORS_FILE_H
#define MODEL_SAFETENSORS_FILE_H

#include <stdbool.h>

#include "base/buffer.h"

typedef struct PieceFile {
    int file;
    const char *path; /* the caller's */
    bool sized;       /* a regular file, of `size` bytes; else a pipe */
    size_t size;
} PieceFile;

/* Opens a file or a pipe. Folders and devices are PERCEPT_ERROR_IO: a device need not have an end. Released with
 * piece_file_close. */
percept_status piece_file_open(const char *path, PieceFile *out, percept_error *error);
void piece_file_close(PieceFile *file);

/* Appends up to `count` bytes; fewer only at the end of the file. Memory grows with the bytes read, whatever count
 * is. */
percept_status piece_file_read(const PieceFile *file, size_t count, Buffer *out, percept_error *error);

#endif
