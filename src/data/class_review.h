/* A look at the classes that labels turned out to be, when data are read to be trained on. */
#ifndef DATA_CLASS_REVIEW_H
#define DATA_CLASS_REVIEW_H

#include "data/dataset.h"

/* Adds warnings to storage->notes: of a single class; of names that differ in case only; and of many classes with few examples each, which are probably
 * numbers to learn if they are whole numbers, else names. `column` is what the labels' column is called. */
percept_status class_review(Storage *storage, const char *column, percept_error *error);

#endif
