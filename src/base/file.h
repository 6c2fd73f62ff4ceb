/* Files appear whole or not at all. Reading gives a whole file in memory, inflated if it is gzip.
 * Errors name the path and the system's reason. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/error.h"

/* Reads the file at path. *bytes is released with memory_free. */
percept_status file_read(const char *path, uint8_t **bytes, size_t *size, percept_error *error);

/* The same, but a file that starts with the gzip magic (1f 8b) is inflated: all members, one after another. A
 * truncated or corrupt stream is PERCEPT_ERROR_FORMAT. Memory is bounded by what deflate can expand to
 * (1032 : 1), whatever the trailer claims. */
percept_status file_read_inflated(const char *path, uint8_t **bytes, size_t *size, percept_error *error);

/* Appends the file, inflated if it is gzip, to a buffer. No bytes are copied if the buffer has room for them
 * (file_size_hint) and one byte more. On failure the buffer keeps its size. */
percept_status file_append_inflated(const char *path, Buffer *out, percept_error *error);

/* The approximate inflated size of the file in bytes: exact for a plain file; for gzip the size in the trailer, within
 * what is possible; 0 for a pipe and other files that can be read only once. */
percept_status file_size_hint(const char *path, size_t *size, percept_error *error);

/* True if something (a file, a folder) exists at path. */
bool file_exists(const char *path);

/* Creates a folder and its missing parents (mode 0777 less the umask); existing folders are fine. */
percept_status file_make_folder(const char *path, percept_error *error);

/* "folder/name" in a new string, released with memory_free. If one of them is empty, the result is the other. */
percept_status file_join(const char *folder, const char *name, char **out, percept_error *error);

/* The path of `name` in the folder of the file at `path`: "a/c" for "a/b" and "c", "c" for "b" and "c". Released with
 * memory_free. */
percept_status file_beside(const char *path, const char *name, char **out, percept_error *error);

/* The last word of a path ("runs/a/" gives "a") in a new string, released with memory_free. */
percept_status file_last_name(const char *path, char **out, percept_error *error);

/* A path for display: relative to the working folder if it lies below it ("a/b.csv" for "/home/ada/a/b.csv"), else
 * unchanged. Points into `path`. */
const char *file_below_here(const char *path);

/* A file being written beside its final place, under a temporary name (".percept-PID-N.tmp"). Readers of `path` see
 * either the whole old file or the whole new one. */
typedef struct FileWriter FileWriter;

/* Starts a file that will appear at path when committed. A symbolic link at path is followed and stays, as with
 * open(2); a folder, a device or a pipe there is refused. */
percept_status file_writer_open(const char *path, FileWriter **out, percept_error *error);

/* Appends bytes or formatted text. A failure is kept and reported by file_writer_commit, so calls need not be
 * checked one by one. */
void file_writer_write(FileWriter *writer, const void *bytes, size_t size);
void file_writer_print(FileWriter *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The stream behind a writer, for callers that print in other ways; the writer closes it. */
FILE *file_writer_stream(FileWriter *writer);

/* Flushes, fsyncs and renames the file to its place (and fsyncs the folder), or removes it if anything failed.
 * Releases the writer in either case. */
percept_status file_writer_commit(FileWriter *writer, percept_error *error);

/* Removes the unfinished file and releases the writer; NULL is allowed. */
void file_writer_abandon(FileWriter *writer);

/* Writes a whole file in one call. */
percept_status file_write(const char *path, const void *bytes, size_t size, percept_error *error);

#endif
