/* The files of a page in a folder, read once: a request is compared with their names, so that it can name no other file. */
#ifndef WATCH_SITE_H
#define WATCH_SITE_H

#include "base/embedded.h"
#include "base/error.h"

typedef struct Site {
    EmbeddedFile *files;
    size_t count;
    char **owned; /* what the files point to, owned_count blocks */
    size_t owned_count;
} Site;

/* Reads the files of a folder, those in folders within it excepted: index.html gets the path "/", the others their names. Files
 * whose ending says no type that a page uses are left out. PERCEPT_ERROR_IO if the folder cannot be read. Released with
 * site_clear. */
percept_status site_read(const char *folder, Site *out, percept_error *error);
void site_clear(Site *site);

/* The file with this path, or NULL. */
const EmbeddedFile *site_find(const Site *site, const char *path);

#endif
