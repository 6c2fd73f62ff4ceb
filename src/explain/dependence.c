#include "explain/dependence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A value of the column: a row that has it, and how many do. */
typedef struct Place {
    double value;
    size_t row, count;
} Place;

/* NaN last. */
static int smaller_first(const void *left, const void *right)
{
    const Place *a = left, *b = right;
    if (isnan(a->value) || isnan(b->value))
        return isnan(a->value) - isnan(b->value);
    return a->value != b->value ? (a->value > b->value) - (a->value < b->value) : (a->row > b->row) - (a->row < b->row);
}

static int more_frequent_first(const void *left, const void *right)
{
    const Place *a = left, *b = right;
    return a->count != b->count ? (a->count < b->count) - (a->count > b->count) : smaller_first(left, right);
}

static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* Sorted places become one for each value; returns how many. */
static size_t join_equal(Place *places, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept > 0 && is_same(places[kept - 1].value, places[i].value))
            places[kept - 1].count++;
        else
            places[kept++] = places[i];
    return kept;
}

/* Of sorted values with their counts (`total` in all), the index of the one at a quantile. */
static size_t quantile(const Place *places, size_t count, size_t total, double share)
{
    size_t seen = 0, i = 0;
    while (i + 1 < count && (double)(seen += places[i].count) <= share * (double)total)
        i++;
    return i;
}

/* Keeps the values nearest to `most` equal steps from the 1st to the 99th percentile. */
static size_t keep_steps(Place *places, size_t count, size_t total, size_t most)
{
    const double low = places[quantile(places, count, total, 0.01)].value;
    const double high = places[quantile(places, count, total, 0.99)].value;
    size_t kept = 0, at = 0;
    for (size_t s = 0; s < most; s++) {
        const double wanted = low + (high - low) * (double)s / (double)(most - 1);
        while (at + 1 < count && fabs(places[at + 1].value - wanted) <= fabs(places[at].value - wanted))
            at++;
        if (kept == 0 || places[kept - 1].value < places[at].value) /* kept ≤ at: nothing ahead is overwritten */
            places[kept++] = places[at];
    }
    return kept;
}

/* The values to try, in *places. */
static size_t choose_places(const ExplainSubject *subject, const ExplainRows *rows, size_t c, size_t most,
                            Place *places, bool *all)
{
    const Schema *schema = &subject->model->schema;
    const bool category = schema_is_category(schema, explain_column_feature(&subject->columns, c));
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const double value = explain_column_key(schema, &subject->columns, c, rows->features + i * rows->inputs);
        if (category || !isnan(value))
            places[count++] = (Place){value, i, 1};
    }
    const size_t total = count;
    qsort(places, count, sizeof *places, smaller_first);
    count = join_equal(places, count);
    *all = count <= most;
    if (category) {
        qsort(places, count, sizeof *places, more_frequent_first);
        return *all ? count : most;
    }
    return *all ? count : keep_steps(places, count, total, most);
}

static percept_status make_room(const ExplainSubject *subject, size_t rows, ExplainDependence *dependence,
                                percept_error *error)
{
    const size_t count = dependence->count, outputs = subject->outputs;
    percept_status status = memory_allocate(count, sizeof *dependence->rows, "the values", &dependence->rows, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof(double), "the values", &dependence->places, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof(double), "the values", &dependence->shares, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(count, outputs * sizeof(double), "the outputs", &dependence->mean, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(rows * count, outputs * sizeof(double), "the outputs", &dependence->individual, error);
    return status;
}

/* The answers for all rows and places, a row of the data after the other. */
static percept_status predict_places(ExplainSubject *subject, const ExplainRows *rows, ExplainDependence *dependence,
                                     percept_error *error)
{
    const size_t inputs = subject->inputs, count = dependence->count, outputs = subject->outputs;
    const size_t at_once = 1 + percept_predictor_block(subject->predictor) / (count > 0 ? count : 1);
    double *features = NULL;
    percept_status status = memory_allocate(at_once * count, inputs * sizeof *features, "the rows", &features, error);
    for (size_t first = 0; status == PERCEPT_OK && first < rows->count; first += at_once) {
        const size_t some = rows->count - first < at_once ? rows->count - first : at_once;
        for (size_t i = 0; i < some * count; i++) {
            memcpy(features + i * inputs, rows->features + (first + i / count) * inputs, inputs * sizeof *features);
            explain_column_copy(&subject->columns, dependence->column,
                                rows->features + dependence->rows[i % count] * inputs, features + i * inputs);
        }
        explain_predict(subject, features, some * count, dependence->individual + first * count * outputs);
    }
    memory_free(features);
    for (size_t i = 0; status == PERCEPT_OK && i < rows->count * count * outputs; i++)
        dependence->mean[i % (count * outputs)] += dependence->individual[i] / (double)rows->count;
    return status;
}

percept_status explain_dependence(ExplainSubject *subject, const ExplainRows *rows, size_t c, size_t places,
                                  ExplainDependence *out, percept_error *error)
{
    const Schema *schema = &subject->model->schema;
    const size_t feature = explain_column_feature(&subject->columns, c);
    ExplainDependence dependence = {.column = c, .category = schema_is_category(schema, feature)};
    Place *list = NULL;
    percept_status status = memory_allocate(rows->count, sizeof *list, "the values", &list, error);
    if (status == PERCEPT_OK)
        dependence.count = choose_places(subject, rows, c, places < EXPLAIN_PLACES_MOST ? places : EXPLAIN_PLACES_MOST,
                                         list, &dependence.all);
    if (status == PERCEPT_OK && dependence.count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "column '%.60s' has no value in these rows",
                           subject->columns.names[c]);
    if (status == PERCEPT_OK)
        status = make_room(subject, rows->count, &dependence, error);
    for (size_t p = 0; status == PERCEPT_OK && p < dependence.count; p++) {
        dependence.rows[p] = list[p].row;
        dependence.places[p] = list[p].value;
        dependence.shares[p] = (double)list[p].count / (double)rows->count;
    }
    if (status == PERCEPT_OK)
        status = predict_places(subject, rows, &dependence, error);
    memory_free(list);
    if (status == PERCEPT_OK)
        *out = dependence;
    else
        explain_dependence_clear(&dependence);
    return status;
}

void explain_dependence_clear(ExplainDependence *dependence)
{
    memory_free(dependence->rows);
    memory_free(dependence->places);
    memory_free(dependence->shares);
    memory_free(dependence->individual);
    memory_free(dependence->mean);
    *dependence = (ExplainDependence){0};
}
