/* The kinds: what the rows of the table (show.c) call. */
#ifndef SHOW_KINDS_H
#define SHOW_KINDS_H

#include "show/kind.h"

ShowDraw show_curves, show_boundary, show_weights, show_errors, show_confusion, show_histogram, show_sweep,
    show_activations, show_saliency, show_gallery, show_mistakes, show_importance, show_dependence, show_shap,
    show_residuals, show_predicted, show_roc, show_precision_recall, show_augmented, show_parallel, show_keys,
    show_rungs;

#endif
