/* `percept explain`: its arguments, and what it has opened. */
#ifndef CLI_EXPLAIN_OPENED_H
#define CLI_EXPLAIN_OPENED_H

#include "cli/data_choice.h"
#include "cli/explanation.h"

typedef struct ExplainArguments {
    DataChoice from;
    const char *path; /* FILE, or NULL */
    const char *rows, *output, *metric, *dependence, *out;
    bool json, log_odds;
    double error;
    size_t repeats, examples, background, top, seed, threads;
    Settings settings; /* of how a file is read */
} ExplainArguments;

typedef struct ExplainOpened {
    percept_model *model;
    percept_recipe *recipe;
    percept_data data;
    bool loaded; /* the data */
    size_t part; /* of the data, for rows without FILE */
    char *name;  /* of the data, for people */
    bool whole;  /* the data have no parts */
    ExplainSubject subject;
    Explanation explanation;
} ExplainOpened;

/* The output that is explained: the one asked for; of two classes the second; else that which `answer` names, or for NULL
 * the first. */
percept_status explain_choose_output(const ExplainArguments *arguments, const ExplainOpened *opened,
                                     const double *answer, size_t *out, percept_error *error);

/* Explains rows of FILE, or of the part, one by one. */
percept_status explain_answers(const ExplainArguments *arguments, ExplainOpened *opened, percept_error *error);

#endif
