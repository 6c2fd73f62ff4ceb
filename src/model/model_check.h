/* Whether a model can be used at all. */
#ifndef MODEL_CHECK_H
#define MODEL_CHECK_H

#include "model/model.h"

/* PERCEPT_ERROR_FORMAT names the tensor and the place of the first parameter that is infinite or not a number: every
 * prediction of such a model is worthless, though it may look like one (ReLU turns NaN into 0). */
percept_status model_check_finite(const percept_model *model, percept_error *error);

#endif
