/* Studies as files. */
#ifndef STUDY_STUDY_FILE_H
#define STUDY_STUDY_FILE_H

#include "study/study.h"

/* Reads a study. `changes` (key=value) win over everything; the texts must outlive it. Released with study_free. */
percept_status study_open(const char *path, const char *const *changes, size_t count, Study **out,
                          percept_error *error);

/* The file as it would have to be for this study: with all changes and the choice in it. */
percept_status study_write(const Study *study, const char *path, percept_error *error);

/* First line of `about` of a file, without reading the rest; *about is NULL if it is a recipe without `parts`.
 * Released with memory_free. */
percept_status study_about(const char *path, char **about, percept_error *error);

#endif
