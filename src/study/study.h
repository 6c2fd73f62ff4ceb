/* A study: an experiment of one or more runs, with a report. It is a recipe (YAML) with more sections:
 *
 *   about: one line                       for lists, and the title of the report
 *   notes: [paragraph, …]                 below it
 *   set: [key=value, …]                   wins over all recipes; what the caller adds stands below it
 *   only: NAME                            of the runs this one (or group) alone
 *   runs:                                 recipes that are trained one after the other, each over the common one;
 *     - name: slow                          without this section the common recipe is the one run; []: none is trained
 *       recipe: records/mnist.yaml          over the common recipe the one in this file, which lies beside or below
 *       train: {learning_rate: 0.01}        sections of recipes, over both
 *       continues: true                     its weights go on in the random stream of the run above
 *       grid: {train.batch_size: [50, 100]} one run for each combination
 *       parameters: [500000, 1000000]       of the grid, keep those with so many parameters
 *       seeds: [0, 1, 2]                    one run for each
 *   parts: [- KIND: {…}]                  what is made of it, in this order: part.h
 *
 * Each section starts at the left margin and occurs once, because study_write adds lines at the end.
 *
 * A run of a grid is named after its values: "784-392-512-10_0.1", then its seed: "784-392-512-10_1_seed-3". */
#ifndef STUDY_STUDY_H
#define STUDY_STUDY_H

#include "recipe/fields.h"
#include "recipe/recipe.h"

typedef struct StudyRun {
    char *name;             /* "" if the study is a single run */
    char *group;            /* the name without the seed */
    char *entry;            /* the name without the values of a grid, too */
    percept_recipe *recipe; /* not resolved yet */
    bool wanted;
} StudyRun;

typedef struct Study {
    char *path, *text; /* of the file */
    char *name;        /* the key `name` without changes, or the file's name without folder and ending */
    const char *about, *only;
    FieldTexts notes;
    percept_recipe *common;
    StudyRun *runs;
    size_t run_count;
    const yaml_node_t *parts; /* a list, or NULL */
    FieldTexts files;         /* recipes that runs name, relative to the folder of `path`, each once */
    FieldTexts changes;       /* key=value: those of `set`, then the caller's */
    bool changed;             /* by changes that affect results: published results belong to another experiment */
    yaml_document_t document;
    FieldSource source;
} Study;

/* Takes NULL. */
void study_free(Study *study);

/* Whether it is the run of this name, or one of the group or entry of this name. */
bool study_run_is(const StudyRun *run, const char *name);

/* Marks the runs that this name stands for (study_run_is) as wanted, and no others. PERCEPT_ERROR_ARGUMENT lists the known
 * names. The text must outlive the study. */
percept_status study_choose(Study *study, const char *name, percept_error *error);

#endif
