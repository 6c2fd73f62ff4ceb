/* The ranges of what the dense layers of a model read, measured on rows: for weights and activations of eight bits. */
#ifndef EXPORT_C_RANGES_H
#define EXPORT_C_RANGES_H

#include "export/format.h"

/* Of input k of layer l: low[first[l] + k] to high[first[l] + k], over all rows and members. */
typedef struct CRanges {
    size_t *first;      /* depth, owned */
    double *low, *high; /* owned */
} CRanges;

/* Runs the model on the rows. Released with c_ranges_clear. */
percept_status c_ranges_measure(const percept_model *model, const double *rows, size_t count, CRanges *out,
                                percept_error *error);
void c_ranges_clear(CRanges *ranges);

#endif
