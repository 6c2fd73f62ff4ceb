/* What is explained: a model as a function from columns to answers; and the rows that explanations are computed on. */
#ifndef EXPLAIN_SUBJECT_H
#define EXPLAIN_SUBJECT_H

#include "data/dataset.h"
#include "explain/columns.h"
#include "model/model.h"

/* An answer is a row of `outputs` numbers: the probabilities of the classes (of models whose outputs are no
 * probabilities, these outputs), or the targets in the units of the file. */
typedef struct ExplainSubject {
    const percept_model *model;
    percept_predictor *predictor;
    ExplainColumns columns;
    size_t inputs, outputs;
    bool probabilities; /* answers are probabilities */
    bool log_odds;      /* answers are log p / (1 - p) of these probabilities, which add up where evidence does */
    double *padded;     /* rows and answers of a short block; see explain_predict */
} ExplainSubject;

/* Prepares a model for many predictions; it must outlive the subject. log_odds is refused where the outputs are no
 * probabilities. threads as in percept_predictor_create; no bit depends on them. Released with explain_subject_clear. */
percept_status explain_subject_create(const percept_model *model, bool log_odds, size_t threads, ExplainSubject *out,
                                      percept_error *error);
void explain_subject_clear(ExplainSubject *subject);

/* The answers (count × outputs) to rows of features (count × inputs). A row gets the same bits in any company: an engine
 * computes a few rows in another way than many, so few rows are padded here. */
void explain_predict(ExplainSubject *subject, const double *features, size_t count, double *answers);

/* The class that an answer names, as predictions do; -1 if it is NaN, or if the model predicts numbers. */
int32_t explain_class_of(const ExplainSubject *subject, const double *answer);

/* As many rows as can be predicted in a few seconds, if each takes so many predictions, but at least `least` and at most
 * `most`. Depends on the shape of the network alone, so that results do not depend on the machine. */
size_t explain_rows_in_time(const ExplainSubject *subject, size_t predictions, size_t least, size_t most);

/* True if so many predictions take minutes; likewise. */
bool explain_takes_minutes(const ExplainSubject *subject, size_t predictions);

/* The name of output k: that of a class or a target, written to `text` where it has none. */
const char *explain_output_name(const ExplainSubject *subject, size_t k, char text[SCHEMA_NAME_SIZE]);

/* The output called `name`; PERCEPT_ERROR_ARGUMENT, with the nearest name, if there is none. */
percept_status explain_output_find(const ExplainSubject *subject, const char *name, size_t *out, percept_error *error);

/* Rows of features, with what is known about them. */
typedef struct ExplainRows {
    size_t count, inputs, target_width;
    double *features; /* count × inputs */
    size_t *numbers;  /* count: the number of each row in its dataset, from 0 */
    int32_t *labels;  /* count, or NULL */
    double *targets;  /* count × target_width, or NULL */
    double *weights;  /* count, or NULL: 1 each */
} ExplainRows;

/* Copies the rows of a dataset, whose classes are the model's; if it has more than `most`, that many of them, drawn
 * without replacement by a stream of this seed, in the order of the dataset. Released with explain_rows_clear. */
percept_status explain_rows_take(const percept_dataset *data, size_t most, uint64_t seed, ExplainRows *out,
                                 percept_error *error);
void explain_rows_clear(ExplainRows *rows);

/* The features of at most `most` of the rows, drawn in the same way. */
percept_status explain_rows_sample(const ExplainRows *from, size_t most, uint64_t seed, ExplainRows *out,
                                   percept_error *error);

#endif
