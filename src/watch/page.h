/* The files of the page in the folder page/, which the build puts into the program (cmake/embed.cmake). */
#ifndef WATCH_PAGE_H
#define WATCH_PAGE_H

#include <stddef.h>

typedef struct PageFile {
    const char *path; /* requested path: "/style.css"; "/" for the page itself */
    const char *type; /* of its content */
    const unsigned char *bytes;
    size_t size;
} PageFile;

extern const PageFile page_files[];
extern const size_t page_file_count;

#endif
