#include "store/filter.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"
#include "store/filter_value.h"
#include "store/predicate.h"

/* Room for a node, a comparison of one value or what joins two; and for each value of a list. */
#define NODE_SIZE (RUN_KEY_SQL_SIZE + 128)
#define VALUE_SIZE 8

typedef struct Writer {
    const Predicate *predicate;
    Filter *filter;
    size_t size, used;                    /* of filter->sql */
    size_t heights[PREDICATE_MOST_NODES]; /* of nodes: how many parentheses and NOT lie inside one another there */
    percept_error *error;
} Writer;

__attribute__((format(printf, 2, 3))) static void put(Writer *writer, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    const int length = vsnprintf(writer->filter->sql + writer->used, writer->size - writer->used, format, values);
    va_end(values);
    writer->used += (size_t)length;
}

/* ---- Comparisons -------------------------------------------------------------------------------------------------- */

/* What an operator becomes, with a key's SQL as the first value and the places of the first and last cell behind it: for
 * numbers that are measured, and for all else. */
static const struct {
    const char *real, *plain;
    bool order; /* of what has one */
} forms[] = {
    [PREDICATE_LESS] = {"coalesce(%1$s < ?%2$zu, 0)", "coalesce(%1$s < ?%2$zu, 0)", true},
    [PREDICATE_LESS_OR_EQUAL] = {"coalesce(%1$s <= ?%2$zu, 0)", "coalesce(%1$s <= ?%2$zu, 0)", true},
    [PREDICATE_GREATER] = {"coalesce(%1$s > ?%2$zu, 0)", "coalesce(%1$s > ?%2$zu, 0)", true},
    [PREDICATE_GREATER_OR_EQUAL] = {"coalesce(%1$s >= ?%2$zu, 0)", "coalesce(%1$s >= ?%2$zu, 0)", true},
    [PREDICATE_EQUAL] = {"coalesce(abs(%1$s - ?%2$zu) <= 1e-12 * abs(?%2$zu), 0)", "coalesce(%1$s = ?%2$zu, 0)", false},
    [PREDICATE_NOT_EQUAL] = {"coalesce(abs(%1$s - ?%2$zu) > 1e-12 * abs(?%2$zu), 0)", "coalesce(%1$s <> ?%2$zu, 0)",
                             false},
    [PREDICATE_CONTAINS] = {NULL, "coalesce(instr(lower(%1$s), lower(?%2$zu)) > 0, 0)", false},
    [PREDICATE_IN] = {"coalesce(%1$s BETWEEN ?%2$zu AND ?%3$zu, 0)", "coalesce(%1$s BETWEEN ?%2$zu AND ?%3$zu, 0)",
                      false},
};

/* Reads the values of a node into cells; *kind is what they are. */
static percept_status read_values(Writer *writer, const PredicateNode *node, FilterKind *kind)
{
    Filter *filter = writer->filter;
    percept_status status = PERCEPT_OK;
    for (size_t v = 0; v < node->value_count && status == PERCEPT_OK; v++) {
        const PredicateWord *value = &node->values[v];
        status = predicate_locate(writer->predicate, value,
                                  filter_value(node->name.text, value->text, node->comparison == PREDICATE_CONTAINS,
                                               &filter->cells[filter->count], kind, writer->error),
                                  writer->error);
        filter->count += status == PERCEPT_OK;
    }
    return status;
}

/* "coalesce(KEY IN (?3, ?4), 0)" */
static void put_list(Writer *writer, const char *key, size_t first)
{
    put(writer, "coalesce(%s IN (", key);
    for (size_t place = first; place <= writer->filter->count; place++)
        put(writer, "%s?%zu", place > first ? ", " : "", place);
    put(writer, "), 0)");
}

