/* A CSV file, record by record, in memory that does not grow with the file. */
#ifndef DATA_CSV_READER_H
#define DATA_CSV_READER_H

#include "base/stream.h"
#include "data/csv_dialect.h"

/* A longer line is refused unless the caller sets another limit. */
#define CSV_LONGEST_LINE ((size_t)1 << 26)

typedef struct CsvReader {
    ByteStream *stream;
    const char *name; /* of the file, for messages */
    CsvDialect dialect;
    size_t columns; /* of the first record; 0 in an empty file */
    char **names;   /* `columns` names from the header, in one block; NULL without one. "" for row names */
    CsvStart start; /* what was detected; pointers in its prelude are no longer valid, but show what existed */
    char **classes; /* names of the classes from a line of counts before the table, in one block; or NULL */
    size_t class_count;
    size_t line;                     /* of the file, from 1: where the next record begins */
    size_t bytes;                    /* read so far */
    size_t blank_lines, first_blank; /* empty lines between records of several cells, and the first of them */
    size_t pending_blanks;           /* those behind the last record */
    char *buffer;
    size_t capacity, begin, end; /* unread bytes are buffer + begin … end - 1 */
    size_t longest;
    bool finished; /* the stream has no more */
    bool latin1;   /* the file's encoding; the buffer is always UTF-8 */
} CsvReader;

/* A record. Its cells are read with csv_cell_read from `begin` on, and are valid until the next one is read. */
typedef struct CsvRecord {
    char *begin, *end;
    size_t line; /* where it begins */
} CsvRecord;

/* Starts reading: detects the dialect and reads the header. The reader owns the stream from now on, even on failure;
 * the caller still owns `name`. Released with csv_reader_clear. */
percept_status csv_reader_open(ByteStream *stream, const char *name, const SourceOptions *options, size_t longest,
                               CsvReader *out, percept_error *error);
void csv_reader_clear(CsvReader *reader);

/* The next record; *end is true if there is none. Blank lines are skipped, except in a table of one column, where each
 * is a record with an empty cell. PERCEPT_ERROR_FORMAT names the line of a quoted cell that is not closed, of a line
 * that is too long, or of a byte 0, which does not occur in text. */
percept_status csv_reader_next(CsvReader *reader, CsvRecord *record, bool *end, percept_error *error);

#endif
