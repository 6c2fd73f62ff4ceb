/* What a table holds beside the features: names of columns, labels, targets, weights. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quote.h"
#include "data/table.h"

percept_status table_refuse(percept_status status, percept_error *error)
{
    if (status != PERCEPT_ERROR_FORMAT)
        return status;
    if (error != NULL)
        error->status = PERCEPT_ERROR_ARGUMENT;
    return PERCEPT_ERROR_ARGUMENT;
}

static percept_status check_all_named(const char *const *names, size_t count, const char *what, percept_error *error)
{
    for (size_t j = 0; j < count; j++)
        if (names[j] == NULL || names[j][0] == '\0')
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s %zu of %zu has no name", what, j + 1, count);
        else if (!text_is_utf8(names[j]))
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "the name of %s %zu of %zu is not UTF-8", what, j + 1,
                             count);
    return PERCEPT_OK;
}

/* ---- Columns ------------------------------------------------------------------------------------------------------- */

static percept_status copy_kinds(const percept_column_kind *kinds, size_t count, FeatureKind **out,
                                 percept_error *error)
{
    percept_status status = memory_allocate(count, sizeof **out, "the kinds of the columns", out, error);
    for (size_t j = 0; status == PERCEPT_OK && j < count; j++) {
        if (kinds[j] != PERCEPT_NUMBER && kinds[j] != PERCEPT_BOOLEAN)
            status =
                error_set(error, PERCEPT_ERROR_ARGUMENT,
                          "column %zu has kind %d; give PERCEPT_NUMBER or PERCEPT_BOOLEAN, and add categories with "
                          "percept_table_add_column",
                          j + 1, (int)kinds[j]);
        (*out)[j] = kinds[j] == PERCEPT_BOOLEAN ? FEATURE_BOOLEAN : FEATURE_NUMBER;
    }
    return status;
}

percept_status percept_table_set_columns(percept_table *table, const char *const *names,
                                         const percept_column_kind *kinds, percept_error *error)
{
    char **copy = NULL;
    FeatureKind *kinds_copy = NULL;
    char quoted[QUOTED_SIZE];
    if (table == NULL || names == NULL)
        return error_null(error, "percept_table_set_columns", "table and names");
    if (table->width == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "a table has columns once its features are set; set them first");
    percept_status status = check_all_named(names, table->width, "column", error);
    for (size_t c = 0; status == PERCEPT_OK && c < table->added_count; c++)
        for (size_t j = 0; status == PERCEPT_OK && j < table->width; j++)
            if (strcmp(names[j], table->added[c].name) == 0)
                status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                                   "the table has two columns %s; give each a name of its own",
                                   quote_text(names[j], quoted));
    if (status == PERCEPT_OK)
        status = names_copy(names, table->width, &copy, error);
    if (status == PERCEPT_OK && kinds != NULL)
        status = copy_kinds(kinds, table->width, &kinds_copy, error);
    if (status != PERCEPT_OK) {
        memory_free(copy);
        memory_free(kinds_copy);
        return status;
    }
    table_clear_columns(table);
    table->names = copy;
    table->kinds = kinds_copy;
    return PERCEPT_OK;
}

/* ---- Labels, targets, weights ---------------------------------------------------------------------------------------- */

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Classes are identified by their names. */
static percept_status check_class_names(const char *const *names, size_t count, percept_error *error)
{
    const char **sorted = NULL;
    char quoted[QUOTED_SIZE];
    for (size_t k = 0; k < count; k++)
        if (names[k] == NULL)
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "class %zu has no name", k);
        else if (!text_is_utf8(names[k]))
            return error_set(error, PERCEPT_ERROR_ARGUMENT, "the name of class %zu is not UTF-8", k);
    percept_status status = memory_allocate(count, sizeof *sorted, "the class names", &sorted, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(sorted, names, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (size_t k = 1; status == PERCEPT_OK && k < count; k++)
        if (strcmp(sorted[k - 1], sorted[k]) == 0)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT, "two classes are called %s; give each a name of its own",
                               quote_text(sorted[k], quoted));
    memory_free(sorted);
    return status;
}

/* All numbers of an array as float64; *out is released with memory_free. */
static percept_status widen(const Strided *array, const char *what, double **out, percept_error *error)
{
    size_t count = 0;
    if (!strided_holds_numbers(array->type))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s of type %d, which is no type of numbers", what,
                         (int)array->type);
    if (__builtin_mul_overflow(array->rows, array->columns, &count))
        count = SIZE_MAX;
    percept_status status = memory_allocate(count, sizeof **out, what, out, error);
    if (status == PERCEPT_OK)
        strided_widen(array, *out);
    return status;
}

