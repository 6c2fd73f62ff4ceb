/* Networks over the parameters of a model whose losses an engine differentiates by the inputs, for input_gradient.c and
 * member_gradient.c.
 *
 * The derivative of output k alone is that of the mean absolute error of a network whose last layer is row k of the model's,
 * without activation, against a target far below: |z - t| grows as z does. Such a network needs no parameters of its own,
 * since a layer says where in the vector its weights begin. */
#ifndef TRAIN_GRADIENT_VIEW_H
#define TRAIN_GRADIENT_VIEW_H

#include "engine/engine.h"
#include "model/model.h"

/* Examples of one call of the engine. */
#define GRADIENT_BLOCK ((size_t)256)

/* What all views of a model share; {0} and gradient_room_clear are for every state of it. */
typedef struct GradientRoom {
    const percept_model *model;
    Network folded;          /* as predictions use it (model/fold.h) … */
    void *folded_parameters; /* … and its parameters; NULL: those of the model */
    Team *team;
    void *gradient; /* of the parameters, which nobody asked for */
    void *inputs;   /* GRADIENT_BLOCK × inputs, of the model's precision */
    double *filled; /* GRADIENT_BLOCK × inputs, or NULL */
    double below[GRADIENT_BLOCK];
    uint32_t rows[GRADIENT_BLOCK];
} GradientRoom;

percept_status gradient_room_create(const percept_model *model, size_t threads, GradientRoom *out,
                                    percept_error *error);
void gradient_room_clear(GradientRoom *room);

/* Network and parameters that predictions use. */
const Network *gradient_network(const GradientRoom *room);
const void *gradient_parameters(const GradientRoom *room, size_t offset);

/* What examples are compared with: labels, or targets (count × target_width) scaled by `scaler`. */
typedef struct GradientAnswers {
    const int32_t *labels;
    const double *targets;
    size_t target_width;
    const Scaler *scaler;
} GradientAnswers;

/* Features of at most GRADIENT_BLOCK examples as a batch, whose parts lie in `data` and `storage`. */
Batch gradient_batch(GradientRoom *room, const double *features, size_t count, const GradientAnswers *answers,
                     Storage *storage, percept_dataset *data);

typedef struct GradientView {
    Network network; /* its layers are its own, all else another network's */
    Engine *engine;
    size_t offset; /* of its parameters in the model's vector */
} GradientView;

/* A view of `network`, which must outlive it, for the sum of a loss over examples. `one`: of one output. */
percept_status gradient_view_create(const GradientRoom *room, const Network *network, bool one, size_t loss,
                                    GradientView *out, percept_error *error);
void gradient_view_clear(GradientView *view);

/* A view of one output becomes that of output k. */
void gradient_view_choose(const GradientRoom *room, GradientView *view, size_t k);

/* Adds to `out` (count × inputs) factor · factors_i · dL/dx of `count` ≤ GRADIENT_BLOCK examples, x in the units of the
 * features. factors: NULL, or one for each example. */
void gradient_view_add(GradientRoom *room, GradientView *view, const double *features, size_t count,
                       const GradientAnswers *answers, double factor, const double *factors, double *out);

/* The answers with which a view of one output by loss gradient_output_loss gives the derivative of the output itself. */
size_t gradient_output_loss(void);
GradientAnswers gradient_output_answers(const GradientRoom *room);

#endif
