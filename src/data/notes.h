/* Notes: how data were understood, for users. Readers and the code that splits data add them to a storage; the program
 * prints them. */
#ifndef DATA_NOTES_H
#define DATA_NOTES_H

#include <stddef.h>

#include "base/error.h"

typedef enum NoteKind {
    NOTE_TAKEN,   /* how something was understood, and what was ignored */
    NOTE_WARNING, /* something that is probably a mistake */
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

/* Appends a line, unless it is already there. */
percept_status notes_add(Notes *notes, NoteKind kind, percept_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Appends copies of all lines of another list. */
percept_status notes_append(Notes *notes, const Notes *more, percept_error *error);

void notes_clear(Notes *notes);

#endif
