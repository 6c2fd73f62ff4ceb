#include "data/libsvm.h"

#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/csv_reader.h"
#include "data/examples.h"

/* What a dense matrix may take, whatever the files' size, and for each byte of them. */
#define SMALL_MATRIX ((size_t)64 << 20)
#define LARGEST_EXPANSION 1024

#define FIRST_ITEMS 4096
#define SHOWN 32

/* A feature that is not 0. */
typedef struct Item {
    uint32_t index; /* from 1 */
    uint32_t row;
    double value;
} Item;

/* All files while they are read: items in the order of the files, answers beside them. */
typedef struct Reading {
    bool regression;
    Item *items;
    size_t item_count, item_capacity;
    size_t rows, width, bytes;
    Examples examples; /* of the answers, until the width is known */
} Reading;

/* ---- Lines --------------------------------------------------------------------------------------------------- */

static percept_status refuse(const CsvReader *reader, const CsvRecord *record, const CsvCell *cell, const char *what,
                             percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s, line %zu: '%.*s' %s", reader->name, record->line,
                     (int)(cell->length < SHOWN ? cell->length : SHOWN), cell->text, what);
}

/* Reads "12:0.5"; NULL, or what is wrong with it. */
static const char *parse_item(const CsvCell *cell, Item *item)
{
    const char *text = cell->text, *end = cell->text + cell->length;
    uint64_t index = 0;
    for (; text < end && *text >= '0' && *text <= '9'; text++)
        if (index <= UINT32_MAX)
            index = 10 * index + (uint64_t)(*text - '0');
    if (text == cell->text || text == end || *text != ':')
        return "is no INDEX:VALUE";
    if (index == 0)
        return "has index 0; indices count from 1";
    if (index > UINT32_MAX)
        return "has an index larger than a feature can have";
    if (number_scan(text + 1, '.', &item->value) != end)
        return "has no finite number as its value";
    item->index = (uint32_t)index;
    return NULL;
}

static percept_status append_item(Reading *all, Item item, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (all->item_count == all->item_capacity) {
        const size_t capacity = all->item_count == 0 ? FIRST_ITEMS : all->item_count + all->item_count / 2;
        status = memory_grow(&all->items, all->item_count * sizeof item, capacity, sizeof item, "the features", error);
        all->item_capacity = status == PERCEPT_OK ? capacity : all->item_capacity;
    }
    if (status == PERCEPT_OK)
        all->items[all->item_count++] = item;
    return status;
}

/* Reads the items of a line from `at` on. */
static percept_status read_items(Reading *all, const CsvReader *reader, const CsvRecord *record, char *at,
                                 percept_error *error)
{
    uint32_t before = 0;
    while (at != NULL) {
        CsvCell cell;
        Item item = {.row = (uint32_t)all->rows};
        at = csv_cell_read(at, record->end, &reader->dialect, &cell);
        const char *wrong = parse_item(&cell, &item);
        if (wrong == NULL && item.index <= before)
            wrong = "comes behind an index as large; indices must count up";
        if (wrong != NULL)
            return refuse(reader, record, &cell, wrong, error);
        before = item.index;
        all->width = before > all->width ? before : all->width;
        percept_status status = append_item(all, item, error);
        if (status != PERCEPT_OK)
            return status;
    }
    return PERCEPT_OK;
}

static percept_status read_answer(Reading *all, const CsvReader *reader, const CsvRecord *record, const CsvCell *cell,
                                  percept_error *error)
{
    double number = 0;
    if (!csv_cell_number(cell, &reader->dialect, &number))
        return refuse(reader, record, cell, "is no number, as a label must be", error);
    if (all->regression)
        return row_store_append(&all->examples.targets, &number, 0, error);
    return examples_append_label(&all->examples, cell->text, cell->length, 0, error);
}

/* Cuts a comment off, and blanks before it; false if nothing is left. */
static bool cut_comment(CsvRecord *record)
{
    char *comment = memchr(record->begin, '#', (size_t)(record->end - record->begin));
    if (comment != NULL)
        record->end = comment;
    while (record->end > record->begin && (record->end[-1] == ' ' || record->end[-1] == '\t'))
        record->end--;
    return record->end > record->begin;
}

static percept_status read_lines(Reading *all, CsvReader *reader, percept_error *error)
{
    for (;;) {
        CsvRecord record;
        CsvCell cell;
        bool end = false;
        percept_status status = csv_reader_next(reader, &record, &end, error);
        if (status != PERCEPT_OK || end)
            return status;
        if (!cut_comment(&record))
            continue;
        if (all->rows == UINT32_MAX)
            return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has more than the %u examples that a dataset can hold",
                             reader->name, UINT32_MAX);
        char *at = csv_cell_read(record.begin, record.end, &reader->dialect, &cell);
        status = read_answer(all, reader, &record, &cell, error);
        if (status == PERCEPT_OK)
            status = read_items(all, reader, &record, at, error);
        if (status != PERCEPT_OK)
            return status;
        all->rows++;
    }
}

