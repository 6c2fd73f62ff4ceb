/* The state of the cpu engine, for its *.isa.c files.
 *
 * Two layouts, both cut into strips so that a product reads one of its operands as contiguous rows of registers:
 *
 *   by unit      (units × examples), examples cut into strips of cpu->strip: all of what one strip of examples holds in
 *                one layer is contiguous, one unit a row. Nearly everything has this layout: forward and input gradient read and write it. Examples that pad the last strip hold numbers; in dZ, zeros.
 *   by example   (examples × units), units cut into strips of STRIP: contiguous for one strip of units, one example a
 *                row. The weight gradient reads activations so.
 *
 * Side l of the network is before layer l; side `depth` is the output. A side with stages, or which a link reads, is
 * staged: the product's result (or the batch) becomes rows, goes through the side's chain there (stages.h), and comes
 * back by unit. Its matrices before the chain have another width than those behind it. */
#ifndef ENGINE_CPU_STATE_H
#define ENGINE_CPU_STATE_H

#include "base/vector.h"
#include "engine/cpu/activate.h"
#include "engine/cpu/claims.h"
#include "engine/cpu/output.h"
#include "engine/cpu/pace.h"
#include "engine/cpu/penalty.h"
#include "engine/cpu/product.h"
#include "engine/engine.h"
#include "nn/activation.h"
#include "nn/loss.h"
#include "nn/stage.h"

/* Longest stretch of k in one product. TILE_ROWS rows of A take 36 KiB then, a strip of B 216 KiB: both stream from a
 * second-level cache of 512 KiB or more faster than they are used, and the longer the stretch, the less often C is
 * loaded and stored. */
#define DEPTH_BLOCK 1152

/* The same for the input gradient, whose A is columns of W: UNIT of them, 24 KiB, stay in a first-level cache, and as
 * many lines, far apart as they lie, still find room in the sets of a second-level cache. */
#define COLUMN_DEPTH 384

/* Rows of a staged side, or of a hidden side of a small network: one example a row, row_stride elements apart. */
typedef struct SideRows {
    real *input;     /* result of the product, or the batch; raw_width wide */
    real *Z, *A, *T; /* before and after the activation, and after it before dropout; `units` wide */
    real *D;         /* derivatives at Z, or NULL: they follow from the activations, or none are wanted */
    real *mask;      /* of dropout, or NULL */
    real *output;    /* input of the next layer; width wide */
    real *linked;    /* gradients that links bring here, or NULL: no link begins here; width wide */
    size_t units;
} SideRows;

typedef struct Side {
    size_t width;     /* units that the next layer reads */
    size_t padded;    /* … rounded up to UNIT */
    size_t raw_width; /* units that the layer before made: another number only on staged sides */
    size_t raw_padded;
    bool staged;
    SideRows rows;       /* staged */
    real *P;             /* by unit: where the forward product goes; U, or on staged sides aside */
    real *dA;            /* by unit: where the input gradient goes; dZ, or on staged sides aside */
    real *U;             /* by unit: activations; without training, those of sides l and l + 2 share their place */
    real *A;             /* by example: the same; sides 0 … depth-1, for training */
    real *D;             /* by unit: derivatives at the weighted sums, unless activations tell them; else NULL. Where
                             * the activation is not elementwise, the weighted sums themselves */
    real *T;             /* by unit: activations before dropout, on sides that have it, for training; else NULL */
    real *mask;          /* by unit: what they were multiplied with */
    real *dZ;            /* by unit: dL/dZ, scaled as the update wants it; sides 1 … depth, for training */
    uint32_t *A_pairs;   /* with bfloat16 products, by example: pairs of two examples' activations … */
    uint32_t *dZ_pairs;  /* … and by unit, of dL/dZ */
    REAL(Elementwise) f; /* the activation of the layer before */
} Side;

typedef struct Products Products; /* layer.h */

typedef struct Cpu {
    Engine engine;
    const Products *products;
    size_t depth;
    bool small; /* calls are run_small's (small.h) */
    bool paced; /* … whose sharing is measured; else always, for tests */
    Pace pace;
    size_t strip; /* examples in a strip by unit: STRIP, or fewer where the capacity is smaller */
    size_t rows;  /* capacity, rounded up to strip: rows of a strip by example */
    Side *sides;
    uint32_t *
        unit_pairs; /* with bfloat16 products, by unit: pairs of two units' activations or dL/dZ, of the side in work */
    real *output_Z, *output_A, *output_delta; /* examples × outputs, row-major */
    real *losses, *factors, *targets;         /* by example; factors: what deltas are multiplied with */
    int32_t *labels;
    OutputFunction *output; /* or NULL (output.h) */
    size_t *correct;        /* by strip of examples */
    size_t *weight_units;   /* of each layer (layer.h), the last one first, in the order of work */
    double *penalties;      /* by unit of weights, all layers in turn … */
    size_t *first_penalty;  /* … beginning at these */
    real *scratch;          /* scratch_size for each rank */
    REAL(StageRun) * runs;  /* of each stage */
    real *flow[2];          /* rows: gradients between stages */
    real *stage_gradient;   /* of the stages' trained tensors */
    real *second_batch;     /* small, training: side 0 by example, as another rank gathers it for itself */
    real *penalty_sums;     /* … and the sums of a penalty that is not whole yet */
    real *gradient;         /* parameter_count, for updates of small networks other than plain descent; else NULL */
    size_t scratch_size;
    void *arena;
    Claims *claims;
    size_t phase; /* that the next call begins with */
} Cpu;

