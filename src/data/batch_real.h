/* Gathers examples begin … end-1 of a batch, scaled: X ((end - begin) × width, row-major, `stride` elements from
 * one example to the next). Each element is computed on its own, so any cut of the rows gives the same bits. */
void REAL(batch_gather)(const batch *batch, size_t begin, size_t end, real *X, size_t stride);

/* The same, feature-major: X (width × (end - begin)), `stride` elements from one feature to the next. */
void REAL(batch_gather_transposed)(const batch *batch, size_t begin, size_t end, real *X, size_t stride);
