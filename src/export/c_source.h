/* C source on its way from a model: functions, tables and the body of the network, each a text of its own.
 *
 * Functions come from templates (c/NAME.in). In a template $real is float or double, $f the suffix of literals, and
 * $NAME another function: one of the C library (expf), a template, or with no_libm the template own_NAME. What a
 * function calls is written before it, and each function once. */
#ifndef EXPORT_C_SOURCE_H
#define EXPORT_C_SOURCE_H

#include "export/c_ranges.h"
#include "export/c_text.h"
#include "export/format.h"

#define C_MOST_TEMPLATES 64
#define C_NAME_SIZE 96

typedef struct CSource {
    const percept_model *model;
    const ExportOptions *options;
    const char *prefix;
    char upper[C_NAME_SIZE];     /* the prefix in capitals */
    char value[C_NAME_SIZE + 8]; /* the type of features, PREFIX_VALUE */
    bool wide;                   /* numbers are doubles */
    double *values;              /* the flat vector of the model, owned */
    const CRanges *ranges;       /* for weights of eight bits, or NULL */
    CText functions, tables, forward;
    bool written[C_MOST_TEMPLATES];
    size_t table_bytes; /* of all tables */
    size_t stack;       /* bytes of arrays in the deepest calls, without main */
    size_t column;      /* where the next value of a table goes */
    bool braces;        /* the table has a pair of braces for each member */
} CSource;

percept_status c_source_create(const percept_model *model, const ExportOptions *options, const char *prefix,
                               CSource *out, percept_error *error);
void c_source_clear(CSource *source);

/* The first failure of all texts. */
percept_status c_source_status(const CSource *source);

/* "float" or "double"; "f" or "". */
const char *c_real(const CSource *source);

/* Makes sure that a function is written, and gives its name in the source: "expf" for exp, "relu" for relu. */
const char *c_need(CSource *source, const char *function, char name[C_NAME_SIZE]);

/* Puts a template with its names replaced into a text. Functions that it calls go to source->functions. */
void c_expand(CSource *source, const char *template, CText *out);

/* A table of constants: begin, the values of each member, end. The type is that of the model's numbers. */
void c_table_begin(CSource *source, const char *name, size_t members, size_t count);
void c_table_value(CSource *source, double value);
void c_table_literal(CSource *source, const char *literal);
void c_table_next_member(CSource *source);
void c_table_end(CSource *source);

/* The same, of another type, whose numbers take `bytes`. */
void c_table_begin_of(CSource *source, const char *type, size_t bytes, const char *name, size_t members, size_t count);

/* A table of whole numbers, of type long. */
void c_table_of_counts(CSource *source, const char *name, size_t count, const uint32_t *counts);

#endif
