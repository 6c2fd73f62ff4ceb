/* Operations on vectors of parameters, a range at a time. */
#ifndef TRAIN_VECTOR_H
#define TRAIN_VECTOR_H

#include <stdbool.h>
#include <stddef.h>

#define REAL_HEADER "train/vector_real.h"
#include "base/each_real.h"

#endif
