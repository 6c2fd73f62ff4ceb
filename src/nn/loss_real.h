/* What is right for `rows` examples: class labels (rows), or targets (rows × width). With labels and one output the
 * target is the label, 0 or 1; with several outputs it is one-hot. Exactly one of the two is not NULL. */
typedef struct REAL(answers) {
    const int32_t *labels;
    const real *targets;
} REAL(answers);

typedef struct REAL(loss) {
    const char *name;
    const char *output; /* the activation the last layer must have, or NULL for any */
    const char *formula;
    /* losses (rows) receives the loss of each example; width is the number of outputs. */
    void (*forward)(size_t rows, size_t width, const real *Z, const real *A, REAL(answers) answers, real *losses);
    /* delta (rows × width): for a loss with a fixed output activation dL/dZ of that layer, else dL/dA; per example,
     * not divided by rows. delta may be the same block as A. */
    void (*backward)(size_t rows, size_t width, const real *Z, const real *A, REAL(answers) answers, real *delta);
} REAL(loss);

const REAL(loss) *REAL(loss_at)(size_t index);
