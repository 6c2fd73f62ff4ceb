/* A look inside a model while it is trained: what each unit answers over the plane, and the gradient of each layer. It is made
 * by the reference engine in float32, with running statistics and without dropout, and changes nothing. */
#ifndef WEB_CORE_LOOK_H
#define WEB_CORE_LOOK_H

#include "core/play.h"

/* For a model in float32 and its data, which must outlive the look. Released with look_free, which takes NULL. */
percept_status look_create(percept_model *model, const percept_data *data, Look **out, percept_error *error);
void look_free(Look *look);

/* Layers of weights, and units of layer l: those of the last one are the outputs. */
int look_depth(const Play *play);
int look_units(const Play *play, int l);

/* Computes the plane: side × side points from (left, bottom) to (right, top), row by row from the top; features other than
 * `across` and `up` are those of `features` (the model's inputs). Returns 0 or -1. */
int look_plane(Play *play, int side, double left, double right, double bottom, double top, int across, int up,
               const double *features);

/* Of the last plane: the answers of each unit of layer l, side × side of the first one, then of the next. */
const float *look_answers(Play *play, int l);

/* Computes loss and gradient of at most LOOK_EXAMPLES training examples: for each layer the norm of the gradient by its
 * weights, the norm of its weights, and then for each unit 1 if it is dead: its answer is the same number for all examples.
 * NULL where memory is lacking. */
#define LOOK_EXAMPLES 512
const double *look_gradients(Play *play);

/* The mean loss of these examples, with penalty, for other parameters. */
double look_loss(Look *look, const float *parameters);

#endif
