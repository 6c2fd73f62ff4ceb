/* Collects labels as texts and turns them into classes 0, 1, …. */
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

/* The number of a label: 0 for the first one, 1 for the next different one, …. */
percept_status label_table_add(LabelTable *table, const char *label, size_t length, int32_t *number,
                               percept_error *error);

/* Label number n as text; valid until the next one is added. */
const char *label_table_text(const LabelTable *table, size_t number);

/* The number of a known label, or -1. */
int32_t label_table_find(const LabelTable *table, const char *label, size_t length);

/* Where labels come from, for messages. */
typedef struct LabelSource {
    const char *file;
    const char *column; /* "species", or a number from 1 where columns have no names */
} LabelSource;

/* Turns the labels into classes. A label is a text: two spellings are two classes ("01" and "1", "1E1" and "10").
 * Exceptions: if all labels are plain integers (label_integer.h: no leading zeros, no exponents), equal values are one
 * class ("1", "+1" and "1.0", named "1"); likewise if all are in the notation of numpy.savetxt. Classes are then sorted
 * by value, else by their bytes. *class_of[n] is the class of label number n, *names the names; both released with
 * memory_free. PERCEPT_ERROR_FORMAT if all labels are numbers and one of them has a fraction: these are for
 * regression. */
percept_status label_table_classes(const LabelTable *table, const LabelSource *source, int32_t **class_of,
                                   char ***names, size_t *class_count, percept_error *error);

/* True if label_table_classes would refuse the labels for that. */
bool label_table_has_decimals(const LabelTable *table);

/* The first label that is no number, or NULL. */
const char *label_table_find_text(const LabelTable *table);

/* True if the labels are rather numbers to predict than classes: decimals, or more than LABELS_MOST_WHOLE different whole
 * numbers. */
#define LABELS_MOST_WHOLE 40
bool label_table_has_measures(const LabelTable *table);

void label_table_clear(LabelTable *table);

#endif
