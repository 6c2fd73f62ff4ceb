/* How an answer depends on single columns: partial dependence in front of the lines of some rows
 * (explain/dependence.h). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "explain/dependence.h"
#include "plot/profiles.h"
#include "show/explained.h"
#include "show/kinds.h"

/* Panels; values of a number, and of a category or a date; rows whose own lines are drawn; rows. */
#define PANELS 6
#define PLACES 24
#define NAMED 10
#define LINES 40
#define LEAST_ROWS 100
#define MOST_ROWS 500

/* Marks at the axis: deciles of the column's values. */
#define MARKS 9

typedef struct Profile {
    ExplainDependence dependence;
    double places[EXPLAIN_PLACES_MOST], mean[EXPLAIN_PLACES_MOST], marks[MARKS];
    size_t mark_count;
    double *lines; /* LINES × places */
    const char *names[EXPLAIN_PLACES_MOST];
    char texts[EXPLAIN_PLACES_MOST][EXPLAIN_VALUE_SIZE];
} Profile;

static int smaller_first(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Categories, dates and booleans have texts for their values; other numbers stand at their places. */
static bool has_names(const ShowExplained *explained, size_t column)
{
    const Schema *schema = &explained->run->model->schema;
    return schema->kinds != NULL &&
           schema->kinds[explain_column_feature(&explained->subject.columns, column)] != FEATURE_NUMBER;
}

/* The deciles of the column's values that rows have; of few values none, since each is a place. */
static percept_status find_marks(const ShowExplained *explained, Profile *profile, percept_error *error)
{
    const ExplainRows *rows = &explained->rows;
    const size_t feature = explain_column_feature(&explained->subject.columns, profile->dependence.column);
    double *values = NULL;
    size_t count = 0;
    if (profile->dependence.all || has_names(explained, profile->dependence.column))
        return PERCEPT_OK;
    percept_status status = memory_allocate(rows->count, sizeof *values, "a column", &values, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t i = 0; i < rows->count; i++) {
        const double value = rows->features[i * rows->inputs + feature];
        if (!isnan(value))
            values[count++] = value;
    }
    qsort(values, count, sizeof *values, smaller_first);
    for (size_t m = 0; m < MARKS; m++)
        profile->marks[m] = values[(m + 1) * (count - 1) / (MARKS + 1)];
    profile->mark_count = MARKS;
    memory_free(values);
    return PERCEPT_OK;
}

static percept_status take_profile(ShowExplained *explained, size_t column, Profile *profile, percept_error *error)
{
    const Schema *schema = &explained->run->model->schema;
    const size_t places = has_names(explained, column) ? NAMED : PLACES;
    const size_t outputs = explained->subject.outputs, output = explained->output;
    const size_t lines = explained->rows.count < LINES ? explained->rows.count : LINES;
    ExplainDependence *dependence = &profile->dependence;
    percept_status status =
        explain_dependence(&explained->subject, &explained->rows, column, places, dependence, error);
    if (status == PERCEPT_OK)
        status =
            memory_allocate(lines * dependence->count, sizeof *profile->lines, "a picture", &profile->lines, error);
    for (size_t p = 0; status == PERCEPT_OK && p < dependence->count; p++) {
        profile->mean[p] = dependence->mean[p * outputs + output];
        profile->places[p] = has_names(explained, column) ? (double)p : dependence->places[p];
        explain_column_text(schema, &explained->subject.columns, column,
                            explained->rows.features + dependence->rows[p] * explained->rows.inputs, profile->texts[p]);
        if (schema_is_date(schema, explain_column_feature(&explained->subject.columns, column)))
            profile->texts[p][strcspn(profile->texts[p], " ")] = '\0'; /* the day alone, which is far from the next */
        profile->names[p] = profile->texts[p];
        for (size_t l = 0; l < lines; l++) { /* rows far apart, in their order */
            const size_t row = l * explained->rows.count / lines;
            profile->lines[l * dependence->count + p] =
                dependence->individual[(row * dependence->count + p) * outputs + output];
        }
    }
    return status == PERCEPT_OK ? find_marks(explained, profile, error) : status;
}

static percept_status draw(const ShowExplained *explained, const Profile *profiles, size_t count,
                           const ShowOptions *options, const char *folder, const char *name, percept_error *error)
{
    ProfilesPanel panels[PANELS];
    char output[SHOW_OUTPUT_SIZE], label[SHOW_OUTPUT_SIZE + 32], mean[64];
    const size_t rows = explained->rows.count, lines = rows < LINES ? rows : LINES;
    bool marks = false;
    for (size_t p = 0; p < count; p++) {
        const Profile *profile = &profiles[p];
        panels[p] = (ProfilesPanel){.name = explained->subject.columns.names[profile->dependence.column],
                                    .count = profile->dependence.count,
                                    .places = profile->places,
                                    .names = has_names(explained, profile->dependence.column) ? profile->names : NULL,
                                    .mean = profile->mean,
                                    .lines = profile->lines,
                                    .marks = profile->marks,
                                    .mark_count = profile->mark_count};
        marks = marks || profile->mark_count > 0;
    }
    show_output_name(explained, output);
    snprintf(label, sizeof label, "How %s depends on single columns", output);
    snprintf(mean, sizeof mean, "mean over %s rows", text_count(rows).text);
    const ProfilesPicture picture = {.title = options->title != NULL ? options->title : label,
                                     .y_label = output,
                                     .mean_words = mean,
                                     .line_words = "single rows",
                                     .mark_words = marks ? "deciles of the rows" : NULL,
                                     .line_count = lines,
                                     .panels = panels,
                                     .panel_count = count};
    return plot_profiles(folder, name, &picture, error);
}

percept_status show_dependence(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                               const char *name, percept_error *error)
{
    ShowExplained explained = {0};
    Profile *profiles = NULL;
    size_t columns[PANELS], column_count = 0;
    (void)count;
    percept_status status = show_explained_open(&runs[0], options, PLACES, LEAST_ROWS, MOST_ROWS, &explained, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(PANELS, sizeof *profiles, "a picture", &profiles, error);
    if (status == PERCEPT_OK)
        status = show_columns(&explained, options, PANELS, columns, &column_count, error);
    for (size_t c = 0; status == PERCEPT_OK && c < column_count; c++)
        status = take_profile(&explained, columns[c], &profiles[c], error);
    if (status == PERCEPT_OK)
        status = draw(&explained, profiles, column_count, options, folder, name, error);
    for (size_t c = 0; profiles != NULL && c < PANELS; c++) {
        explain_dependence_clear(&profiles[c].dependence);
        memory_free(profiles[c].lines);
    }
    memory_free(profiles);
    show_explained_close(&explained);
    return status;
}
