/* What `percept combine` prints: metrics of each model and of their combination on data with known answers. */
#ifndef CLI_COMBINE_REPORT_H
#define CLI_COMBINE_REPORT_H

#include "cli/data_choice.h"

/* The data to measure on. */
typedef struct CombineData {
    DataChoice choice;
    Settings settings;      /* of how a file is read */
    percept_recipe *recipe; /* of the first run, or NULL; owned */
    size_t threads;
} CombineData;

typedef struct CombineReport {
    const char *const *names;
    percept_model *const *models;
    size_t count;
    const percept_model *whole; /* their combination */
    const char *by, *out;
} CombineReport;

/* Loads the data, measures, and prints text or a line of JSON. Without data, or without a validation part, there are no
 * metrics, and a warning says why. */
percept_status combine_report_print(const CombineReport *report, CombineData *from, bool json, percept_error *error);

#endif
