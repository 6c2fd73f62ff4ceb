/* A picture of a confusion matrix. */
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

/* Draws folder/NAME.{svg,png,gp} from folder/NAME.csv (label, prediction, count, share of the label's examples):
 * correct predictions in blue, wrong ones in orange, darker for a larger share; the count in each cell if there is
 * room; recall and precision beside the matrix. The folder must exist. */
percept_status plot_confusion(const char *folder, const char *name, const ConfusionPicture *picture,
                              percept_error *error);

#endif
