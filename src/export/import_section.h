/* Pieces of a graph in which each column is computed by itself: which function they are is found by computing them. So any
 * way of writing an activation is known, whichever operators it is made of. */
#ifndef EXPORT_IMPORT_SECTION_H
#define EXPORT_IMPORT_SECTION_H

#include "export/import_network.h"

/* What is looked for: values for missing features, an activation behind a layer, or behind a sigmoid p the two columns 1 - p
 * and p. */
typedef enum SectionKind { SECTION_FILLS, SECTION_ACTIVATION, SECTION_TWO } SectionKind;

/* What a section computes. */
typedef struct Section {
    const char *end;        /* the value behind it */
    const char *activation; /* a name in Percept's table, or NULL: it fills missing values */
    double *fills;          /* width values, or NULL */
    bool two;               /* of one column z: 1 - f(z) and f(z), side by side */
} Section;

/* Follows the graph from the value `from` (rows × width) to the nearest one behind which nothing else of it is needed and
 * whose function is known. `needed` marks the nodes that count, and `to` is the last value. PERCEPT_ERROR_ARGUMENT names the
 * operators if there is none. */
percept_status section_find(const OnnxGraph *graph, const bool *needed, const char *from, const char *to, size_t width,
                            SectionKind kind, OnnxGraph *memory, Section *out, percept_error *error);

#endif
