#include "cli/predict_stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/pipeline.h"
#include "data/csv_batch.h"

/* Bytes of a table that are read at once, unless the rows of a block are fewer. */
#define BLOCK_BYTES ((size_t)1 << 18)

/* Some rows on their way. */
typedef struct Piece {
    CsvBatch batch;      /* of a table */
    size_t first, count; /* of other data */
    double *features, *results;
    Buffer copied; /* texts of the copied columns, row after row */
    FILE *stream;  /* into `text` */
    char *text;
    size_t size;
    percept_status status; /* what came instead of the row behind those in `text` */
    percept_error error;
} Piece;

/* What a thread has for itself. */
typedef struct Worker {
    percept_predictor *predictor;
    RowState state;
} Worker;

typedef struct Stream {
    RowReader *reader;
    PredictionWriter writer;
    size_t block, inputs, outputs; /* rows of a piece; numbers of a row */
    bool ended;
    Worker *workers;
    Piece *pieces;
    percept_status status;
    percept_error *error;
} Stream;

/* ---- Steps ----------------------------------------------------------------------------------------------------- */

static bool fill_piece(void *context, size_t slot)
{
    Stream *stream = context;
    RowReader *reader = stream->reader;
    Piece *piece = &stream->pieces[slot];
    if (stream->ended)
        return false;
    if (reader->data == NULL) {
        csv_batch_fill(&reader->csv, &piece->batch, &stream->ended);
        piece->count = piece->batch.count;
        return true;
    }
    const size_t left = percept_dataset_count(reader->data) - reader->next;
    piece->first = reader->next;
    piece->count = left < stream->block ? left : stream->block;
    reader->next += piece->count;
    stream->ended = piece->count == left;
    return true;
}

/* Reads the features of a piece; the number of rows before the first that cannot be read. */
static size_t read_rows(const Stream *stream, Piece *piece, Worker *worker)
{
    const RowReader *reader = stream->reader;
    for (size_t i = 0; i < piece->count; i++) {
        double *row = piece->features + i * stream->inputs;
        if (reader->data != NULL)
            percept_dataset_features(reader->data, piece->first + i, row);
        else
            piece->status =
                row_reader_take(reader, &worker->state, &piece->batch.records[i], row, &piece->copied, &piece->error);
        if (piece->status != PERCEPT_OK)
            return i;
    }
    if (reader->data == NULL && piece->batch.status != PERCEPT_OK)
        piece->status = error_set(&piece->error, piece->batch.status, "%s", piece->batch.error.message);
    return piece->count;
}

static percept_status print_rows(const Stream *stream, Piece *piece, size_t rows, percept_error *error)
{
    const size_t copies = stream->writer.format.copied_count;
    const char *copied = (const char *)piece->copied.bytes;
    percept_status status = PERCEPT_OK;
    rewind(piece->stream);
    for (size_t i = 0; i < rows && status == PERCEPT_OK; i++) {
        status = prediction_print(&stream->writer, piece->stream, piece->results + i * stream->outputs, copied, error);
        for (size_t k = 0; k < copies; k++)
            copied += strlen(copied) + 1;
    }
    if (status == PERCEPT_OK && (fflush(piece->stream) != 0 || ferror(piece->stream)))
        status = error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to print %zu predictions", rows);
    return status;
}

static void predict_piece(void *context, size_t slot, size_t rank)
{
    Stream *stream = context;
    Piece *piece = &stream->pieces[slot];
    percept_error print_error;
    piece->status = PERCEPT_OK;
    piece->copied.size = 0;
    const size_t rows = read_rows(stream, piece, &stream->workers[rank]);
    if (rows > 0)
        percept_predictor_probabilities(stream->workers[rank].predictor, piece->features, rows, piece->results);
    if (print_rows(stream, piece, rows, &print_error) != PERCEPT_OK) {
        piece->status = print_error.status;
        piece->error = print_error;
        piece->size = 0;
    }
}

