/* From arrays of answers to labels or targets. */
#ifndef DATA_NPY_ANSWERS_H
#define DATA_NPY_ANSWERS_H

#include "data/answers.h"
#include "data/npy.h"

/* What the parts' answers are, all together.
 *
 *   numbers                       as answers.h decides; with options->target_count > 0 they are numbers to learn
 *   texts, or whole numbers of    labels, in the classes of label_table.h; nothing is rounded
 *   which one is beyond 2^53
 *
 * An example whose answer is missing (NaN, or a text of missing_tokens.h) is refused, or with UNANSWERED_DROP left out:
 * the answers are then of the others alone, a note says so, and (*missing)[i] is true for each that is left out; *missing
 * is NULL where all have an answer, else released with memory_free. PERCEPT_ERROR_FORMAT names array and row, from 1. */
percept_status npy_answers(const NpyPart *parts, size_t count, const SourceOptions *options, size_t class_count,
                           Notes *notes, Answers *out, bool **missing, percept_error *error);

#endif
