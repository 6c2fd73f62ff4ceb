/* The data that a trained model is measured on: those of its run, or others. */
#ifndef CLI_DATA_CHOICE_H
#define CLI_DATA_CHOICE_H

#include "cli/options.h"
#include "cli/settings.h"
#include "percept/percept.h"

/* What a user chose on the command line. */
typedef struct DataChoice {
    const char *source;       /* RUN|MODEL */
    const char *data;         /* --data, or NULL: the run's */
    const char *directory;    /* --data-dir, or NULL */
    OptionChoice part;        /* --part; begins as DATA_CHOICE_NO_PART */
    const Settings *settings; /* of how a file is read */
} DataChoice;

/* The parts of data: names for flags and JSON, and titles for people. */
enum { DATA_CHOICE_TRAIN, DATA_CHOICE_VALID, DATA_CHOICE_TEST, DATA_CHOICE_PARTS };
const char *data_choice_part_name(size_t part); /* NULL past the last */
const char *data_choice_part_title(size_t part);
percept_dataset *data_choice_part(const percept_data *data, size_t part);

#define DATA_CHOICE_NO_PART ((OptionChoice){data_choice_part_name, DATA_CHOICE_PARTS})

/* Loads the data, for the model. *recipe is the run's, or NULL for a model outside a run; it becomes the recipe of the data
 * that are loaded. Warns if the data have changed since the run was trained. */
percept_status data_choice_load(const DataChoice *choice, const percept_model *model, percept_recipe **recipe,
                                percept_data *data, percept_error *error);

/* The part asked for; by default the test part, without one the validation part, or all of data that have no parts.
 * PERCEPT_ERROR_ARGUMENT if the data lack it. */
percept_status data_choice_find_part(const DataChoice *choice, const percept_data *data, size_t *part,
                                     percept_error *error);

/* True if the data are other ones than the run's, and have no parts. */
bool data_choice_is_whole(const DataChoice *choice, const percept_data *data);

#endif
