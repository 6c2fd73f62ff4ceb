/* One side for the examples of a batch; matrices are row-major, one example a row. Pointers into each other: `input` is
 * what the product (or the data) left, `Z` what the activation takes, `output` what the next layer reads. */
typedef struct REAL(Side) {
    real *input;   /* n × network_side_width */
    real *Z, *A;   /* n × units: before and after the activation; on side 0 both are what its stages give */
    real *output;  /* n × network_side_output */
    real *mask;    /* n × units of dropout, or NULL: nothing is dropped on this side */
    real *dropped; /* A ∘ mask */
    real *linked;  /* n × output: gradients that links bring here, or NULL: no link begins here */
} REAL(Side);

typedef struct REAL(Sides) {
    const EngineConfig *config;
    REAL(Side) * side;     /* depth + 1 */
    REAL(StageRun) * runs; /* one for each stage; X, Y, kept belong to them */
    real *flow[2];         /* n × widest: gradients between stages */
} REAL(Sides);

/* Allocates everything for config->batch_capacity examples. On failure the caller still clears. */
percept_status REAL(sides_create)(const EngineConfig *config, REAL(Sides) * out, percept_error *error);
void REAL(sides_clear)(REAL(Sides) * sides);

/* From the side's input to its output. training: as in a step, with dropout and the statistics of the batch. */
void REAL(side_forward)(const REAL(Sides) * sides, size_t l, size_t count, bool training, const real *parameters);

/* dL/d input (into `to`, count × width) from dL/d output (`from`), by the forward pass before; adds to the gradients of
 * linked sides, and fills those of the stages' tensors in `gradient` (the flat vector's layout), summed over the examples.
 * `from` is changed. */
void REAL(side_backward)(const REAL(Sides) * sides, size_t l, size_t count, real *from, real *to, real *gradient);

/* The running statistics after a forward pass in training. */
void REAL(sides_update_statistics)(const REAL(Sides) * sides, real *parameters);
