/* Stages as C, one row for each kind. */
#ifndef EXPORT_C_STAGES_H
#define EXPORT_C_STAGES_H

#include "export/c_flow.h"

typedef struct CStage {
    const char *kind;
    bool elementwise; /* may work in place; others need another array for their outputs */
    /* Writes the lines that compute `to` from `from`: expressions of arrays. */
    void (*write)(CFlow *flow, const Stage *stage, const char *from, const char *to);
} CStage;

/* The row of a kind, or NULL. */
const CStage *c_stage_find(const char *kind);

#endif
