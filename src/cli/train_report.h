/* The output of `percept train`: a head before training, the result after it, and what is kept after an interrupt. */
#ifndef CLI_TRAIN_REPORT_H
#define CLI_TRAIN_REPORT_H

#include <stdbool.h>

#include "percept/percept.h"

/* A training and its result. */
typedef struct TrainReport {
    const percept_recipe *recipe; /* resolved */
    const percept_data *data;
    const percept_model *model;
    const char *folder;
    const char *resume; /* the folder to give to --resume */
    percept_result result;
    percept_metrics test; /* count 0: there is no test part */
    double test_r2;       /* NAN without targets or a test part */
    double test_coverage; /* NAN without intervals or a test part */
    bool curves;          /* the learning curves were drawn */
    bool stopped;         /* stopped by a request in the runs database */
} TrainReport;

/* To standard error: data, network, training, engine, ranks (where there are several), folder. */
void report_head(const TrainReport *report, size_t threads, size_t ranks);

/* To standard error: where a resumed run continues. */
void report_resumption(size_t epochs, size_t step);

/* To standard error, after training: how long it took. */
void report_speed(const TrainReport *report);

/* To standard output: what was trained, its metrics, its files, and the next command. */
void report_result(const TrainReport *report);

/* To standard error, after an interrupt: what was kept, and how to continue. */
void report_interrupt(const TrainReport *report);

/* To standard error: the command that continues the run. */
void report_way_on(const TrainReport *report);

#endif