static bool write_piece(void *context, size_t slot)
{
    Stream *stream = context;
    const Piece *piece = &stream->pieces[slot];
    FILE *output = stream->writer.format.stream;
    (void)fwrite(piece->text, 1, piece->size, output); /* a failure is reported when the stream is closed */
    if (piece->status != PERCEPT_OK)
        stream->status = error_set(stream->error, piece->status, "%s", piece->error.message);
    return stream->status == PERCEPT_OK && !ferror(output);
}

/* ---- The stream ------------------------------------------------------------------------------------------------ */

static percept_status create_worker(const percept_model *model, const RowReader *reader, Worker *worker,
                                    percept_error *error)
{
    percept_status status = percept_predictor_create(model, 1, &worker->predictor, error);
    return status == PERCEPT_OK ? row_state_create(reader, &worker->state, error) : status;
}

static percept_status create_piece(const Stream *stream, Piece *piece, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (stream->reader->data == NULL)
        status = csv_batch_create(BLOCK_BYTES, stream->block, &piece->batch, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate(stream->block, stream->inputs * sizeof(double), "the features", &piece->features, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate(stream->block, stream->outputs * sizeof(double), "the outputs", &piece->results, error);
    if (status == PERCEPT_OK)
        piece->stream = open_memstream(&piece->text, &piece->size);
    if (status == PERCEPT_OK && piece->stream == NULL)
        status = error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for the predictions");
    return status;
}

static void clear_piece(Piece *piece)
{
    csv_batch_clear(&piece->batch);
    memory_free(piece->features);
    memory_free(piece->results);
    buffer_clear(&piece->copied);
    if (piece->stream != NULL)
        (void)fclose(piece->stream);
    free(piece->text); /* open_memstream's */
}

/* Prepares workers and pieces, and predicts. */
static percept_status run(const percept_model *model, Team *team, size_t at_once, Stream *stream, percept_error *error)
{
    static const PipelineSteps steps = {fill_piece, predict_piece, write_piece};
    const size_t workers = team_size(team), slots = pipeline_slots(team);
    percept_status status =
        memory_allocate_zeroed(workers, sizeof *stream->workers, "the predictors", &stream->workers, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(slots, sizeof *stream->pieces, "some rows", &stream->pieces, error);
    for (size_t w = 0; status == PERCEPT_OK && w < workers; w++)
        status = create_worker(model, stream->reader, &stream->workers[w], error);
    if (status == PERCEPT_OK)
        stream->block = at_once > 0 ? at_once : percept_predictor_block(stream->workers[0].predictor);
    for (size_t s = 0; status == PERCEPT_OK && s < slots; s++)
        status = create_piece(stream, &stream->pieces[s], error);
    if (status == PERCEPT_OK) {
        prediction_print_header(&stream->writer);
        pipeline_run(team, slots, &steps, stream);
        status = stream->status;
    }
    for (size_t w = 0; stream->workers != NULL && w < workers; w++) {
        row_reader_join(stream->reader, &stream->workers[w].state);
        row_state_clear(&stream->workers[w].state);
        percept_predictor_free(stream->workers[w].predictor);
    }
    for (size_t s = 0; stream->pieces != NULL && s < slots; s++)
        clear_piece(&stream->pieces[s]);
    memory_free(stream->workers);
    memory_free(stream->pieces);
    return status;
}

percept_status predict_stream(const percept_model *model, RowReader *reader, const PredictionFormat *format,
                              size_t threads, size_t at_once, percept_error *error)
{
    Stream stream = {
        .reader = reader, .inputs = percept_model_inputs(model), .outputs = prediction_width(model), .error = error};
    Team *team = NULL;
    percept_status status = team_create(pipeline_threads(threads), &team, error);
    if (status == PERCEPT_OK)
        status = prediction_writer_create(model, format, &stream.writer, error);
    if (status == PERCEPT_OK)
        status = run(model, team, at_once, &stream, error);
    prediction_writer_clear(&stream.writer);
    team_free(team);
    return status;
}
