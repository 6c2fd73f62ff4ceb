/* Studies as files. */
#ifndef STUDY_STUDY_FILE_H
#define STUDY_STUDY_FILE_H

#include "study/study.h"

/* Reads a study. `changes` (key=value) override everything; the texts must outlive the study. Released with
 * study_free. */
percept_status study_open(const char *path, const char *const *changes, size_t count, Study **out,
                          percept_error *error);

/* Writes the file of this study, including all changes and the choice of runs. */
percept_status study_write(const Study *study, const char *path, percept_error *error);

/* Copies the recipes that runs name to the same places in a folder, so that the study can be repeated from there. */
percept_status study_copy_recipes(const Study *study, const char *folder, percept_error *error);

/* First line of `about` of a file, without reading the rest; *about is NULL if it is a recipe without `parts`.
 * Released with memory_free. */
percept_status study_about(const char *path, char **about, percept_error *error);

#endif
