/* Classes found by their names. */
#ifndef DATA_CLASS_NAMES_H
#define DATA_CLASS_NAMES_H

#include "data/dataset.h"

/* Looks up each name of `wanted` among `names`, in time linear in both. (*places)[w] is the position of wanted[w], the
 * first one if a name occurs twice, or -1 if it is missing; released with memory_free. */
percept_status class_names_match(const char *const *names, size_t count, const char *const *wanted, size_t wanted_count,
                                 int32_t **places, percept_error *error);

/* The classes of a storage that `words` name, as its label numbers; *classes is released with memory_free. A word is
 * the name of a class, as the file writes its label. If all names are integers, a number in another form ("1.0", "01")
 * is looked up by its value. If a named dataset has words for its classes ("Sandal"), an integer is the label in its
 * files. PERCEPT_ERROR_ARGUMENT for a word that is no class (the message suggests the nearest one and lists the
 * classes), for a class that is named twice, and for data without classes. */
percept_status class_names_find(const Storage *storage, const char *const *words, size_t count, int32_t **classes,
                                percept_error *error);

/* Writes "a, b, c", cut after `size` bytes with ", ..." and the number of classes. */
#define CLASS_LIST_SIZE 96
void class_names_list(const char *const *names, size_t count, char text[CLASS_LIST_SIZE]);

/* True if the names of all classes are integers. */
bool class_names_are_integers(const Storage *storage);

#endif
