#include "data/label_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/label_integer.h"

#define FEWEST_SLOTS 64

/* ---- Collecting ---------------------------------------------------------------------------------------------- */

/* FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo), 64 bits. */
static uint64_t hash(const char *text, size_t length)
{
    uint64_t value = 0xcbf29ce484222325;
    for (size_t i = 0; i < length; i++)
        value = (value ^ (uint8_t)text[i]) * 0x100000001b3;
    return value ^ value >> 32;
}

const char *label_table_text(const LabelTable *table, size_t number)
{
    return (const char *)table->text.bytes + table->starts[number];
}

/* The slot that holds the label, or the free one where it belongs. */
static size_t find_slot(const LabelTable *table, const char *label, size_t length)
{
    size_t slot = hash(label, length) & (table->slot_count - 1);
    for (;; slot = (slot + 1) & (table->slot_count - 1)) {
        if (table->slots[slot] == 0)
            return slot;
        const char *text = label_table_text(table, table->slots[slot] - 1);
        if (strncmp(text, label, length) == 0 && text[length] == '\0')
            return slot;
    }
}

/* Twice the slots, at most half of them used. */
static percept_status grow_slots(LabelTable *table, percept_error *error)
{
    const size_t wanted = table->slot_count == 0 ? FEWEST_SLOTS : 2 * table->slot_count;
    uint32_t *slots = NULL;
    percept_status status = memory_allocate_zeroed(wanted, sizeof *slots, "the labels", &slots, error);
    if (status != PERCEPT_OK)
        return status;
    memory_free(table->slots);
    table->slots = slots;
    table->slot_count = wanted;
    for (size_t n = 0; n < table->count; n++) {
        const char *text = label_table_text(table, n);
        table->slots[find_slot(table, text, strlen(text))] = (uint32_t)n + 1;
    }
    return PERCEPT_OK;
}

static percept_status append(LabelTable *table, const char *label, size_t length, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (table->count >= INT32_MAX - 1)
        return error_set(error, PERCEPT_ERROR_FORMAT, "there are too many different labels");
    if (table->count == table->capacity) {
        const size_t capacity = table->capacity == 0 ? FEWEST_SLOTS / 2 : 2 * table->capacity;
        status = memory_grow(&table->starts, table->count * sizeof *table->starts, capacity, sizeof *table->starts,
                             "the labels", error);
        table->capacity = status == PERCEPT_OK ? capacity : table->capacity;
    }
    const size_t size = table->text.size;
    if (status == PERCEPT_OK && table->text.capacity - size <= length)
        status = buffer_reserve(&table->text, size + length + 1, "the labels", error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(table->text.bytes + size, label, length);
    table->text.bytes[size + length] = '\0';
    table->text.size += length + 1;
    table->starts[table->count++] = size;
    return PERCEPT_OK;
}

percept_status label_table_add(LabelTable *table, const char *label, size_t length, int32_t *number,
                               percept_error *error)
{
    if (2 * table->count >= table->slot_count) {
        percept_status status = grow_slots(table, error);
        if (status != PERCEPT_OK)
            return status;
    }
    const size_t slot = find_slot(table, label, length);
    if (table->slots[slot] == 0) {
        percept_status status = append(table, label, length, error);
        if (status != PERCEPT_OK)
            return status;
        table->slots[slot] = (uint32_t)table->count;
    }
    *number = (int32_t)(table->slots[slot] - 1);
    return PERCEPT_OK;
}

int32_t label_table_find(const LabelTable *table, const char *label, size_t length)
{
    if (table->slot_count == 0)
        return -1;
    return (int32_t)table->slots[find_slot(table, label, length)] - 1;
}

void label_table_clear(LabelTable *table)
{
    buffer_clear(&table->text);
    memory_free(table->starts);
    memory_free(table->slots);
    *table = (LabelTable){0};
}

/* ---- Classes ------------------------------------------------------------------------------------------------- */

/* A label to be sorted. */
typedef struct Entry {
    const char *text;
    LabelInteger integer; /* if all are whole numbers */
    size_t number;
} Entry;

static int compare_texts(const void *a, const void *b)
{
    return strcmp(((const Entry *)a)->text, ((const Entry *)b)->text);
}

static int compare_integers(const void *a, const void *b)
{
    return label_integer_compare(&((const Entry *)a)->integer, &((const Entry *)b)->integer);
}

typedef char Spelling[LABEL_INTEGER_SIZE];

/* Fills in the entries; true if all are plain whole numbers, or all are written as numpy.savetxt does: their digits are
 * then in `spellings`, which has room for each. */
static bool list_entries(const LabelTable *table, Entry *entries, Spelling *spellings)
{
    bool plain = true, respelled = true;
    for (size_t n = 0; n < table->count; n++) {
        entries[n] = (Entry){.text = label_table_text(table, n), .number = n};
        plain = plain && label_integer_parse(entries[n].text, &entries[n].integer);
    }
    for (size_t n = 0; n < table->count && !plain && respelled; n++)
        respelled = label_integer_respell(entries[n].text, spellings[n]) &&
                    label_integer_parse(spellings[n], &entries[n].integer);
    return plain || respelled;
}

const char *label_table_find_text(const LabelTable *table)
{
    double value = 0;
    for (size_t n = 0; n < table->count; n++)
        if (!number_parse(label_table_text(table, n), &value))
            return label_table_text(table, n);
    return NULL;
}

/* The first label with a fraction, if all are numbers; else NULL. */
static const char *find_decimal(const LabelTable *table)
{
    double value = 0;
    if (label_table_find_text(table) != NULL)
        return NULL;
    for (size_t n = 0; n < table->count; n++)
        if (number_parse(label_table_text(table, n), &value) && value != floor(value))
            return label_table_text(table, n);
    return NULL;
}

/* Refuses labels that are all numbers, some of them with a fraction: measurements, not classes. */
static percept_status check_decimals(const LabelTable *table, const LabelSource *source, percept_error *error)
{
    const char *decimal = find_decimal(table);
    if (decimal == NULL)
        return PERCEPT_OK;
    const char *name = source->column, *quote = name[strcspn(name, " \t\"'\\,;&|()<>$*?#")] != '\0' ? "\"" : "";
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "'%.80s': column %.32s holds decimals such as %.16s, not classes; for regression add --targets "
                     "%s%.32s%s",
                     source->file, name, decimal, quote, name, quote);
}

