/* Warnings about the classes of data for training. */
#ifndef DATA_CLASS_REVIEW_H
#define DATA_CLASS_REVIEW_H

#include "data/dataset.h"

/* Adds warnings to storage->notes: for a single class; for names that differ only in case; and for many classes with
 * few examples each, which are probably targets if they are integers, else names. `column` is the name of the label
 * column. */
percept_status class_review(Storage *storage, const char *column, percept_error *error);

#endif
