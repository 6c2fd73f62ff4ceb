#include "data/csv_rows.h"

#include "base/memory.h"
#include "base/pipeline.h"
#include "base/quote.h"
#include "data/csv_batch.h"
#include "data/csv_labels.h"

/* Rows after which the number of all rows is guessed. */
#define ROWS_TO_GUESS 64
/* Bytes of text that a thread reads at once: with the numbers in them they fit the cache of a core. */
#define BLOCK ((size_t)1 << 17)
#define MOST_ROWS ((size_t)2048)
/* The numbers of a block; cells are rarely shorter than two bytes, with their delimiter. */
#define CELL_BYTES 2

/* Some rows between the file and the table. */
typedef struct Piece {
    CsvBatch batch;
    CsvRow *rows; /* batch.most */
    double *features, *targets;
    CsvCell *later;
    size_t *booleans;
    size_t read;     /* rows; fewer than batch.count if the next one cannot be read */
    size_t expected; /* rows of all files, see guess_rows */
} Piece;

typedef struct RowStream {
    CsvReading *all;
    CsvReader *reader;
    size_t before;  /* rows of earlier files */
    size_t records; /* of this one so far */
    size_t *count;
    bool ended;
    Piece *pieces;
    percept_status status;
    percept_error *error;
} RowStream;

/* ---- Out of the file ------------------------------------------------------------------------------------------- */

/* How many rows there will be if the rest of the file is like what was read of it; `before`: of earlier files. */
static size_t guess_rows(const CsvReader *reader, size_t before, size_t rows)
{
    const double progress = byte_stream_progress(reader->stream);
    if (rows < ROWS_TO_GUESS || progress <= 0 || reader->bytes == 0)
        return 0;
    const double given = (double)(reader->bytes - (reader->end - reader->begin)) / (double)reader->bytes;
    const double total = (double)rows / (progress * given);
    return total < UINT32_MAX ? before + (size_t)total : 0;
}

static bool fill_piece(void *context, size_t slot)
{
    RowStream *stream = context;
    Piece *piece = &stream->pieces[slot];
    if (stream->ended)
        return false;
    csv_batch_fill(stream->reader, &piece->batch, &stream->ended);
    stream->records += piece->batch.count;
    piece->expected = guess_rows(stream->reader, stream->before, stream->records);
    return true;
}

static void read_piece(void *context, size_t slot, size_t rank)
{
    const RowStream *stream = context;
    const CsvReading *all = stream->all;
    const Columns *columns = &all->columns;
    Piece *piece = &stream->pieces[slot];
    percept_error ignored;
    (void)rank;
    for (size_t j = 0; j < columns->features; j++)
        piece->booleans[j] = 0;
    for (piece->read = 0; piece->read < piece->batch.count; piece->read++) {
        const size_t i = piece->read;
        piece->rows[i] = (CsvRow){.features = piece->features + i * columns->features,
                                  .targets = piece->targets + i * columns->targets,
                                  .later = piece->later + i * (columns->categories + columns->dates),
                                  .booleans = piece->booleans};
        if (csv_row_read(stream->reader, &piece->batch.records[i], columns, all->options->missing, &piece->rows[i],
                         &ignored) != PERCEPT_OK)
            break;
    }
}

/* ---- Into the table -------------------------------------------------------------------------------------------- */

/* Text that is not UTF-8 must not come as far as a model, which could not be saved. */
static percept_status append_label(CsvReading *all, const CsvReader *reader, const CsvCell *label, size_t line,
                                   size_t expected, percept_error *error)
{
    const LabelTable *table = &all->examples.labels;
    const size_t before = table->count;
    percept_status status = examples_append_label(&all->examples, label->text, label->length, expected, error);
    if (status == PERCEPT_OK && table->count > before && !text_is_utf8(label_table_text(table, before)))
        status = error_set(error, PERCEPT_ERROR_FORMAT,
                           "%.100s, line %zu, column %.32s: the label is not UTF-8; if the file is in Latin-1, add "
                           "--encoding latin1",
                           reader->name, line, all->examples.label_column);
    return status;
}

/* Group and time of a row. */
static percept_status append_marks(CsvReading *all, const CsvReader *reader, CsvRow *row, size_t line, size_t expected,
                                   percept_error *error)
{
    CsvCell *group = &row->group, *time = &row->time;
    percept_status status = PERCEPT_OK;
    if (all->columns.group) {
        csv_cell_unescape(group);
        status = row_marks_group(&all->marks, group->text, group->length, expected, error);
    }
    if (status != PERCEPT_OK || !all->columns.time)
        return status;
    double number = 0;
    bool fits = false;
    const bool is_number = csv_cell_number(time, &reader->dialect, &number);
    status = row_marks_time(&all->marks, is_number ? &number : NULL, time->text, time->length, expected, &fits, error);
    if (status == PERCEPT_OK && !fits)
        status = error_set(
            error, PERCEPT_ERROR_FORMAT,
            "%.64s, line %zu: the time '%.*s' (data.time) is not like those before; all must be numbers, dates "
            "such as 2024-05-31 or 5/31/2024 23:59, or times of day",
            reader->name, line, (int)(time->length < 32 ? time->length : 32), time->text);
    return status;
}

