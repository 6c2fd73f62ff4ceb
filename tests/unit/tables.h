/* Tables from the arrays of a program, for tests. */
#ifndef TESTS_TABLES_H
#define TESTS_TABLES_H

#include <stdio.h>
#include <string.h>

#include "in_scratch.h"

static inline void refuse(percept_status status, const percept_error *error, const char *words)
{
    assert_int_equal(status, PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(error->status, PERCEPT_ERROR_ARGUMENT);
    if (strstr(error->message, words) == NULL)
        fail_msg("'%s' lacks '%s'", error->message, words);
    assert_true(strlen(error->message) <= 200);
}

static inline percept_column column(const char *name, percept_column_kind kind, percept_type type, const void *values)
{
    return (percept_column){
        .struct_size = sizeof(percept_column), .name = name, .kind = kind, .type = type, .values = values};
}

static inline void add(percept_table *table, const char *name, percept_column_kind kind, percept_type type,
                       const void *values)
{
    const percept_column added = column(name, kind, type, values);
    assert_ok(percept_table_add_column(table, &added, error));
}

static inline percept_table *make_table(size_t count)
{
    percept_table *table = NULL;
    assert_ok(percept_table_create(count, &table, error));
    return table;
}

static inline percept_dataset *finish(percept_table *table)
{
    percept_dataset *dataset = NULL;
    assert_ok(percept_table_finish(table, &dataset, error));
    percept_table_free(table);
    return dataset;
}

static inline double feature(const percept_dataset *dataset, size_t i, size_t j)
{
    double row[16];
    percept_dataset_features(dataset, i, row);
    return row[j];
}

static inline void check_feature(const percept_dataset *dataset, size_t j, const double *values)
{
    for (size_t i = 0; i < percept_dataset_count(dataset); i++)
        if (feature(dataset, i, j) != values[i] && !(isnan(values[i]) && isnan(feature(dataset, i, j))))
            fail_msg("row %zu, feature %zu: %g, not %g", i, j, feature(dataset, i, j), values[i]);
}

#define FEATURE(dataset, j, ...) check_feature(dataset, j, (const double[]){__VA_ARGS__})

static inline percept_recipe *parse(const char *yaml)
{
    percept_recipe *recipe = NULL;
    assert_ok(percept_recipe_parse(yaml, &recipe, error));
    return recipe;
}

#define MANY 60

/* Rows of a table: a town, two numbers of which one may be missing, a flag, a kind, and the class. */
typedef struct Rows {
    size_t count;
    const char *town[MANY], *kind[MANY], *label[MANY];
    double x[MANY], y[MANY];
    uint8_t flag[MANY];
} Rows;

static inline void fill_rows(Rows *rows, size_t first, size_t count)
{
    static const char *const town_names[] = {"rome", "oslo", "lima", "bonn", "kyiv"};
    static const char *const kind_names[] = {"b", "a"};
    rows->count = count;
    for (size_t i = 0; i < count; i++) {
        const size_t n = first + i;
        rows->town[i] = n % 11 == 3 ? NULL : town_names[n * 7 % 5];
        rows->kind[i] = kind_names[n * n % 3 % 2];
        rows->x[i] = n % 13 == 5 ? (double)NAN : (double)(n * 37 % 101) / 4;
        rows->y[i] = (double)(n * 53 % 97);
        rows->flag[i] = (uint8_t)(n % 4 == 1);
        rows->label[i] = n * 7 % 5 < 2 || n % 4 == 1 ? "yes" : "no";
    }
}

#endif
