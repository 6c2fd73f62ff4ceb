#include "watch/site.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

#define MOST_FILES ((size_t)256)
#define INDEX "index.html"

static const struct {
    const char *ending, *type;
} types[] = {{".html", "text/html; charset=utf-8"},     {".css", "text/css; charset=utf-8"},
             {".js", "text/javascript; charset=utf-8"}, {".svg", "image/svg+xml; charset=utf-8"},
             {".txt", "text/plain; charset=utf-8"},     {".wasm", "application/wasm"}};

static const char *type_of(const char *name)
{
    const char *ending = strrchr(name, '.');
    for (size_t t = 0; t < sizeof types / sizeof types[0] && ending != NULL && ending != name; t++)
        if (strcmp(ending, types[t].ending) == 0)
            return types[t].type;
    return NULL;
}

static percept_status add(Site *site, const char *folder, const char *name, const char *type, percept_error *error)
{
    char *path = NULL, *address = NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = file_join(folder, name, &path, error);
    if (status == PERCEPT_OK)
        status = file_read(path, &bytes, &size, error);
    memory_free(path);
    if (status == PERCEPT_OK) {
        site->owned[site->owned_count++] = (char *)bytes;
        status = memory_allocate(strlen(name) + 2, 1, "an address", &address, error);
    }
    if (status != PERCEPT_OK)
        return status;
    site->owned[site->owned_count++] = address;
    sprintf(address, "/%s", strcmp(name, INDEX) == 0 ? "" : name);
    site->files[site->count++] = (EmbeddedFile){address, type, bytes, size};
    return PERCEPT_OK;
}

percept_status site_read(const char *folder, Site *out, percept_error *error)
{
    Site site = {0};
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return error_set(error, PERCEPT_ERROR_IO, "cannot read the folder '%s': %s", folder, strerror(errno));
    percept_status status = memory_allocate(MOST_FILES, sizeof *site.files, "a page", &site.files, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(2 * MOST_FILES, sizeof *site.owned, "a page", &site.owned, error);
    for (const struct dirent *entry = readdir(entries); status == PERCEPT_OK && entry != NULL;
         entry = readdir(entries)) {
        const char *type = type_of(entry->d_name);
        if (type != NULL && site.count < MOST_FILES)
            status = add(&site, folder, entry->d_name, type, error);
    }
    closedir(entries);
    if (status == PERCEPT_OK)
        *out = site;
    else
        site_clear(&site);
    return status;
}

void site_clear(Site *site)
{
    for (size_t i = 0; i < site->owned_count; i++)
        memory_free(site->owned[i]);
    memory_free(site->owned);
    memory_free(site->files);
    *site = (Site){0};
}

const EmbeddedFile *site_find(const Site *site, const char *path)
{
    for (size_t f = 0; f < site->count; f++)
        if (strcmp(site->files[f].path, path) == 0)
            return &site->files[f];
    return NULL;
}
