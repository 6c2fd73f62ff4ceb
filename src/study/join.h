/* metrics.csv of a study of several runs. */
#ifndef STUDY_JOIN_H
#define STUDY_JOIN_H

#include "study/part.h"

/* Writes metrics.csv into the study's folder: the rows of the wanted runs one after the other, after a column `run`,
 * with every column that any of them has; missing cells are empty. */
percept_status join_metrics(const StudyWork *work, percept_error *error);

#endif
