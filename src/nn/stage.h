/* Stages: the operations of a network between its dense layers. Each kind is a file in nn/stages/; one table lists
 * them.
 *
 * A side of the network is the place before a dense layer: side 0 receives the features, side l the result of layer l -
 * 1. A stage changes the matrix of its side (one example a row) on its way into the next layer:
 *
 *   side 0      features → stages → layer 0
 *   side l      Z → stages before the activation → f → dropout → stages after it → layer l
 *
 * A kind defines its tensors, their initial values, and its forward and backward functions. These are written once, in
 * NAME.stage.c, in terms of `real`, and compiled for float, double and double complex (the reference engine and the
 * complex step) and for each instruction set (the cpu engine): in such a file STAGE(name) is the function's name in the
 * build at hand. Loops over the units of one example, innermost, become vectors.
 *
 * To add a kind: its file in nn/stages/, and a line in STAGE_EACH below. */
#ifndef NN_STAGE_H
#define NN_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/random.h"
#include "nn/tensor.h"

#define STAGE_EACH(ROW)                                                                                                \
    ROW(batch_norm)                                                                                                    \
    ROW(layer_norm)                                                                                                    \
    ROW(feature_scale)                                                                                                 \
    ROW(residual)                                                                                                      \
    ROW(one_hot)                                                                                                       \
    ROW(table) ROW(prelu) ROW(mix) ROW(glu) ROW(piecewise_linear) ROW(periodic) ROW(smooth_clip) ROW(quantile_normal)

#define STAGE_TENSORS 5
#define STAGE_SETTINGS 4

/* The meaning of the number of a setting. */
typedef enum StageSettingKind { SETTING_NUMBER, SETTING_WHOLE, SETTING_ACTIVATION } StageSettingKind;

typedef struct StageSetting {
    const char *name; /* NULL: the kind has no more */
    const char *help;
    StageSettingKind kind;
    double value;           /* used when a recipe names none … */
    double least, most;     /* of numbers */
    const char *activation; /* … and of activations, which are elementwise; NULL: the layer's own */
} StageSetting;

typedef struct Stage Stage;

/* A tensor that a kind declares. */
typedef struct StageTensor { /* trained ones come first */
    const char *part;        /* "weight": its name after that of the stage; NULL: the kind has no more */
    TensorRole role;
    /* rows × columns; columns 0: a vector. NULL: a vector of the stage's outputs. */
    void (*shape)(const Stage *stage, size_t *rows, size_t *columns);
} StageTensor;

/* How a function of a stage may be cut, so that threads share it and no bit depends on them. */
typedef enum StageSplit {
    SPLIT_EXAMPLES, /* begin … end-1 are examples */
    SPLIT_UNITS     /* begin … end-1 are units: columns of the matrix, or what `units` says for gradients */
} StageSplit;

/* The columns that a stage takes, to begin from: of training examples, scaled (rows × inputs, `stride` apart). */
typedef struct StageData {
    const double *X;
    size_t rows, stride;
} StageData;

/* A row of the table of kinds. */
typedef struct StageKind {
    const char *name;
    const char *formula;       /* for --help and the manual */
    const char *normalization; /* its name in model.normalize, or NULL */
    bool on_features;          /* allowed on side 0 */
    bool on_hidden;            /* allowed on hidden sides */
    bool after;                /* placed after the activation (hidden sides only), not before it */
    bool
        in_place_of_activation; /* the layer's activation becomes the identity; the setting `activation` takes it over */
    bool of_columns; /* may take some of the columns of side 0 and let the others pass; forward, backward by examples */
    bool categories; /* of_columns: they hold codes 0 … count-1, and any other number for an unknown value */
    bool fitted;     /* initialize looks at data */
    bool links;      /* takes in the output of an earlier side, too (Stage.from) */
    StageSetting settings[STAGE_SETTINGS];
    StageTensor tensors[STAGE_TENSORS];
    /* Number of output columns for this many inputs, and (on hidden sides) the required number of inputs; NULL: the
     * same. 0: impossible. */
    size_t (*outputs)(const Stage *stage, size_t inputs);
    size_t (*inputs)(const Stage *stage, size_t outputs);
    /* Number of reals that forward stores for backward, gradient and statistics, for this many examples; NULL: none. */
    size_t (*kept)(const Stage *stage, size_t examples);
    double (*gain)(const Stage *stage);  /* in_place_of_activation: as Activation.gain */
    size_t (*units)(const Stage *stage); /* pieces of the gradient's work; NULL: as many as outputs */
    StageSplit forward, backward;
    /* How far x, number j of an example's input, is from the nearest point where the stage has no derivative by it: x less
     * that point, INFINITY if there is none. NULL: the kind has none. */
    double (*from_kink)(const Stage *stage, const double *parameters, size_t j, double x);
    /* Fills the stage's tensors at stage->offsets in the flat vector. data is NULL unless the kind is fitted, and where
     * nothing is known of the features. NULL: weights and scales 1, all else 0. */
    percept_status (*initialize)(const Stage *stage, const StageData *data, RandomStream *stream, double *parameters,
                                 percept_error *error);
} StageKind;

struct Stage {
    const StageKind *kind;
    size_t side;
    size_t number; /* among the stages of its kind on this side, counted from 0 */
    double settings[STAGE_SETTINGS];
    size_t activation; /* index of the one that a setting names, if one does */
    uint32_t *counts;  /* of_columns, or NULL: how many values each of its columns has; `inputs` of them, owned */
    size_t from;       /* links: the earlier side */

    size_t first;               /* column of the side's matrix that it begins with */
    size_t inputs, outputs;     /* columns that it takes and gives */
    size_t width_in, width_out; /* of the side's matrix before and after it: the same, with those that pass */

    size_t tensor_count;
    size_t offsets[STAGE_TENSORS]; /* of its tensors in the flat vector */
    size_t sizes[STAGE_TENSORS];   /* their elements */
};

/* Row `index` of the table, or NULL past its end; the row with this name, or NULL. */
const StageKind *stage_kind_at(size_t index);
const StageKind *stage_kind_find(const char *name);

/* Normalization `index`, or NULL past the last one; the one with this name of StageKind.normalization, or NULL. */
const StageKind *stage_normalization_at(size_t index);
const StageKind *stage_normalization_find(const char *name);

/* The setting with this name of a kind, or -1; the value of the setting of a stage by name. */
int stage_setting_find(const StageKind *kind, const char *name);

/* Pieces of work of the gradient. */
static inline size_t stage_units(const Stage *stage)
{
    return stage->kind->units != NULL ? stage->kind->units(stage) : stage->outputs;
}

static inline size_t stage_kept(const Stage *stage, size_t examples)
{
    return stage->kind->kept != NULL ? stage->kind->kept(stage, examples) : 0;
}

/* What the stage takes from `features`, the data of side 0: the stages before it are run with the parameters, which are
 * filled so far. *buffer is what `data` points to, or NULL; released with memory_free. */
struct Network;
percept_status stage_data(const struct Network *network, const Stage *stage, const StageData *features,
                          const double *parameters, double **buffer, StageData *data, percept_error *error);

#define REAL_HEADER "nn/stage_real.h"
#include "base/each_real.h"

#endif
