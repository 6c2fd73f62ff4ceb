#include "model/layers_text.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/schema.h"
#include "nn/activation.h"

#define DENSE "dense"

/* ---- Writing --------------------------------------------------------------------------------------------------- */

/* Bytes that a layer or a stage takes at most, without names and counts. */
#define ENTRY_SIZE 192
#define COUNT_SIZE 12

/* A text that grows at its end, in a block that is large enough. */
typedef struct Text {
    char *bytes;
    size_t size, used;
} Text;

static void put(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(Text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text->bytes + text->used, text->size - text->used, format, arguments);
    va_end(arguments);
    text->used += (size_t)length;
}

static void put_number(Text *text, const char *key, double value)
{
    char number[NUMBER_SIZE];
    number_format(value, number);
    put(text, ",\"%s\":%s", key, number);
}

static void put_dense(Text *text, const Network *network, size_t l)
{
    const Layer *layer = &network->layers[l];
    put(text, "{\"kind\":\"" DENSE "\",\"activation\":\"%s\"", activation_at_f64(layer->activation)->name);
    put_number(text, "l1", layer->l1);
    put_number(text, "l2", layer->l2);
    if (l + 1 < network->depth)
        put_number(text, "dropout", layer->dropout);
    put(text, "}");
}

static void put_stage(Text *text, const Stage *stage)
{
    put(text, "{\"kind\":\"%s\"", stage->kind->name);
    if (stage->side == 0)
        put(text, ",\"width\":%zu,\"first\":%zu,\"columns\":%zu", stage->width_in, stage->first, stage->inputs);
    if (stage->kind->links)
        put(text, ",\"from\":%zu", stage->from);
    for (size_t j = 0; j < stage->inputs && stage->counts != NULL; j++)
        put(text, "%s%lu", j == 0 ? ",\"counts\":[" : ",", (unsigned long)stage->counts[j]);
    if (stage->counts != NULL)
        put(text, "]");
    for (size_t i = 0; i < STAGE_SETTINGS && stage->kind->settings[i].name != NULL; i++) {
        const StageSetting *setting = &stage->kind->settings[i];
        if (setting->kind == SETTING_ACTIVATION)
            put(text, ",\"%s\":\"%s\"", setting->name, activation_at_f64((size_t)stage->settings[i])->name);
        else
            put_number(text, setting->name, stage->settings[i]);
    }
    put(text, "}");
}

/* Room for all of it, with some to spare. */
static size_t bytes_of(const Network *network)
{
    size_t bytes = ENTRY_SIZE;
    for (size_t l = 0; l < network->depth; l++)
        bytes += ENTRY_SIZE + 3 * NUMBER_SIZE + strlen(activation_at_f64(network->layers[l].activation)->name);
    for (size_t s = 0; s < network->stage_count; s++) {
        const Stage *stage = &network->stages[s];
        bytes += ENTRY_SIZE + strlen(stage->kind->name) + (stage->counts != NULL ? stage->inputs * COUNT_SIZE : 0);
        for (size_t i = 0; i < STAGE_SETTINGS && stage->kind->settings[i].name != NULL; i++)
            bytes += ENTRY_SIZE + NUMBER_SIZE;
    }
    return bytes;
}

percept_status layers_text_write(const Network *network, char **out, percept_error *error)
{
    Text text = {.size = bytes_of(network)};
    percept_status status = memory_allocate(text.size, 1, "the layers", &text.bytes, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t side = 0; side <= network->depth; side++) {
        const SideStages *stages = &network->sides[side];
        if (side > 0) {
            put(&text, text.used > 0 ? "," : "[");
            put_dense(&text, network, side - 1);
        }
        for (size_t s = stages->first; s < stages->first + stages->before + stages->after; s++) {
            put(&text, text.used > 0 ? "," : "[");
            put_stage(&text, &network->stages[s]);
        }
    }
    put(&text, "]");
    *out = text.bytes;
    return PERCEPT_OK;
}

/* ---- Reading --------------------------------------------------------------------------------------------------- */

static percept_status refuse(size_t l, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_FORMAT, "its metadata 'layers' does not describe layer %zu", l);
}

static bool read_number(const json_t *layer, const char *key, double *out)
{
    const json_t *value = json_object_get(layer, key);
    *out = json_number_value(value);
    return json_is_number(value);
}

static percept_status read_layer(const json_t *layer, size_t l, LayersText *out, const char **activation,
                                 percept_error *error)
{
    const char *kind = json_string_value(json_object_get(layer, "kind"));
    *activation = json_string_value(json_object_get(layer, "activation"));
    if (kind != NULL && strcmp(kind, DENSE) != 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "its layer %zu is of the kind '%.32s', which this Percept (" PERCEPT_VERSION
                         ") does not know; made by a newer one?",
                         l, kind);
    const bool complete = kind != NULL && *activation != NULL && read_number(layer, "l1", &out->l1[l]) &&
                          read_number(layer, "l2", &out->l2[l]) &&
                          (l + 1 == out->depth || read_number(layer, "dropout", &out->dropout[l]));
    return complete ? PERCEPT_OK : refuse(l, error);
}

/* A whole number from 0 on; absent: 0. */
static bool read_size(const json_t *text, const char *key, size_t *out)
{
    const json_t *value = json_object_get(text, key);
    *out = (size_t)json_integer_value(value);
    return value == NULL || (json_is_integer(value) && json_integer_value(value) >= 0);
}

