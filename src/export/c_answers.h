/* The public functions of exported C: PREFIX_predict, and PREFIX_predict_proba for classes. */
#ifndef EXPORT_C_ANSWERS_H
#define EXPORT_C_ANSWERS_H

#include "export/c_source.h"

/* Writes them to a text, with what they need. Adds to source->stack. */
void c_answers_write(CSource *source, CText *out);

/* The names of classes and targets, as tables, if there are any. */
void c_answers_write_names(CSource *source, CText *out);

#endif
