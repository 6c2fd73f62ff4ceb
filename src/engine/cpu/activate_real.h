/* An activation in vectors of one instruction set. Where `activation` is NULL it is not elementwise; where all others are
 * NULL it has no row. */
typedef struct REAL(Elementwise) {
    const REAL(Activation) * activation;
    /* Either A = f(Z), and δ ∘= f' from A alone … */
    void (*values)(size_t count, const real *Z, real *A);
    void (*multiply_by_slopes)(size_t count, const real *A, real *delta);
    /* … or both at once: A = f(Z), D = f'(Z). */
    void (*values_and_slopes)(size_t count, const real *Z, real *A, real *D);
} REAL(Elementwise);

/* For each instruction set, ISA(…) in *.isa.c files:
 *
 *   elementwise          The functions of an activation.
 *   activate             A = f(Z), and D = f'(Z) unless D is NULL; A may be Z. At -∞ and ∞ both are the limits.
 *   activate_backward    δ ∘= f', from D if there is one. D may be NULL if the derivative follows from the output
 *                        (Activation.from_output). */
#define ROW(isa)                                                                                                       \
    REAL(Elementwise) REAL(elementwise_##isa)(const REAL(Activation) * activation);                                    \
    void REAL(activate_##isa)(const REAL(Elementwise) * f, size_t count, const real *Z, real *A, real *D);             \
    void REAL(activate_backward_##isa)(const REAL(Elementwise) * f, size_t count, const real *A, const real *D,        \
                                       real *delta);
ISA_EACH(ROW)
#undef ROW
