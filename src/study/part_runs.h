/* The kinds of parts: what the rows of the table (part_kinds.c) call. Each lists its fields in its file. */
#ifndef STUDY_PART_RUNS_H
#define STUDY_PART_RUNS_H

#include "study/part.h"

PartRun part_text;
PartRun part_heading;
PartRun part_figures;
PartRun part_seeds;
PartRun part_units;
PartRun part_functions;
PartRun part_descend;
PartRun part_gradcheck;
PartRun part_losses;
PartRun part_network;
PartRun part_parameters;
PartRun part_softmax;
PartRun part_timing;

/* A picture of runs: fields runs, name, caption and those of ShowOptions; with `each: true` one picture per run. */
percept_status part_picture(StudyWork *work, const Part *part, const ShowKind *show, percept_error *error);

/* Refuses wrong fields of a picture, without drawing. */
percept_status part_picture_check(const StudyWork *work, const Part *part, percept_error *error);

#endif