/* Room for the shortest spellings of all entries, one after the other. */
static percept_status allocate_spellings(const Entry *entries, size_t count, char **out, percept_error *error)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += entries[i].integer.length + 2;
    return memory_allocate(size, 1, "the class names", out, error);
}

/* Numbers the sorted entries, equal ones alike, and names them. */
static percept_status name_classes(Entry *entries, size_t count, bool integers, int32_t *class_of, char ***names,
                                   size_t *class_count, percept_error *error)
{
    const char **list = NULL;
    char *texts = NULL;
    size_t classes = 0, used = 0;
    percept_status status = memory_allocate(count, sizeof *list, "the class names", &list, error);
    if (status == PERCEPT_OK && integers)
        status = allocate_spellings(entries, count, &texts, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        if (i == 0 || !integers || compare_integers(&entries[i], &entries[i - 1]) != 0) {
            list[classes] = entries[i].text;
            if (integers) {
                list[classes] = texts + used;
                used += label_integer_write(&entries[i].integer, texts + used) + 1;
            }
            classes++;
        }
        class_of[entries[i].number] = (int32_t)(classes - 1);
    }
    if (status == PERCEPT_OK)
        status = class_names_copy(list, classes, names, error);
    *class_count = classes;
    memory_free(list);
    memory_free(texts);
    return status;
}

/* Labels of numpy.savetxt, such as 1.000e+00, are written with a point, but have no fraction. */
bool label_table_has_decimals(const LabelTable *table)
{
    return find_decimal(table) != NULL;
}

bool label_table_has_measures(const LabelTable *table)
{
    return table->count > LABELS_MOST_WHOLE ? label_table_find_text(table) == NULL : label_table_has_decimals(table);
}

percept_status label_table_classes(const LabelTable *table, const LabelSource *source, int32_t **class_of,
                                   char ***names, size_t *class_count, percept_error *error)
{
    Entry *entries = NULL;
    Spelling *spellings = NULL;
    int32_t *map = NULL;
    percept_status status = memory_allocate(table->count, sizeof *entries, "the labels", &entries, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(table->count, sizeof *spellings, "the labels", &spellings, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(table->count, sizeof *map, "the labels", &map, error);
    if (status == PERCEPT_OK) {
        const bool integers = list_entries(table, entries, spellings);
        if (!integers)
            status = check_decimals(table, source, error);
        if (status == PERCEPT_OK) {
            qsort(entries, table->count, sizeof *entries, integers ? compare_integers : compare_texts);
            status = name_classes(entries, table->count, integers, map, names, class_count, error);
        }
    }
    memory_free(entries);
    memory_free(spellings);
    if (status == PERCEPT_OK)
        *class_of = map;
    else
        memory_free(map);
    return status;
}
