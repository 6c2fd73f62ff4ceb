/* Datasets shared by trials: each is loaded once for all trials with the same keys of data, and read by their threads
 * at once. */
#ifndef SEARCH_SHARED_DATA_H
#define SEARCH_SHARED_DATA_H

#include "recipe/recipe.h"

typedef struct SharedData SharedData;

/* Shared data. Must not be changed. */
typedef struct DataSet {
    percept_data data;
    char *checksum; /* data_checksum */
} DataSet;

/* Released with shared_data_free, which takes NULL, after all sets have been returned. */
percept_status shared_data_create(SharedData **out, percept_error *error);
void shared_data_free(SharedData *shared);

/* The data of a recipe, loaded now if they are not in memory; from any thread. Returned with shared_data_give_back,
 * which takes NULL. A few unused sets are kept for the next trial. */
percept_status shared_data_take(SharedData *shared, const percept_recipe *recipe, const DataSet **out,
                                percept_error *error);
void shared_data_give_back(SharedData *shared, const DataSet *set);

#endif
