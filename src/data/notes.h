/* Notes: what was understood of data on the way, for people. Readers and the cutting of parts add them to a storage; the
 * program prints them. */
#ifndef DATA_NOTES_H
#define DATA_NOTES_H

#include <stddef.h>

#include "base/error.h"

typedef enum NoteKind {
    NOTE_TAKEN,   /* what was taken for what, and what was left out */
    NOTE_WARNING, /* what is probably not meant */
} NoteKind;

typedef struct Note {
    NoteKind kind;
    char *text; /* one line, no final newline, no name of the file */
} Note;

/* Begins as {0}, released with notes_clear. */
typedef struct Notes {
    size_t count, capacity;
    Note *list;
} Notes;

/* Appends a line; one that is there already is left out. */
percept_status notes_add(Notes *notes, NoteKind kind, percept_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Appends copies of all lines of another list. */
percept_status notes_append(Notes *notes, const Notes *more, percept_error *error);

void notes_clear(Notes *notes);

#endif
