/* The area under the ROC curve. */
#ifndef TRAIN_ROC_H
#define TRAIN_ROC_H

#include <stddef.h>
#include <stdint.h>

/* The probability that an example with the label `positive` scores higher than one without it, where ties count half:
 * the Mann–Whitney U divided by both counts, which is the area under the ROC curve (J. A. Hanley and B. J. McNeil,
 * 1982). Pairs are counted in integers, so the order of the examples does not matter. NaN if one kind is missing, or a
 * score is NaN. count < 2^32; scratch holds 2 × count. */
double roc_area(const double *scores, const int32_t *labels, size_t count, int32_t positive, uint64_t *scratch);

#endif
