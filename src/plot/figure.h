/* What a column of metrics.csv is about: "valid_loss" is the loss of the validation part. */
#ifndef PLOT_FIGURE_H
#define PLOT_FIGURE_H

#include <stdbool.h>

#include "plot/axis.h"
#include "plot/table.h"

typedef enum FigurePart { FIGURE_TRAIN, FIGURE_VALID, FIGURE_TEST, FIGURE_OTHER, FIGURE_PARTS } FigurePart;

#define FIGURE_NAME_SIZE 64

typedef struct Figure {
    char column[FIGURE_NAME_SIZE]; /* "test_error" where that is what was asked for */
    char source[FIGURE_NAME_SIZE]; /* the column it is worked out from: "test_accuracy" */
    char label[FIGURE_NAME_SIZE];  /* "test", "training, naive" */
    char unit[FIGURE_NAME_SIZE];   /* of the axis: "loss", "error (%)"; figures of one unit share a panel */
    FigurePart part;               /* FIGURE_TRAIN where the name tells none */
    double scale, offset;          /* on the axis: offset + scale · value */
    Range limits;
    bool logarithmic; /* makes sense on a logarithmic axis */
} Figure;

/* Reads a column's name. False for one that is no figure to draw unless asked for by name: neither a loss nor an accuracy
 * nor an error. */
bool figure_of(const char *column, Figure *out);

/* The value for the axis in row `row`; NaN where the table has no such column. */
double figure_value(const Figure *figure, const Table *table, size_t row);

#define FIGURES_MOST 24

typedef struct FigureList {
    Figure items[FIGURES_MOST];
    size_t count;
} FigureList;

/* The figures that a list names, "train_loss,test_error": an error that no table has is 1 - accuracy. PERCEPT_ERROR_ARGUMENT
 * for one that no table has, with the nearest that one does. */
percept_status figures_read(const char *names, const Table *tables, size_t count, FigureList *out,
                            percept_error *error);

/* All losses, accuracies and errors that the tables have (errors: those in place of the accuracies); of several tables
 * not those of the test part where there is a validation part, lest lines hide each other. */
void figures_find(const Table *tables, size_t count, bool errors, FigureList *out);

#endif
