/* Weights of dense layers in a safetensors file, by their names: pairs NAME.weight and NAME.bias, in the order of the names,
 * numbers in them counted as such. Matrices are (outputs × inputs), as PyTorch's Linear has them, or (inputs × outputs), as
 * scikit-learn's coefs_ and Keras' kernel; the lengths of biases tell which, else the names. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "export/import_network.h"
#include "model/safetensors.h"

/* A matrix and its bias. */
typedef struct Pair {
    const Tensor *matrix, *bias;
} Pair;

/* Orders names by letters, and numbers in them by their value. */
static int compare_names(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            char *end_a = NULL, *end_b = NULL;
            const unsigned long long x = strtoull(a, &end_a, 10), y = strtoull(b, &end_b, 10);
            if (x != y)
                return x < y ? -1 : 1;
            a = end_a;
            b = end_b;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    return (*a != '\0') - (*b != '\0');
}

static int compare_pairs(const void *a, const void *b)
{
    return compare_names(((const Pair *)a)->matrix->name, ((const Pair *)b)->matrix->name);
}

/* What matrices and biases are called: the same name with one word replaced. */
static const char *const words[][2] = {
    {"weight", "bias"}, {"weights", "biases"}, {"kernel", "bias"}, {"coefs_", "intercepts_"}, {"W", "b"}};

#define WORDS (sizeof words / sizeof words[0])

/* The bias of a matrix: `name` with the word of biases in place of that of matrices. */
static const Tensor *find_bias(const Safetensors *file, const char *name)
{
    for (size_t w = 0; w < WORDS; w++) {
        const char *at = strstr(name, words[w][0]);
        char other[256];
        if (at == NULL)
            continue;
        snprintf(other, sizeof other, "%.*s%s%s", (int)(at - name), name, words[w][1], at + strlen(words[w][0]));
        const Tensor *bias = safetensors_find(file, other);
        if (bias != NULL && bias->rank == 1)
            return bias;
    }
    return NULL;
}

static bool is_number(const Tensor *tensor)
{
    return tensor->type == TENSOR_F32 || tensor->type == TENSOR_F64;
}

/* The matrices of the file, in order. Every other tensor must be the bias of one. */
static percept_status find_pairs(const Safetensors *file, Pair **out, size_t *count, percept_error *error)
{
    const size_t all = safetensors_count(file);
    size_t biases = 0;
    percept_status status = memory_allocate(all, sizeof **out, "the layers", out, error);
    for (size_t t = 0; t < all && status == PERCEPT_OK; t++) {
        const Tensor *tensor = safetensors_at(file, t);
        if (tensor->rank != 2 || !is_number(tensor))
            continue;
        const Tensor *bias = find_bias(file, tensor->name);
        (*out)[(*count)++] = (Pair){tensor, bias};
        biases += bias != NULL;
    }
    if (status == PERCEPT_OK && *count == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the file has no matrices of float32 or float64");
    for (size_t t = 0; t < all && status == PERCEPT_OK && *count + biases < all; t++) {
        const Tensor *tensor = safetensors_at(file, t);
        bool known = false;
        for (size_t p = 0; p < *count; p++)
            known = known || (*out)[p].matrix == tensor || (*out)[p].bias == tensor;
        if (!known)
            status =
                error_set(error, PERCEPT_ERROR_ARGUMENT,
                          "the tensor '%.60s' is no weight or bias of a dense layer, and Percept imports no others",
                          tensor->name);
    }
    if (status == PERCEPT_OK)
        qsort(*out, *count, sizeof **out, compare_pairs);
    return status;
}

static double value(const Tensor *tensor, size_t i)
{
    float narrow = 0;
    double wide = 0;
    if (tensor->type == TENSOR_F64) {
        memcpy(&wide, (const char *)tensor->data + i * sizeof wide, sizeof wide);
        return wide;
    }
    memcpy(&narrow, (const char *)tensor->data + i * sizeof narrow, sizeof narrow);
    return (double)narrow;
}

/* Whether the matrix is inputs × outputs. Sizes decide: of the bias, and of the layer before; then the name. */
static bool is_turned(const Pair *pair, size_t inputs)
{
    const size_t rows = pair->matrix->shape[0], columns = pair->matrix->shape[1];
    const size_t outputs = pair->bias != NULL ? pair->bias->shape[0] : 0;
    const bool plain = (inputs == 0 || columns == inputs) && (outputs == 0 || rows == outputs);
    const bool turned = (inputs == 0 || rows == inputs) && (outputs == 0 || columns == outputs);
    if (plain != turned)
        return turned;
    return strstr(pair->matrix->name, "coefs_") != NULL || strstr(pair->matrix->name, "kernel") != NULL;
}

static percept_status add_layer(ImportNetwork *network, const Pair *pair, percept_error *error)
{
    const size_t before = network->depth > 0 ? network->layers[network->depth - 1].outputs : 0;
    const bool turned = is_turned(pair, before);
    const size_t inputs = pair->matrix->shape[turned ? 0 : 1], outputs = pair->matrix->shape[turned ? 1 : 0];
    if ((before > 0 && inputs != before) || (pair->bias != NULL && pair->bias->shape[0] != outputs))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the matrix '%.60s' (%zu, %zu) fits neither its bias nor the %zu outputs of the layer before",
                         pair->matrix->name, pair->matrix->shape[0], pair->matrix->shape[1], before);
    ImportLayer *layer = import_add_layer(network, inputs, outputs);
    double *W = onnx_allocate(&network->memory, inputs * outputs, sizeof *W);
    if (layer == NULL || W == NULL)
        return onnx_status(&network->memory, error);
    for (size_t j = 0; j < outputs; j++) {
        for (size_t k = 0; k < inputs; k++)
            W[j * inputs + k] = value(pair->matrix, turned ? k * outputs + j : j * inputs + k);
        layer->b[j] = pair->bias != NULL ? value(pair->bias, j) : 0;
    }
    layer->W = W;
    if (pair->matrix->type == TENSOR_F64)
        network->precision = PERCEPT_FLOAT64;
    return PERCEPT_OK;
}

percept_status import_safetensors(const char *path, ImportNetwork *network, percept_error *error)
{
    Safetensors *file = NULL;
    Pair *pairs = NULL;
    size_t count = 0;
    network->precision = PERCEPT_FLOAT32;
    percept_status status = safetensors_read(path, &file, error);
    if (status != PERCEPT_OK)
        return status;
    const char *format = safetensors_metadata(file, "format");
    if (format != NULL && strcmp(format, "percept-model") == 0)
        status =
            error_set(error, PERCEPT_ERROR_ARGUMENT, "'%.100s' is a model of Percept already; use it as it is", path);
    if (status == PERCEPT_OK)
        status = find_pairs(file, &pairs, &count, error);
    for (size_t p = 0; p < count && status == PERCEPT_OK; p++)
        status = add_layer(network, &pairs[p], error);
    memory_free(pairs);
    safetensors_free(file);
    return status;
}
