/* The names of the outputs of models with intervals, for files that hold names. */
#ifndef EXPORT_OUTPUT_NAMES_H
#define EXPORT_OUTPUT_NAMES_H

#include "model/model.h"

/* A name for each output: "price", "price_low", "price_high". One block, released with memory_free. */
percept_status output_names(const percept_model *model, char ***out, percept_error *error);

#endif
