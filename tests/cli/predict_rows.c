/* For cli/test_stages.sh: predicts with the library what `percept predict` predicts.
 *   predict_rows MODEL < ROWS      rows of raw features, separated by blanks; prints the outputs of each row */
#include <percept/percept.h>
#include <stdio.h>

enum { MOST = 64 };

int main(int argc, char **argv)
{
    percept_error error;
    percept_model *model = NULL;
    double features[MOST], outputs[MOST];
    percept_status status = percept_model_load(argc > 1 ? argv[1] : "model.safetensors", &model, &error);
    const size_t inputs = percept_model_inputs(model), width = percept_model_outputs(model);
    size_t read = 0;
    if (status == PERCEPT_OK && (inputs > MOST || width > MOST))
        return 1;
    /* NOLINTNEXTLINE(cert-err34-c): the tests write the numbers themselves */
    while (status == PERCEPT_OK && scanf("%lf", &features[read]) == 1) {
        if (++read < inputs)
            continue;
        read = 0;
        status = percept_model_predict(model, features, 1, 1, outputs, &error);
        for (size_t j = 0; j < width && status == PERCEPT_OK; j++)
            printf("%.17g%c", outputs[j], j + 1 < width ? ' ' : '\n');
    }
    if (status != PERCEPT_OK)
        fprintf(stderr, "%s\n", error.message);
    percept_model_free(model);
    return status != PERCEPT_OK;
}
