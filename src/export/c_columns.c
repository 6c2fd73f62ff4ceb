#include "export/c_columns.h"

#include <math.h>
#include <stdio.h>

/* How raw column j becomes x: ((v - centre) · factor - rest), and what a missing one becomes. */
typedef struct Column {
    double centre, factor, rest, missing;
} Column;

/* In float32 the centre is the float next to the mean. What is lost of the mean is in `rest`, scaled already. */
static Column column_of(const CSource *source, size_t j)
{
    const Scaler *scaler = &source->model->scaler;
    const Schema *schema = &source->model->schema;
    const double divisor = scaler->divisor, deviation = scaler->deviation != NULL ? scaler->deviation[j] : 1;
    const double mean = scaler->mean != NULL ? scaler->mean[j] * divisor : 0;
    Column column = {.centre = source->wide ? mean : (double)(float)mean, .factor = 1 / (deviation * divisor)};
    column.rest = (mean - column.centre) * column.factor;
    if (schema_is_category(schema, j))
        column.missing = -1; /* no code: an unknown value */
    else if (schema->fills != NULL)
        column.missing = (schema->fills[j] - mean) * column.factor;
    if (fabs(column.missing) < 1e-12)
        column.missing = 0;
    return column;
}

/* What all columns have in common decides what is written. */
typedef struct Form {
    bool centred, scaled, rests; /* some centre is not 0, some factor not 1, some rest counts */
    bool same;                   /* centre, factor and rest of all columns are equal */
    bool fills, zeros;           /* missing values are replaced; by 0 in all columns */
} Form;

static Form form_of(const CSource *source, size_t width)
{
    const Schema *schema = &source->model->schema;
    const Column first = column_of(source, 0);
    Form form = {.same = true, .zeros = true, .fills = schema->fills != NULL || schema_categories(schema) > 0};
    for (size_t j = 0; j < width; j++) {
        const Column column = column_of(source, j);
        form.centred = form.centred || column.centre != 0;
        form.scaled = form.scaled || column.factor != 1;
        form.rests = form.rests || fabs(column.rest) > 3e-9;
        form.zeros = form.zeros && column.missing == 0;
        form.same =
            form.same && column.centre == first.centre && column.factor == first.factor && column.rest == first.rest;
    }
    return form;
}

#define LITERAL_SIZE (C_NUMBER_SIZE + 8)

typedef enum Part { CENTRE, FACTOR, REST, MISSING } Part;

static double part_of(Column column, Part part)
{
    const double parts[] = {column.centre, column.factor, column.rest, column.missing};
    return parts[part];
}

/* A factor that float does not hold keeps the digits of double, for features of that type. */
static const char *literal_of(const CSource *source, double value, Part part, char literal[LITERAL_SIZE])
{
    char number[C_NUMBER_SIZE];
    const bool whole = part == FACTOR && !source->wide && (double)(float)value != value;
    snprintf(literal, LITERAL_SIZE, whole ? "VALUE(%s)" : "%s", c_number(source->wide || whole, value, number));
    return literal;
}

/* A table of one number for each column. */
static void write_table(CSource *source, const char *name, Part part, size_t width)
{
    char literal[LITERAL_SIZE];
    if (part == FACTOR && !source->wide)
        c_put(&source->tables, "#define VALUE(x) ((%s_VALUE)(x))\n", source->upper);
    if (part == FACTOR)
        c_table_begin_of(source, source->value, source->wide ? 8 : 4, name, 1, width);
    else
        c_table_begin(source, name, 1, width);
    for (size_t j = 0; j < width; j++)
        c_table_literal(source, literal_of(source, part_of(column_of(source, j), part), part, literal));
    c_table_end(source);
    c_put(&source->tables, "\n");
}

