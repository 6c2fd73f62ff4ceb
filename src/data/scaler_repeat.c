#include <string.h>

#include "base/memory.h"
#include "data/scaler.h"

/* Replaces rows × size values by those with each row `times` times in a row; NULL stays. */
static percept_status repeat(double **values, size_t rows, size_t size, size_t times, percept_error *error)
{
    double *wide = NULL;
    if (*values == NULL)
        return PERCEPT_OK;
    const percept_status status = memory_allocate(rows * times, size * sizeof *wide, "the scaling", &wide, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t j = 0; j < rows * times; j++)
        memcpy(wide + j * size, *values + j / times * size, size * sizeof *wide);
    memory_free(*values);
    *values = wide;
    return PERCEPT_OK;
}

percept_status scaler_repeat(Scaler *scaler, size_t times, percept_error *error)
{
    TargetTransform *transform = &scaler->transform;
    percept_status status = repeat(&scaler->mean, scaler->width, 1, times, error);
    if (status == PERCEPT_OK)
        status = repeat(&scaler->deviation, scaler->width, 1, times, error);
    if (status == PERCEPT_OK)
        status = repeat(&transform->values, transform->width, transform->knots, times, error);
    if (status == PERCEPT_OK)
        status = repeat(&transform->normals, transform->width, transform->knots, times, error);
    if (status == PERCEPT_OK) {
        scaler->width *= times;
        transform->width *= times;
    }
    return status;
}
