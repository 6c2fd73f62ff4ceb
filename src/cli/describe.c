#include "cli/describe.h"

#include "cli/text.h"
#include "model/model.h"
#include "nn/activation.h"

void describe_layers(FILE *stream, const percept_model *model)
{
    const Network *network = &model->network;
    fprintf(stream, "%zu", network_inputs(network));
    for (size_t l = 0; l < network->depth; l++)
        fprintf(stream, "-%zu", network_side_output(network, l + 1));
}

void describe_network(FILE *stream, const percept_model *model)
{
    const Network *network = &model->network;
    describe_layers(stream, model);
    for (size_t l = 0; l < network->depth; l++) {
        const size_t activation = network->layers[l].activation;
        const bool hidden = l + 1 < network->depth; /* equal hidden ones in a row are named once */
        if ((!hidden || l == 0 || network->layers[l - 1].activation != activation) &&
            !network_activation_is_replaced(network, l))
            fprintf(stream, ", %s", activation_at_f64(activation)->name);
    }
    const StageKind *kind = NULL;
    for (size_t k = 0; (kind = network_stage_kind(network, k)) != NULL; k++)
        fprintf(stream, ", %s", kind->name);
    if (network->members > 1)
        fprintf(stream, ", %zu members", network->members);
    fprintf(stream, ", %s parameters", text_count(network->parameter_count).text);
}

size_t describe_class_columns(const percept_model *model, size_t least, size_t most)
{
    size_t columns = least;
    for (size_t k = 0; k < percept_model_classes(model); k++) {
        const size_t wide = text_columns(percept_model_class_name(model, k));
        columns = wide > columns ? wide : columns;
    }
    return columns < most ? columns : most;
}

void describe_class(FILE *stream, const percept_model *model, size_t k, size_t most)
{
    const char *name = percept_model_class_name(model, k);
    const size_t columns = text_columns(name);
    text_left(stream, name, columns < most ? columns : most);
}

static void describe_part(FILE *stream, const percept_dataset *part, const char *what)
{
    if (part != NULL)
        fprintf(stream, ", %s %s", text_count(percept_dataset_count(part)).text, what);
}

void describe_parts(FILE *stream, const percept_data *data)
{
    fprintf(stream, "%s to train", text_count(percept_dataset_count(data->train)).text);
    describe_part(stream, data->valid, "to validate");
    describe_part(stream, data->test, "to test");
}
