typedef struct REAL(Activation) {
    const char *name;
    double gain;         /* He et al. 2015: factor for initial weights that keeps the variance */
    const char *formula; /* for --help and the manual */
    /* A = f(Z), row by row; Z and A (rows × width, contiguous) may be the same block. */
    void (*forward)(size_t rows, size_t width, const real *Z, real *A);
    /* dZ = dL/dZ from dA = dL/dA; dZ may be the same block as dA. For elementwise functions dZ = dA ∘ f'(Z). */
    void (*backward)(size_t rows, size_t width, const real *Z, const real *A, const real *dA, real *dZ);
    bool elementwise; /* each a depends only on its own z: any piece of a matrix may be passed, in any layout */
    bool from_output; /* backward accepts A instead of Z: the derivative follows from the output */
} REAL(Activation);

/* Row `index` of the table, or NULL past its end. */
const REAL(Activation) * REAL(activation_at)(size_t index);
