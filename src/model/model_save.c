#include "base/memory.h"
#include "base/number.h"
#include "model/json_list.h"
#include "model/model.h"
#include "model/model_file.h"
#include "model/safetensors.h"
#include "nn/activation.h"
#include "nn/loss.h"

/* The metadata that are lists, as JSON. */
typedef struct Lists {
    char *activations, *l1, *l2, *classes;
} Lists;

static void lists_clear(Lists *lists)
{
    memory_free(lists->activations);
    memory_free(lists->l1);
    memory_free(lists->l2);
    memory_free(lists->classes);
}

/* One number of every layer, as a list. */
static percept_status list_penalties(const Network *network, bool squared, char **out, percept_error *error)
{
    double *penalties = NULL;
    percept_status status = memory_allocate(network->depth, sizeof *penalties, "the penalties", &penalties, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t l = 0; l < network->depth; l++)
        penalties[l] = squared ? network->layers[l].l2 : network->layers[l].l1;
    status = json_list_of_numbers(penalties, network->depth, out, error);
    memory_free(penalties);
    return status;
}

static percept_status list_activations(const Network *network, char **out, percept_error *error)
{
    const char **names = NULL;
    percept_status status = memory_allocate(network->depth, sizeof *names, "the activations", &names, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t l = 0; l < network->depth; l++)
        names[l] = activation_at_f64(network->layers[l].activation)->name;
    status = json_list_of_texts(names, network->depth, out, error);
    memory_free(names);
    return status;
}

static percept_status make_lists(const percept_model *model, Lists *lists, percept_error *error)
{
    percept_status status = list_activations(&model->network, &lists->activations, error);
    if (status == PERCEPT_OK)
        status = list_penalties(&model->network, false, &lists->l1, error);
    if (status == PERCEPT_OK)
        status = list_penalties(&model->network, true, &lists->l2, error);
    if (status == PERCEPT_OK)
        status =
            json_list_of_texts((const char *const *)model->class_names, model->class_count, &lists->classes, error);
    return status;
}

/* Fills tensors (2 for the scaler, 2 a layer) and names (2 a layer); returns how many tensors there are. */
static size_t list_tensors(const percept_model *model, Tensor *tensors, char (*names)[MODEL_TENSOR_NAME_SIZE])
{
    const TensorType type = model->precision == PERCEPT_FLOAT64 ? TENSOR_F64 : TENSOR_F32;
    const char *parameters = model->parameters;
    const size_t size = model_real_size(model), width = model->scaler.width;
    size_t count = 0;
    if (model->scaler.mean != NULL) {
        tensors[count++] = (Tensor){MODEL_SCALER_MEAN, TENSOR_F64, 1, {width, 0}, model->scaler.mean};
        tensors[count++] = (Tensor){MODEL_SCALER_DEVIATION, TENSOR_F64, 1, {width, 0}, model->scaler.deviation};
    }
    for (size_t l = 0; l < model->network.depth; l++) {
        const Layer *layer = &model->network.layers[l];
        model_tensor_name(names[2 * l], l, "weight");
        model_tensor_name(names[2 * l + 1], l, "bias");
        tensors[count++] =
            (Tensor){names[2 * l], type, 2, {layer->outputs, layer->inputs}, parameters + layer->weights * size};
        tensors[count++] = (Tensor){names[2 * l + 1], type, 1, {layer->outputs, 0}, parameters + layer->biases * size};
    }
    return count;
}

static percept_status write_tensors(const percept_model *model, const char *path, const MetadataEntry *metadata,
                                    size_t metadata_count, percept_error *error)
{
    const size_t depth = model->network.depth;
    Tensor *tensors = NULL;
    char(*names)[MODEL_TENSOR_NAME_SIZE] = NULL;
    percept_status status = memory_allocate(2 * depth + 2, sizeof *tensors, "the tensors", &tensors, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(2 * depth, sizeof *names, "the tensors' names", &names, error);
    if (status == PERCEPT_OK) {
        size_t count = list_tensors(model, tensors, names);
        status = safetensors_write(path, tensors, count, metadata, metadata_count, error);
    }
    memory_free(names);
    memory_free(tensors);
    return status;
}

percept_status percept_model_save(const percept_model *model, const char *path, percept_error *error)
{
    Lists lists = {0};
    char divisor[NUMBER_SIZE];
    percept_status status = make_lists(model, &lists, error);
    number_format(model->scaler.divisor, divisor);
    if (status == PERCEPT_OK) {
        const MetadataEntry metadata[] = {
            {"format", MODEL_FORMAT},
            {"format_version", MODEL_FORMAT_VERSION},
            {"precision", model->precision == PERCEPT_FLOAT64 ? "float64" : "float32"},
            {"activations", lists.activations},
            {"loss", loss_at_f64(model->network.loss)->name},
            {"reduction", model->network.sum ? "sum" : "mean"},
            {"l1", lists.l1},
            {"l2", lists.l2},
            {"scaler", scaler_kind_name(model->scaler.kind)},
            {"scaler_divisor", divisor},
            {"classes", lists.classes},
        };
        status = write_tensors(model, path, metadata, sizeof metadata / sizeof *metadata, error);
    }
    lists_clear(&lists);
    return status;
}
