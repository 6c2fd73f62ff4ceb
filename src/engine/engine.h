/* One interface, several engines. An engine does the arithmetic of one network in one precision: prediction, loss,
 * gradient and update for a batch. It knows nothing of files or of training policy.
 *
 * `parameters`, `gradient` and `outputs` are arrays of the engine's precision: float for PERCEPT_FLOAT32, double for
 * PERCEPT_FLOAT64. After engine_create nothing can fail: all memory is allocated there. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "base/team.h"
#include "data/batch.h"
#include "nn/network.h"

typedef struct Engine Engine;

/* The three products of a layer. */
typedef enum EngineProduct {
    ENGINE_FORWARD,
    ENGINE_WEIGHT_GRADIENT,
    ENGINE_INPUT_GRADIENT,
    ENGINE_PRODUCTS
} EngineProduct;

/* Seconds of engine_step and engine_gradient, summed over calls, for measurements. The time of a product includes
 * activation, loss and update. */
typedef struct EngineTrace {
    double (*products)[ENGINE_PRODUCTS]; /* a row a layer */
    double gathering;                    /* of the batch, scaled and converted */
    double mark;                         /* for the engine: time when the last part ended */
} EngineTrace;

typedef struct EngineConfig {
    const Network *network; /* must outlive the engine */
    percept_type precision; /* PERCEPT_FLOAT32 or PERCEPT_FLOAT64 */
    bool bfloat16;          /* with PERCEPT_FLOAT32: only the factors of products are rounded to bfloat16 */
    size_t batch_capacity;  /* most examples in one call, ≥ 1 */
    bool training;          /* gradients will be computed (else only prediction and evaluation) */
    bool frozen;            /* gradients and steps, too, take running statistics as prediction does, and leave them */
    Team *team;             /* must outlive the engine */

    /* For engine_gradient and engine_step only; both must outlive the engine; their owner may change them between
     * calls. */
    const double *class_weights;  /* a factor ≥ 0 for the weights of each class's examples; NULL: 1 */
    const RandomStream *dropout;  /* the draws of the next call's dropout (nn/dropout.h); NULL: nothing is dropped */
    const double *dropout_factor; /* in [0, 1], of all probabilities of dropout in the next call; NULL: 1 */

    /* Factors of the loss of each output in the sums of engine_gradient and engine_step, but not in the gradient, so
     * that outputs with different units can be summed; NULL: 1. */
    const double *loss_units;

    double adversarial;       /* how far features are moved against the network (adversary.h); 0: not at all … */
    double adversarial_share; /* … those of this fraction of the examples */

    void *logits; /* engine_keep_logits */

    EngineTrace *trace; /* receives times from engines that support it, or NULL; it changes no bit */
} EngineConfig;

/* The factor of the next call. */
static inline double engine_dropout_factor(const EngineConfig *config)
{
    return config->dropout_factor != NULL ? *config->dropout_factor : 1;
}

/* Sums over the examples of a batch, taken in the order of the examples. Every example has a weight w, 1 unless the
 * data or class weights say otherwise; an example of weight 2 counts as two. Losses of engine_gradient and engine_step
 * are those that are differentiated, with dropout, class weights and smoothed labels; those of engine_evaluate are
 * plain except for the weights in the data. */
typedef struct EngineSums {
    uint64_t count;   /* examples */
    double weight;    /* Σ w */
    double loss;      /* Σ w · loss of the example, without penalty */
    double penalty;   /* Σ_layers l1‖W‖₁ + l2‖W‖₂², per example, before the update */
    uint64_t correct; /* examples whose largest output (one output: ≥ 0.5) is the label, unweighted, none of them
                     * NaN; 0 without labels */
} EngineSums;

/* Mean loss of an example; 0 if the total weight is 0. */
static inline double engine_mean_loss(const EngineSums *sums)
{
    return sums->weight > 0 ? sums->loss / sums->weight : 0;
}