static percept_status read_file(Reading *all, const char *path, percept_error *error)
{
    static const SourceOptions options = {.header = HEADER_NO, .delimiter = "space"};
    ByteStream *stream = NULL;
    CsvReader reader = {0};
    percept_status status = byte_stream_open(path, &stream, error);
    if (status == PERCEPT_OK)
        status = csv_reader_open(stream, path, &options, CSV_LONGEST_LINE, &reader, error);
    if (status != PERCEPT_OK)
        return status;
    status = read_lines(all, &reader, error);
    all->bytes += reader.bytes;
    csv_reader_clear(&reader);
    return status;
}

/* ---- The matrix ---------------------------------------------------------------------------------------------- */

/* The type that holds every item, and the 0 of all others. */
static percept_type item_type(const Reading *all)
{
    percept_type type = PERCEPT_UINT8;
    for (size_t i = 0; i < all->item_count; i++) {
        const percept_type needed = row_store_type(&all->items[i].value, 1);
        type = needed > type ? needed : type;
    }
    return type;
}

static percept_status check_size(const Reading *all, const char *path, percept_type type, percept_error *error)
{
    size_t allowed = 0, needed = 0;
    if (__builtin_mul_overflow(all->bytes, (size_t)LARGEST_EXPANSION, &allowed) || allowed < SMALL_MATRIX)
        allowed = allowed < SMALL_MATRIX ? SMALL_MATRIX : SIZE_MAX;
    if (__builtin_mul_overflow(all->rows * storage_item_size(type), all->width, &needed) || needed > allowed)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' is too sparse to be held here, where each example has all its features: %zu examples "
                         "of %zu features; is the largest index right?",
                         path, all->rows, all->width);
    return PERCEPT_OK;
}

static percept_status make_dense(Reading *all, const char *path, percept_error *error)
{
    RowStore *features = &all->examples.features;
    const percept_type type = item_type(all);
    const size_t item = storage_item_size(type);
    if (all->rows == 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has no examples", path);
    if (all->width == 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has labels, but no features", path);
    percept_status status = check_size(all, path, type, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(all->rows * all->width, item, "the features", &features->block, error);
    if (status != PERCEPT_OK)
        return status;
    *features = (RowStore){type, all->width, all->rows, all->rows, features->block};
    for (size_t i = 0; i < all->item_count; i++) {
        const size_t place = all->items[i].row * all->width + all->items[i].index - 1;
        row_store_convert(&all->items[i].value, 1, type, (char *)features->block + place * item);
    }
    return PERCEPT_OK;
}

static percept_status check_options(const SourceOptions *options, percept_error *error)
{
    const bool regression = options->target_count > 0;
    if (options->label == NULL && options->weight == NULL && options->drop_count == 0 &&
        (!regression || (options->target_count == 1 && strcmp(options->targets[0], "label") == 0)))
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "a LIBSVM file has no columns to choose from; only data.targets=label, which makes numbers to "
                     "learn of its labels, fits");
}

percept_status libsvm_read(const char *const paths[][SOURCE_FILES], size_t parts, const SourceOptions *options,
                           size_t class_count, Storage **out, size_t *counts, percept_error *error)
{
    Reading all = {.regression = options->target_count > 0};
    percept_status status = check_options(options, error);
    examples_create(0, all.regression ? 1 : 0, !all.regression, false, &all.examples);
    memcpy(all.examples.label_column, "label", sizeof "label");
    for (size_t p = 0; p < parts && status == PERCEPT_OK; p++) {
        const size_t before = all.rows;
        status = read_file(&all, paths[p][0], error);
        counts[p] = all.rows - before;
        if (status == PERCEPT_OK && counts[p] == 0)
            status = error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has no examples", paths[p][0]);
    }
    if (status == PERCEPT_OK)
        status = make_dense(&all, paths[0][0], error);
    if (status == PERCEPT_OK)
        status = examples_finish(&all.examples, paths[0][0], class_count, out, error);
    examples_clear(&all.examples);
    memory_free(all.items);
    return status;
}

/* ---- Recognition --------------------------------------------------------------------------------------------- */

bool libsvm_recognize(const char *start, size_t size)
{
    const char *end = start + size;
    while (start < end && *start == '#') {
        start = memchr(start, '\n', (size_t)(end - start));
        if (start == NULL)
            return false;
        start++;
    }
    /* "+1 3:0.5": the first two words, copied, so that they end. */
    char words[2 * SHOWN + 1] = "";
    const size_t length = (size_t)(end - start) < sizeof words - 1 ? (size_t)(end - start) : sizeof words - 1;
    if (length > 0)
        memcpy(words, start, length);
    double number = 0;
    const char *at = number_scan(words, '.', &number);
    if (at == NULL || (*at != ' ' && *at != '\t'))
        return false;
    at += strspn(at, " \t");
    const size_t digits = strspn(at, "0123456789");
    return digits > 0 && at[digits] == ':' && number_scan(at + digits + 1, '.', &number) != NULL;
}
