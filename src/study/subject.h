/* The subject of a check or measurement: the data and the network of a run of the study, in float64. */
#ifndef STUDY_SUBJECT_H
#define STUDY_SUBJECT_H

#include "check/check.h"
#include "model/model.h"
#include "study/part.h"

typedef struct Subject {
    percept_recipe *recipe; /* a copy */
    percept_data data;
    percept_model *model;
    Team *team;
    double *parameters; /* of the model */
} Subject;

/* Opens the run of this name (NULL: the first, or without any run the common recipe), with its initial or its trained
 * weights. Zeroed before; released with subject_close, also on failure. */
percept_status subject_open(const StudyWork *work, const Part *part, const char *run, bool trained, Subject *out,
                            percept_error *error);
void subject_close(Subject *subject);

/* An engine for the network, in float64 and for training, with room for this many examples; name NULL: that of the
 * recipe. */
percept_status subject_engine(const Subject *subject, const char *name, size_t capacity, Engine **out,
                              percept_error *error);

/* "784-64-10" of its layers. */
#define SUBJECT_TEXT_SIZE 128
void subject_layers(const Subject *subject, char text[SUBJECT_TEXT_SIZE]);

#endif
