/* Categories between reading and training: codes, their vocabularies, and the order of features. */
#ifndef DATA_CATEGORIES_H
#define DATA_CATEGORIES_H

#include "data/dataset.h"

/* Reduces the vocabularies to the texts that occur at least `least` times (1 or more) in the training part, sorted by
 * their bytes, and gives the codes anew. A network cannot learn anything of other texts, and little of rare ones: they
 * become NAN, as they do in data that are read for a model. Then sorts the categories by the number of their texts, stably;
 * they stay behind the other features. `train`: a view of the first storage; `others`: storages of other parts (or NULL,
 * each), which were read with the schema of the first. Examples of weight 0 teach nothing. Notes in the first storage how
 * many values of all storages are unknown. Call it before any other thread reads the storages, and before anything else is
 * learned from them. */
percept_status categories_learn(const percept_dataset *train, size_t least, Storage *const *others, size_t other_count,
                                percept_error *error);

/* Notes in the first storage how many values of it and of the others the schema lacks for which they were read. */
percept_status categories_note_unknown(Storage *storage, Storage *const *others, size_t other_count,
                                       percept_error *error);

/* "3 values of region were not in the training data and count as unknown", for counts of the features of a schema; empty
 * if all are 0. */
#define CATEGORIES_NOTE_SIZE 256
void categories_describe_unknown(const Schema *schema, const size_t *unknown, char text[CATEGORIES_NOTE_SIZE]);

#endif
