#include "model/schema_text.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/json_text.h"
#include "base/json_value.h"
#include "base/memory.h"

static percept_status check_names(const Schema *schema, percept_error *error)
{
    for (size_t j = 0; schema->names != NULL && j < schema->width; j++)
        if (!json_can_hold(schema->names[j]))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "the name of column %zu, '%.64s', cannot be stored: it is not UTF-8; convert it", j + 1,
                             schema->names[j]);
    return PERCEPT_OK;
}

/* The texts of a vocabulary, or NULL. */
static json_t *list_values(const Vocabulary *vocabulary)
{
    json_t *list = json_array();
    bool complete = list != NULL;
    for (size_t k = 0; complete && k < vocabulary->count; k++)
        complete = json_array_append_new(list, json_string(vocabulary->values[k])) == 0;
    if (complete)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *describe_feature(const Schema *schema, size_t j)
{
    json_t *feature = json_object();
    const FeatureKind kind = schema->kinds != NULL ? schema->kinds[j] : FEATURE_NUMBER;
    bool complete = feature != NULL && json_object_set_new(feature, "kind", json_string(feature_kind_name(kind))) == 0;
    if (schema->names != NULL)
        complete = complete && json_object_set_new(feature, "name", json_string(schema->names[j])) == 0;
    if (schema->places != NULL)
        complete = complete && json_object_set_new(feature, "place", json_integer((json_int_t)schema->places[j])) == 0;
    if (kind == FEATURE_CATEGORY)
        complete = complete && json_object_set_new(feature, "values", list_values(&schema->vocabularies[j])) == 0;
    if (kind == FEATURE_DATE)
        complete = complete &&
                   json_object_set_new(feature, "form", json_string(date_form_name(schema->dates[j].form))) == 0 &&
                   json_object_set_new(feature, "part", json_string(date_part_name(schema->dates[j].part))) == 0;
    if (complete)
        return feature;
    json_decref(feature);
    return NULL;
}

percept_status schema_text_write(const Schema *schema, char **out, percept_error *error)
{
    percept_status status = check_names(schema, error);
    if (status != PERCEPT_OK)
        return status;
    json_t *list = json_array();
    bool complete = list != NULL;
    const bool known = schema->names != NULL || schema->kinds != NULL;
    for (size_t j = 0; known && complete && j < schema->width; j++)
        complete = json_array_append_new(list, describe_feature(schema, j)) == 0;
    status = json_text(complete ? list : NULL, JSON_COMPACT | JSON_SORT_KEYS, "the columns", out, error);
    json_decref(list);
    return status;
}

static percept_status refuse(percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_FORMAT, "its metadata 'features' does not describe its columns");
}

static percept_status read_feature(const json_t *feature, size_t j, const char **names, FeatureKind *kinds,
                                   percept_error *error)
{
    const char *name = json_string_value(json_object_get(feature, "name"));
    const char *kind = json_string_value(json_object_get(feature, "kind"));
    if (kind == NULL || (name == NULL && json_object_get(feature, "name") != NULL))
        return refuse(error);
    const int found = feature_kind_find(kind);
    if (found < 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "its column %zu is of the kind '%.32s', which this Percept (" PERCEPT_VERSION
                         ") does not know; made by a newer one?",
                         j + 1, kind);
    names[j] = name;
    kinds[j] = (FeatureKind)found;
    return PERCEPT_OK;
}

/* The texts of feature j, which is a category. */
static percept_status read_values(const json_t *list, size_t j, Schema *schema, percept_error *error)
{
    const char **texts = NULL;
    const size_t count = json_array_size(list);
    if (!json_is_array(list) || count > VOCABULARY_MOST)
        return refuse(error);
    percept_status status = memory_allocate(count, sizeof *texts, "the categories", &texts, error);
    for (size_t k = 0; status == PERCEPT_OK && k < count; k++) {
        texts[k] = json_string_value(json_array_get(list, k));
        if (texts[k] == NULL)
            status = refuse(error);
    }
    if (status == PERCEPT_OK)
        status = names_copy(texts, count, &schema->vocabularies[j].values, error);
    if (status == PERCEPT_OK)
        schema->vocabularies[j].count = count;
    memory_free(texts);
    return status;
}

