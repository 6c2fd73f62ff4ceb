#include "cli/data_json.h"

#include <stdbool.h>

#include "base/memory.h"
#include "cli/data_columns.h"
#include "cli/json.h"
#include "data/source.h"

const char *data_type_name(percept_type type)
{
    static const char *const names[] = {
        [PERCEPT_UINT8] = "bytes", [PERCEPT_FLOAT32] = "float32", [PERCEPT_FLOAT64] = "float64"};
    return names[type];
}

/* A count, or null where there is nothing to count in. */
static json_t *count_or_null(uint64_t count, bool exists)
{
    return exists ? json_count(count) : json_null();
}

static json_t *known(const NamedDataset *named, const char *directory)
{
    char *folder = NULL;
    if (named_dataset_locate(named, directory, &folder, NULL) != PERCEPT_OK)
        folder = NULL;
    json_t *row =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "folder", json_words(folder), "name", json_words(named->name),
                  "summary", json_words(named->summary), "test", count_or_null(named->test_count, named->parts > 1),
                  "train", json_count(named->train_count), "validation", json_count(named->validation_count));
    memory_free(folder);
    return row;
}

/* Generated data: nothing on the disk, and no parts except those that a recipe splits. */
static json_t *drawn(const Generator *generator)
{
    return json_pack("{s:n, s:o, s:o, s:n, s:o, s:n}", "folder", "name", json_words(generator->name), "summary",
                     json_words(generator->summary), "test", "train", json_count(generator->count), "validation");
}

percept_status data_list_json(const char *directory, percept_error *error)
{
    size_t count = 0;
    const NamedDataset *table = named_datasets(&count);
    json_t *list = json_array();
    bool complete = true;
    for (size_t d = 0; d < count && complete; d++)
        complete = json_array_append_new(list, known(&table[d], directory)) == 0;
    const Generator *drawers = generators(&count);
    for (size_t g = 0; g < count && complete; g++)
        complete = json_array_append_new(list, drawn(&drawers[g])) == 0;
    if (!complete) {
        json_decref(list);
        list = NULL;
    }
    return json_print(list, JSON_DIGITS, error);
}

/* NULL for lack of memory. */
static json_t *class_list(const percept_dataset *train, const percept_dataset *test)
{
    size_t *trained = NULL, *tested = NULL;
    json_t *list = json_array();
    bool good = list != NULL && dataset_count_classes(train, &trained, NULL) == PERCEPT_OK &&
                (test == NULL || dataset_count_classes(test, &tested, NULL) == PERCEPT_OK);
    for (size_t k = 0; good && k < percept_dataset_classes(train); k++) {
        json_t *row =
            json_pack("{s:o, s:o, s:o}", "name", json_words(percept_dataset_class_name(train, k)), "test",
                      count_or_null(tested != NULL ? tested[k] : 0, test != NULL), "train", json_count(trained[k]));
        good = json_array_append_new(list, row) == 0;
    }
    memory_free(trained);
    memory_free(tested);
    if (!good)
        json_decref(list);
    return good ? list : NULL;
}

/* NULL for lack of memory. */
static json_t *note_list(const Notes *notes)
{
    json_t *list = json_array();
    bool complete = list != NULL;
    for (size_t n = 0; complete && n < notes->count; n++)
        complete = json_array_append_new(list, json_pack("{s:s, s:o}", "kind",
                                                         notes->list[n].kind == NOTE_WARNING ? "warning" : "taken",
                                                         "text", json_words(notes->list[n].text))) == 0;
    if (complete)
        return list;
    json_decref(list);
    return NULL;
}

percept_status data_info_json(const char *name, const char *folder, const percept_dataset *train,
                              const percept_dataset *test, percept_error *error)
{
    const Storage *storage = train->storage;
    json_t *columns = NULL;
    percept_status status = data_columns_json(storage, &columns, error);
    if (status != PERCEPT_OK)
        return status;
    json_t *image = storage->image_height == 0
                        ? json_null()
                        : json_pack("[o, o]", json_count(storage->image_height), json_count(storage->image_width));
    json_t *classes = train->class_count > 0 ? class_list(train, test) : json_null();
    json_t *answer =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "classes", classes,
                  "columns", columns, "features", json_count(storage->width), "folder", json_words(folder), "image",
                  image, "missing", json_count(storage->missing), "name", json_words(name), "notes",
                  note_list(&storage->notes), "targets", count_or_null(storage->target_width, storage->targets != NULL),
                  "test", count_or_null(test != NULL ? percept_dataset_count(test) : 0, test != NULL), "train",
                  json_count(percept_dataset_count(train) - storage->own_valid), "type",
                  json_words(data_type_name(storage->type)), "validation",
                  count_or_null(storage->own_valid, storage->own_valid > 0), "weighted", storage->weights != NULL);
    return json_print(answer, JSON_DIGITS, error);
}
