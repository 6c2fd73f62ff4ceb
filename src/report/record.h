/* The content of a run folder: settings, metrics, epochs, model; and the metrics of the model on its data, if these can
 * still be found. */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "plot/table.h"
#include "store/run_folder.h"

/* NaN for a metric that does not exist. */
typedef struct RecordMetrics {
    double loss, accuracy;
} RecordMetrics;

typedef struct Record {
    char *folder;
    percept_recipe *recipe;
    bool finished; /* there is a summary */
    bool folds;    /* a cross-validation: its metrics are in fold_list, and metrics is empty */

    size_t epochs;   /* run */
    long best_epoch; /* -1: unknown, or none */
    bool stopped_early;
    RecordMetrics train, valid, test; /* of the summary, or of the last line of metrics.csv */
    double temperature;               /* of the summary's calibration, or NaN */
    size_t test_count;
    size_t classes;      /* of the summary's confusion matrix, 0: none */
    uint64_t *confusion; /* classes × classes: row = label, column = prediction */
    Table metrics;       /* columns 0: none */
    FoldFigures *fold_list;
    size_t fold_count; /* folds that are finished */

    percept_model *model;  /* NULL: there is none */
    percept_data data;     /* all NULL: not read, or not found */
    percept_report report; /* of the model on `part`; metrics NULL: not measured */
    const char *part;      /* "test", "validation", "training" */
    const char *changed;   /* the part of the data that has changed since the run ("test part"), or NULL */
    percept_error missing; /* why the model was not measured; status 0: it was, or should not be */
} Record;

/* Reads a folder's files. PERCEPT_ERROR_IO if the folder holds no run, PERCEPT_ERROR_FORMAT for invalid files. Released
 * with record_close, which takes a zeroed one. */
percept_status record_open(const char *folder, Record *out, percept_error *error);
void record_close(Record *record);

/* Loads the run's data and measures its model on the test part, else the validation part, else the training part.
 * Missing data, or data that do not fit the model, are no failure: record->missing has the reason. */
percept_status record_measure(Record *record, size_t threads, percept_error *error);

/* The name of class k: that in the model, or its number. */
const char *record_class_name(const Record *record, size_t k, char number[24]);

#endif
