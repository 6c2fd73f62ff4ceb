#include <string.h>

#include "base/memory.h"
#include "check/check.h"

bool check_mixes_examples(const Network *network)
{
    for (size_t s = 0; s < network->stage_count; s++)
        if (stage_functions_f64(network->stages[s].kind)->statistics != NULL)
            return true;
    return false;
}

size_t check_default_examples(const Network *network)
{
    return check_mixes_examples(network) ? 8 : 1;
}

percept_status check_loop(const CheckSubject *subject, double *loop, double *matrix, percept_error *error)
{
    const Network *network = subject->engine->config.network;
    const size_t count = network->parameter_count, n = subject->batch->count;
    double *gradient = NULL;
    EngineSums sums;
    if (check_mixes_examples(network))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "batch norm takes in all examples of a batch, so there is no loop form; compare with "
                         "differences instead");
    percept_status status = memory_allocate(count, sizeof *gradient, "a gradient", &gradient, error);
    if (status != PERCEPT_OK)
        return status;
    memset(loop, 0, count * sizeof *loop);
    for (size_t e = 0; e < n; e++) {
        Batch one = *subject->batch;
        one.order = one.order != NULL ? one.order + e : NULL;
        one.first += e;
        one.count = 1;
        engine_gradient(subject->engine, subject->parameters, &one, gradient, NULL, &sums);
        for (size_t p = 0; p < count; p++)
            loop[p] += network->sum ? gradient[p] : sums.weight * gradient[p];
    }
    engine_gradient(subject->engine, subject->parameters, subject->batch, matrix, NULL, &sums);
    for (size_t p = 0; p < count && !network->sum && sums.weight > 0; p++)
        loop[p] /= sums.weight;
    memory_free(gradient);
    return PERCEPT_OK;
}
