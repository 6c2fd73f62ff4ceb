/* How much each column counts for a model: permutation importance (L. Breiman, 2001, "Random forests", section 10; for any
 * model: A. Fisher, C. Rudin, F. Dominici, 2019). The values of a column are shuffled among rows that the model was not
 * trained on, and the metric becomes worse by as much as the model relied on them. A column that the model does not use
 * has importance 0; of two columns that say the same, each seems to count little. */
#ifndef EXPLAIN_IMPORTANCE_H
#define EXPLAIN_IMPORTANCE_H

#include "explain/metric.h"

typedef struct ExplainImportance {
    double score;       /* the metric of the rows as they are */
    size_t repeats;     /* shuffles of each column */
    size_t count;       /* columns */
    double *means;      /* count: by how much the metric became worse; positive is worse, for each metric */
    double *deviations; /* count: over the repeats; 0 for one repeat */
    size_t *order;      /* the columns by falling mean, in a tie by their place */
} ExplainImportance;

/* Shuffles each column `repeats` times (at least once), all features of it alike. rows have labels or targets. Each
 * column draws from its own stream of this seed. PERCEPT_ERROR_ARGUMENT if the metric does not exist for these rows (one
 * class, a target that never changes). Released with explain_importance_clear. */
percept_status explain_importance(ExplainSubject *subject, const ExplainRows *rows, const ExplainMetric *metric,
                                  size_t repeats, uint64_t seed, ExplainImportance *out, percept_error *error);
void explain_importance_clear(ExplainImportance *importance);

#endif