static percept_status append_row(CsvReading *all, const CsvReader *reader, CsvRow *row, size_t line, size_t expected,
                                 percept_error *error)
{
    percept_status status = examples_append(&all->examples, row->features, row->targets, row->weight, expected, error);
    all->examples.missing += row->missing;
    if (status != PERCEPT_OK || !all->columns.label)
        return status;
    csv_cell_unescape(&row->label);
    if (all->dots)
        csv_label_cut_dot(&row->label);
    return append_label(all, reader, &row->label, line, expected, error);
}

/* Reads a row that could not be read, for the message. */
static percept_status read_again(const RowStream *stream, const CsvRecord *record, CsvRow *row)
{
    CsvReading *all = stream->all;
    row->later = NULL;
    row->categories = &all->categories;
    row->dates = &all->dates;
    return csv_row_read(stream->reader, record, &all->columns, all->options->missing, row, stream->error);
}

/* Appends row i of a piece, unless it has no answer. */
static percept_status take_row(const RowStream *stream, Piece *piece, size_t i)
{
    CsvReading *all = stream->all;
    const CsvRecord *record = &piece->batch.records[i];
    CsvRow *row = &piece->rows[i];
    bool right = i < piece->read;
    percept_status status = PERCEPT_OK;
    row->categories = &all->categories;
    row->dates = &all->dates;
    if (right)
        status = csv_row_settle(stream->reader, record->line, &all->columns, all->options->missing, row, &right,
                                stream->error);
    if (status == PERCEPT_OK && !right)
        status = read_again(stream, record, row);
    if (status == PERCEPT_OK &&
        !unanswered_count(&all->unanswered, !row->unanswered, stream->reader->name, record->line))
        return PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = append_marks(all, stream->reader, row, record->line, piece->expected, stream->error);
    if (status == PERCEPT_OK)
        status = append_row(all, stream->reader, row, record->line, piece->expected, stream->error);
    *stream->count += status == PERCEPT_OK;
    return status;
}

static bool drain_piece(void *context, size_t slot)
{
    RowStream *stream = context;
    Piece *piece = &stream->pieces[slot];
    size_t *booleans = stream->all->booleans;
    percept_status status = PERCEPT_OK;
    for (size_t j = 0; j < stream->all->columns.features; j++)
        booleans[j] = booleans[j] == 0 ? piece->booleans[j] : booleans[j];
    for (size_t i = 0; status == PERCEPT_OK && i < piece->batch.count; i++)
        status = take_row(stream, piece, i);
    if (status == PERCEPT_OK && piece->batch.status != PERCEPT_OK)
        status = error_set(stream->error, piece->batch.status, "%s", piece->batch.error.message);
    stream->status = status;
    return status == PERCEPT_OK;
}

/* ---- The stream ------------------------------------------------------------------------------------------------ */

static percept_status piece_create(const Columns *columns, size_t bytes, Piece *out, percept_error *error)
{
    const size_t fitting = bytes / (CELL_BYTES * columns->count);
    const size_t rows = fitting > MOST_ROWS ? MOST_ROWS : fitting > 0 ? fitting : 1;
    Piece made = {0};
    percept_status status = csv_batch_create(bytes, rows, &made.batch, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows, sizeof *made.rows, "some rows", &made.rows, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows * columns->features, sizeof(double), "some rows", &made.features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows * columns->targets, sizeof(double), "some rows", &made.targets, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows * (columns->categories + columns->dates), sizeof *made.later, "some rows",
                                 &made.later, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(columns->features, sizeof *made.booleans, "a row", &made.booleans, error);
    *out = made;
    return status;
}

static void piece_clear(Piece *piece)
{
    csv_batch_clear(&piece->batch);
    memory_free(piece->rows);
    memory_free(piece->features);
    memory_free(piece->targets);
    memory_free(piece->later);
    memory_free(piece->booleans);
}

/* A team for a file of which more must be read than is in the buffer, else the caller alone. */
static percept_status make_team(const CsvReading *all, const CsvReader *reader, Team **team, percept_error *error)
{
    const bool small = reader->finished || byte_stream_progress(reader->stream) >= 1;
    return team_create(small && all->options->block == 0 ? 1 : pipeline_threads(all->options->threads), team, error);
}

percept_status csv_rows_read(CsvReading *all, CsvReader *reader, size_t *count, percept_error *error)
{
    static const PipelineSteps steps = {fill_piece, read_piece, drain_piece};
    const size_t bytes = all->options->block > 0 ? all->options->block : BLOCK;
    RowStream stream = {
        .all = all, .reader = reader, .before = all->examples.rows.count, .count = count, .error = error};
    Team *team = NULL;
    size_t slots = 0;
    *count = 0;
    percept_status status = make_team(all, reader, &team, error);
    if (status == PERCEPT_OK) {
        slots = pipeline_slots(team);
        status = memory_allocate_zeroed(slots, sizeof *stream.pieces, "some rows", &stream.pieces, error);
    }
    for (size_t s = 0; status == PERCEPT_OK && s < slots; s++)
        status = piece_create(&all->columns, bytes, &stream.pieces[s], error);
    if (status == PERCEPT_OK) {
        pipeline_run(team, slots, &steps, &stream);
        status = stream.status;
    }
    for (size_t s = 0; stream.pieces != NULL && s < slots; s++)
        piece_clear(&stream.pieces[s]);
    memory_free(stream.pieces);
    team_free(team);
    return status;
}
