#include "cli/comparison.h"

#include <stdio.h>

#include "cli/text.h"

/* What lines keep to. */
#define WIDTH 100

static const char differs[] = "  DIFFERS";

enum { FIGURE, PUBLISHED, OURS, TOLERANCE, COLUMNS };

/* The cells of a line of the table, and how wide each column is. */
typedef const char *Row[COLUMNS];
typedef size_t Widths[COLUMNS];

static const Row header = {"result", "published", "ours", "tolerance"};

static void widen(Widths widths, const Row row)
{
    for (int c = 0; c < COLUMNS; c++) {
        const size_t columns = text_columns(row[c]);
        widths[c] = columns > widths[c] ? columns : widths[c];
    }
}

static void print_row(const Row row, const Widths widths, const char *remark)
{
    if (text_columns(row[FIGURE]) <= widths[FIGURE]) {
        text_left(stdout, row[FIGURE], widths[FIGURE]);
    } else {
        text_left(stdout, row[FIGURE], text_columns(row[FIGURE]));
        printf("\n%*s", (int)widths[FIGURE], "");
    }
    for (int c = PUBLISHED; c < TOLERANCE; c++) {
        printf("  ");
        text_right(stdout, row[c], widths[c]);
    }
    printf("  ");
    text_left(stdout, row[TOLERANCE], remark[0] != '\0' ? widths[TOLERANCE] : text_columns(row[TOLERANCE]));
    printf("%s\n", remark);
}

/* Visits the lines for which the study has results, and prints them, or (print false) widens the columns for them.
 * Returns their number, and in *remarks (may be NULL) the number of those that differ. */
static size_t visit(const Published *published, Widths widths, bool print, size_t *remarks)
{
    size_t count = 0;
    for (size_t i = 0; i < published->count;) {
        PublishedCells cells;
        const PublishedLine line = published_line(published, i);
        i = line.end;
        if (line.found == 0)
            continue;
        count++;
        if (remarks != NULL)
            *remarks += line.agreed != line.found;
        published_describe(published, &line, &cells);
        const Row row = {cells.figure, cells.value, cells.ours, cells.tolerance};
        if (print)
            print_row(row, widths, line.agreed == line.found ? "" : differs);
        else
            widen(widths, row);
    }
    return count;
}

void comparison_print(const Published *published)
{
    Widths widths = {0};
    size_t remarks = 0;
    widen(widths, header);
    if (visit(published, widths, false, &remarks) > 0) {
        const size_t others =
            widths[PUBLISHED] + widths[OURS] + widths[TOLERANCE] + 6 + (remarks > 0 ? sizeof differs - 1 : 0);
        const size_t room = others < WIDTH ? WIDTH - others : 0;
        widths[FIGURE] = widths[FIGURE] > room ? room : widths[FIGURE];
        print_row(header, widths, "");
        (void)visit(published, widths, true, NULL);
        printf("\n");
    }
    printf("%zu value%s compared, %zu agreed\n", published->compared, published->compared == 1 ? "" : "s",
           published->agreed);
}
