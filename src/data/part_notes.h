/* Warnings about the parts that data were split into. */
#ifndef DATA_PART_NOTES_H
#define DATA_PART_NOTES_H

#include "data/dataset.h"

/* Warns of classes that the validation or test part has no example of while the training part has some, and the other
 * way round, and of targets that have a single value in the training part. `shuffled`: the rows were taken in a random
 * order, so another order would not help. */
percept_status part_notes_add(const percept_data *data, bool shuffled, Notes *notes, percept_error *error);

#endif
