/* What a run folder tells of its run: settings, figures, epochs, model; and what the model does with its data, where they
 * are still found. */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "plot/table.h"
#include "store/run_folder.h"

/* NaN where a figure does not exist. */
typedef struct RecordFigures {
    double loss, accuracy;
} RecordFigures;

typedef struct Record {
    char *folder;
    percept_recipe *recipe;
    bool finished; /* there is a summary */
    bool folds;    /* a cross-validation: its figures are in fold_list and metrics is empty */

    size_t epochs;   /* run */
    long best_epoch; /* -1: unknown, or none */
    bool stopped_early;
    RecordFigures train, valid, test; /* of the summary, or of the last line of metrics.csv */
    size_t test_count;
    size_t classes;      /* of the summary's confusion matrix, 0: none */
    uint64_t *confusion; /* classes × classes: row = label, column = prediction */
    Table metrics;       /* columns 0: none */
    FoldFigures *fold_list;
    size_t fold_count; /* folds that are finished */

    percept_model *model;  /* NULL: there is none */
    percept_data data;     /* all NULL: not read, or not found */
    percept_report report; /* of the model on `part`; metrics.count 0: not measured */
    const char *part;      /* "test", "validation", "training" */
    const char *changed;   /* the part of the data that is not as the run saw it ("test part"), or NULL */
    percept_error missing; /* why it was not measured; status 0: it was, or was not tried */
} Record;

/* Reads a folder's files. PERCEPT_ERROR_IO where the folder holds no run, PERCEPT_ERROR_FORMAT for files that are not
 * what they should be. Released with record_close, which takes a zeroed one. */
percept_status record_open(const char *folder, Record *out, percept_error *error);
void record_close(Record *record);

/* Loads the run's data and measures its model on the test part, else the validation part, else the training part. That
 * there are no data, or others than the model takes, is no failure: record->missing tells it. */
percept_status record_measure(Record *record, size_t threads, percept_error *error);

/* The name of class k for readers: the model's, or its number. */
const char *record_class_name(const Record *record, size_t k, char number[24]);

#endif
