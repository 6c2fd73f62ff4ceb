#include "nn/dropout.h"

#include "base/real.h"

/* Draws are computed in pieces of this many examples × units. */
#define ROWS 32
#define COLUMNS 32

static void draw_piece(const Network *network, size_t l, const RandomStream *stream, double factor, size_t first,
                       size_t examples, size_t first_unit, size_t units, real *mask, size_t stride)
{
    const Layer *layer = &network->layers[l];
    const double dropout = layer->dropout * factor;
    const real_scalar kept = (real_scalar)(1 / (1 - dropout));
    double draws[ROWS * COLUMNS];
    random_unit_table(stream, dropout_draws(network, first) + layer->dropout_offset + first_unit,
                      network->dropout_units, examples, units, draws, COLUMNS);
    for (size_t i = 0; i < examples; i++)
        for (size_t j = 0; j < units; j++)
            mask[i * stride + j] = draws[i * COLUMNS + j] >= dropout ? kept : 0;
}

void REAL(dropout_mask)(const Network *network, size_t l, const RandomStream *stream, double factor, size_t first,
                        size_t examples, size_t first_unit, size_t units, real *mask, size_t stride)
{
    for (size_t i = 0; i < examples; i += ROWS)
        for (size_t j = 0; j < units; j += COLUMNS)
            draw_piece(network, l, stream, factor, first + i, examples - i < ROWS ? examples - i : ROWS, first_unit + j,
                       units - j < COLUMNS ? units - j : COLUMNS, mask + i * stride + j, stride);
}
