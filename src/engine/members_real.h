/* For `rows` examples: the mean of the members' outputs A[m] (rows × outputs each) into `mean`; and what stands for its
 * weighted sums into `sums`: logarithms of the mean probabilities (softmax) or of their odds (sigmoid), from the members'
 * Z[m]; elsewhere the mean of Z. norms: room for a number for each member. */
void REAL(members_average)(const Network *network, size_t rows, const real *const *A, const real *const *Z, real *mean,
                           real *sums, double *norms);

/* From derivatives by the mean (rows × outputs), or where `of_sums` by what stands for its weighted sums, those by each
 * member's Z into dZ[m] (rows × outputs each). */
void REAL(members_average_backward)(const Network *network, size_t rows, const real *const *A, const real *const *Z,
                                    const real *sums, const real *delta, bool of_sums, real *const *dZ);

/* Losses and right answers of these means; losses and targets are room for rows, and for rows × outputs. */
void REAL(members_judge)(const Network *network, const Batch *batch, const real *A, const real *Z, real *losses,
                         real *targets, int32_t *labels, EngineSums *out);
