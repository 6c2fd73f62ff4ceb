#include "data/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define LONGEST 1024

static percept_status append(Notes *notes, NoteKind kind, const char *text, percept_error *error)
{
    for (size_t n = 0; n < notes->count; n++)
        if (notes->list[n].kind == kind && strcmp(notes->list[n].text, text) == 0)
            return PERCEPT_OK;
    percept_status status = PERCEPT_OK;
    if (notes->count == notes->capacity) {
        const size_t capacity = notes->capacity == 0 ? 8 : 2 * notes->capacity;
        status = memory_grow(&notes->list, notes->count * sizeof *notes->list, capacity, sizeof *notes->list,
                             "the notes", error);
        notes->capacity = status == PERCEPT_OK ? capacity : notes->capacity;
    }
    if (status == PERCEPT_OK)
        status = memory_copy_string(text, &notes->list[notes->count].text, error);
    if (status == PERCEPT_OK)
        notes->list[notes->count++].kind = kind;
    return status;
}

percept_status notes_add(Notes *notes, NoteKind kind, percept_error *error, const char *format, ...)
{
    char text[LONGEST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return append(notes, kind, text, error);
}

percept_status notes_append(Notes *notes, const Notes *more, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t n = 0; n < more->count && status == PERCEPT_OK; n++)
        status = append(notes, more->list[n].kind, more->list[n].text, error);
    return status;
}

void notes_clear(Notes *notes)
{
    for (size_t n = 0; n < notes->count; n++)
        memory_free(notes->list[n].text);
    memory_free(notes->list);
    *notes = (Notes){0};
}
