/* A program around exported C: rows from standard input, answers to standard output. */
#ifndef EXPORT_C_MAIN_H
#define EXPORT_C_MAIN_H

#include "export/c_source.h"

void c_main_write(CSource *source, CText *out);

#endif
