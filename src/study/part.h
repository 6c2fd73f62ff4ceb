/* Parts of a study: sections of its report, from its runs or computed separately. One table (part_kinds.c); a kind of
 * part is a function in a file part_NAME.c, and a row. A part reads its fields, adds to the report, and gives results
 * that can be compared with published ones. Every kind of picture (show/show.h) is a kind of part, too. */
#ifndef STUDY_PART_H
#define STUDY_PART_H

#include "base/team.h"
#include "report/page.h"
#include "show/show.h"
#include "study/results.h"
#include "study/study.h"

/* The context of parts. */
typedef struct StudyWork {
    Study *study;
    const char *folder; /* of the study */
    const char *plots;  /* folder/plots, which exists */
    Page *page;
    Results results;
    size_t undrawn;    /* pictures that could not be drawn, */
    percept_error why; /* and the reason for the first of them */
} StudyWork;

typedef struct Part {
    const struct PartKind *kind;
    const yaml_node_t *node; /* the node after the kind's name: a mapping, or a value */
    size_t number;           /* of this kind in the study, from 1 */
} Part;

typedef percept_status PartRun(StudyWork *work, const Part *part, percept_error *error);

/* A row of the table. */
typedef struct PartKind {
    const char *name;
    const char *summary; /* one line */
    PartRun *run;
} PartKind;

/* fields_read for the node after the part's name. */
percept_status part_read(const StudyWork *work, const Part *part, const Field *fields, size_t count,
                         percept_error *error);

/* Refuses the part; the message has its place in the file. */
percept_status part_refuse(const StudyWork *work, const Part *part, percept_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A name for a picture of the part: `given`, or the name of its kind, with its number if it is not the first. */
#define PART_NAME_SIZE 64
void part_name(const char *kind, const Part *part, const char *given, char name[PART_NAME_SIZE]);

/* Adds plots/NAME to the report if it was drawn. If it was not (gnuplot is missing; a comparison has a single run), the
 * report says why, and the study continues, because its numbers matter more. Returns only failures of memory. */
percept_status part_drawn(StudyWork *work, percept_status drawn, const char *name, const char *caption,
                          percept_error *error);

/* The runs that were trained, of these names or groups, in the study's order; with no names all of them. *indices is
 * released with memory_free. PERCEPT_ERROR_ARGUMENT for an unknown name; runs that are not wanted are skipped. */
percept_status part_runs(const StudyWork *work, const Part *part, const FieldTexts *names, size_t **indices,
                         size_t *count, percept_error *error);

/* The folder of a run, released with memory_free. */
percept_status study_run_folder(const StudyWork *work, const StudyRun *run, char **out, percept_error *error);

/* Adds a result of a run (run NULL: of the study). */
percept_status part_figure(StudyWork *work, const StudyRun *run, const char *figure, double value,
                           percept_error *error);

#endif
