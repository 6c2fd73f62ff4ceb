/* A model: a network with its parameters and everything needed to use it on raw features. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "data/scaler.h"
#include "nn/network.h"

/* Opaque in the public header. */
struct percept_model {
    Network network;
    percept_type precision; /* of parameters: PERCEPT_FLOAT32 or PERCEPT_FLOAT64 */
    void *parameters;       /* network.value_count, flat layout of nn/network.h */
    Scaler scaler;          /* of width network_inputs */
    Scaler target_scaler;   /* of targets while training, of width network_outputs; SCALER_NONE for classes */
    Schema schema;          /* of the training data; width network_inputs */
    size_t class_count;     /* 0 for regression */
    char **class_names;     /* class_count, owned */
    double threshold; /* of two classes: least probability of the second to predict it; 0: as outputs_class says */
};

/* Creates a model that takes over the given network and scaler (the caller's structs are cleared), with zeroed
 * parameters and copies of the class names. Released with percept_model_free. */
percept_status model_create(Network *network, percept_type precision, Scaler *scaler, size_t class_count,
                            char *const *class_names, percept_model **out, percept_error *error);

/* Copies the schema of the model's data; schema->width is network_inputs. */
percept_status model_set_schema(percept_model *model, const Schema *schema, percept_error *error);

/* Rounds value_count float64 values to the model's precision. */
void model_set_parameters(percept_model *model, const double *values);

/* The reverse: all value_count values as float64, released with memory_free. */
percept_status model_parameters_f64(const percept_model *model, double **out, percept_error *error);

/* Checks that data has the features, and the labels or targets, that the model takes; the message names both. */
percept_status model_check_data(const percept_model *model, const percept_dataset *data, percept_error *error);

/* Checks that features which have names, and categories, are those of the model, in its order: else predictions would be
 * those of other features. */
percept_status model_check_columns(const percept_model *model, const percept_dataset *data, percept_error *error);

/* The name of output j of a model without classes: that of its target, with "_low" or "_high" for the ends of an interval. */
#define MODEL_OUTPUT_NAME_SIZE 256
const char *model_output_name(const percept_model *model, size_t j, char *text, size_t size);

/* Bytes of one parameter. */
size_t model_real_size(const percept_model *model);

#endif
