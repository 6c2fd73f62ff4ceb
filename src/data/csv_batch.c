#include "data/csv_batch.h"

#include <string.h>

#include "base/memory.h"
#include "base/number.h"

percept_status csv_batch_create(size_t bytes, size_t most, CsvBatch *out, percept_error *error)
{
    CsvBatch made = {.capacity = 2 * bytes, .wanted = bytes, .most = most};
    percept_status status =
        memory_allocate_zeroed(made.capacity + NUMBER_PADDING, 1, "the text of a table", &made.text, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(most, sizeof *made.records, "the records of a table", &made.records, error);
    if (status == PERCEPT_OK)
        *out = made;
    else
        csv_batch_clear(&made);
    return status;
}

void csv_batch_clear(CsvBatch *batch)
{
    memory_free(batch->text);
    memory_free(batch->records);
    *batch = (CsvBatch){0};
}

/* Makes room for `more` bytes behind the `used` ones; the records move with them. */
static percept_status make_room(CsvBatch *batch, size_t used, size_t more, percept_error *error)
{
    char *text = NULL;
    if (more <= batch->capacity - used)
        return PERCEPT_OK;
    percept_status status = memory_allocate_zeroed(used + more + NUMBER_PADDING, 1, "a line", &text, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(text, batch->text, used);
    for (size_t i = 0; i < batch->count; i++) {
        CsvRecord *record = &batch->records[i];
        record->begin = text + (record->begin - batch->text);
        record->end = text + (record->end - batch->text);
    }
    memory_free(batch->text);
    batch->text = text;
    batch->capacity = used + more;
    return PERCEPT_OK;
}

void csv_batch_fill(CsvReader *reader, CsvBatch *batch, bool *end)
{
    batch->count = 0;
    batch->status = PERCEPT_OK;
    for (size_t used = 0; batch->count < batch->most && used < batch->wanted;) {
        CsvRecord record;
        batch->status = csv_reader_next(reader, &record, end, &batch->error);
        if (batch->status == PERCEPT_OK && *end)
            return;
        const size_t length = batch->status == PERCEPT_OK ? (size_t)(record.end - record.begin) : 0;
        if (batch->status == PERCEPT_OK)
            batch->status = make_room(batch, used, length + 1, &batch->error);
        *end = batch->status != PERCEPT_OK;
        if (*end)
            return;
        char *begin = memcpy(batch->text + used, record.begin, length);
        begin[length] = '\0';
        used += length + 1;
        batch->records[batch->count++] = (CsvRecord){begin, begin + length, record.line};
    }
}