/* How a gradient becomes an update. The gradient is that of the weighted mean Σ w · loss / Σ w (or sum, network->sum) of
 * the losses plus penalty, plus weight_decay · W. */
typedef struct EngineUpdate {
    double learning_rate;
    double weight_decay; /* λ of λW added to the weights' gradient; biases are free */
    /* NULL: plain descent, p ← p - learning_rate · g, which an engine may fold into its products. Else called on
     * disjoint ranges begin … end-1 of the flat vector, from several threads, each range once; it must treat every
     * element on its own. It reads gradient[begin … end-1] and changes parameters[begin … end-1]. */
    void (*apply)(void *state, size_t begin, size_t end, void *parameters, const void *gradient);
    void *state;
} EngineUpdate;

/* How an engine computes a product: sizes of its pieces. 0 if it is not cut. Rows and columns are those of the result:
 * forward Z (out × n), weight gradient dW (out × in), input gradient dA (n × in). */
typedef struct EnginePlan {
    const char *kernel;             /* "avx512" */
    size_t tile_rows, tile_columns; /* in registers */
    size_t unit_rows, unit_columns; /* in a piece of work, done by one thread */
    size_t depth;                   /* of the pieces that sums are cut into */
} EnginePlan;

/* A row of the table of engines (kinds.h). */
typedef struct EngineKind {
    const char *name;
    const char *summary;
    percept_status (*create)(const EngineConfig *config, Engine **out, percept_error *error);
    bool bfloat16; /* supports bfloat16 products if the processor does */
} EngineKind;

/* What every engine implements. */
struct Engine {
    const struct EngineMethods *methods;
    EngineConfig config;
};

typedef struct EngineMethods {
    void (*free)(Engine *engine);
    void (*predict)(Engine *engine, const void *parameters, const Batch *batch, void *outputs);
    void (*evaluate)(Engine *engine, const void *parameters, const Batch *batch, void *outputs, EngineSums *sums);
    void (*gradient)(Engine *engine, const void *parameters, const Batch *batch, void *gradient, void *input_gradient,
                     EngineSums *sums);
    void (*step)(Engine *engine, void *parameters, const Batch *batch, const EngineUpdate *update, EngineSums *sums);
    void (*plan)(const Engine *engine, size_t layer, EngineProduct product, size_t examples, EnginePlan *out);
} EngineMethods;

/* PERCEPT_OK if the engine has bfloat16 products on this processor, else PERCEPT_ERROR_ARGUMENT: for a check before the
 * training starts. */
percept_status engine_check_bfloat16(const EngineKind *kind, percept_error *error);

percept_status engine_create(const EngineKind *kind, const EngineConfig *config, Engine **out, percept_error *error);
void engine_free(Engine *engine);

/* outputs (n × network outputs, row-major): the last layer's activations. */
void engine_predict(Engine *engine, const void *parameters, const Batch *batch, void *outputs);

/* From now on predict and evaluate also write the last layer's weighted sums Z, before its activation, to `logits` (n ×
 * network outputs, of the engine's precision), which distinguish probabilities that round to 0 or 1; NULL: stop. */
void engine_keep_logits(Engine *engine, void *logits);

/* The sums of a batch. outputs as above, or NULL if not wanted. */
void engine_evaluate(Engine *engine, const void *parameters, const Batch *batch, void *outputs, EngineSums *sums);

/* gradient (flat layout) of the batch's mean (or sum) loss plus penalty. input_gradient (n × inputs) receives
 * dL/dX with respect to the scaled features, or is NULL. One of the two may be NULL. */
void engine_gradient(Engine *engine, const void *parameters, const Batch *batch, void *gradient, void *input_gradient,
                     EngineSums *sums);

/* One training step: gradient, then update. The sums are those before the update. */
void engine_step(Engine *engine, void *parameters, const Batch *batch, const EngineUpdate *update, EngineSums *sums);

/* How a product of a layer is computed for this many examples. */
void engine_plan(const Engine *engine, size_t layer, EngineProduct product, size_t examples, EnginePlan *out);

#endif