static percept_status put_comparison(Writer *writer, const PredicateNode *node)
{
    const size_t first = writer->filter->count + 1;
    const bool list = node->comparison == PREDICATE_IN;
    char key[RUN_KEY_SQL_SIZE];
    FilterKind kind = FILTER_TEXT;
    percept_status status = predicate_locate(writer->predicate, &node->name,
                                             run_key_sql(node->name.text, key, writer->error), writer->error);
    if (status == PERCEPT_OK)
        status = read_values(writer, node, &kind);
    if (status != PERCEPT_OK)
        return status;
    if (forms[node->comparison].order && kind == FILTER_TEXT)
        return predicate_refuse(writer->predicate, &node->sign,
                                "these values have no order; compare them with =, !=, ~ or in", writer->error);
    if (list && kind != FILTER_TEXT && node->value_count != 2)
        return predicate_refuse(writer->predicate, node->values,
                                "expected two numbers or times, the smallest and the largest", writer->error);
    if (list && kind == FILTER_TEXT) {
        put_list(writer, key, first);
        return PERCEPT_OK;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    put(writer, kind == FILTER_REAL ? forms[node->comparison].real : forms[node->comparison].plain, key, first,
        writer->filter->count);
#pragma GCC diagnostic pop
    return PERCEPT_OK;
}

/* ---- What joins them ----------------------------------------------------------------------------------------------- */

/* Whether a node inside one of another kind needs parentheses: OR binds less than AND, AND less than NOT. */
static bool is_grouped(PredicateKind kind, PredicateKind around)
{
    return kind == PREDICATE_OR ? around != PREDICATE_OR : kind == PREDICATE_AND && around == PREDICATE_NOT;
}

/* The height of a node inside one of another kind, parentheses included. */
static size_t height_inside(const Writer *writer, size_t index, PredicateKind around)
{
    return writer->heights[index] + is_grouped(writer->predicate->nodes[index].kind, around);
}

static void measure_heights(Writer *writer)
{
    for (size_t n = 0; n < writer->predicate->count; n++) {
        const PredicateNode *node = &writer->predicate->nodes[n];
        writer->heights[n] = 0;
        if (node->kind == PREDICATE_COMPARISON)
            continue;
        const size_t left = height_inside(writer, node->left, node->kind);
        const size_t right = node->kind == PREDICATE_NOT ? 0 : height_inside(writer, node->right, node->kind);
        writer->heights[n] = (left > right ? left : right) + (node->kind == PREDICATE_NOT);
    }
}

/* The higher of two that are joined comes first: SQLite's parser, which gives up at a hundred symbols that wait for their
 * end, has then read less when it comes to the innermost. */
static percept_status put_node(Writer *writer, size_t index, PredicateKind around)
{
    const PredicateNode *node = &writer->predicate->nodes[index];
    percept_status status = PERCEPT_OK;
    if (node->kind == PREDICATE_COMPARISON)
        return put_comparison(writer, node);
    if (is_grouped(node->kind, around))
        put(writer, "(");
    if (node->kind == PREDICATE_NOT) {
        put(writer, "NOT ");
        status = put_node(writer, node->left, node->kind);
    } else {
        const bool turned =
            height_inside(writer, node->right, node->kind) > height_inside(writer, node->left, node->kind);
        status = put_node(writer, turned ? node->right : node->left, node->kind);
        put(writer, node->kind == PREDICATE_AND ? " AND " : " OR ");
        if (status == PERCEPT_OK)
            status = put_node(writer, turned ? node->left : node->right, node->kind);
    }
    if (is_grouped(node->kind, around))
        put(writer, ")");
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

static percept_status write_sql(const Predicate *predicate, Filter *out, percept_error *error)
{
    Writer writer = {.predicate = predicate,
                     .filter = out,
                     .size = predicate->count * NODE_SIZE + predicate->value_count * VALUE_SIZE,
                     .error = error};
    percept_status status = memory_allocate(writer.size, 1, "a filter", &out->sql, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(predicate->value_count, sizeof *out->cells, "a filter", &out->cells, error);
    if (status != PERCEPT_OK)
        return status;
    measure_heights(&writer);
    return put_node(&writer, predicate->count - 1, PREDICATE_NOT);
}

percept_status filter_parse(const char *text, Filter *out, percept_error *error)
{
    Filter filter = {0};
    Predicate predicate = {0};
    percept_status status = predicate_read(text, "filter", "a column of runs or a key of recipes", &predicate, error);
    if (status == PERCEPT_OK)
        status = write_sql(&predicate, &filter, error);
    predicate_clear(&predicate);
    if (status == PERCEPT_OK)
        *out = filter;
    else
        filter_clear(&filter);
    return status;
}

void filter_clear(Filter *filter)
{
    for (size_t i = 0; i < filter->count; i++)
        if (filter->cells[i].type == CELL_TEXT)
            memory_free((void *)filter->cells[i].text);
    memory_free(filter->cells);
    memory_free(filter->sql);
    *filter = (Filter){0};
}
