/* Published results, and their comparison with those of a study. */
#ifndef STUDY_PUBLISHED_H
#define STUDY_PUBLISHED_H

#include "report/page.h"
#include "study/results.h"

/* How close our value must be to the published one. */
typedef enum ToleranceKind {
    TOLERANCE_RELATIVE, /* |ours - value| <= tolerance · |value| */
    TOLERANCE_ABSOLUTE, /* |ours - value| <= tolerance */
    TOLERANCE_AT_LEAST, /* ours >= value - tolerance */
    TOLERANCE_AT_MOST,  /* ours <= value + tolerance */
    TOLERANCE_SHOWN,    /* not compared: it depends on something unknown, or was wrong */
    TOLERANCE_KINDS,
} ToleranceKind;

/* A row. */
typedef struct PublishedFigure {
    const char *run, *figure, *reason; /* of the block */
    long epoch;                        /* or RESULT_WHOLE */
    double value, tolerance;
    ToleranceKind kind;
    bool found;  /* the study has it */
    double ours; /* if so */
    double miss; /* distance from the value, in terms of the kind; 0 for `shown` */
    bool agrees;
} PublishedFigure;

typedef struct Published {
    PublishedFigure *list;
    size_t count;
    size_t compared, agreed; /* of the results of the study, without `shown` ones */
    char *text;              /* owns the strings */
} Published;

/* Reads run,epoch,figure,value,tolerance,kind,reason with this header; a missing file is an empty list. An empty run or
 * epoch means the whole study or run. Released with published_clear. */
percept_status published_read(const char *path, Published *out, percept_error *error);
void published_clear(Published *published);

/* Compares each published value with the results. Those of runs that were not trained are skipped. */
void published_compare(Published *published, const Results *results);

/* Successive epochs of one result with the same tolerance share a line of the table; each `shown` value has its own. */
typedef struct PublishedLine {
    size_t first, end; /* figures */
    size_t found, agreed;
    double miss; /* the largest */
} PublishedLine;

/* The line that begins at row `first`. */
PublishedLine published_line(const Published *published, size_t first);

/* The cells of a line: result, published, ours, tolerance. */
#define PUBLISHED_CELL 256
typedef struct PublishedCells {
    char figure[PUBLISHED_CELL], value[PUBLISHED_CELL], ours[PUBLISHED_CELL], tolerance[PUBLISHED_CELL];
} PublishedCells;
void published_describe(const Published *published, const PublishedLine *line, PublishedCells *out);

/* The table for the report. */
void published_report(const Published *published, Page *page);

#endif
