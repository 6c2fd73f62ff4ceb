#include "cli/confusion.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/describe.h"
#include "cli/text.h"

/* Columns of a class's name at the left. */
#define NAME_MOST 24

/* Columns of a cell of the matrix, with the space before it. */
#define CELL_LEAST 4
#define CELL_MOST 13

/* Matrices of more classes are not drawn. */
#define MATRIX_MOST 20

/* Confusions listed instead. */
#define LISTED 15

static size_t digits(uint64_t number)
{
    size_t count = 1;
    for (; number >= 10; number /= 10)
        count++;
    return count;
}

static uint64_t cell(const percept_metrics *metrics, size_t label, size_t prediction)
{
    return metrics->confusion[label * metrics->classes + prediction];
}

/* True if the first `columns` letters distinguish all classes. */
static bool tell_apart(const percept_metrics *metrics, const percept_model *model, size_t columns)
{
    for (size_t k = 0; k < metrics->classes; k++)
        for (size_t j = 0; j < k; j++) {
            const char *a = percept_model_class_name(model, k), *b = percept_model_class_name(model, j);
            const size_t bytes = text_prefix(a, columns);
            if (bytes == text_prefix(b, columns) && memcmp(a, b, bytes) == 0)
                return false;
        }
    return true;
}

/* Columns that the numbers need, with the space before them. */
static size_t number_columns(const percept_metrics *metrics)
{
    size_t columns = CELL_LEAST;
    for (size_t i = 0; i < metrics->classes * metrics->classes; i++) {
        const size_t wide = digits(metrics->confusion[i]) + 1;
        columns = wide > columns ? wide : columns;
    }
    return columns;
}

static void draw_matrix(const percept_metrics *metrics, const percept_model *model, size_t cell_columns)
{
    const size_t count = metrics->classes;
    const bool named = tell_apart(metrics, model, cell_columns - 1); /* else columns and rows are numbered */
    const size_t columns = describe_class_columns(model, 1, NAME_MOST);
    char number[24];
    printf("%*s", (int)(columns + (named ? 0 : 3)), "");
    for (size_t k = 0; k < count; k++) {
        snprintf(number, sizeof number, "%zu", k);
        const char *heading = named ? percept_model_class_name(model, k) : number;
        putchar(' ');
        char shown[4 * CELL_MOST + 1];
        const size_t bytes = text_prefix(heading, cell_columns - 1);
        snprintf(shown, sizeof shown, "%.*s", (int)bytes, heading);
        text_right(stdout, shown, cell_columns - 1);
    }
    putchar('\n');
    for (size_t k = 0; k < count; k++) {
        if (!named)
            printf("%2zu ", k);
        text_left(stdout, percept_model_class_name(model, k), columns);
        for (size_t j = 0; j < count; j++)
            printf("%*llu", (int)cell_columns, (unsigned long long)cell(metrics, k, j));
        putchar('\n');
    }
}

/* The commonest confusions, found one after another: each less common than the one before, or later in the matrix. */
static void list_confusions(const percept_metrics *metrics, const percept_model *model)
{
    const size_t cells = metrics->classes * metrics->classes;
    const size_t columns = describe_class_columns(model, strlen("label"), NAME_MOST);
    uint64_t before = UINT64_MAX;
    size_t place = cells;
    printf("The commonest confusions\n");
    text_left(stdout, "label", columns);
    printf("  ");
    text_left(stdout, "prediction", columns > 10 ? columns : 10);
    printf("%12s\n", "examples");
    for (size_t listed = 0; listed < LISTED; listed++) {
        size_t next = cells;
        for (size_t i = 0; i < cells; i++) {
            const uint64_t count = metrics->confusion[i];
            const bool later = count < before || (count == before && i > place);
            if (i / metrics->classes != i % metrics->classes && count > 0 && later &&
                (next == cells || count > metrics->confusion[next]))
                next = i;
        }
        if (next == cells)
            break;
        before = metrics->confusion[next];
        place = next;
        text_left(stdout, percept_model_class_name(model, next / metrics->classes), columns);
        printf("  ");
        text_left(stdout, percept_model_class_name(model, next % metrics->classes), columns > 10 ? columns : 10);
        printf("%12s\n", text_count((size_t)before).text);
    }
}

void confusion_print_matrix(const percept_metrics *metrics, const percept_model *model)
{
    const size_t count = metrics->classes;
    size_t columns = count <= MATRIX_MOST ? (TEXT_WIDTH - 1 - describe_class_columns(model, 1, NAME_MOST)) / count : 0;
    columns = columns < CELL_MOST ? columns : CELL_MOST;
    const size_t named = describe_class_columns(model, 0, NAME_MOST) + 1; /* no heading is wider */
    columns = columns < named ? columns : named;
    const size_t needed = number_columns(metrics);
    columns = columns < needed ? needed : columns;
    if (count > MATRIX_MOST) {
        list_confusions(metrics, model);
        return;
    }
    printf("Confusion matrix: a row is a label, a column a prediction\n");
    draw_matrix(metrics, model, columns);
}
