/* Labels as some published files write them. */
#ifndef DATA_CSV_LABELS_H
#define DATA_CSV_LABELS_H

#include "data/columns.h"
#include "data/csv_reader.h"
#include "data/dataset.h"

/* True if labels end with a dot that does not belong to them: a line before the table begins with |, as in files of
 * C4.5 (adult.test), and all labels in the beginning of the file are texts that end with a dot. Call it before rows are
 * read. */
bool csv_labels_have_dots(const CsvReader *reader, const Columns *columns);

/* Removes the dot from a label. */
void csv_label_cut_dot(CsvCell *label);

/* Replaces the class names 0, 1, … by the names at these positions, if there is one for each. */
percept_status csv_labels_rename(Storage *storage, char *const *names, size_t count, percept_error *error);

#endif
