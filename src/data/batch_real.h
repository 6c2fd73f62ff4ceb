/* Gathers examples begin … end-1 of a batch, scaled: X ((end - begin) × width, row-major, `stride` elements from one
 * example to the next). x' = (x / divisor - mean_j) / deviation_j is evaluated in float64 and rounded once to real;
 * but bytes with a whole divisor below 2^14, the common case, are scaled in real's own arithmetic, and in float32
 * multiplied by 1 / deviation_j instead of divided: within 2 units in the last place of the terms, and several times
 * as fast. A feature that the scaler found constant is exactly 0 either way. Each element is computed on its own, so
 * any cut of the rows gives the same bits. Pictures that are augmented are scaled in float64. */
void REAL(batch_gather)(const Batch *batch, size_t begin, size_t end, real *X, size_t stride);

/* Gathers the regression targets of examples begin … end-1: targets ((end - begin) × target_width), transformed and scaled
 * as (t - mean_j) / deviation_j in float64 and rounded once. */
void REAL(batch_targets)(const Batch *batch, size_t begin, size_t end, real *targets);

/* The same for the outputs of a network that has several for each target, next to each other: targets ((end - begin) ×
 * width), and the scaler is of so many. */
void REAL(batch_targets_of)(const Batch *batch, size_t width, size_t begin, size_t end, real *targets);

/* The labels of examples begin … end-1 of a batch that is mixed, as targets of `width` outputs: targets ((end - begin) ×
 * width), one-hot (of one output: the label), smoothed as nn/loss.h has it, then mixed. */
void REAL(batch_soft_labels)(const Batch *batch, size_t width, double smoothing, size_t begin, size_t end,
                             real *targets);
