#include "train/muon.h"

#include "base/real.h"

/* Where element `column` of row `row` of X is in W. */
static size_t place(const MuonTensor *tensor, size_t row, size_t column)
{
    return tensor->transposed ? column * tensor->rows + row : row * tensor->columns + column;
}

double REAL(muon_direction)(const MuonTensor *tensor, size_t row, void *X)
{
    const real *G = tensor->G;
    real *M = tensor->M, *x = (real *)X + row * tensor->columns;
    const real_scalar momentum = (real_scalar)tensor->momentum, rest = (real_scalar)(1 - tensor->momentum);
    double square = 0;
    for (size_t j = 0; j < tensor->columns; j++) {
        const size_t at = place(tensor, row, j);
        M[at] = momentum * M[at] + rest * G[at];
        x[j] = tensor->nesterov ? rest * G[at] + momentum * M[at] : M[at];
        square += (double)real_part(x[j]) * (double)real_part(x[j]);
    }
    return square;
}

void REAL(muon_scale)(const MuonTensor *tensor, size_t row, void *X, double factor)
{
    real *x = (real *)X + row * tensor->columns;
    for (size_t j = 0; j < tensor->columns; j++)
        x[j] *= (real_scalar)factor;
}

void REAL(muon_move)(const MuonTensor *tensor, size_t row, const void *X)
{
    real *W = tensor->W;
    const real *x = (const real *)X + row * tensor->columns;
    const real_scalar rate = (real_scalar)tensor->rate, kept = (real_scalar)tensor->kept;
    for (size_t j = 0; j < tensor->columns; j++) {
        const size_t at = place(tensor, row, j);
        W[at] = kept * W[at] - rate * x[j];
    }
}
