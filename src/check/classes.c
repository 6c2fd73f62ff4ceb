#include "check/classes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

typedef struct Numbered {
    double value;
    uint32_t index;
} Numbered;

static int compare(const void *a, const void *b)
{
    const Numbered *x = a, *y = b;
    return x->value != y->value ? (x->value > y->value) - (x->value < y->value)
                                : (x->index > y->index) - (x->index < y->index);
}

static void fill(Classes *classes, Numbered *sorted, const double *row, size_t width)
{
    for (size_t i = 0; i < width; i++)
        sorted[i] = (Numbered){row[i], (uint32_t)i};
    qsort(sorted, width, sizeof *sorted, compare);
    classes->count = 0;
    for (size_t i = 0; i < width; i++) {
        const bool same = i > 0 && sorted[i].value == sorted[i - 1].value;
        if (!same)
            classes->values[classes->count++] = sorted[i].value;
        classes->of[sorted[i].index] = (uint32_t)classes->count - 1;
    }
}

percept_status classes_create(const double *values, size_t rows, size_t width, Classes **out, percept_error *error)
{
    const size_t each = sizeof(Classes) + width * (sizeof(double) + sizeof(uint32_t));
    Numbered *sorted = NULL;
    Classes *classes = NULL;
    percept_status status = memory_allocate(width, sizeof *sorted, "values to compare", &sorted, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows, each, "equal values", &classes, error);
    if (status == PERCEPT_OK) {
        double *next_values = (double *)(void *)(classes + rows);
        uint32_t *next_of = (uint32_t *)(void *)(next_values + rows * width);
        for (size_t r = 0; r < rows; r++, next_values += width, next_of += width) {
            classes[r].values = next_values;
            classes[r].of = next_of;
            fill(&classes[r], sorted, values + r * width, width);
        }
        *out = classes;
    }
    memory_free(sorted);
    return status;
}
