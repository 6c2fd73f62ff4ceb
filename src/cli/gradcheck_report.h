/* The result of `percept gradcheck`, as text, as JSON and as CSV. */
#ifndef CLI_GRADCHECK_REPORT_H
#define CLI_GRADCHECK_REPORT_H

#include <stdbool.h>

#include "check/check.h"

/* What was checked, and the result. */
typedef struct GradcheckReport {
    const percept_model *model;
    const char *data;   /* name of the dataset */
    const char *engine; /* whose gradient */
    bool trained;       /* else the initial weights */
    bool whole;         /* everything was checked: correct rows are not listed */
    size_t examples;
    CheckReport check;
    CheckPoint points[CHECK_POINTS];
    size_t point_count; /* 0: no sweep */
} GradcheckReport;

/* The loop form and the matrix form for the first `examples` examples. */
typedef struct LoopReport {
    size_t examples;
    double *loop, *matrix; /* parameter_count */
    double largest;        /* |loop - matrix| over all parameters */
    double scale;          /* the largest |matrix| */
    bool equal;            /* largest ≤ CHECK_COMPLEX_TOLERANCE · scale */
} LoopReport;

/* To standard output. */
void gradcheck_print(const GradcheckReport *report);

/* Both forms side by side, for the chosen parameters. */
void gradcheck_print_loop(const GradcheckReport *report, const LoopReport *loop, const uint8_t *chosen);

/* One JSON object to standard output, keys sorted; numbers that are not finite are null. loops may be NULL; if there
 * are any, the check is omitted. */
percept_status gradcheck_print_json(const GradcheckReport *report, const LoopReport *loops, size_t loop_count,
                                    percept_error *error);

/* folder/gradcheck.csv: every number that was checked. */
percept_status gradcheck_write_csv(const GradcheckReport *report, const char *folder, percept_error *error);

/* "equal", "zero", "kink", "step", "wrong" */
const char *gradcheck_verdict(CheckVerdict verdict);

#endif
