/* Layers as text in a model file's metadata: a JSON list with one object for each layer, first layer first.
 *
 *   [{"kind":"dense","activation":"relu","l1":0,"l2":0.0001,"dropout":0.5},
 *    {"kind":"dense","activation":"softmax","l1":0,"l2":0}]
 *
 * Stages are listed in their order in the network: those of side 0 before the first dense layer, those of another side
 * after the dense layer before it. Besides their settings they have what their place needs:
 *
 *    {"kind":"batch-norm","epsilon":1e-05,"momentum":0.1}
 *    {"kind":"residual","from":1}                          the side that it links
 *    {"kind":"table","width":9,"first":6,"columns":3,"counts":[4,2,9],"size":8}
 *                                                          on side 0: of so many columns, which ones it takes; values of each
 *
 * Sizes are those of the layers' tensors. A file of format 1 has a list for each of these instead, of dense layers. */
#ifndef MODEL_LAYERS_TEXT_H
#define MODEL_LAYERS_TEXT_H

#include "base/error.h"
#include "nn/network.h"

/* The content of the text. Begins as {0}, released with layers_text_clear. */
typedef struct LayersText {
    size_t depth;
    char **activations;   /* depth names, in one block */
    double *l1, *l2;      /* depth values */
    double *dropout;      /* depth - 1 values */
    StageOptions *stages; /* stage_count; what they point to belongs to this */
    double (*settings)[STAGE_SETTINGS];
    uint32_t *counts;
    size_t stage_count;
    size_t features; /* columns that go in; 0: as many as the first layer takes */
} LayersText;

/* The text of a network's layers, released with memory_free. */
percept_status layers_text_write(const Network *network, char **out, percept_error *error);

/* The reverse. PERCEPT_ERROR_FORMAT for anything else, including kinds of layers that this version does not know. */
percept_status layers_text_read(const char *json, LayersText *out, percept_error *error);
void layers_text_clear(LayersText *layers);

#endif
