/* Layers as text in a model file's metadata: a JSON list with an object a layer, first layer first.
 *
 *   [{"kind":"dense","activation":"relu","l1":0,"l2":0.0001,"dropout":0.5},
 *    {"kind":"dense","activation":"softmax","l1":0,"l2":0}]
 *
 * Sizes are those of the layers' tensors. A file of format 1 has a list for each of these instead, of dense layers. */
#ifndef MODEL_LAYERS_TEXT_H
#define MODEL_LAYERS_TEXT_H

#include "base/error.h"
#include "nn/network.h"

/* What the text says of a network. Begins as {0}, released with layers_text_clear. */
typedef struct LayersText {
    size_t depth;
    char **activations; /* depth names, in one block */
    double *l1, *l2;    /* depth values */
    double *dropout;    /* depth - 1 values */
} LayersText;

/* The text of a network's layers, released with memory_free. */
percept_status layers_text_write(const Network *network, char **out, percept_error *error);

/* The reverse. PERCEPT_ERROR_FORMAT for anything else, among it kinds of layers that this version does not know. */
percept_status layers_text_read(const char *json, LayersText *out, percept_error *error);
void layers_text_clear(LayersText *layers);

#endif
