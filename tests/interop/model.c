/* Makes model files for check_model.py, and reads one that Python has written:
 *
 *   model write PATH float32|float64     saves a model 3-4-2 with a scaler
 *   model copy FROM TO                   loads and saves again */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "model/model.h"

static percept_status fill_scaler(Scaler *scaler, percept_error *error)
{
    *scaler = (Scaler){.kind = SCALER_STANDARDIZE, .width = 3, .divisor = 255};
    percept_status status = memory_allocate(3, sizeof(double), "the means", &scaler->mean, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(3, sizeof(double), "the deviations", &scaler->deviation, error);
    for (size_t j = 0; j < 3 && status == PERCEPT_OK; j++) {
        scaler->mean[j] = 1 / (3.0 + (double)j);
        scaler->deviation[j] = 0.5 + (double)j;
    }
    return status;
}

/* Parameter i is 1 / (i + 3), rounded to the precision: numbers that Python can make too. */
static percept_status write_model(const char *path, percept_type precision, percept_error *error)
{
    static const uint64_t sizes[] = {3, 4, 2};
    static const char *const hidden[] = {"relu"};
    char *const names[] = {(char[]){"no"}, (char[]){"größe"}};
    const NetworkOptions options = {.sizes = sizes,
                                    .size_count = 3,
                                    .hidden_activations = hidden,
                                    .hidden_activation_count = 1,
                                    .output_activation = "softmax",
                                    .loss = "cross-entropy"};
    Network network = {0};
    Scaler scaler = {0};
    percept_model *model = NULL;
    percept_status status = network_create(&options, &network, error);
    if (status == PERCEPT_OK)
        status = fill_scaler(&scaler, error);
    if (status == PERCEPT_OK)
        status = model_create(&network, precision, &scaler, 2, names, &model, error);
    if (status == PERCEPT_OK) {
        double values[3 * 4 + 4 + 4 * 2 + 2];
        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
            values[i] = 1 / ((double)i + 3);
        model_set_parameters(model, values);
        status = percept_model_save(model, path, error);
    }
    percept_model_free(model);
    network_clear(&network);
    scaler_clear(&scaler);
    return status;
}

static percept_status copy_model(const char *from, const char *to, percept_error *error)
{
    percept_model *model = NULL;
    percept_status status = percept_model_load(from, &model, error);
    if (status == PERCEPT_OK)
        status = percept_model_save(model, to, error);
    percept_model_free(model);
    return status;
}

int main(int argc, char **argv)
{
    percept_error error = {0};
    if (argc != 4)
        return 2;
    const percept_type precision = strcmp(argv[3], "float64") == 0 ? PERCEPT_FLOAT64 : PERCEPT_FLOAT32;
    const percept_status status =
        strcmp(argv[1], "write") == 0 ? write_model(argv[2], precision, &error) : copy_model(argv[2], argv[3], &error);
    if (status != PERCEPT_OK)
        fprintf(stderr, "%s\n", error.message);
    return status == PERCEPT_OK ? 0 : 1;
}
