/* Gathers examples begin … end-1 of a batch, scaled: X ((end - begin) × width, row-major, `stride` elements from
 * one example to the next). Each element is computed on its own, so any cut of the rows gives the same bits. */
void REAL(batch_gather)(const Batch *batch, size_t begin, size_t end, real *X, size_t stride);

/* The same, feature-major: X (width × (end - begin)), `stride` elements from one feature to the next. */
void REAL(batch_gather_transposed)(const Batch *batch, size_t begin, size_t end, real *X, size_t stride);

/* Gathers the regression targets of examples begin … end-1: targets ((end - begin) × target_width). */
void REAL(batch_targets)(const Batch *batch, size_t begin, size_t end, real *targets);
