#include "export/onnx_external.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "export/onnx_fields.h"

/* ---- Entries ------------------------------------------------------------------------------------------------------- */

typedef struct Entry {
    const char *key, *value;
} Entry;

static void read_entry_field(OnnxGraph *graph, const ProtoField *field, void *out)
{
    Entry *entry = out;
    if (field->bytes != NULL && field->number == ENTRY_KEY)
        entry->key = onnx_read_text(graph, field);
    else if (field->bytes != NULL && field->number == ENTRY_VALUE)
        entry->value = onnx_read_text(graph, field);
}

static int64_t read_bytes(OnnxGraph *graph, const char *text)
{
    char *end = NULL;
    errno = 0;
    const long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value < 0)
        onnx_refuse(graph, "the place of its weights in another file is no number");
    return value;
}

void onnx_read_external(OnnxGraph *graph, const ProtoField *field, OnnxExternal *external)
{
    Entry entry = {"", ""};
    onnx_read_message(graph, proto_inside(field), read_entry_field, &entry);
    if (graph->error.status != PERCEPT_OK)
        return;
    if (strcmp(entry.key, "location") == 0)
        external->location = entry.value;
    else if (strcmp(entry.key, "offset") == 0)
        external->offset = read_bytes(graph, entry.value);
    else if (strcmp(entry.key, "length") == 0)
        external->length = read_bytes(graph, entry.value);
}

/* ---- The file ------------------------------------------------------------------------------------------------------ */

/* Whether a path leads to the folder or below it. */
static bool is_below(const char *path)
{
    if (path[0] == '\0' || path[0] == '/')
        return false;
    for (const char *word = path; word != NULL; word = strchr(word, '/')) {
        word += *word == '/';
        if (strncmp(word, "..", 2) == 0 && (word[2] == '/' || word[2] == '\0'))
            return false;
    }
    return true;
}

static void refuse_file(OnnxGraph *graph, const OnnxExternal *external, const char *why)
{
    if (graph->error.status == PERCEPT_OK)
        error_set(&graph->error, PERCEPT_ERROR_FORMAT,
                  "its weights lie in '%.80s', which %.60s; keep both files together", external->location, why);
}

/* size bytes from the offset on; what is missing is found before memory is allocated. */
static uint8_t *read_part(OnnxGraph *graph, const OnnxExternal *external, FILE *file, size_t size)
{
    struct stat facts;
    uint8_t *bytes = NULL;
    int64_t end = 0;
    if (fstat(fileno(file), &facts) != 0 || __builtin_add_overflow(external->offset, size, &end) || end > facts.st_size)
        refuse_file(graph, external, "is too short for them");
    else if (memory_allocate(size > 0 ? size : 1, 1, "the weights", &bytes, &graph->error) == PERCEPT_OK &&
             (fseeko(file, external->offset, SEEK_SET) != 0 || fread(bytes, 1, size, file) != size)) {
        refuse_file(graph, external, "cannot be read");
        memory_free(bytes);
        bytes = NULL;
    }
    return bytes;
}

uint8_t *onnx_external_bytes(OnnxGraph *graph, const OnnxExternal *external, size_t size)
{
    char *path = NULL;
    uint8_t *bytes = NULL;
    if (external->location == NULL || !is_below(external->location)) {
        onnx_refuse(graph, "its weights lie in a file outside of its folder, which Percept does not read");
        return NULL;
    }
    if (file_join(graph->folder, external->location, &path, &graph->error) != PERCEPT_OK)
        return NULL;
    struct stat facts;
    FILE *file = NULL;
    if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode)) /* a pipe would be waited for */
        refuse_file(graph, external, "is no file");
    else if ((file = fopen(path, "rbe")) == NULL)
        refuse_file(graph, external, errno == ENOENT ? "does not exist" : strerror(errno));
    else
        bytes = read_part(graph, external, file, size);
    if (file != NULL)
        fclose(file);
    memory_free(path);
    return bytes;
}
