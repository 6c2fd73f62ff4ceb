/* Labels as they are written, on their way to classes 0, 1, …. */
#ifndef DATA_LABEL_TABLE_H
#define DATA_LABEL_TABLE_H

#include "base/buffer.h"
#include "data/dataset.h"

/* Begins as {0}. */
typedef struct LabelTable {
    Buffer text;    /* the different labels, in the order of their first appearance, each ended by 0 */
    size_t *starts; /* where each begins in `text` */
    size_t count, capacity;
    uint32_t *slots;   /* hash table, open addressing: 1 + number of a label; 0: free */
    size_t slot_count; /* a power of 2 */
} LabelTable;

/* The number of a label: 0 for the first that came, 1 for the next one that is different, …. */
percept_status label_table_add(LabelTable *table, const char *label, size_t length, int32_t *number,
                               percept_error *error);

/* Makes classes of the labels: sorted by value if all of them are numbers ("1", "1.0" and "+1" being one class, named
 * "1"), which must then be whole, else by their bytes. *class_of[n] is the class of label number n, *names the names;
 * both released with memory_free. PERCEPT_ERROR_FORMAT for a number that is not whole: this is for regression. */
percept_status label_table_classes(const LabelTable *table, const char *file, int32_t **class_of, char ***names,
                                   size_t *class_count, percept_error *error);
void label_table_clear(LabelTable *table);

#endif
