#include "data/label_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

#define FEWEST_SLOTS 64
/* Whole numbers up to here are told apart by float64. */
#define LARGEST_WHOLE 9007199254740992.0
#define NAME_SIZE 24

/* ---- Collecting ---------------------------------------------------------------------------------------------- */

/* FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo), 64 bits. */
static uint64_t hash(const char *text, size_t length)
{
    uint64_t value = 0xcbf29ce484222325;
    for (size_t i = 0; i < length; i++)
        value = (value ^ (uint8_t)text[i]) * 0x100000001b3;
    return value ^ value >> 32;
}

static const char *text_of(const LabelTable *table, size_t number)
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
        const char *text = text_of(table, table->slots[slot] - 1);
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
        const char *text = text_of(table, n);
        table->slots[find_slot(table, text, strlen(text))] = (uint32_t)n + 1;
    }
    return PERCEPT_OK;
}

static percept_status append(LabelTable *table, const char *label, size_t length, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (table->count >= INT32_MAX - 1)
        return error_set(error, PERCEPT_ERROR_FORMAT, "there are more different labels than can be told apart");
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
    double value; /* if all are numbers */
    size_t number;
} Entry;

static int compare_texts(const void *a, const void *b)
{
    return strcmp(((const Entry *)a)->text, ((const Entry *)b)->text);
}

static int compare_values(const void *a, const void *b)
{
    const double x = ((const Entry *)a)->value, y = ((const Entry *)b)->value;
    return (x > y) - (x < y);
}

/* Fills in the entries; true if all are numbers. */
static bool list_entries(const LabelTable *table, Entry *entries)
{
    bool numbers = true;
    for (size_t n = 0; n < table->count; n++) {
        entries[n] = (Entry){.text = text_of(table, n), .number = n};
        numbers = numbers && number_parse(entries[n].text, &entries[n].value);
    }
    return numbers;
}

static percept_status check_whole(const LabelTable *table, const Entry *entries, const char *file, percept_error *error)
{
    for (size_t n = 0; n < table->count; n++)
        if (entries[n].value != floor(entries[n].value) || fabs(entries[n].value) > LARGEST_WHOLE)
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "'%s': the label '%.32s' is a number, but no whole one, as classes are; for regression "
                             "name the column in data.targets",
                             file, entries[n].text);
    return PERCEPT_OK;
}

/* Numbers the sorted entries, equal ones alike, and names them. */
static percept_status name_classes(Entry *entries, size_t count, bool numbers, int32_t *class_of, char ***names,
                                   size_t *class_count, percept_error *error)
{
    const char **list = NULL;
    char(*texts)[NAME_SIZE] = NULL;
    size_t classes = 0;
    percept_status status = memory_allocate(count, sizeof *list, "the class names", &list, error);
    if (status == PERCEPT_OK && numbers)
        status = memory_allocate(count, sizeof *texts, "the class names", &texts, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        if (i == 0 || !numbers || entries[i].value != entries[i - 1].value) {
            list[classes] = entries[i].text;
            if (numbers) {
                snprintf(texts[classes], NAME_SIZE, "%" PRId64, (int64_t)entries[i].value);
                list[classes] = texts[classes];
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

percept_status label_table_classes(const LabelTable *table, const char *file, int32_t **class_of, char ***names,
                                   size_t *class_count, percept_error *error)
{
    Entry *entries = NULL;
    int32_t *map = NULL;
    percept_status status = memory_allocate(table->count, sizeof *entries, "the labels", &entries, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(table->count, sizeof *map, "the labels", &map, error);
    if (status == PERCEPT_OK) {
        const bool numbers = list_entries(table, entries);
        if (numbers)
            status = check_whole(table, entries, file, error);
        if (status == PERCEPT_OK) {
            qsort(entries, table->count, sizeof *entries, numbers ? compare_values : compare_texts);
            status = name_classes(entries, table->count, numbers, map, names, class_count, error);
        }
    }
    memory_free(entries);
    if (status == PERCEPT_OK)
        *class_of = map;
    else
        memory_free(map);
    return status;
}
