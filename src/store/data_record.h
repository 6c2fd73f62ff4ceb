/* The data of a run: data.json in its folder, {"checksum": "train:…", "name": "/home/ada/wine.csv"}. */
#ifndef STORE_DATA_RECORD_H
#define STORE_DATA_RECORD_H

#include "base/error.h"

#define DATA_RECORD_FILE "data.json"

/* Texts are owned, NULL if they are not known. Zeroed before the first call. */
typedef struct DataRecord {
    char *name;     /* a dataset's name, or an absolute path */
    char *checksum; /* data_checksum (data/checksum.h) */
} DataRecord;

percept_status data_record_write(const char *folder, const char *name, const char *checksum, percept_error *error);

/* A folder without the file, as in older versions, gives an empty record. Released with data_record_clear. */
percept_status data_record_read(const char *folder, DataRecord *out, percept_error *error);
void data_record_clear(DataRecord *record);

/* Loads the data of the run in this folder by its recipe: for its model, or with model NULL for training. Data that
 * have moved are PERCEPT_ERROR_IO, with a message that names the old place. *changed receives the part that has changed
 * since the run ("training part"), or NULL; `changed` may be NULL, and then nothing is compared. */
percept_status data_record_load(const char *folder, const percept_recipe *recipe, const percept_model *model,
                                percept_data *data, const char **changed, percept_error *error);

#endif
