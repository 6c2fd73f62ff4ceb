#include "data/libsvm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/class_review.h"
#include "data/csv_reader.h"
#include "data/examples.h"
#include "data/values.h"

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
    const SourceOptions *options;
    size_t most; /* features that the model has which the files are read for; 0: any number */
    bool regression;
    Item *items;
    size_t item_count, item_capacity;
    size_t rows, width, bytes;
    Examples examples; /* of the answers, until the width is known */
    Unanswered unanswered;
    bool queries; /* some lines have qid:N */
    Notes notes;
} Reading;

/* ---- Lines --------------------------------------------------------------------------------------------------- */

static percept_status refuse(const CsvReader *reader, const CsvRecord *record, const CsvCell *cell, const char *what,
                             percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_FORMAT, "%.100s, line %zu: '%.*s' %s", reader->name, record->line,
                     (int)(cell->length < SHOWN ? cell->length : SHOWN), cell->text, what);
}

/* Reads the value "0.5" of an item; NULL, or what is wrong with it. */
static const char *parse_value(const Reading *all, const char *text, const char *end, Item *item)
{
    if (number_scan(text, '.', &item->value) == end)
        return NULL;
    if (end == text || !missing_token(&all->options->missing_tokens, text, (size_t)(end - text)))
        return "has no finite number as its value";
    if (all->options->missing == MISSING_REFUSE)
        return "is a missing value; --missing mean or zero fills such values";
    item->value = all->options->missing == MISSING_ZERO ? 0 : NAN;
    return NULL;
}

/* Reads "12:0.5"; the index is counted from 1, whatever the file does. NULL, or what is wrong with it. */
static const char *parse_item(const Reading *all, const CsvCell *cell, Item *item)
{
    const char *text = cell->text, *end = cell->text + cell->length;
    uint64_t index = 0;
    for (; text < end && *text >= '0' && *text <= '9'; text++)
        if (index <= UINT32_MAX)
            index = 10 * index + (uint64_t)(*text - '0');
    if (text == cell->text || text == end || *text != ':')
        return "is no INDEX:VALUE";
    index += all->options->zero_based ? 1 : 0;
    if (index == 0)
        return "has index 0, but indices count from 1; where they count from 0, as scikit-learn writes them, add "
               "--first-index 0";
    if (index > UINT32_MAX)
        return "has an index larger than a feature can have";
    item->index = (uint32_t)index;
    return parse_value(all, text + 1, end, item);
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

static percept_status refuse_width(const Reading *all, const CsvReader *reader, const CsvRecord *record,
                                   const CsvCell *cell, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "%.80s, line %zu: '%.*s' is beyond the %zu features that the model was trained with", reader->name,
                     record->line, (int)(cell->length < SHOWN ? cell->length : SHOWN), cell->text, all->most);
}

static int compare_indices(const void *a, const void *b)
{
    const uint32_t left = ((const Item *)a)->index, right = ((const Item *)b)->index;
    return (left > right) - (left < right);
}

/* Refuses an index that a line has twice; its items begin at `first` and may be in any order. */
static percept_status check_once(Reading *all, const CsvReader *reader, const CsvRecord *record, size_t first,
                                 percept_error *error)
{
    qsort(all->items + first, all->item_count - first, sizeof *all->items, compare_indices);
    for (size_t i = first + 1; i < all->item_count; i++)
        if (all->items[i].index == all->items[i - 1].index)
            return error_set(error, PERCEPT_ERROR_FORMAT, "%.100s, line %zu: index %zu is there twice", reader->name,
                             record->line, all->items[i].index - (size_t)(all->options->zero_based ? 1 : 0));
    return PERCEPT_OK;
}