/* One call of the engine. */
typedef struct Pass {
    Cpu *cpu;
    const real *parameters;
    const Batch *batch;
    size_t strips;    /* of examples; the last one may not be full */
    bool sums_wanted; /* losses, correct answers, penalty */
    bool backward;    /* deltas and gradients, with everything that only training has: dropout, class weights, … */
    double weight;    /* sum of the examples' weights */
    real *gradient;   /* the gradient, or NULL in a step that uses it piece by piece, or where it is not wanted */
    real *updated;    /* the parameters that are changed, or NULL */
    real *input_gradient;
    const EngineUpdate *update; /* NULL: none */
    double factor;              /* factor of gradients: 1, or -η in plain descent */
    real scale;                 /* factor of the output delta, besides the example's weight */
} Pass;

/* Whether gradients of parameters are wanted, not of the inputs alone. */
static inline bool wants_weights(const Pass *pass)
{
    return pass->backward && (pass->gradient != NULL || pass->update != NULL);
}

/* True if the activations of side l are dropped out. */
static inline bool drops(const Pass *pass, size_t l)
{
    const Side *side = &pass->cpu->sides[l];
    return pass->backward && pass->cpu->engine.config.dropout != NULL &&
           (side->mask != NULL || side->rows.mask != NULL);
}

/* Class weights of the pass, or NULL. */
static inline const double *class_weights_of(const Pass *pass)
{
    return pass->backward ? pass->cpu->engine.config.class_weights : NULL;
}

static inline size_t round_up(size_t value, size_t multiple)
{
    return (value + multiple - 1) / multiple * multiple;
}

static inline size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Elements from one row to the next, where one example is a row: rows begin at whole vectors, unless they are shorter. */
static inline size_t row_stride(size_t width)
{
    return width < LANES ? width : round_up(width, LANES);
}

/* Length of the equal pieces, multiples of DEPTH_STEP and not above `most` (which is one), into which a depth is cut. */
static inline size_t depth_block(size_t depth, size_t most)
{
    const size_t blocks = (depth + most - 1) / most;
    return round_up((depth + blocks - 1) / blocks, DEPTH_STEP);
}

/* Where examples `strip`·cpu->strip … of a unit lie by unit in matrix M of side l. */
static inline real *at_unit(const Cpu *cpu, size_t l, real *M, size_t strip, size_t unit)
{
    return M + (strip * cpu->sides[l].padded + unit) * cpu->strip;
}

/* The same for matrices of a side before its chain: P and dZ. */
static inline real *at_raw_unit(const Cpu *cpu, size_t l, real *M, size_t strip, size_t unit)
{
    return M + (strip * cpu->sides[l].raw_padded + unit) * cpu->strip;
}

/* Where units `unit` … (to the end of its strip) of an example lie by example in matrix M. */
static inline real *at_example(const Cpu *cpu, real *M, size_t example, size_t unit)
{
    return M + (unit / STRIP * cpu->rows + example) * STRIP + unit % STRIP;
}

static inline real *scratch_of(const Cpu *cpu, const Worker *worker)
{
    return cpu->scratch + worker->rank * cpu->scratch_size;
}

static inline size_t *weight_units_at(const Cpu *cpu, size_t l)
{
    return &cpu->weight_units[cpu->depth - 1 - l];
}

static inline double *penalty_at(const Cpu *cpu, size_t l, size_t weight_unit)
{
    return &cpu->penalties[cpu->first_penalty[l] + weight_unit];
}

static inline const REAL(Activation) * activation_of(const Cpu *cpu, size_t l)
{
    return REAL(activation_at)(cpu->engine.config.network->layers[l].activation);
}

/* Plain descent: parameters are changed by what would be their gradient, scaled. */
static inline bool is_plain(const Pass *pass)
{
    return pass->update != NULL && pass->update->apply == NULL;
}

/* Weight decay, as it is added to gradients before pass->factor. */
static inline double weight_decay_of(const Pass *pass)
{
    return pass->update != NULL ? pass->update->weight_decay : 0;
}

/* Factors of sign W and of W in the gradient of a layer's weights: its penalties and weight decay; in plain descent times
 * the learning rate. */
typedef struct WeightFactors {
    real l1, l2;
} WeightFactors;

static inline WeightFactors weight_factors(const Pass *pass, const Layer *layer)
{
    const double examples = pass->cpu->engine.config.network->sum ? pass->weight : 1, decay = weight_decay_of(pass);
    return (WeightFactors){(real)(pass->factor * examples * layer->l1),
                           (real)(pass->factor * (examples * 2 * layer->l2 + decay))};
}

#endif
