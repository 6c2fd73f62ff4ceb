#include "export/c_main.h"

#include "data/missing_tokens.h"

static void put_names(CText *out, const char *table, const char *const *names, size_t count)
{
    c_put(out, "static const char *const %s[%zu] = {", table, count);
    for (size_t i = 0; i < count; i++) {
        c_put(out, "\n    ");
        c_put_string(out, names[i]);
        c_put(out, ",");
    }
    c_put(out, "\n};\n\n");
}

static void write_missing_tokens(const Schema *schema, CText *out)
{
    MissingTokens tokens = {(const char *const *)schema->missing_tokens, schema->missing_token_count};
    if (tokens.count == 0)
        tokens = missing_tokens_default();
    put_names(out, "missing_tokens", tokens.list, tokens.count);
}

static void write_kinds(const Schema *schema, CText *out)
{
    c_put(out, "/* Of each feature: n number, b boolean, c category. */\nstatic const char kinds[FEATURES] = {");
    for (size_t j = 0; j < schema->width; j++) {
        const FeatureKind kind = schema->kinds != NULL ? schema->kinds[j] : FEATURE_NUMBER;
        c_put(out, "%s'%c',", j % 20 == 0 ? "\n    " : " ",
              kind == FEATURE_CATEGORY  ? 'c'
              : kind == FEATURE_BOOLEAN ? 'b'
                                        : 'n');
    }
    c_put(out, "\n};\n\n");
}

/* The feature of each column of a table without names: that of the training data. */
static void write_order(const Schema *schema, CText *out)
{
    bool dates = false;
    for (size_t j = 0; j < schema->width; j++)
        dates = dates || schema_is_date(schema, j);
    c_put(out, "/* The feature of each column where columns have no names. */\nstatic const int order[FEATURES] = {");
    for (size_t c = 0; c < schema->width; c++) {
        size_t feature = c; /* parts of one date have no order in the file */
        for (size_t j = 0; j < schema->width && schema->places != NULL && !dates; j++)
            feature = schema->places[j] == c ? j : feature;
        c_put(out, "%s%zu,", c % 20 == 0 ? "\n    " : " ", feature);
    }
    c_put(out, "\n};\n\n");
}

void c_main_write(CSource *source, CText *out)
{
    const percept_model *model = source->model;
    const Schema *schema = &model->schema;
    const size_t width = network_inputs(&model->network);
    c_put(out,
          "\n/* ---- A program ---- */\n\n#include <math.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include "
          "<string.h>\n\n"
          "enum { FEATURES = %zu, MOST_COLUMNS = %zu, LONGEST_CELL = 4096, FILLS = %d, NAMED = %d };\n\n",
          width, width + 256, schema->fills != NULL, schema->names != NULL);
    if (schema->names != NULL)
        put_names(out, "feature_names", (const char *const *)schema->names, width);
    else
        c_put(out, "static const char *const feature_names[1] = {\"\"};\n\n");
    write_kinds(schema, out);
    write_order(schema, out);
    write_missing_tokens(schema, out);
    c_expand(source, "main_read", out);
    c_expand(source, schema_categories(schema) > 0 ? "main_category" : "main_no_category", out);
    c_expand(source, "main_cells", out);
    c_expand(source, model->class_count > 0 ? "main_classes" : "main_targets", out);
    c_expand(source, "main", out);
}
