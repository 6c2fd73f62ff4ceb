/* One pass of a stage over a batch. Matrices hold one example a row; X and dX begin at the stage's own first column, rows
 * x_row elements apart, and Y and dY likewise, y_row apart. */
typedef struct REAL(StageRun) {
    const Stage *stage;
    size_t count;           /* examples */
    bool training;          /* backward may follow, and statistics are those of the batch … */
    bool frozen;            /* … unless they stay the running ones, which then do not change */
    const real *parameters; /* the network's flat vector */
    real *kept;             /* stage_kept reals */
    /* A = f(Z) and, unless D is NULL, D = f'(Z) of `size` elements, f being stage->activation, as the engine computes it.
     * NULL: stage_activate. */
    void (*activate)(const Stage *stage, size_t size, const real *Z, real *A, real *D);

    const real *X;
    size_t x_row;
    real *Y;
    size_t y_row;
    const real *linked; /* links: the output of side stage->from … */
    size_t linked_row;

    const real *dY; /* y_row apart */
    real *dX;       /* x_row apart */
    real *gradient; /* of the stage's trained tensors (stage_gradient) */
} REAL(StageRun);

/* Tensor t of the stage, as StageKind.tensors counts them, and its gradient. */
static inline const real *REAL(stage_tensor)(const REAL(StageRun) * run, size_t t)
{
    return run->parameters + run->stage->offsets[t];
}

static inline real *REAL(stage_gradient)(const REAL(StageRun) * run, size_t t)
{
    return run->gradient + (run->stage->offsets[t] - run->stage->offsets[0]);
}

/* On a piece of the work, begin … end-1 (StageSplit). */
typedef void REAL(StageFunction)(const REAL(StageRun) * run, size_t begin, size_t end);

typedef struct REAL(StageFunctions) {
    REAL(StageFunction) * forward;  /* Y from X */
    REAL(StageFunction) * backward; /* dX from dY; X, Y and kept are as forward left them */
    REAL(StageFunction) * gradient; /* of its trained tensors from dY, summed over the examples in their order; pieces
                                     * are units. NULL: the kind has none */
    /* After a step's forward: the running statistics of units begin … end-1 in `parameters`. NULL: the kind has none. */
    void (*statistics)(const REAL(StageRun) * run, size_t begin, size_t end, real *parameters);
} REAL(StageFunctions);

/* StageRun.activate by the table of activations. */
void REAL(stage_activate)(const Stage *stage, size_t size, const real *Z, real *A, real *D);

/* Of `count` rows, the columns that pass by the stage: all but `taken` from stage->first on, which become `given`. */
void REAL(stage_pass)(const Stage *stage, size_t count, const real *from, size_t from_row, size_t taken, real *to,
                      size_t to_row, size_t given);

/* The reference functions of a kind. */
const REAL(StageFunctions) * REAL(stage_functions)(const StageKind *kind);
