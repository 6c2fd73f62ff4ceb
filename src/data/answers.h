/* Decides what the answers in a file are: labels or regression targets. */
#ifndef DATA_ANSWERS_H
#define DATA_ANSWERS_H

#include "data/dataset.h"

/* More classes than this are treated as a mistake: the numbers are probably no classes. */
#define ANSWERS_MOST_CLASSES 65536

/* What answers are: labels, or targets, or neither (of data without answers). */
typedef struct Answers {
    size_t count;
    int32_t *labels; /* count labels in 0 … class_count-1, or NULL */
    size_t class_count;
    char **class_names; /* NULL: the names of the storage, "0", "1", … */
    double *targets;    /* count × target_width, or NULL */
    size_t target_width;
} Answers;

/* What is known about them. */
typedef struct AnswersWanted {
    size_t class_count; /* above 0: labels in 0 … class_count-1; others are refused, with the row from 1 */
    bool targets;       /* they are numbers to predict, integers or not */
    const char *source; /* for messages */
} AnswersWanted;

/* Decides what count × width finite numbers are, and takes ownership of them (also on failure).
 *
 *   one column of whole numbers   labels: the classes are the distinct numbers in ascending order, and named after them (-1 and 1 are the classes 0, "-1", and 1, "1")
 *   columns of 0 and 1, one 1 in each row   labels too ("one-hot"): the column that has the 1
 *   anything else                 targets, `width` of them
 *
 * PERCEPT_ERROR_FORMAT for more than ANSWERS_MOST_CLASSES classes. */
percept_status answers_decide(double *values, size_t count, size_t width, const AnswersWanted *wanted, Answers *out,
                              percept_error *error);

/* Hands the answers over to a storage of as many examples that was created with class_count classes. */
percept_status answers_give(Answers *answers, Storage *storage, percept_error *error);

void answers_clear(Answers *answers);

#endif
