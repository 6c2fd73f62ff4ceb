/* The answers for `rows` examples: class labels (rows), or targets (rows × width). One of the two is not NULL; where
 * both are given, labels only say which outputs are right. */
typedef struct REAL(Answers) {
    const int32_t *labels;
    const real *targets;
    double smoothing; /* of targets made of labels here, in [0, 1) */
    const double
        *levels; /* of "quantile": output j has the level levels[j % 3], NaN: it is the mean; NULL: 1/2 for all */
    const double *units; /* forward multiplies the loss of each output with its unit; NULL: 1 */
} REAL(Answers);

typedef struct REAL(Loss) {
    const char *name;
    const char *output; /* the activation the last layer must have, or NULL for any */
    const char *formula;
    /* losses (rows) receives the loss of each example; width is the number of outputs. */
    void (*forward)(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers, real *losses);
    /* delta (rows × width): for a loss with a fixed output activation dL/dZ of that layer, else dL/dA; per example,
     * not divided by rows. delta may be the same block as A. */
    void (*backward)(size_t rows, size_t width, const real *Z, const real *A, REAL(Answers) answers, real *delta);
    /* For losses that are sums over the differences a_j - t_j, a_j and t_j of one unit: the power of that unit in the
     * loss. 0: the loss has no unit. */
    int unit_power;
} REAL(Loss);

/* Row `index` of the table, or NULL past its end. */
const REAL(Loss) * REAL(loss_at)(size_t index);

/* The class that `width` outputs of one example predict: the largest (in a tie the first); with one output 1 if it is
 * at least one half, else 0. -1, no class, if an output is NaN. */
int32_t REAL(output_class)(size_t width, const real *A);
