#include "store/data_record.h"

#include <jansson.h>
#include <string.h>

#include "base/file.h"
#include "base/json_text.h"
#include "base/json_value.h"
#include "base/memory.h"
#include "data/checksum.h"
#include "recipe/experiment.h"

percept_status data_record_write(const char *folder, const char *name, const char *checksum, percept_error *error)
{
    char *path = NULL, *text = NULL;
    json_t *record = json_pack("{s:o, s:o}", "checksum", json_words(checksum), "name", json_words(name));
    percept_status status = json_text(record, JSON_INDENT(2) | JSON_SORT_KEYS, "the data's record", &text, error);
    json_decref(record);
    if (status == PERCEPT_OK)
        status = file_join(folder, DATA_RECORD_FILE, &path, error);
    if (status == PERCEPT_OK)
        status = file_write(path, text, strlen(text), error);
    memory_free(text);
    memory_free(path);
    return status;
}

/* *out stays NULL where the value is no text. */
static percept_status copy_text(const json_t *object, const char *key, char **out, percept_error *error)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? memory_copy_string(text, out, error) : PERCEPT_OK;
}

static percept_status parse(const char *path, DataRecord *out, percept_error *error)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = file_read(path, &bytes, &size, error);
    if (status != PERCEPT_OK)
        return status;
    json_t *record = json_loadb((const char *)bytes, size, 0, NULL);
    if (!json_is_object(record))
        status =
            error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is no record of a run's data; remove it to do without", path);
    if (status == PERCEPT_OK)
        status = copy_text(record, "name", &out->name, error);
    if (status == PERCEPT_OK)
        status = copy_text(record, "checksum", &out->checksum, error);
    json_decref(record);
    memory_free(bytes);
    return status;
}

percept_status data_record_read(const char *folder, DataRecord *out, percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(folder, DATA_RECORD_FILE, &path, error);
    if (status == PERCEPT_OK && file_exists(path))
        status = parse(path, out, error);
    memory_free(path);
    if (status != PERCEPT_OK)
        data_record_clear(out);
    return status;
}

void data_record_clear(DataRecord *record)
{
    memory_free(record->name);
    memory_free(record->checksum);
    *record = (DataRecord){0};
}

static percept_status compare(const char *folder, const percept_data *data, const char **changed, percept_error *error)
{
    DataRecord record = {0};
    char *checksum = NULL;
    percept_status status = data_record_read(folder, &record, error);
    if (status == PERCEPT_OK && record.checksum != NULL)
        status = data_checksum(data, &checksum, error);
    if (status == PERCEPT_OK)
        *changed = data_checksum_difference(record.checksum, checksum);
    memory_free(checksum);
    data_record_clear(&record);
    return status;
}

percept_status data_record_load(const char *folder, const percept_recipe *recipe, const percept_model *model,
                                percept_data *data, const char **changed, percept_error *error)
{
    for (size_t i = 0; recipe_key_at(i) != NULL; i++) {
        const Key *key = recipe_key_at(i);
        const char *name = key->path && recipe_is_set(recipe, key->name) ? recipe_text(recipe, key->name) : NULL;
        if (name != NULL && !key->idle && strchr(name, '/') != NULL && !file_exists(name))
            return error_set(error, PERCEPT_ERROR_IO,
                             "the data of '%s' are not at '%s' any more; name their new place with %s (percept "
                             "evaluate, or for good percept train --resume)",
                             folder, name, key->flag);
    }
    percept_status status =
        model != NULL ? experiment_load_for(recipe, model, false, data, error) : percept_data_load(recipe, data, error);
    if (changed != NULL)
        *changed = NULL;
    if (status == PERCEPT_OK && changed != NULL)
        status = compare(folder, data, changed, error);
    if (status != PERCEPT_OK)
        percept_data_free(data);
    return status;
}