static percept_status check_label_type(const Strided *array, percept_error *error)
{
    if (!strided_holds_integers(array->type))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "labels of type %d; give PERCEPT_TEXT or a type of integers, or set targets",
                         (int)array->type);
    for (size_t i = 0; i < array->rows; i++) {
        const int64_t label = strided_integer(array, i, 0);
        if (label > ((int64_t)1 << 53) || label < -((int64_t)1 << 53))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "labels, row %zu: %lld is beyond 2^53; number the classes from 0", i + 1,
                             (long long)label);
    }
    return PERCEPT_OK;
}

static percept_status integer_labels(const Strided *array, size_t class_count, Answers *out, percept_error *error)
{
    double *numbers = NULL;
    percept_status status = check_label_type(array, error);
    if (status == PERCEPT_OK)
        status = widen(array, "the labels", &numbers, error);
    if (status != PERCEPT_OK)
        return status;
    const AnswersWanted wanted = {.class_count = class_count, .source = "labels"};
    return table_refuse(answers_decide(numbers, array->rows, 1, &wanted, out, error), error);
}

percept_status percept_table_set_labels(percept_table *table, percept_type type, const void *values, ptrdiff_t stride,
                                        size_t class_count, const char *const *class_names, percept_error *error)
{
    Answers answers = {0};
    if (table == NULL || values == NULL)
        return error_null(error, "percept_table_set_labels", "table and values");
    if (class_count == 0 && class_names != NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "class names for 0 classes; give class_count too");
    if (class_count > INT32_MAX)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu classes are more than labels can number", class_count);
    Strided array = {values, type, table->count, 1, stride, 0};
    strided_complete(&array);
    percept_status status = class_names != NULL ? check_class_names(class_names, class_count, error) : PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = type == PERCEPT_TEXT ? table_text_labels(&array, class_count, class_names, &answers, error)
                                      : integer_labels(&array, class_count, &answers, error);
    if (status == PERCEPT_OK && answers.class_names == NULL && class_names != NULL)
        status = class_names_copy(class_names, class_count, &answers.class_names, error);
    if (status != PERCEPT_OK) {
        answers_clear(&answers);
        return status;
    }
    table_clear_answers(table);
    table->answers = answers;
    return PERCEPT_OK;
}

/* Refuses what is missing; what is infinite is refused when the dataset is made. */
static percept_status check_present(const double *values, size_t count, size_t width, const char *what,
                                    percept_error *error)
{
    for (size_t p = 0; p < count * width; p++)
        if (isnan(values[p]))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "%s, row %zu, column %zu: the value is NaN; leave out examples without it", what,
                             p / width + 1, p % width + 1);
    return PERCEPT_OK;
}

percept_status percept_table_set_targets(percept_table *table, percept_type type, const void *values, size_t width,
                                         ptrdiff_t row_stride, ptrdiff_t column_stride, const char *const *names,
                                         percept_error *error)
{
    double *numbers = NULL;
    char **copy = NULL;
    if (table == NULL || values == NULL)
        return error_null(error, "percept_table_set_targets", "table and values");
    if (width == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "0 targets; give a width of at least 1");
    Strided array = {values, type, table->count, width, row_stride, column_stride};
    strided_complete(&array);
    percept_status status = names != NULL ? check_all_named(names, width, "target", error) : PERCEPT_OK;
    if (status == PERCEPT_OK)
        status = widen(&array, "the targets", &numbers, error);
    if (status == PERCEPT_OK)
        status = check_present(numbers, table->count, width, "targets", error);
    if (status == PERCEPT_OK && names != NULL)
        status = names_copy(names, width, &copy, error);
    if (status != PERCEPT_OK) {
        memory_free(numbers);
        return status;
    }
    table_clear_answers(table);
    table->answers = (Answers){.count = table->count, .targets = numbers, .target_width = width};
    table->target_names = copy;
    return PERCEPT_OK;
}

percept_status percept_table_set_weights(percept_table *table, percept_type type, const void *values, ptrdiff_t stride,
                                         percept_error *error)
{
    double *numbers = NULL;
    if (table == NULL || values == NULL)
        return error_null(error, "percept_table_set_weights", "table and values");
    Strided array = {values, type, table->count, 1, stride, 0};
    strided_complete(&array);
    percept_status status = widen(&array, "the weights", &numbers, error);
    if (status == PERCEPT_OK)
        status = check_present(numbers, table->count, 1, "weights", error);
    for (size_t i = 0; status == PERCEPT_OK && i < table->count; i++)
        if (numbers[i] < 0)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT, "weights, row %zu: the weight %g is negative", i + 1,
                               numbers[i]);
    if (status != PERCEPT_OK) {
        memory_free(numbers);
        return status;
    }
    memory_free(table->weights);
    table->weights = numbers;
    return PERCEPT_OK;
}