/* Reads the items of a line from `at` on. */
static percept_status read_items(Reading *all, const CsvReader *reader, const CsvRecord *record, char *at,
                                 percept_error *error)
{
    uint32_t before = 0;
    bool sorted = true;
    const size_t first = all->item_count;
    while (at != NULL) {
        CsvCell cell;
        Item item = {.row = (uint32_t)all->rows};
        at = csv_cell_read(at, record->end, &reader->dialect, &cell);
        const char *wrong = parse_item(all, &cell, &item);
        if (wrong != NULL)
            return refuse(reader, record, &cell, wrong, error);
        if (all->most > 0 && item.index > all->most)
            return refuse_width(all, reader, record, &cell, error);
        sorted = sorted && item.index > before;
        before = item.index;
        all->width = before > all->width ? before : all->width;
        all->examples.missing += isnan(item.value) ? 1 : 0;
        percept_status status = append_item(all, item, error);
        if (status != PERCEPT_OK)
            return status;
    }
    return sorted ? PERCEPT_OK : check_once(all, reader, record, first, error);
}

static percept_status append_answer(Reading *all, const CsvReader *reader, const CsvRecord *record, const CsvCell *cell,
                                    percept_error *error)
{
    double number = 0;
    if (!csv_cell_number(cell, &reader->dialect, &number))
        return refuse(reader, record, cell, "is no number, as a label must be", error);
    if (all->regression)
        return row_store_append(&all->examples.targets, &number, 0, error);
    return examples_append_label(&all->examples, cell->text, cell->length, 0, error);
}

/* Steps over "qid:3" behind a label, the query that an example of a ranking belongs to. */
static char *skip_query(Reading *all, const CsvReader *reader, const CsvRecord *record, char *at)
{
    static const char query[] = "qid:";
    CsvCell cell;
    char *next = at != NULL ? csv_cell_read(at, record->end, &reader->dialect, &cell) : NULL;
    if (at == NULL || cell.length <= strlen(query) || memcmp(cell.text, query, strlen(query)) != 0)
        return at;
    all->queries = true;
    return next;
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
        const bool missing = missing_label(&all->options->missing_tokens, cell.text, cell.length);
        if (!unanswered_count(&all->unanswered, !missing, reader->name, record.line))
            continue;
        status = append_answer(all, reader, &record, &cell, error);
        at = skip_query(all, reader, &record, at);
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

/* Says what was left out of the files. */
static percept_status note(Reading *all, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (all->queries)
        status = notes_add(&all->notes, NOTE_TAKEN, error, "query numbers (qid) were left out");
    if (status == PERCEPT_OK)
        status = unanswered_settle(&all->unanswered, all->options->missing_label, all->regression ? "target" : "label",
                                   NULL, "line", &all->notes, error);
    return status;
}

/* Makes a storage of what was read. */
static percept_status finish(Reading *all, const char *path, size_t class_count, Storage **out, percept_error *error)
{
    percept_status status = note(all, error);
    if (status == PERCEPT_OK)
        status = make_dense(all, path, error);
    if (status == PERCEPT_OK)
        status = examples_finish(&all->examples, path, class_count, out, error);
    if (status != PERCEPT_OK)
        return status;
    (*out)->notes = all->notes;
    all->notes = (Notes){0};
    status = values_check(*out, 0, (*out)->count, path, error);
    if (status == PERCEPT_OK && all->options->schema == NULL && class_count == 0)
        status = class_review(*out, "label", error);
    if (status != PERCEPT_OK) {
        storage_release(*out);
        *out = NULL;
    }
    return status;
}

percept_status libsvm_read(const char *const paths[][SOURCE_FILES], size_t parts, const SourceOptions *options,
                           size_t class_count, Storage **out, size_t *counts, percept_error *error)
{
    Reading all = {.options = options, .regression = options->target_count > 0};
    percept_status status = check_options(options, error);
    all.width = all.most = options->schema != NULL ? options->schema->width : 0;
    examples_create(0, all.regression ? 1 : 0, !all.regression, false, &all.examples);
    memcpy(all.examples.label_column, "label", sizeof "label");
    for (size_t p = 0; p < parts && status == PERCEPT_OK; p++) {
        const size_t before = all.rows, unanswered = all.unanswered.count;
        status = read_file(&all, paths[p][0], error);
        counts[p] = all.rows - before;
        if (status == PERCEPT_OK && counts[p] == 0 && all.unanswered.count == unanswered)
            status = error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has no examples", paths[p][0]);
    }
    if (status == PERCEPT_OK)
        status = finish(&all, paths[0][0], class_count, out, error);
    examples_clear(&all.examples);
    notes_clear(&all.notes);
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
