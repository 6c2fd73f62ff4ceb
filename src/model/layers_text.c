#include "model/layers_text.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/schema.h"
#include "nn/activation.h"

#define DENSE "dense"

/* Bytes of a layer's text without its numbers and the name of its activation. */
#define LAYER_SIZE 96

percept_status layers_text_write(const Network *network, char **out, percept_error *error)
{
    size_t bytes = 3, used = 0;
    char *text = NULL;
    for (size_t l = 0; l < network->depth; l++)
        bytes += LAYER_SIZE + 3 * NUMBER_SIZE + strlen(activation_at_f64(network->layers[l].activation)->name);
    percept_status status = memory_allocate(bytes, 1, "the layers", &text, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t l = 0; l < network->depth; l++) {
        const Layer *layer = &network->layers[l];
        char l1[NUMBER_SIZE], l2[NUMBER_SIZE], dropout[NUMBER_SIZE];
        number_format(layer->l1, l1);
        number_format(layer->l2, l2);
        number_format(layer->dropout, dropout);
        used += (size_t)snprintf(text + used, bytes - used,
                                 "%c{\"kind\":\"" DENSE "\",\"activation\":\"%s\",\"l1\":%s,\"l2\":%s",
                                 l == 0 ? '[' : ',', activation_at_f64(layer->activation)->name, l1, l2);
        used += (size_t)(l + 1 < network->depth ? snprintf(text + used, bytes - used, ",\"dropout\":%s}", dropout)
                                                : snprintf(text + used, bytes - used, "}"));
    }
    snprintf(text + used, bytes - used, "]");
    *out = text;
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

static percept_status read_list(const json_t *list, LayersText *out, percept_error *error)
{
    const char **activations = NULL;
    out->depth = json_array_size(list);
    percept_status status = memory_allocate(out->depth, sizeof *activations, "the layers", &activations, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(out->depth, sizeof *out->l1, "the layers", &out->l1, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(out->depth, sizeof *out->l2, "the layers", &out->l2, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(out->depth, sizeof *out->dropout, "the layers", &out->dropout, error);
    for (size_t l = 0; status == PERCEPT_OK && l < out->depth; l++)
        status = read_layer(json_array_get(list, l), l, out, &activations[l], error);
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
    *layers = (LayersText){0};
}
