/* A format that models are exported to: the functions that a file in this folder provides, and what they work with. */
#ifndef EXPORT_FORMAT_H
#define EXPORT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"

/* Raw rows: NaN is a missing value, categories are codes. */
typedef struct ExportRows {
    const double *values; /* count × inputs */
    size_t count;
    size_t given;          /* of them, at the beginning, are data of the training part … */
    size_t tested;         /* … then these of the test part; the others are drawn */
    const int32_t *labels; /* classes of the first given + tested, or NULL */
} ExportRows;

typedef struct ExportOptions {
    percept_type precision; /* of the numbers in the file: PERCEPT_FLOAT32 or PERCEPT_FLOAT64 */
    bool columns;           /* onnx: one named input for each column, not one tensor */
    size_t opset;           /* onnx: version of the operators; 0: the lowest that has all */
    const char *recipe;     /* the recipe as YAML, for the file's metadata; NULL: not known */
    const char *prefix;     /* c: of all names; NULL: made of the file's name */
    bool with_main;         /* c: with a program that reads rows */
    bool no_libm;           /* c: with its own exp, tanh, … */
    bool int8;              /* c: weights and activations of dense layers in eight bits; answers then differ */
    const ExportRows *rows; /* c: data that ranges of eight bits are measured on; set by export_write */
} ExportOptions;

/* Why something could not be done. */
typedef struct ExportReason {
    char text[256];
} ExportReason;

/* A row of the table of formats. */
typedef struct ExportFormat {
    const char *name;      /* "onnx", of --to */
    const char *extension; /* of its files: "onnx" */
    const char *help;      /* one line */
    bool whole;            /* takes the model as it was trained, not folded */
    bool narrow;           /* raw values are rounded to the precision of the file, before anything is computed */
    /* PERCEPT_ERROR_ARGUMENT for a model, or options, that the format cannot hold; the message names what. */
    percept_status (*check)(const percept_model *model, const ExportOptions *options, percept_error *error);
    /* Writes the file at path, and others beside it under other names, if the format needs them. The folder is empty
     * before. */
    percept_status (*write)(const percept_model *model, const ExportOptions *options, const char *path,
                            percept_error *error);
    /* Reads the file back and computes the answers (count × export_answers) to raw rows (count × inputs; NaN is missing,
     * categories are codes) with the numbers that the file holds. Where this machine cannot (there is no compiler, or programs must not be run), it
     * writes the reason to *skipped, which is empty before, and the file is handed over without a check. */
    percept_status (*run)(const percept_model *model, const ExportOptions *options, const char *path,
                          const ExportRows *rows, double *answers, ExportReason *skipped, percept_error *error);
} ExportFormat;

/* Numbers that answer a row: the probabilities of all classes, two also where the network has one output; else the outputs,
 * targets in their units. */
size_t export_answers(const percept_model *model);

/* The comparison of an exported file with Percept. */
typedef struct ExportCheck {
    size_t rows;
    double difference;       /* the largest |answer - Percept's|; of targets in standard deviations of the target */
    double bound;            /* what rounding explains, in the coarser of both precisions */
    size_t labels;           /* rows with another label */
    size_t known;            /* rows whose class is known … */
    size_t right, own_right; /* … and of these those with this label, of the file and of Percept */
    double rounding;         /* narrow: how far Percept's own answers change when raw values are rounded; else 0 */
    ExportReason skipped;    /* not empty: why the file could not be run */
} ExportCheck;

#endif
