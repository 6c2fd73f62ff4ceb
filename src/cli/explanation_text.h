/* Pieces of explanations as text. */
#ifndef CLI_EXPLANATION_TEXT_H
#define CLI_EXPLANATION_TEXT_H

#include "cli/explanation.h"

/* Columns of a bar on either side of its zero. */
#define EXPLANATION_BAR 16

/* A bar from zero: to the right for positive values, with `both` to the left for negative ones. `full` is the value of a
 * whole bar. Ends the line. */
void explanation_print_bar(FILE *stream, double value, double full, bool both);

/* "on houses.csv, test part, 1,000 rows" */
void explanation_print_data(const Explanation *explanation, size_t rows);

/* What an output is called in text: "P(yes)", "log odds of yes", "price". */
#define EXPLANATION_OUTPUT_SIZE 96
void explanation_output(const ExplainSubject *subject, size_t output, char text[EXPLANATION_OUTPUT_SIZE]);

/* Like this output, a number: "0.8312" for probabilities, else six digits. */
void explanation_number(const ExplainSubject *subject, double value, bool sign, char text[32]);

/* The columns that the names of columns take: the longest, in limits. */
size_t explanation_name_columns(const ExplainSubject *subject);

#endif
