/* Parses the names of the columns of metrics.csv: "valid_loss" is the loss of the validation part. */
#ifndef PLOT_FIGURE_H
#define PLOT_FIGURE_H

#include <stdbool.h>

#include "plot/axis.h"
#include "plot/table.h"

typedef enum FigurePart { FIGURE_TRAIN, FIGURE_VALID, FIGURE_TEST, FIGURE_OTHER, FIGURE_PARTS } FigurePart;

#define FIGURE_NAME_SIZE 64

typedef struct Figure {
    char column[FIGURE_NAME_SIZE]; /* the requested name, for example "test_error" */
    char source[FIGURE_NAME_SIZE]; /* the column from which it is computed: "test_accuracy" */
    char label[FIGURE_NAME_SIZE];  /* "test", "training, naive" */
    char unit[FIGURE_NAME_SIZE];   /* of the axis: "loss", "error (%)"; metrics of one unit share a panel */
    FigurePart part;               /* FIGURE_TRAIN if the name has none */
    double scale, offset;          /* on the axis: offset + scale · value */
    Range limits;
    bool logarithmic; /* suits a logarithmic axis */
} Figure;

/* Reads a column's name. False for a column that is drawn only on request: neither a loss nor an accuracy nor an
 * error. */
bool figure_of(const char *column, Figure *out);

/* The value for the axis in row `row`; NaN where the table has no such column. */
double figure_value(const Figure *figure, const Table *table, size_t row);

#define FIGURES_MOST 24

typedef struct FigureList {
    Figure items[FIGURES_MOST];
    size_t count;
} FigureList;

/* The metrics in a list, "train_loss,test_error"; an error that no table has is computed as 1 - accuracy.
 * PERCEPT_ERROR_ARGUMENT for a metric that no table has; the message suggests the nearest one. */
percept_status figures_read(const char *names, const Table *tables, size_t count, FigureList *out,
                            percept_error *error);

/* All losses, and accuracies or (with errors) errors that the tables have. With several tables those of the test part
 * are omitted if there is a validation part, so that lines do not hide each other. */
void figures_find(const Table *tables, size_t count, bool errors, FigureList *out);

#endif
