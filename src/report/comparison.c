#include "report/comparison.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "recipe/recipe.h"
#include "report/draw.h"
#include "report/sections.h"

/* More keys in which runs differ get a table of their own, a row a key. */
#define KEY_COLUMNS 4

#define MOST_KEYS 160

/* The metrics at the right. */
enum { TRAIN_LOSS, TRAIN_ACCURACY, VALID_LOSS, VALID_ACCURACY, TEST_LOSS, TEST_ACCURACY, FIGURES };

#define MOST_COLUMNS (KEY_COLUMNS + FIGURES + 2)

static const char *const figure_names[FIGURES] = {"training loss",       "training accuracy", "validation loss",
                                                  "validation accuracy", "test loss",         "test accuracy"};

static bool is_accuracy(size_t figure)
{
    return figure % 2 == 1;
}

typedef struct Comparison {
    Record *records;
    char **names;
    size_t count;
    const Key *keys[MOST_KEYS]; /* in which they differ */
    size_t key_count;
    size_t figures[FIGURES]; /* that some run has */
    size_t figure_count;
} Comparison;

static double figure_of(const Record *record, size_t figure)
{
    const double values[FIGURES] = {record->train.loss,     record->train.accuracy, record->valid.loss,
                                    record->valid.accuracy, record->test.loss,      record->test.accuracy};
    if (record->folds && record->fold_count > 0 && (figure == VALID_LOSS || figure == VALID_ACCURACY))
        return fold_spread(record->fold_list, record->fold_count, figure == VALID_ACCURACY).mean;
    return values[figure];
}

static TextNumber figure_text(size_t figure, double value)
{
    const TextNumber nothing = {"–"};
    if (isnan(value))
        return nothing;
    return is_accuracy(figure) ? text_percent(value) : text_loss(value);
}

/* ---- What differs ------------------------------------------------------------------------------------------------ */

static percept_status differs(const Comparison *comparison, const Key *key, bool *out, percept_error *error)
{
    char *first = NULL;
    percept_status status = recipe_format(comparison->records[0].recipe, key->name, &first, error);
    *out = false;
    for (size_t i = 1; status == PERCEPT_OK && i < comparison->count && !*out; i++) {
        char *other = NULL;
        status = recipe_format(comparison->records[i].recipe, key->name, &other, error);
        *out = status == PERCEPT_OK && strcmp(first, other) != 0;
        memory_free(other);
    }
    memory_free(first);
    return status;
}

static percept_status find_columns(Comparison *comparison, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    const Key *key = NULL;
    for (size_t k = 0; status == PERCEPT_OK && (key = recipe_key_at(k)) != NULL; k++) {
        bool wanted = false;
        if (!key->idle)
            status = differs(comparison, key, &wanted, error);
        if (wanted && comparison->key_count < MOST_KEYS)
            comparison->keys[comparison->key_count++] = key;
    }
    for (size_t f = 0; f < FIGURES; f++) {
        bool there = false;
        for (size_t i = 0; i < comparison->count; i++)
            there = there || !isnan(figure_of(&comparison->records[i], f));
        if (there)
            comparison->figures[comparison->figure_count++] = f;
    }
    return status;
}

/* True if all runs have the same data, cut alike: only then is one better than another. */
static bool is_contest(const Comparison *comparison)
{
    for (size_t k = 0; k < comparison->key_count; k++)
        if (strncmp(comparison->keys[k]->name, "data.", strlen("data.")) == 0)
            return false;
    return true;
}

/* The best value of a metric over the runs; NaN if there is no best. */
static double best_of(const Comparison *comparison, size_t figure)
{
    double best = NAN;
    bool differ = false;
    if (!is_contest(comparison))
        return NAN;
    for (size_t i = 0; i < comparison->count; i++) {
        const double value = figure_of(&comparison->records[i], figure);
        differ = differ || (!isnan(value) && !isnan(best) && value != best);
        if (isnan(best) || (is_accuracy(figure) ? value > best : value < best))
            best = value;
    }
    return differ ? best : NAN;
}

/* ---- The tables -------------------------------------------------------------------------------------------------- */

/* Keys that are in the table of metrics. */
static size_t key_columns(const Comparison *comparison)
{
    return comparison->key_count <= KEY_COLUMNS ? comparison->key_count : 0;
}

static void write_head(Page *page, const Comparison *comparison)
{
    char caption[120];
    const char *columns[MOST_COLUMNS] = {"run"};
    bool numeric[MOST_COLUMNS] = {false};
    size_t count = 1;
    for (size_t k = 0; k < key_columns(comparison); k++) {
        numeric[count] = comparison->keys[k]->type == KEY_INTEGER || comparison->keys[k]->type == KEY_NUMBER;
        columns[count++] = comparison->keys[k]->name;
    }
    columns[count] = "epochs";
    numeric[count++] = true;
    for (size_t f = 0; f < comparison->figure_count; f++) {
        numeric[count] = true;
        columns[count++] = figure_names[comparison->figures[f]];
    }
    snprintf(caption, sizeof caption, "%s%s",
             key_columns(comparison) > 0 ? "The settings in which the runs differ, and their metrics"
                                         : "Metrics of the runs",
             is_contest(comparison) ? "; ✓ marks the best" : "");
    page_table_begin(page, caption, columns, count, numeric);
}

