/* Muon (K. Jordan et al., 2024): momentum whose matrix is replaced by the nearest orthogonal one.
 *
 *   M ← μ M + (1 - μ) G;  U = (1 - μ) G + μ M (Nesterov), or M
 *   X₀ = U / (‖U‖ + 10⁻⁷);  X ← a X + (b XXᵀ + c (XXᵀ)²) X, five times (Newton–Schulz)
 *   W ← (1 - η λ) W - η √(max(1, outputs / inputs)) X
 *
 * with a, b, c = 3.4445, -4.7750, 2.0315, which bring singular values near 1, not to 1; products are those of the training's
 * precision, where the original has bfloat16. It is for the weights between hidden layers; the rest goes through AdamW. */
#ifndef TRAIN_MUON_H
#define TRAIN_MUON_H

#include "train/training.h"

extern const WholeOptimizer whole_muon;

/* A tensor W (outputs × inputs) in its update. X has the shape of W or, if W has more rows than columns, of Wᵀ. */
typedef struct MuonTensor {
    size_t rows, columns; /* of X: rows ≤ columns */
    bool transposed;
    void *W, *M;
    const void *G;
    double momentum;
    bool nesterov;
    double rate, kept;
} MuonTensor;

#define REAL_HEADER "train/muon_real.h"
#include "base/each_real.h"

#endif
