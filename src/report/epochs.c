/* The epochs of a run as a table, and pictures of it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "recipe/recipe.h"
#include "report/sections.h"

/* More rows are folded, and of more than the second number some are left out. */
#define UNFOLDED_ROWS 12
#define MOST_ROWS 200

/* metrics.csv has few columns; a file with more is not ours. */
#define MOST_COLUMNS 24
#define CELL_SIZE 48

typedef struct EpochTable {
    const Table *table;
    size_t columns, step;
    long best;
    char headings[MOST_COLUMNS][CELL_SIZE];
    bool fraction[MOST_COLUMNS]; /* an accuracy */
} EpochTable;

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text), size = strlen(ending);
    return length >= size && strcmp(text + length - size, ending) == 0;
}

/* "train_loss" is called "train loss". */
static void name_columns(EpochTable *epochs)
{
    for (size_t c = 0; c < epochs->columns; c++) {
        snprintf(epochs->headings[c], CELL_SIZE, "%s", epochs->table->names[c]);
        for (char *at = epochs->headings[c]; *at != '\0'; at++)
            *at = *at == '_' ? ' ' : *at;
        epochs->fraction[c] = ends_with(epochs->table->names[c], "accuracy");
    }
}

static void format_cell(const EpochTable *epochs, size_t column, double value, char text[CELL_SIZE])
{
    if (isnan(value))
        snprintf(text, CELL_SIZE, "–");
    else if (strcmp(epochs->table->names[column], "epoch") == 0)
        snprintf(text, CELL_SIZE, "%.0f", value);
    else
        snprintf(text, CELL_SIZE, "%s", (epochs->fraction[column] ? text_percent(value) : text_loss(value)).text);
}

static void write_row(Page *page, const EpochTable *epochs, size_t r)
{
    char texts[MOST_COLUMNS][CELL_SIZE];
    const char *cells[MOST_COLUMNS];
    const double *values = epochs->table->values + r * epochs->table->columns;
    const int epoch = table_find(epochs->table, "epoch");
    const bool best = epoch >= 0 && epochs->best >= 0 && values[epoch] == (double)epochs->best;
    if (r % epochs->step != 0 && r + 1 != epochs->table->rows && !best)
        return;
    for (size_t c = 0; c < epochs->columns; c++) {
        format_cell(epochs, c, values[c], texts[c]);
        cells[c] = texts[c];
    }
    page_table_row_marked(page, cells, best ? PAGE_GOOD : PAGE_PLAIN, NULL);
}

static void write_table(Page *page, const EpochTable *epochs)
{
    char caption[160];
    const char *headings[MOST_COLUMNS];
    bool numeric[MOST_COLUMNS];
    for (size_t c = 0; c < epochs->columns; c++) {
        headings[c] = epochs->headings[c];
        numeric[c] = true;
    }
    const size_t used = (size_t)snprintf(caption, sizeof caption, "Epochs count from 0.%s",
                                         epochs->best >= 0 ? " ✓ marks the best on the validation part." : "");
    if (epochs->step > 1)
        snprintf(caption + used, sizeof caption - used, " Shown is one in %zu; metrics.csv has all.", epochs->step);
    page_table_begin(page, caption, headings, epochs->columns, numeric);
    for (size_t r = 0; r < epochs->table->rows; r++)
        write_row(page, epochs, r);
    page_table_end(page);
}

/* 1, 2, 5, 10, 20, …: the first that leaves few enough. */
static size_t step_for(size_t rows)
{
    size_t step = 1;
    for (size_t i = 0; rows / step > MOST_ROWS; i++)
        step = i % 3 == 1 ? step / 2 * 5 : step * 2;
    return step;
}

void section_epochs(Page *page, const Record *record, const ReportOptions *options)
{
    char summary[80];
    const Table *table = &record->metrics;
    if (table->rows == 0)
        return;
    EpochTable epochs = {.table = table,
                         .columns = table->columns < MOST_COLUMNS ? table->columns : MOST_COLUMNS,
                         .step = step_for(table->rows),
                         .best = record->best_epoch};
    const bool folded = table->rows > UNFOLDED_ROWS;
    name_columns(&epochs);
    section_begin(page, options, "Epochs");
    snprintf(summary, sizeof summary, "Metrics of %s epochs", text_count(table->rows).text);
    if (folded)
        page_details_begin(page, summary);
    write_table(page, &epochs);
    if (folded)
        page_details_end(page);
}
