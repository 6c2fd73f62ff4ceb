#include "model/json_list.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/json_text.h"
#include "base/json_value.h"
#include "base/memory.h"
#include "base/number.h"

percept_status json_list_of_texts(const char *const *texts, size_t count, char **out, percept_error *error)
{
    json_t *list = json_array();
    bool complete = list != NULL;
    for (size_t i = 0; i < count && complete; i++) {
        if (!json_can_hold(texts[i])) {
            json_decref(list);
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "the name '%s' cannot be stored: it is not UTF-8; convert it", texts[i]);
        }
        complete = json_array_append_new(list, json_string(texts[i])) == 0;
    }
    percept_status status = json_text(complete ? list : NULL, JSON_COMPACT, "a list of names", out, error);
    json_decref(list);
    return status;
}

percept_status json_list_of_numbers(const double *numbers, size_t count, char **out, percept_error *error)
{
    char *json = NULL;
    size_t length = 0;
    percept_status status = memory_allocate(count + 2, NUMBER_SIZE, "a list of numbers", &json, error);
    if (status != PERCEPT_OK)
        return status;
    json[length++] = '[';
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            json[length++] = ',';
        number_format(numbers[i], json + length);
        length += strlen(json + length);
    }
    memcpy(json + length, "]", 2);
    *out = json;
    return PERCEPT_OK;
}

/* Parses a list whose items all pass `fits`. */
static percept_status parse(const char *json, const char *what, const char *items, int (*fits)(const json_t *),
                            json_t **out, percept_error *error)
{
    errno = 0; /* jansson calls a lack of memory many names */
    json_t *list = json_loads(json, 0, NULL);
    bool good = json_is_array(list);
    for (size_t i = 0; i < json_array_size(list); i++)
        good = good && fits(json_array_get(list, i));
    if (good) {
        *out = list;
        return PERCEPT_OK;
    }
    if (list == NULL && errno == ENOMEM)
        return error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for its metadata '%s'", what);
    json_decref(list);
    return error_set(error, PERCEPT_ERROR_FORMAT, "its metadata '%s' is not a list of %s", what, items);
}

static int is_text(const json_t *value)
{
    return json_is_string(value);
}

static int is_number(const json_t *value)
{
    return json_is_number(value);
}

percept_status json_list_read_texts(const char *json, const char *what, char ***out, size_t *count,
                                    percept_error *error)
{
    json_t *list = NULL;
    char **texts = NULL;
    percept_status status = parse(json, what, "strings", is_text, &list, error);
    if (status != PERCEPT_OK)
        return status;
    const size_t items = json_array_size(list), table = (items + 1) * sizeof *texts;
    size_t bytes = table;
    for (size_t i = 0; i < items; i++)
        bytes += json_string_length(json_array_get(list, i)) + 1;
    status = memory_allocate(bytes, 1, what, &texts, error);
    if (status == PERCEPT_OK) {
        char *end = (char *)texts + table;
        for (size_t i = 0; i < items; i++) {
            const json_t *text = json_array_get(list, i);
            const size_t size = json_string_length(text) + 1;
            texts[i] = memcpy(end, json_string_value(text), size);
            end += size;
        }
        *out = texts;
        *count = items;
    }
    json_decref(list);
    return status;
}

percept_status json_list_read_numbers(const char *json, const char *what, double **out, size_t *count,
                                      percept_error *error)
{
    json_t *list = NULL;
    double *numbers = NULL;
    percept_status status = parse(json, what, "numbers", is_number, &list, error);
    if (status != PERCEPT_OK)
        return status;
    status = memory_allocate(json_array_size(list), sizeof *numbers, what, &numbers, error);
    if (status == PERCEPT_OK) {
        for (size_t i = 0; i < json_array_size(list); i++)
            numbers[i] = json_number_value(json_array_get(list, i));
        *out = numbers;
        *count = json_array_size(list);
    }
    json_decref(list);
    return status;
}
