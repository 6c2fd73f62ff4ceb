#include "data/unanswered.h"

#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {[UNANSWERED_REFUSE] = "refuse", [UNANSWERED_DROP] = "drop"};

const char *unanswered_kind_name(size_t kind)
{
    return kind <= UNANSWERED_DROP ? kind_names[kind] : NULL;
}

UnansweredKind unanswered_kind_find(const char *name)
{
    return strcmp(name, kind_names[UNANSWERED_DROP]) == 0 ? UNANSWERED_DROP : UNANSWERED_REFUSE;
}

bool unanswered_count(Unanswered *rows, bool answered, const char *file, size_t place)
{
    rows->rows++;
    if (answered)
        return true;
    if (rows->count++ == 0) {
        rows->file = file;
        rows->first = place;
    }
    return false;
}

percept_status unanswered_settle(const Unanswered *rows, UnansweredKind kind, const char *answer, const char *column,
                                 const char *unit, Notes *notes, percept_error *error)
{
    char where[64] = "";
    if (rows->count == 0)
        return PERCEPT_OK;
    if (column != NULL)
        snprintf(where, sizeof where, " (column %.32s)", column);
    const char *has = rows->count == 1 ? "has" : "have";
    if (rows->count == rows->rows)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%.80s': none of the %zu rows has a %s%s", rows->file,
                         rows->rows, answer, where);
    if (kind == UNANSWERED_REFUSE)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%.80s': %zu of %zu rows %s no %s%s, the first in %s %zu; --missing-label drop leaves such "
                         "rows out",
                         rows->file, rows->count, rows->rows, has, answer, where, unit, rows->first);
    return notes_add(notes, NOTE_TAKEN, error, "%zu of %zu rows %s no %s%s and %s left out; the first is in %s %zu",
                     rows->count, rows->rows, has, answer, where, rows->count == 1 ? "was" : "were", unit, rows->first);
}
