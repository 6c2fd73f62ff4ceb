/* Datasets that trials share: each is loaded once for all trials whose keys of data are the same, and read by all their
 * threads at once. */
#ifndef SEARCH_SHARED_DATA_H
#define SEARCH_SHARED_DATA_H

#include "recipe/recipe.h"

typedef struct SharedData SharedData;

/* What is shared. Not to be changed. */
typedef struct DataSet {
    percept_data data;
    char *checksum; /* data_checksum */
} DataSet;

/* Released with shared_data_free, which takes NULL, when all sets have been given back. */
percept_status shared_data_create(SharedData **out, percept_error *error);
void shared_data_free(SharedData *shared);

/* The data of a recipe, loaded now if nobody did before; from any thread. Given back with shared_data_give_back, which takes
 * NULL. Sets that nobody has are kept while they are few, for the next trial. */
percept_status shared_data_take(SharedData *shared, const percept_recipe *recipe, const DataSet **out,
                                percept_error *error);
void shared_data_give_back(SharedData *shared, const DataSet *set);

#endif
