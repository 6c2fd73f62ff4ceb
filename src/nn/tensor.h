/* The tensors of a network: named views of its flat parameter vector. */
#ifndef NN_TENSOR_H
#define NN_TENSOR_H

#include <stdbool.h>
#include <stddef.h>

typedef enum TensorRole {
    ROLE_WEIGHT,    /* of a dense layer or an embedding: decayed */
    ROLE_BIAS,      /* added to a weighted sum */
    ROLE_SCALE,     /* multiplied, element by element */
    ROLE_SHIFT,     /* added after a scale */
    ROLE_TABLE,     /* a vector for each category: decayed */
    ROLE_SLOPE,     /* of an activation */
    ROLE_STATISTIC, /* fitted or running, not trained by gradients */
    TENSOR_ROLES
} TensorRole;

#define TENSOR_NAME_SIZE 64

typedef struct NetworkTensor {
    char name[TENSOR_NAME_SIZE]; /* "layers.0.weight" */
    TensorRole role;
    size_t side; /* a layer's tensors: its number + 1, the side that it makes; a stage's: its side */
    bool of_stage;
    size_t offset;        /* into the flat vector */
    size_t rows, columns; /* row-major; columns 0: a vector of `rows` elements */
} NetworkTensor;

static inline size_t tensor_size(const NetworkTensor *tensor)
{
    return tensor->rows * (tensor->columns > 0 ? tensor->columns : 1);
}

/* The name of a role: "weight", "bias", … */
const char *tensor_role_name(TensorRole role);

/* True if weight decay is for tensors of this role. */
static inline bool tensor_is_decayed(TensorRole role)
{
    return role == ROLE_WEIGHT || role == ROLE_TABLE;
}

#endif
