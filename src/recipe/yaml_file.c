/* A file's bytes become a YAML document. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "recipe/yaml.h"

/* Thirty times the size of any recipe: a larger file is probably a mistake. libyaml's time grows with the square of the
 * depth of nesting and of the number of anchors. This limit bounds it to a few seconds for hostile files. */
#define LARGEST_FILE ((size_t)1 << 16)

/* ---- Documents -------------------------------------------------------------------------------------------------- */

static percept_status refuse_yaml(const char *path, const yaml_parser_t *parser, percept_error *error)
{
    const char *problem = parser->problem != NULL ? parser->problem : "it cannot be read";
    /* Some failed allocations leave no error behind, which nothing else does. */
    if (parser->error == YAML_MEMORY_ERROR || parser->error == YAML_NO_ERROR)
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to read '%s'", path);
    if (parser->error == YAML_READER_ERROR)
        return error_set(error, PERCEPT_ERROR_FORMAT, "%s: not YAML: %s at byte %zu", path, problem,
                         parser->problem_offset);
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s:%zu: not YAML: %s%s%s", path, parser->problem_mark.line + 1,
                     problem, parser->context != NULL ? " " : "", parser->context != NULL ? parser->context : "");
}

/* Nothing may follow the first document. */
static percept_status read_end(const char *path, yaml_parser_t *parser, percept_error *error)
{
    yaml_document_t document;
    if (!yaml_parser_load(parser, &document))
        return refuse_yaml(path, parser, error);
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    percept_status status = PERCEPT_OK;
    if (root != NULL)
        status = error_set(error, PERCEPT_ERROR_FORMAT,
                           "%s:%zu: a second document begins; a recipe is one, so remove the line ---", path,
                           root->start_mark.line + 1);
    yaml_document_delete(&document);
    return status;
}

static percept_status read_document(const char *path, const uint8_t *bytes, size_t size, yaml_document_t *out,
                                    percept_error *error)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to read '%s'", path);
    yaml_parser_set_input_string(&parser, bytes, size);
    percept_status status = PERCEPT_OK;
    if (!yaml_parser_load(&parser, out)) {
        status = refuse_yaml(path, &parser, error);
    } else {
        status = read_end(path, &parser, error);
        if (status != PERCEPT_OK)
            yaml_document_delete(out);
    }
    yaml_parser_delete(&parser);
    return status;
}

/* ---- Files ------------------------------------------------------------------------------------------------------ */

static percept_status read_stream(const char *path, FILE *stream, uint8_t *bytes, size_t *size, percept_error *error)
{
    errno = 0;
    *size = fread(bytes, 1, LARGEST_FILE + 1, stream);
    if (ferror(stream))
        return error_set(error, PERCEPT_ERROR_IO, "cannot read '%s': %s", path, strerror(errno));
    if (*size > LARGEST_FILE)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' has more than %zu bytes, so it is no recipe; give a YAML file", path, LARGEST_FILE);
    return PERCEPT_OK;
}

/* *bytes is released with memory_free. */
static percept_status read_bytes(const char *path, uint8_t **bytes, size_t *size, percept_error *error)
{
    FILE *stream = fopen(path, "rbe");
    if (stream == NULL)
        return error_set(error, PERCEPT_ERROR_IO, "cannot open '%s': %s", path, strerror(errno));
    percept_status status = memory_allocate(LARGEST_FILE + 1, 1, path, bytes, error);
    if (status == PERCEPT_OK)
        status = read_stream(path, stream, *bytes, size, error);
    (void)fclose(stream);
    return status;
}

percept_status yaml_open_text(const char *text, size_t size, const char *name, yaml_document_t *out,
                              percept_error *error)
{
    if (size > LARGEST_FILE)
        return error_set(error, PERCEPT_ERROR_FORMAT, "%s: %zu bytes are too many for a recipe; give at most %zu", name,
                         size, LARGEST_FILE);
    return read_document(name, (const uint8_t *)text, size, out, error);
}

percept_status yaml_open(const char *path, yaml_document_t *out, percept_error *error)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = read_bytes(path, &bytes, &size, error);
    if (status == PERCEPT_OK)
        status = read_document(path, bytes, size, out, error);
    memory_free(bytes);
    return status;
}
