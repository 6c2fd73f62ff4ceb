/* One run, as JSON for the page. */
#include "base/json_value.h"
#include "base/memory.h"
#include "report/html.h"
#include "watch/feed.h"
#include "watch/feed_rows.h"

/* ---- Epochs ---------------------------------------------------------------------------------------------------------- */

/* The columns of an epoch that are drawn. */
static const struct {
    const char *name;
    size_t offset; /* of a double in EpochRow */
} columns[] = {
    {"learning_rate", offsetof(EpochRow, learning_rate)}, {"seconds", offsetof(EpochRow, seconds)},
    {"train_loss", offsetof(EpochRow, train_loss)},       {"train_accuracy", offsetof(EpochRow, train_accuracy)},
    {"valid_loss", offsetof(EpochRow, valid_loss)},       {"valid_accuracy", offsetof(EpochRow, valid_accuracy)},
    {"test_loss", offsetof(EpochRow, test_loss)},         {"test_accuracy", offsetof(EpochRow, test_accuracy)}};

static json_t *column_of(const EpochRow *rows, size_t count, size_t offset)
{
    json_t *list = json_array();
    for (size_t e = 0; e < count; e++) {
        const double *value = (const void *)((const char *)&rows[e] + offset);
        if (json_array_append_new(list, json_figure(*value)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* {"epoch": [5, 6, …], "train_loss": […], …, "more": false} */
static json_t *epoch_columns(const EpochRow *rows, size_t count)
{
    json_t *object = json_object(), *numbers = json_array();
    const size_t told = count < FEED_MOST_EPOCHS ? count : FEED_MOST_EPOCHS;
    int failures = 0;
    for (size_t e = 0; e < told; e++)
        failures |= json_array_append_new(numbers, json_count(rows[e].epoch));
    failures |=
        json_object_set_new(object, "epoch", numbers) | json_object_set_new(object, "more", json_boolean(told < count));
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++)
        failures |= json_object_set_new(object, columns[c].name, column_of(rows, told, columns[c].offset));
    if (failures == 0)
        return object;
    json_decref(object);
    return NULL;
}

static percept_status tell_epochs(Database *database, const FeedQuery *query, json_t *object, percept_error *error)
{
    EpochRow *rows = NULL;
    size_t count = 0;
    percept_status status = database_epochs(database, query->id, (size_t)query->from, &rows, &count, error);
    if (status == PERCEPT_OK && json_object_set_new(object, "epochs", epoch_columns(rows, count)) != 0)
        status = error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for %zu epochs", count);
    memory_free(rows);
    return status;
}

/* ---- Wrong pictures -------------------------------------------------------------------------------------------------- */

/* Grey bytes as a text in base64. */
static json_t *pixel_text(const WrongPicture *picture)
{
    Html text = {0};
    html_base64(&text, picture->pixels, picture->width * picture->height);
    json_t *value =
        text.error.status == PERCEPT_OK ? json_stringn((const char *)text.buffer.bytes, text.buffer.size) : NULL;
    html_clear(&text);
    return value;
}

/* The name of a class, or its number. */
static json_t *class_words(const char *name, int32_t label)
{
    return name != NULL ? json_words(name) : json_sprintf("%d", (int)label);
}

static json_t *picture_of(const WrongPicture *picture)
{
    json_t *object = json_object();
    if ((json_object_set_new(object, "label", class_words(picture->label_name, picture->label)) |
         json_object_set_new(object, "predicted", class_words(picture->predicted_name, picture->predicted)) |
         json_object_set_new(object, "confidence", json_figure(picture->confidence)) |
         json_object_set_new(object, "width", json_count(picture->width)) |
         json_object_set_new(object, "height", json_count(picture->height)) |
         json_object_set_new(object, "pixels", pixel_text(picture))) == 0)
        return object;
    json_decref(object);
    return NULL;
}

/* {"epoch": 17, "pictures": […]}, or null where these are known or there are none. */
static percept_status tell_wrong(Database *database, const FeedQuery *query, json_t *object, percept_error *error)
{
    WrongPicture *pictures = NULL;
    size_t epoch = 0, count = 0;
    percept_status status = database_wrong(database, query->id, &epoch, &pictures, &count, error);
    if (status != PERCEPT_OK)
        return status;
    int failures = 0;
    if (count == 0 || (int64_t)epoch == query->wrong) {
        failures = json_object_set_new(object, "wrong", json_null());
    } else {
        json_t *list = json_array(), *wrong = json_object();
        for (size_t p = 0; p < count; p++)
            failures |= json_array_append_new(list, picture_of(&pictures[p]));
        failures |=
            json_object_set_new(wrong, "epoch", json_count(epoch)) | json_object_set_new(wrong, "pictures", list);
        failures |= json_object_set_new(object, "wrong", wrong);
    }
    wrong_pictures_free(pictures, count);
    if (failures != 0)
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for %zu pictures", count);
    return PERCEPT_OK;
}

/* ---- Both ------------------------------------------------------------------------------------------------------------ */

static percept_status tell_row(Database *database, int64_t id, json_t *object, percept_error *error)
{
    RunRows rows = {0};
    percept_status status = database_runs(database, &(RunQuery){.id = id}, &rows, error);
    if (status != PERCEPT_OK)
        return status;
    if (id == 0 || rows.count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no run %lld", (long long)id);
    else if (json_object_set_new(object, "run", feed_run_row(&rows.rows[0], true)) != 0)
        status = error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for run %lld", (long long)id);
    run_rows_clear(&rows);
    return status;
}

percept_status feed_run(Database *database, const FeedQuery *query, json_t **out, percept_error *error)
{
    json_t *object = json_object();
    percept_status status = tell_row(database, query->id, object, error);
    if (status == PERCEPT_OK)
        status = tell_epochs(database, query, object, error);
    if (status == PERCEPT_OK)
        status = tell_wrong(database, query, object, error);
    if (status == PERCEPT_OK)
        *out = object;
    else
        json_decref(object);
    return status;
}
