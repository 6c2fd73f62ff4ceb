/* Checks whether a model is usable. */
#ifndef MODEL_CHECK_H
#define MODEL_CHECK_H

#include "model/model.h"

/* PERCEPT_ERROR_FORMAT names the tensor and the position of the first parameter that is infinite or NaN: every
 * prediction of such a model is worthless, even if it looks normal. */
percept_status model_check_finite(const percept_model *model, percept_error *error);

#endif