static percept_status write_row(Page *page, const Comparison *comparison, size_t i, percept_error *error)
{
    const Record *record = &comparison->records[i];
    const char *cells[MOST_COLUMNS] = {comparison->names[i]};
    char *values[KEY_COLUMNS] = {NULL};
    TextNumber figures[FIGURES], epochs = text_count(record->epochs);
    PageTone marks[MOST_COLUMNS] = {PAGE_PLAIN};
    percept_status status = PERCEPT_OK;
    size_t count = 1;
    for (size_t k = 0; status == PERCEPT_OK && k < key_columns(comparison); k++) {
        status = recipe_format(record->recipe, comparison->keys[k]->name, &values[k], error);
        cells[count++] = values[k];
    }
    cells[count++] = record->folds ? NULL : epochs.text;
    for (size_t f = 0; f < comparison->figure_count; f++) {
        const size_t figure = comparison->figures[f];
        const double value = figure_of(record, figure);
        figures[f] = figure_text(figure, value);
        marks[count] = value == best_of(comparison, figure) ? PAGE_GOOD : PAGE_PLAIN;
        cells[count++] = figures[f].text;
    }
    if (status == PERCEPT_OK)
        page_table_row_marked(page, cells, PAGE_PLAIN, marks);
    for (size_t k = 0; k < KEY_COLUMNS; k++)
        memory_free(values[k]);
    return status;
}

static percept_status write_figures(Page *page, const Comparison *comparison, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    write_head(page, comparison);
    for (size_t i = 0; status == PERCEPT_OK && i < comparison->count; i++)
        status = write_row(page, comparison, i, error);
    page_table_end(page);
    return status;
}

/* cells has room for the key's name and a value of each run; values owns these. */
static percept_status write_key(Page *page, const Comparison *comparison, const Key *key, const char **cells,
                                char **values, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    cells[0] = key->name;
    for (size_t i = 0; status == PERCEPT_OK && i < comparison->count; i++) {
        status = recipe_format(comparison->records[i].recipe, key->name, &values[i], error);
        cells[i + 1] = values[i];
    }
    if (status == PERCEPT_OK)
        page_table_row(page, cells);
    for (size_t i = 0; i < comparison->count; i++) {
        memory_free(values[i]);
        values[i] = NULL;
    }
    return status;
}

/* A row a key, a column a run. */
static percept_status write_settings(Page *page, const Comparison *comparison, percept_error *error)
{
    const char **cells = NULL;
    char **values = NULL;
    percept_status status = memory_allocate_zeroed(comparison->count + 1, sizeof *cells, "the settings", &cells, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(comparison->count, sizeof *values, "the settings", &values, error);
    if (status == PERCEPT_OK) {
        cells[0] = "setting";
        for (size_t i = 0; i < comparison->count; i++)
            cells[i + 1] = comparison->names[i];
        page_table_begin(page, "The settings in which the runs differ", cells, comparison->count + 1, NULL);
    }
    for (size_t k = 0; status == PERCEPT_OK && k < comparison->key_count; k++)
        status = write_key(page, comparison, comparison->keys[k], cells, values, error);
    page_table_end(page);
    memory_free(cells);
    memory_free(values);
    return status;
}

static percept_status write_tables(Page *page, const Comparison *comparison, percept_error *error)
{
    size_t unfinished = 0;
    for (size_t i = 0; i < comparison->count; i++)
        unfinished += !comparison->records[i].finished;
    if (unfinished > 0)
        page_notice(page, PAGE_PLAIN,
                    "Not all of these runs are finished; an unfinished one has the metrics of its last epoch.");
    if (comparison->key_count == 0)
        page_text(page, "The runs do not differ in any setting that a result depends on.");
    percept_status status = write_figures(page, comparison, error);
    if (status == PERCEPT_OK && comparison->key_count > key_columns(comparison))
        status = write_settings(page, comparison, error);
    return status;
}

static percept_status write_pictures(Page *page, const Comparison *comparison, const char *plots, percept_error *error)
{
    Drawn drawn = {0};
    percept_status status =
        draw_comparison(comparison->records, comparison->names, comparison->count, plots, &drawn, error);
    if (drawn.curves)
        page_picture(page, plots, "comparison-curves", "Learning curves of the runs over each other");
    if (drawn.errors)
        page_picture(page, plots, "comparison-errors", "Errors and losses against the setting that was varied");
    return status;
}

percept_status report_comparison(Page *page, const char *const *folders, size_t count, const char *plots,
                                 percept_error *error)
{
    Comparison comparison = {0};
    percept_status status =
        memory_allocate_zeroed(count, sizeof *comparison.records, "the runs", &comparison.records, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(count, sizeof *comparison.names, "the runs", &comparison.names, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        status = record_open(folders[i], &comparison.records[i], error);
        if (status == PERCEPT_OK) {
            comparison.count++;
            status = file_last_name(folders[i], &comparison.names[i], error);
        }
    }
    if (status == PERCEPT_OK)
        status = find_columns(&comparison, error);
    if (status == PERCEPT_OK)
        status = write_tables(page, &comparison, error);
    if (status == PERCEPT_OK && plots != NULL)
        status = write_pictures(page, &comparison, plots, error);
    for (size_t i = 0; i < comparison.count; i++) {
        record_close(&comparison.records[i]);
        memory_free(comparison.names[i]);
    }
    memory_free(comparison.records);
    memory_free(comparison.names);
    return status;
}
