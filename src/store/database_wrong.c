/* Pictures that a run takes for something else. */
#include <string.h>

#include "base/memory.h"
#include "store/transactions.h"

static const char forget_wrong[] = "DELETE FROM wrong WHERE run = ?";
static const char add_wrong[] =
    "INSERT INTO wrong (run, place, epoch, label, predicted, label_name, predicted_name, confidence, width, height,"
    " pixels) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
static const char read_wrong[] =
    "SELECT epoch, label, predicted, confidence, width, height, pixels, label_name, predicted_name FROM wrong"
    " WHERE run = ? ORDER BY place";

static percept_status write_picture(Database *database, int64_t run, size_t place, size_t epoch,
                                    const WrongPicture *picture, percept_error *error)
{
    return database_execute(
        database, add_wrong,
        CELLS(INTEGER_CELL(run), INTEGER_CELL(place), INTEGER_CELL(epoch), INTEGER_CELL(picture->label),
              INTEGER_CELL(picture->predicted), TEXT_CELL(picture->label_name), TEXT_CELL(picture->predicted_name),
              REAL_CELL(picture->confidence), INTEGER_CELL(picture->width), INTEGER_CELL(picture->height),
              BYTES_CELL(picture->pixels, picture->width * picture->height)),
        error);
}

percept_status database_set_wrong(Database *database, int64_t run, size_t epoch, const WrongPicture *pictures,
                                  size_t count, percept_error *error)
{
    percept_status status = database_write_begin(database, error);
    if (status == PERCEPT_OK)
        status = database_execute(database, forget_wrong, CELLS(INTEGER_CELL(run)), error);
    for (size_t i = 0; i < count && status == PERCEPT_OK; i++)
        status = write_picture(database, run, i, epoch, &pictures[i], error);
    return database_write_end(database, status, error);
}

/* ---- Reading ------------------------------------------------------------------------------------------------------ */

/* A row of the table; each contains the epoch. */
typedef struct WrongRow {
    size_t epoch;
    WrongPicture picture;
} WrongRow;

/* Names lie behind the pixels, in one block. */
static percept_status copy_picture(sqlite3_stmt *statement, WrongPicture *picture, percept_error *error)
{
    const void *pixels = sqlite3_column_blob(statement, 6);
    const char *names[2] = {(const char *)sqlite3_column_text(statement, 7),
                            (const char *)sqlite3_column_text(statement, 8)};
    const size_t bytes = (size_t)sqlite3_column_bytes(statement, 6);
    size_t sizes[2] = {0}, area = 0;
    if (pixels == NULL || __builtin_mul_overflow(picture->width, picture->height, &area) || area != bytes)
        return error_set(error, PERCEPT_ERROR_FORMAT, "the runs database holds a picture with an impossible size");
    for (int n = 0; n < 2; n++)
        sizes[n] = names[n] != NULL ? strlen(names[n]) + 1 : 0;
    percept_status status = memory_allocate(bytes + sizes[0] + sizes[1], 1, "a picture", &picture->pixels, error);
    if (status != PERCEPT_OK)
        return status;
    char *at = (char *)picture->pixels + bytes;
    memcpy(picture->pixels, pixels, bytes);
    for (int n = 0; n < 2; n++) {
        if (names[n] == NULL)
            continue;
        memcpy(at, names[n], sizes[n]);
        *(n == 0 ? &picture->label_name : &picture->predicted_name) = at;
        at += sizes[n];
    }
    return PERCEPT_OK;
}

static percept_status read_picture(sqlite3_stmt *statement, void *row, percept_error *error)
{
    WrongRow *wrong = row;
    *wrong = (WrongRow){
        .epoch = (size_t)sqlite3_column_int64(statement, 0),
        .picture = {.label = sqlite3_column_int(statement, 1),
                    .predicted = sqlite3_column_int(statement, 2),
                    .confidence = column_real(statement, 3),
                    .width = (size_t)sqlite3_column_int64(statement, 4),
                    .height = (size_t)sqlite3_column_int64(statement, 5)},
    };
    return copy_picture(statement, &wrong->picture, error);
}

percept_status database_wrong(Database *database, int64_t run, size_t *epoch, WrongPicture **pictures, size_t *count,
                              percept_error *error)
{
    WrongRow *rows = NULL;
    WrongPicture *found = NULL;
    size_t rows_count = 0;
    percept_status status = database_select(database, read_wrong, CELLS(INTEGER_CELL(run)), read_picture, sizeof *rows,
                                            &rows, &rows_count, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows_count, sizeof *found, "pictures", &found, error);
    for (size_t i = 0; i < rows_count; i++)
        if (status == PERCEPT_OK)
            found[i] = rows[i].picture;
        else
            memory_free(rows[i].picture.pixels);
    if (status == PERCEPT_OK) {
        *epoch = rows_count > 0 ? rows[0].epoch : 0;
        *pictures = found;
        *count = rows_count;
    }
    memory_free(rows);
    return status;
}

void wrong_pictures_free(WrongPicture *pictures, size_t count)
{
    for (size_t i = 0; pictures != NULL && i < count; i++)
        memory_free(pictures[i].pixels);
    memory_free(pictures);
}
