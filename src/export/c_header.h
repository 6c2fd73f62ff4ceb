/* The header of exported C: its manual and its declarations. */
#ifndef EXPORT_C_HEADER_H
#define EXPORT_C_HEADER_H

#include "export/c_source.h"

/* After everything else is written: it states the size of tables and stack. */
void c_header_write(CSource *source, CText *out);

/* "4 → 16 relu → 3 softmax" */
void c_header_write_shape(const CSource *source, CText *out);

#endif
