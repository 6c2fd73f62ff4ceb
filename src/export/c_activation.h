/* Activations as C. */
#ifndef EXPORT_C_ACTIVATION_H
#define EXPORT_C_ACTIVATION_H

#include "export/c_source.h"

/* True if the activation with this index can be written. */
bool c_activation_is_known(size_t activation);

/* The expression of an activation applied to another expression, "relu(a[j])", without parentheses for identity. */
#define C_EXPRESSION_SIZE 200
const char *c_activated(CSource *source, size_t activation, const char *argument, char out[C_EXPRESSION_SIZE]);

#endif
