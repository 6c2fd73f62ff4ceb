/* The table of parts, and a study's parts by it. */
#ifndef STUDY_PART_KINDS_H
#define STUDY_PART_KINDS_H

#include "study/part.h"

/* The row of this name, or NULL; rows 0, 1, … until NULL. Kinds of pictures are not among them. */
const PartKind *part_kind_find(const char *name);
const PartKind *part_kind_at(size_t index);

/* Refuses unknown kinds, and pictures with wrong fields, before anything is trained. */
percept_status parts_check(const StudyWork *work, percept_error *error);

/* Makes all parts of the study. */
percept_status parts_run(StudyWork *work, percept_error *error);

#endif
