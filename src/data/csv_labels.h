/* Labels as some published files write them. */
#ifndef DATA_CSV_LABELS_H
#define DATA_CSV_LABELS_H

#include "data/columns.h"
#include "data/csv_reader.h"
#include "data/dataset.h"

/* True if labels end with a dot that is none of theirs: a line that begins with | stands before the table, as in files of
 * C4.5 (adult.test), and all labels of the file's beginning are texts that end so. To be asked before rows are read. */
bool csv_labels_have_dots(const CsvReader *reader, const Columns *columns);

/* Takes the dot off a label. */
void csv_label_cut_dot(CsvCell *label);

/* Gives classes whose names are numbers 0, 1, … the names that stand at these places, if all of them do. */
percept_status csv_labels_rename(Storage *storage, char *const *names, size_t count, percept_error *error);

#endif
