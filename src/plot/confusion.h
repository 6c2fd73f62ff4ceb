/* A confusion matrix: which classes are taken for which. */
#ifndef PLOT_CONFUSION_H
#define PLOT_CONFUSION_H

#include <stdint.h>

#include "plot/layout.h"

typedef struct ConfusionPicture {
    const char *title; /* NULL: none */
    const char *const *class_names;
    size_t class_count;
    const uint64_t *counts; /* class_count × class_count: row = label, column = prediction */
} ConfusionPicture;

/* Draws folder/NAME.{svg,png,gp} from folder/NAME.csv (label, prediction, count, share of the label's examples): what is
 * right in blue, what is wrong in orange, deeper with the share; the count in each cell while there is room, and beside the
 * matrix recall and precision. The folder must exist. */
percept_status plot_confusion(const char *folder, const char *name, const ConfusionPicture *picture,
                              percept_error *error);

#endif
