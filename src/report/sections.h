/* The sections of a run's report, each from a record (record.h). For run_report.c. */
#ifndef REPORT_SECTIONS_H
#define REPORT_SECTIONS_H

#include "report/options.h"
#include "report/page.h"
#include "report/record.h"

/* A heading, or a subheading inside a larger page. */
void section_begin(Page *page, const ReportOptions *options, const char *heading);

/* "784-64-10, relu, softmax, 50,890 parameters": of the model, else of the recipe. "" if neither has them. */
#define NETWORK_TEXT_SIZE 512
void network_text(const Record *record, char text[NETWORK_TEXT_SIZE]);

/* Data, network, training and other settings that are not the default. */
void section_facts(Page *page, const Record *record);

/* The most important metrics, in large type. */
void section_tiles(Page *page, const Record *record);

/* Losses and accuracies of the parts, metrics of the model measured again, of its classes or targets, confusion
 * matrix. */
void section_metrics(Page *page, const Record *record, const ReportOptions *options);

/* The columns of a table, the most important ones first: what they hold, in the units of the file, and how much the metric
 * falls when each is shuffled. Nothing for pictures, for so many columns that it would take minutes, and where the model or the
 * data are missing. */
void section_columns(Page *page, const Record *record, const ReportOptions *options);

/* metrics.csv as a table; if there are many epochs, only every second, fifth, tenth …. */
void section_epochs(Page *page, const Record *record, const ReportOptions *options);

/* The pictures in folder/plots. */
void section_pictures(Page *page, const char *folder, const ReportOptions *options);

/* The resolved recipe, folded. */
void section_recipe(Page *page, const Record *record);

#endif
