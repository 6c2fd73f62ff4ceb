/* A batch's pass through a network. Side l lies before layer l; side `depth` is the output. */
typedef struct REAL(Probe) {
    const Network *network;
    const double *parameters;
    size_t count;          /* examples */
    Engine *engine;        /* holds them: */
    const real **Z, **A;   /* sides 0 … depth: weighted sums and activations, count × units; Z[0] is NULL */
    real *losses;          /* of each example, without penalty and weight */
    double *weights;       /* of each example */
    double weight;         /* their sum */
    REAL(Answers) answers; /* of the batch, owned */
} REAL(Probe);

/* Buffers of one thread. */
typedef struct REAL(ProbeSpace) {
    real *Z, *A;                 /* units × PROBE_LANES: the changed values of a layer, and of the one before it */
    real *rows_Z, *rows_A;       /* PROBE_LANES × units: the same with one change per row */
    real *targets;               /* PROBE_LANES × outputs, or NULL */
    int32_t labels[PROBE_LANES]; /* one example's answer, repeated */
} REAL(ProbeSpace);

/* Lets the reference engine run the batch through a network without stages, as in training, with smoothed labels but no
 * dropout and no class weights. Network and parameters must outlive the probe, which is released with probe_clear. */
percept_status REAL(probe_create)(const Network *network, const double *parameters, const Batch *batch,
                                  REAL(Probe) * out, percept_error *error);
void REAL(probe_clear)(REAL(Probe) * probe);

percept_status REAL(probe_space_create)(const REAL(Probe) * probe, REAL(ProbeSpace) * out, percept_error *error);
void REAL(probe_space_clear)(REAL(ProbeSpace) * space);

/* losses[b]: the loss of an example when the weighted sum of unit o of layer l is z_o + moves[b]; count ≤ PROBE_LANES. A
 * weight W[o,i] changed by ε moves it by ε·a_i, a bias by ε. */
void REAL(probe_unit)(const REAL(Probe) * probe, REAL(ProbeSpace) * space, size_t example, size_t l, size_t o,
                      const real *moves, size_t count, real *losses);

/* losses[b]: the loss of an example when its feature first + b is moved; count ≤ PROBE_LANES. */
void REAL(probe_inputs)(const REAL(Probe) * probe, REAL(ProbeSpace) * space, size_t example, size_t first, real move,
                        size_t count, real *losses);