/* Form and part of feature j, which is a date; its name ends in the part. */
static percept_status read_date(const json_t *feature, size_t j, Schema *schema, percept_error *error)
{
    const char *form = json_string_value(json_object_get(feature, "form"));
    const char *part = json_string_value(json_object_get(feature, "part"));
    DateFeature *date = &schema->dates[j];
    if (form == NULL || part == NULL || date_form_find(form) == DATE_UNKNOWN || date_part_find(part) < 0)
        return refuse(error);
    *date = (DateFeature){date_form_find(form), (DatePart)date_part_find(part)};
    if (schema->names == NULL)
        return PERCEPT_OK;
    const size_t length = strlen(schema->names[j]), ending = strlen(part);
    return length > ending && schema->names[j][length - ending - 1] == ':' &&
                   strcmp(schema->names[j] + length - ending, part) == 0
               ? PERCEPT_OK
               : refuse(error);
}

/* Places count up from 0 without gaps. Each occurs once, but for those of dates, whose parts are neighbours, of one form and
 * different. */
static percept_status check_places(const Schema *schema, percept_error *error)
{
    bool *taken = NULL;
    unsigned parts = 0;
    const size_t columns = schema_columns(schema);
    percept_status status = memory_allocate_zeroed(schema->width, sizeof *taken, "the columns", &taken, error);
    for (size_t j = 0; status == PERCEPT_OK && j < schema->width; j++) {
        const bool leads = schema_leads(schema, j);
        const unsigned part = schema_is_date(schema, j) ? 1U << schema->dates[j].part : 0;
        if (schema->places[j] >= columns || (leads && taken[schema->places[j]]) || (!leads && (parts & part) != 0) ||
            (!leads && schema->dates[j].form != schema->dates[j - 1].form))
            status = refuse(error);
        else
            taken[schema->places[j]] = true;
        parts = leads ? part : parts | part;
    }
    memory_free(taken);
    return status;
}

/* Vocabularies, dates, and each feature's place in the file. */
static percept_status read_kinds(const json_t *list, Schema *schema, percept_error *error)
{
    const size_t width = schema->width, categories = schema_categories(schema);
    bool dates = false;
    for (size_t j = 0; j < width; j++)
        dates = dates || schema_is_date(schema, j);
    if (categories == 0 && !dates)
        return PERCEPT_OK;
    percept_status status = memory_allocate(width, sizeof *schema->places, "the columns", &schema->places, error);
    if (status == PERCEPT_OK && categories > 0)
        status =
            memory_allocate_zeroed(width, sizeof *schema->vocabularies, "the columns", &schema->vocabularies, error);
    if (status == PERCEPT_OK && dates)
        status = memory_allocate_zeroed(width, sizeof *schema->dates, "the columns", &schema->dates, error);
    for (size_t j = 0; status == PERCEPT_OK && j < width; j++) {
        const json_t *feature = json_array_get(list, j), *place = json_object_get(feature, "place");
        const json_int_t number = json_is_integer(place) ? json_integer_value(place) : -1;
        if (number < 0 || (size_t)number >= width)
            return refuse(error);
        schema->places[j] = (size_t)number;
        if (schema_is_category(schema, j))
            status = read_values(json_object_get(feature, "values"), j, schema, error);
        else if (schema_is_date(schema, j))
            status = read_date(feature, j, schema, error);
    }
    return status == PERCEPT_OK ? check_places(schema, error) : status;
}

static percept_status read_list(const json_t *list, Schema *schema, percept_error *error)
{
    const char **names = NULL;
    percept_status status = memory_allocate(schema->width, sizeof *names, "the columns", &names, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(schema->width, sizeof *schema->kinds, "the columns", &schema->kinds, error);
    size_t named = 0;
    for (size_t j = 0; status == PERCEPT_OK && j < schema->width; j++) {
        status = read_feature(json_array_get(list, j), j, names, schema->kinds, error);
        named += status == PERCEPT_OK && names[j] != NULL;
    }
    if (status == PERCEPT_OK && named > 0 && named < schema->width)
        status = refuse(error);
    if (status == PERCEPT_OK && named > 0)
        status = names_copy(names, schema->width, &schema->names, error);
    if (status == PERCEPT_OK)
        status = read_kinds(list, schema, error);
    memory_free(names);
    return status;
}

percept_status schema_text_read(const char *json, Schema *schema, percept_error *error)
{
    errno = 0; /* jansson calls a lack of memory many names */
    json_t *list = json_loads(json, 0, NULL);
    percept_status status = PERCEPT_OK;
    if (list == NULL && errno == ENOMEM)
        status = error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for its metadata 'features'");
    else if (!json_is_array(list) || (json_array_size(list) > 0 && json_array_size(list) != schema->width))
        status = refuse(error);
    else if (json_array_size(list) > 0)
        status = read_list(list, schema, error);
    json_decref(list);
    return status;
}
