#include "study/draws.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "formula/expression.h"

/* The most numbers that an array has. */
#define MOST_VALUES 1000000

/* ---- Rules ------------------------------------------------------------------------------------------------------- */

static void draw_uniform(RandomStream *stream, double low, double high, double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = random_uniform(stream, low, high);
}

static void draw_normal(RandomStream *stream, double mean, double deviation, double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = random_normal(stream, mean, deviation);
}

static void draw_integers(RandomStream *stream, double low, double high, double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t drawn = 0;
        random_integers(stream, (int64_t)low, (int64_t)high, &drawn, 1);
        values[i] = (double)drawn;
    }
}

static const DrawRule rules[] = {
    {"uniform", draw_uniform, false},
    {"normal", draw_normal, false},
    {"integers", draw_integers, true},
};

const DrawRule *draw_rule_find(const char *name)
{
    for (size_t r = 0; r < sizeof rules / sizeof rules[0]; r++)
        if (strcmp(rules[r].name, name) == 0)
            return &rules[r];
    return NULL;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* What an array's mapping says. */
typedef struct Entry {
    const yaml_node_t *node;
    FieldTexts bounds[sizeof rules / sizeof rules[0]]; /* of each rule; count 0: not this one */
    FieldTexts values;
    FieldNumbers shape;
    double generator; /* below 0: none of its own */
} Entry;

static percept_status read_entry(const FieldSource *source, const yaml_node_t *node, Entry *out, percept_error *error)
{
    *out = (Entry){.node = node, .generator = -1};
    const Field fields[] = {
        {rules[0].name, &out->bounds[0], FIELD_TEXTS, false}, {rules[1].name, &out->bounds[1], FIELD_TEXTS, false},
        {rules[2].name, &out->bounds[2], FIELD_TEXTS, false}, {"values", &out->values, FIELD_TEXTS, false},
        {"shape", &out->shape, FIELD_NUMBERS, false},         {"generator", &out->generator, FIELD_NUMBER, false},
    };
    return fields_read(source, node, fields, sizeof fields / sizeof fields[0], error);
}

/* A number that may be a formula. */
static percept_status compute(const FieldSource *source, const yaml_node_t *node, const char *text, double *out,
                              percept_error *error)
{
    Expression *formula = NULL;
    percept_error told;
    *out = NAN;
    percept_status status = expression_create(text, NULL, 0, &formula, &told);
    if (status == PERCEPT_OK)
        *out = expression_value(formula, NULL);
    else
        return fields_refuse(source, node, error, "%.200s", told.message);
    expression_free(formula);
    if (isfinite(*out))
        return PERCEPT_OK;
    return fields_refuse(source, node, error, "'%.100s' is not finite", text);
}

/* Rows and columns; a single number gives one row. */
static percept_status read_shape(const FieldSource *source, const Entry *entry, size_t fallback, DrawnArray *array,
                                 percept_error *error)
{
    const double *shape = entry->shape.items;
    const size_t count = entry->shape.count;
    const double rows = count == 2 ? shape[0] : 1, columns = count > 0 ? shape[count - 1] : (double)fallback;
    if (count > 2 || !(rows >= 1 && columns >= 1 && rows * columns <= MOST_VALUES) || rows != floor(rows) ||
        columns != floor(columns))
        return fields_refuse(source, entry->node, error,
                             "shape: expected one whole number or two, and up to %d values in all", MOST_VALUES);
    array->rows = (size_t)rows;
    array->columns = (size_t)columns;
    return PERCEPT_OK;
}

static percept_status draw_entry(const FieldSource *source, const Entry *entry, const DrawRule *rule,
                                 const FieldTexts *bounds, RandomStream *stream, DrawnArray *array,
                                 percept_error *error)
{
    static const double most = 4503599627370496; /* 2^52 */
    double a = 0, b = 0;
    if (bounds->count != 2)
        return fields_refuse(source, entry->node, error, "%s: expected two numbers", rule->name);
    percept_status status = compute(source, entry->node, bounds->items[0], &a, error);
    if (status == PERCEPT_OK)
        status = compute(source, entry->node, bounds->items[1], &b, error);
    if (status == PERCEPT_OK && rule->whole && !(a == floor(a) && b == floor(b) && a < b && -most < a && b < most))
        status = fields_refuse(source, entry->node, error, "%s: expected two whole numbers, the first below the second",
                               rule->name);
    if (status == PERCEPT_OK)
        rule->draw(stream, a, b, array->values, array->rows * array->columns);
    return status;
}

static percept_status fill_array(const FieldSource *source, const Entry *entry, RandomStream *stream, DrawnArray *array,
                                 percept_error *error)
{
    const size_t rule_count = sizeof rules / sizeof rules[0];
    size_t ways = entry->values.count > 0, rule = rule_count;
    for (size_t r = 0; r < rule_count; r++)
        if (entry->bounds[r].count > 0) {
            rule = r;
            ways++;
        }
    if (ways != 1)
        return fields_refuse(source, entry->node, error, "'%s': expected one of uniform, normal, integers and values",
                             array->name);
    percept_status status = read_shape(source, entry, rule == rule_count ? entry->values.count : 1, array, error);
    if (status != PERCEPT_OK)
        return status;
    const size_t count = array->rows * array->columns;
    if (rule == rule_count && count != entry->values.count)
        return fields_refuse(source, entry->node, error, "'%s': its shape has %zu values, but there are %zu",
                             array->name, count, entry->values.count);
    status = memory_allocate(count, sizeof *array->values, "an array", &array->values, error);
    if (status != PERCEPT_OK)
        return status;
    if (rule < rule_count)
        return draw_entry(source, entry, &rules[rule], &entry->bounds[rule], stream, array, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++)
        status = compute(source, entry->node, entry->values.items[i], &array->values[i], error);
    return status;
}

/* An array that has its name already. Values that were had are the caller's, also on failure. */
static percept_status read_values(const FieldSource *source, const yaml_node_t *node, RandomStream *stream,
                                  DrawnArray *out, percept_error *error)
{
    static const double most = 9007199254740992; /* 2^53 */
    Entry entry;
    percept_status status = read_entry(source, node, &entry, error);
    if (status != PERCEPT_OK)
        return status;
    if (entry.generator >= 0 && entry.generator < most && entry.generator == floor(entry.generator))
        random_default_rng(stream, (uint64_t)entry.generator);
    else if (entry.generator != -1)
        return fields_refuse(source, node, error, "generator: expected a whole number");
    return fill_array(source, &entry, stream, out, error);
}

static percept_status read_array(const FieldSource *source, const yaml_node_t *key, const yaml_node_t *node,
                                 RandomStream *stream, Draws *out, percept_error *error)
{
    if (key->type != YAML_SCALAR_NODE || key->data.scalar.length == 0)
        return fields_refuse(source, key, error, "expected the name of an array");
    const char *name = (const char *)key->data.scalar.value;
    if (draws_find(out, name) != NULL)
        return fields_refuse(source, key, error, "'%.64s' is drawn twice; call one of them otherwise", name);
    if (out->count == DRAWS_MOST)
        return fields_refuse(source, key, error, "more than %d arrays", DRAWS_MOST);
    DrawnArray *array = &out->arrays[out->count++]; /* to be released even if it fails */
    *array = (DrawnArray){.name = name};
    return read_values(source, node, stream, array, error);
}

percept_status draws_read_one(const FieldSource *source, const yaml_node_t *node, uint64_t generator, DrawnArray *out,
                              percept_error *error)
{
    RandomStream stream;
    random_default_rng(&stream, generator);
    return read_values(source, node, &stream, out, error);
}

percept_status draws_read(const FieldSource *source, const yaml_node_t *node, uint64_t generator, Draws *out,
                          percept_error *error)
{
    RandomStream stream;
    percept_status status = PERCEPT_OK;
    *out = (Draws){0};
    random_default_rng(&stream, generator);
    if (node->type != YAML_MAPPING_NODE)
        return fields_refuse(source, node, error, "draw: expected arrays, such as 'x: {uniform: [0, 1], shape: 5}'");
    const yaml_node_pair_t *end = node->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; status == PERCEPT_OK && pair < end; pair++)
        status = read_array(source, yaml_document_get_node(source->document, pair->key),
                            yaml_document_get_node(source->document, pair->value), &stream, out, error);
    if (status != PERCEPT_OK)
        draws_clear(out);
    return status;
}

void draws_clear(Draws *draws)
{
    for (size_t i = 0; i < draws->count; i++)
        memory_free(draws->arrays[i].values);
    *draws = (Draws){0};
}

const DrawnArray *draws_find(const Draws *draws, const char *name)
{
    for (size_t i = 0; i < draws->count; i++)
        if (strcmp(draws->arrays[i].name, name) == 0)
            return &draws->arrays[i];
    return NULL;
}
