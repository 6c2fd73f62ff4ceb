#include "cli/notes.h"

#include "cli/text.h"

/* Where the text begins. */
#define INDENT 10

static void print_kind(FILE *stream, const Notes *notes, NoteKind kind, const char *word)
{
    bool first = true;
    for (size_t n = 0; n < notes->count; n++) {
        if (notes->list[n].kind != kind)
            continue;
        fprintf(stream, "%-*s", INDENT, first || kind == NOTE_WARNING ? word : "");
        text_wrapped(stream, INDENT, notes->list[n].text);
        first = false;
    }
}

void notes_print(FILE *stream, const Notes *notes, bool quiet)
{
    if (!quiet)
        print_kind(stream, notes, NOTE_TAKEN, "read");
    print_kind(stream, notes, NOTE_WARNING, "warning");
}