/* A number of column j, as a table or, if all columns have the same, as a literal. */
static void put_part(CSource *source, CText *out, const char *name, Part part, size_t width, bool same)
{
    char number[C_NUMBER_SIZE];
    const double value = part_of(column_of(source, 0), part);
    if (same && part == FACTOR && !source->wide)
        c_put(out, "(%s)%s", source->value, c_number(true, value, number));
    else if (same)
        c_put(out, "%s", c_number(source->wide, value, number));
    if (same)
        return;
    write_table(source, name, part, width);
    c_put(out, "%s[j]", name);
}

/* "(v - mean[j]) * factor[j]" */
static void put_scaled(CSource *source, CText *out, const char *value, size_t width)
{
    const Form form = form_of(source, width);
    c_put(out, "%s%s", form.centred && form.scaled ? "(" : "", value);
    if (form.centred) {
        c_put(out, " - ");
        put_part(source, out, "mean", CENTRE, width, form.same);
        c_put(out, "%s", form.scaled ? ")" : "");
    }
    if (form.scaled) {
        c_put(out, " * ");
        put_part(source, out, "factor", FACTOR, width, form.same);
    }
    if (form.rests) {
        c_put(out, " - ");
        put_part(source, out, "rest", REST, width, form.same);
    }
}

static const char *describe(Form form)
{
    return form.rests     ? "(v - mean) · factor - rest, where rest is what the float `mean` lacks, scaled"
           : form.centred ? "(v - mean) · factor"
           : form.scaled  ? "v · factor"
                          : "v";
}

void c_columns_write_prepare(CSource *source, CText *out)
{
    const size_t width = network_inputs(&source->model->network);
    const Form form = form_of(source, width);
    const bool sum = form.centred || form.scaled;
    c_put(out, "/* x (%zu) from raw features v: %s%s */\n", width, describe(form),
          !form.fills  ? ""
          : form.zeros ? ";\n * 0 for missing ones, NAN"
                       : ";\n * missing ones, NAN, have a number of their own");
    c_put(out,
          "static void prepare(const %s_VALUE *features, %s *x)\n{\n    for (int j = 0; j < %zu; j++)\n        x[j] = ",
          source->upper, c_real(source), width);
    if (form.fills) {
        c_put(out, "features[j] != features[j] ? ");
        if (form.zeros)
            c_put(out, "0");
        else
            put_part(source, out, "missing", MISSING, width, false);
        c_put(out, " : ");
    }
    c_put(out, "(%s)%s", c_real(source), sum ? "(" : "");
    put_scaled(source, out, "features[j]", width);
    c_put(out, "%s;\n}\n\n", sum ? ")" : "");
}

/* ---- Categories -------------------------------------------------------------------------------------------------- */

bool c_columns_have_categories(const CSource *source)
{
    return schema_categories(&source->model->schema) > 0;
}

void c_columns_write_codes(CSource *source, CText *out)
{
    const Schema *schema = &source->model->schema;
    if (!c_columns_have_categories(source))
        return;
    for (size_t j = 0; j < schema->width; j++) {
        if (!schema_is_category(schema, j))
            continue;
        const Vocabulary *words = &schema->vocabularies[j];
        c_put(out, "static const char *const values_%zu[%zu] = {", j, words->count > 0 ? words->count : 1);
        for (size_t k = 0; k < words->count; k++) {
            c_put(out, "\n    ");
            c_put_string(out, words->values[k]);
            c_put(out, ",");
        }
        c_put(out, "%s\n};\n", words->count > 0 ? "" : "\n    \"\",");
    }
    c_put(out,
          "\nstatic const struct {\n    int feature;\n    long count;\n    const char *const *values;\n} "
          "categories[%zu] = {\n",
          schema_categories(schema));
    for (size_t j = 0; j < schema->width; j++)
        if (schema_is_category(schema, j))
            c_put(out, "    {%zu, %zu, values_%zu},\n", j, schema->vocabularies[j].count, j);
    c_put(out, "};\n\n");
    c_expand(source, "code", out);
}
