/* Takes features out of a storage and its schema. */
#ifndef DATA_NARROW_H
#define DATA_NARROW_H

#include "data/dataset.h"

/* Leaves out the features with left[j], which must not be all, in place; before any view is made. The schema forgets them,
 * too, but keeps the names of columns without another feature as ignored; its places close up, and the features are stored
 * in the smallest type that holds those that stay. storage->missing is the caller's. */
percept_status storage_narrow(Storage *storage, const bool *left, percept_error *error);

#endif
