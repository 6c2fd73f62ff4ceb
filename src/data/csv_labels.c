#include "data/csv_labels.h"

#include "base/memory.h"
#include "base/number.h"

/* The cell of the label in a record; false if it has too few. */
static bool find_label(char *at, char *end, const CsvDialect *dialect, const Columns *columns, CsvCell *cell)
{
    for (size_t c = 0; c < columns->count && at != NULL; c++) {
        at = csv_cell_read(at, end, dialect, cell);
        if (columns->list[c].role == COLUMN_LABEL)
            return true;
    }
    return false;
}

bool csv_labels_have_dots(const CsvReader *reader, const Columns *columns)
{
    CsvSample sample = {reader->buffer + reader->begin, reader->buffer + reader->end, reader->finished};
    char *begin = NULL, *end = NULL;
    size_t labels = 0;
    double number = 0;
    if (!reader->start.prelude.bar || !columns->label)
        return false;
    for (; csv_sample_next(&sample, &reader->dialect, &begin, &end); labels++) {
        CsvCell cell;
        if (!find_label(begin, end, &reader->dialect, columns, &cell) || cell.length < 2 ||
            cell.text[cell.length - 1] != '.' || csv_cell_number(&cell, &reader->dialect, &number))
            return false;
    }
    return labels > 0;
}

void csv_label_cut_dot(CsvCell *label)
{
    if (label->length > 1 && label->text[label->length - 1] == '.')
        label->length--;
}

percept_status csv_labels_rename(Storage *storage, char *const *names, size_t count, percept_error *error)
{
    const char **list = NULL;
    percept_status status = memory_allocate(storage->class_count, sizeof *list, "the class names", &list, error);
    if (status != PERCEPT_OK)
        return status;
    bool all = true;
    for (size_t k = 0; k < storage->class_count && all; k++) {
        int64_t number = 0;
        all = integer_parse(storage->class_names[k], &number) == INTEGER_OK && number >= 0 && (uint64_t)number < count;
        list[k] = all ? names[number] : NULL;
    }
    if (all)
        status = storage_name_classes(storage, list, error);
    memory_free(list);
    return status;
}
