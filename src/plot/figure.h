/* What a column of metrics.csv is about: "valid_loss" is the loss of the validation part. */
#ifndef PLOT_FIGURE_H
#define PLOT_FIGURE_H

#include <stdbool.h>

#include "plot/axis.h"

typedef enum FigurePart { FIGURE_TRAIN, FIGURE_VALID, FIGURE_TEST, FIGURE_OTHER, FIGURE_PARTS } FigurePart;

#define FIGURE_NAME_SIZE 64

typedef struct Figure {
    char column[FIGURE_NAME_SIZE]; /* "test_error" where that is what was asked for */
    char source[FIGURE_NAME_SIZE]; /* the column it is worked out from: "test_accuracy" */
    char label[FIGURE_NAME_SIZE];  /* "test", "training, naive" */
    char unit[FIGURE_NAME_SIZE];   /* of the axis: "loss", "error (%)"; figures of one unit share a panel */
    FigurePart part;
    double scale, offset; /* on the axis: offset + scale · value */
    Range limits;
    bool logarithmic; /* makes sense on a logarithmic axis */
} Figure;

/* Reads a column's name. False for one that is no figure to draw unless asked for by name: neither a loss nor an accuracy
 * nor an error. */
bool figure_of(const char *column, Figure *out);

/* "training", "validation", "test". */
const char *figure_part_name(FigurePart part);

#endif
