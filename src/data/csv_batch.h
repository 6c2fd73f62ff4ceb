/* Records of a CSV file, copied from the reader's buffer, so that several threads can read them while it goes on. */
#ifndef DATA_CSV_BATCH_H
#define DATA_CSV_BATCH_H

#include "data/csv_reader.h"

typedef struct CsvBatch {
    char *text;      /* of the records, each followed by a 0 */
    size_t capacity; /* of it */
    size_t wanted;   /* bytes after which the batch is full */
    size_t most;     /* records at most */
    CsvRecord *records;
    size_t count;
    percept_status status; /* what came instead of the next record: a failure, with its message */
    percept_error error;
} CsvBatch;

/* Allocates room for about `bytes` of text, at most `most` records. Released with csv_batch_clear. */
percept_status csv_batch_create(size_t bytes, size_t most, CsvBatch *out, percept_error *error);
void csv_batch_clear(CsvBatch *batch);

/* Takes the next records from the reader, until the batch is full or the reader ends or fails; *end is then true, and the
 * reader must not be asked again. */
void csv_batch_fill(CsvReader *reader, CsvBatch *batch, bool *end);

#endif
