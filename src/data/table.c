#include "data/table.h"

#include <float.h>
#include <math.h>

#include "base/memory.h"
#include "data/strided.h"

/* ---- Life ---------------------------------------------------------------------------------------------------------- */

percept_status percept_table_create(size_t count, percept_table **out, percept_error *error)
{
    if (out == NULL)
        return error_null(error, "percept_table_create", "out");
    if (count == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "a dataset of 0 examples holds nothing; give at least 1");
    if (count > UINT32_MAX)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%zu examples are more than the %u that a dataset can hold",
                         count, UINT32_MAX);
    percept_status status = memory_allocate_zeroed(1, sizeof **out, "a table", out, error);
    if (status == PERCEPT_OK)
        (*out)->count = count;
    return status;
}

void table_clear_columns(percept_table *table)
{
    memory_free(table->names);
    memory_free(table->kinds);
    table->names = NULL;
    table->kinds = NULL;
}

static void clear_features(percept_table *table)
{
    if (table->release != NULL)
        table->release(table->user);
    memory_free(table->block);
    table->block = NULL;
    table->borrowed = NULL;
    table->in_range = false;
    table->release = NULL;
    table->width = 0;
    table_clear_columns(table);
}

void table_clear_answers(percept_table *table)
{
    answers_clear(&table->answers);
    memory_free(table->target_names);
    table->target_names = NULL;
}

void table_empty(percept_table *table)
{
    clear_features(table);
    table_clear_answers(table);
    for (size_t c = 0; c < table->added_count; c++) {
        memory_free(table->added[c].name);
        memory_free(table->added[c].values);
        label_table_clear(&table->added[c].texts);
    }
    memory_free(table->added);
    memory_free(table->weights);
    memory_free(table->groups);
    memory_free(table->times);
    *table = (percept_table){.count = table->count};
}

void percept_table_free(percept_table *table)
{
    if (table == NULL)
        return;
    table_empty(table);
    memory_free(table);
}

/* ---- Features ------------------------------------------------------------------------------------------------------ */

static percept_status check_features(const Strided *array, percept_error *error)
{
    size_t bytes = 0;
    if (storage_item_size(array->type) == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "features of type %d; give PERCEPT_UINT8, PERCEPT_FLOAT32 or PERCEPT_FLOAT64",
                         (int)array->type);
    if (array->columns == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "a dataset of %zu examples with 0 features holds nothing; give a width of at least 1",
                         array->rows);
    if (__builtin_mul_overflow(array->rows, array->columns, &bytes) ||
        __builtin_mul_overflow(bytes, sizeof(double), &bytes) || bytes > PTRDIFF_MAX)
        return error_set(error, PERCEPT_ERROR_MEMORY, "%zu examples of %zu features are more than can be addressed",
                         array->rows, array->columns);
    return PERCEPT_OK;
}

/* Whether all numbers, which have no gaps between them, are finite and within the range of float32. A loop for each type,
 * which compilers turn into vectors. */
static bool all_in_range(const Strided *array)
{
    const size_t count = array->rows * array->columns;
    const float *small = array->values;
    const double *large = array->values;
    size_t outside = 0;
    if (array->type == PERCEPT_UINT8)
        return true;
    if ((uintptr_t)array->values % strided_item_size(array->type) != 0)
        return false;
    if (array->type == PERCEPT_FLOAT32)
        for (size_t k = 0; k < count; k++)
            outside += fabsf(small[k]) <= FLT_MAX ? 0 : 1;
    else
        for (size_t k = 0; k < count; k++)
            outside += fabs(large[k]) <= (double)FLT_MAX ? 0 : 1;
    return outside == 0;
}

/* How many features are missing. */
static size_t count_missing(const Strided *array)
{
    size_t missing = 0;
    for (size_t i = 0; array->type != PERCEPT_UINT8 && i < array->rows; i++)
        for (size_t j = 0; j < array->columns; j++)
            missing += isnan(strided_at(array, i, j)) ? 1 : 0;
    return missing;
}

static percept_status take_copy(percept_table *table, const Strided *array, percept_error *error)
{
    void *block = NULL;
    percept_status status =
        memory_allocate(array->rows * array->columns, strided_item_size(array->type), "the features", &block, error);
    if (status != PERCEPT_OK)
        return status;
    strided_copy(array, block);
    clear_features(table);
    table->block = block;
    table->type = array->type;
    table->width = array->columns;
    return PERCEPT_OK;
}

percept_status percept_table_set_features(percept_table *table, percept_type type, const void *values, size_t width,
                                          ptrdiff_t row_stride, ptrdiff_t column_stride, percept_error *error)
{
    if (table == NULL || values == NULL)
        return error_null(error, "percept_table_set_features", "table and values");
    Strided array = {values, type, table->count, width, row_stride, column_stride};
    strided_complete(&array);
    percept_status status = check_features(&array, error);
    return status == PERCEPT_OK ? take_copy(table, &array, error) : status;
}

percept_status percept_table_borrow_features(percept_table *table, percept_type type, const void *values, size_t width,
                                             ptrdiff_t row_stride, ptrdiff_t column_stride, void (*release)(void *user),
                                             void *user, percept_error *error)
{
    if (table == NULL || values == NULL)
        return error_null(error, "percept_table_borrow_features", "table and values");
    Strided array = {values, type, table->count, width, row_stride, column_stride};
    strided_complete(&array);
    percept_status status = check_features(&array, error);
    if (status != PERCEPT_OK)
        return status;
    const bool in_range = strided_is_dense(&array) && all_in_range(&array);
    if (!in_range && (!strided_is_dense(&array) || count_missing(&array) > 0)) {
        status = take_copy(table, &array, error);
        if (status == PERCEPT_OK && release != NULL)
            release(user);
        return status;
    }
    clear_features(table);
    table->borrowed = values;
    table->in_range = in_range;
    table->release = release;
    table->user = user;
    table->type = type;
    table->width = width;
    return PERCEPT_OK;
}
