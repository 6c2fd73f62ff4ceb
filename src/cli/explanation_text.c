#include "cli/explanation_text.h"

#include <math.h>
#include <string.h>

#include "cli/text.h"

#define NAME_LEAST 8
#define NAME_MOST 26

static void print_blocks(FILE *stream, const char *block, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fputs(block, stream);
}

void explanation_print_bar(FILE *stream, double value, double full, bool both)
{
    const double share = full > 0 && isfinite(value) ? fmin(fabs(value) / full, 1) : 0;
    const size_t halves = (size_t)lround(share * 2 * EXPLANATION_BAR), whole = halves / 2;
    const bool left = value < 0 && both, right = value > 0;
    if (both && (left || right)) {
        const size_t taken = left ? whole + halves % 2 : 0;
        print_blocks(stream, " ", EXPLANATION_BAR - taken);
        fputs(left && halves % 2 != 0 ? "▐" : "", stream);
        print_blocks(stream, "█", left ? whole : 0);
        fputs("│", stream);
    }
    print_blocks(stream, "█", right ? whole : 0);
    fputs(right && halves % 2 != 0 ? "▌" : "", stream);
    fputc('\n', stream);
}

void explanation_print_data(const Explanation *explanation, size_t rows)
{
    fprintf(explanation->stream, "on %s, ", text_plain(explanation->data).text);
    if (explanation->part_title != NULL)
        fprintf(explanation->stream, "%s part, ", explanation->part_title);
    fprintf(explanation->stream, "%s row%s\n", text_count(rows).text, rows == 1 ? "" : "s");
}

void explanation_output(const ExplainSubject *subject, size_t output, char text[EXPLANATION_OUTPUT_SIZE])
{
    char number[SCHEMA_NAME_SIZE];
    const char *form = subject->log_odds ? "log odds of %.70s" : subject->probabilities ? "P(%.70s)" : "%.70s";
    snprintf(text, EXPLANATION_OUTPUT_SIZE, form, text_plain(explain_output_name(subject, output, number)).text);
}

void explanation_number(const ExplainSubject *subject, double value, bool sign, char text[32])
{
    if (subject->probabilities)
        snprintf(text, 32, sign ? "%+.4f" : "%.4f", value);
    else
        snprintf(text, 32, sign ? "%+.6g" : "%.6g", value);
}

size_t explanation_name_columns(const ExplainSubject *subject)
{
    size_t columns = NAME_LEAST;
    for (size_t c = 0; c < subject->columns.count; c++) {
        const size_t wide = text_columns(subject->columns.names[c]);
        columns = wide > columns ? wide : columns;
    }
    return columns < NAME_MOST ? columns : NAME_MOST;
}