static bool read_setting(const json_t *text, const StageSetting *setting, double *out)
{
    if (setting->kind != SETTING_ACTIVATION)
        return read_number(text, setting->name, out);
    const char *name = json_string_value(json_object_get(text, setting->name));
    const int found = name != NULL ? activation_find(name) : -1;
    *out = found;
    return found >= 0;
}

static bool read_counts(const json_t *list, size_t columns, uint32_t *counts)
{
    if (!json_is_array(list) || json_array_size(list) != columns)
        return false;
    for (size_t j = 0; j < columns; j++) {
        const json_t *value = json_array_get(list, j);
        if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > UINT32_MAX)
            return false;
        counts[j] = (uint32_t)json_integer_value(value);
    }
    return true;
}

/* The stage that stands on a side; counts are taken from *counts on. */
static percept_status read_stage(const json_t *text, const StageKind *kind, size_t side, LayersText *out,
                                 uint32_t **counts, percept_error *error)
{
    StageOptions *stage = &out->stages[out->stage_count];
    double *settings = out->settings[out->stage_count];
    const json_t *list = json_object_get(text, "counts");
    size_t width = 0;
    *stage = (StageOptions){.kind = kind->name, .side = side, .settings = settings};
    bool complete = read_size(text, "width", &width) && read_size(text, "first", &stage->first) &&
                    read_size(text, "columns", &stage->inputs) && read_size(text, "from", &stage->from);
    for (size_t i = 0; i < STAGE_SETTINGS && kind->settings[i].name != NULL; i++)
        complete = complete && read_setting(text, &kind->settings[i], &settings[i]);
    if (complete && list != NULL) {
        complete = read_counts(list, stage->inputs, *counts);
        stage->counts = *counts;
        *counts += stage->inputs;
    }
    if (side == 0 && out->stage_count == 0)
        out->features = width;
    out->stage_count++;
    return complete ? PERCEPT_OK
                    : error_set(error, PERCEPT_ERROR_FORMAT, "its metadata 'layers' do not describe the %s of side %zu",
                                kind->name, side);
}

/* How many layers, stages and counts there are in a list. */
static size_t count_dense(const json_t *list, size_t *counts)
{
    size_t dense = 0;
    *counts = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *text = json_array_get(list, i);
        const char *kind = json_string_value(json_object_get(text, "kind"));
        dense += kind == NULL || stage_kind_find(kind) == NULL;
        *counts += json_array_size(json_object_get(text, "counts"));
    }
    return dense;
}

static percept_status allocate(const json_t *list, LayersText *out, uint32_t **counts, percept_error *error)
{
    size_t all_counts = 0;
    out->depth = count_dense(list, &all_counts);
    const size_t stages = json_array_size(list) - out->depth;
    percept_status status = memory_allocate(out->depth, sizeof *out->l1, "the layers", &out->l1, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(out->depth, sizeof *out->l2, "the layers", &out->l2, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(out->depth, sizeof *out->dropout, "the layers", &out->dropout, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(stages, sizeof *out->stages, "the stages", &out->stages, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(stages, sizeof *out->settings, "the stages", &out->settings, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(all_counts, sizeof *out->counts, "the categories", &out->counts, error);
    *counts = out->counts;
    return status;
}

static percept_status read_list(const json_t *list, LayersText *out, percept_error *error)
{
    const char **activations = NULL;
    uint32_t *counts = NULL;
    percept_status status = allocate(list, out, &counts, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(out->depth, sizeof *activations, "the layers", &activations, error);
    size_t l = 0;
    for (size_t i = 0; status == PERCEPT_OK && i < json_array_size(list); i++) {
        const json_t *text = json_array_get(list, i);
        const char *kind = json_string_value(json_object_get(text, "kind"));
        const StageKind *stage = kind != NULL ? stage_kind_find(kind) : NULL;
        if (stage != NULL)
            status = read_stage(text, stage, l, out, &counts, error);
        else
            status = read_layer(text, l, out, &activations[l], error);
        l += stage == NULL;
    }
    if (status == PERCEPT_OK && out->depth == 0)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "its metadata 'layers' names no dense layer");
    if (status == PERCEPT_OK)
        status = names_copy(activations, out->depth, &out->activations, error);
    memory_free(activations);
    return status;
}

percept_status layers_text_read(const char *json, LayersText *out, percept_error *error)
{
    LayersText layers = {0};
    errno = 0; /* jansson calls a lack of memory many names */
    json_t *list = json_loads(json, 0, NULL);
    percept_status status = PERCEPT_OK;
    if (list == NULL && errno == ENOMEM)
        status = error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for its metadata 'layers'");
    else if (!json_is_array(list) || json_array_size(list) == 0)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "its metadata 'layers' names no layer");
    else
        status = read_list(list, &layers, error);
    json_decref(list);
    if (status == PERCEPT_OK)
        *out = layers;
    else
        layers_text_clear(&layers);
    return status;
}

void layers_text_clear(LayersText *layers)
{
    memory_free(layers->activations);
    memory_free(layers->l1);
    memory_free(layers->l2);
    memory_free(layers->dropout);
    memory_free(layers->stages);
    memory_free(layers->settings);
    memory_free(layers->counts);
    *layers = (LayersText){0};
}
