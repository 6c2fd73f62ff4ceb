/* Files that the build puts into the program (cmake/embed.cmake). */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

typedef struct EmbeddedFile {
    const char *path; /* "/style.css"; index.html is "/" */
    const char *type; /* of its content: "text/css; charset=utf-8" */
    const unsigned char *bytes;
    size_t size;
} EmbeddedFile;

#endif
