#include "export/c_header.h"

#include <string.h>

#include "base/crc32.h"
#include "base/number.h"
#include "export/c_columns.h"
#include "export/c_dates.h"
#include "nn/activation.h"

#define MOST_LISTED 200 /* features, classes */
#define MOST_VALUES 12  /* of a category */

void c_header_write_shape(const CSource *source, CText *out)
{
    const Network *network = &source->model->network;
    c_put(out, "%zu", network_inputs(network));
    for (size_t l = 0; l < network->depth; l++) {
        const Layer *layer = &network->layers[l];
        const char *activation = activation_at_f64(layer->activation)->name;
        c_put(out, " → %zu", l + 1 < network->depth ? network_side_output(network, l + 1) : layer->outputs);
        if (strcmp(activation, "identity") != 0)
            c_put(out, " %s", activation);
    }
    for (size_t k = 0; network_stage_kind(network, k) != NULL; k++)
        c_put(out, "%s%s", k == 0 ? ", with " : ", ", network_stage_kind(network, k)->name);
}

/* ---- Columns ----------------------------------------------------------------------------------------------------- */

static void write_category(const CSource *source, size_t j, CText *out)
{
    const Vocabulary *words = &source->model->schema.vocabularies[j];
    c_put(out, "category:");
    for (size_t k = 0; k < words->count && k < MOST_VALUES; k++) {
        c_put(out, "%s %zu ", k > 0 ? "," : "", k);
        c_put_comment(out, words->values[k]);
    }
    if (words->count > MOST_VALUES)
        c_put(out, ", … %zu in all", words->count);
    c_put(out, "; anything else is unknown");
}

/* What the number of a feature is. */
static const char *describe_number(const Schema *schema, size_t j)
{
    static const char *const parts[DATE_PARTS] = {
        [DATE_YEAR] = "year of the date",
        [DATE_MONTH] = "month of the date, 1 to 12",
        [DATE_DAY] = "day of the date, 1 to 31",
        [DATE_WEEKDAY] = "weekday of the date, 1 to 7 from Monday",
        [DATE_HOUR] = "hours since midnight, with a fraction",
        [DATE_TIME] = "days since 2000-01-01 in UTC, with a fraction",
    };
    if (schema_is_date(schema, j))
        return parts[schema->dates[j].part];
    return schema->kinds != NULL && schema->kinds[j] == FEATURE_BOOLEAN ? "boolean: 1 or 0" : "number";
}

static void write_feature(const CSource *source, size_t j, CText *out)
{
    const Schema *schema = &source->model->schema;
    char name[SCHEMA_NAME_SIZE], fill[C_NUMBER_SIZE];
    c_put(out, " *   %3zu  ", j);
    c_put_comment(out, schema_feature_name(schema, j, name));
    c_put(out, "  (");
    if (schema_is_category(schema, j))
        write_category(source, j, out);
    else {
        c_put(out, "%s", describe_number(schema, j));
        if (schema->fills != NULL) {
            number_format_digits(schema->fills[j], 6, fill);
            c_put(out, "; missing: as %s", fill);
        }
    }
    c_put(out, ")\n");
}

static void write_features(const CSource *source, CText *out)
{
    const Schema *schema = &source->model->schema;
    const size_t width = network_inputs(&source->model->network);
    c_put(out, " *\n * Features: %zu raw values, as in the training data; scaling is part of the network. ", width);
    c_put(out, "%s\n", schema->fills != NULL ? "NAN is a missing value." : "None may be missing.");
    if (schema->names == NULL && schema_categories(schema) == 0) {
        c_put(out, " * They have no names; their order is that of the training data.\n");
        return;
    }
    for (size_t j = 0; j < width && j < MOST_LISTED; j++)
        write_feature(source, j, out);
    if (width > MOST_LISTED)
        c_put(out, " *   … and so on, in the order of the training data.\n");
    if (c_columns_have_categories(source))
        c_put(out, " * A category is given as its code, which %s_code finds.\n", source->prefix);
    if (c_dates_any(source))
        c_put(out, " * %s_date and %s_epoch write the parts of a date.\n", source->prefix, source->prefix);
}

static void write_answers(const CSource *source, CText *out)
{
    const percept_model *model = source->model;
    const size_t count = model->class_count > 0 ? model->class_count : network_outputs(&model->network);
    char name[MODEL_OUTPUT_NAME_SIZE];
    c_put(out, " *\n * Answer: %s\n",
          model->class_count > 0 ? "a class, and the probability of each:"
                                 : "targets, in the units of the training data:");
    for (size_t k = 0; k < count && k < MOST_LISTED; k++) {
        c_put(out, " *   %3zu  ", k);
        c_put_comment(out,
                      model->class_count > 0 ? model->class_names[k] : model_output_name(model, k, name, sizeof name));
        c_put(out, "\n");
    }
    if (count > MOST_LISTED)
        c_put(out, " *   … %zu in all\n", count);
}

/* ---- The manual ---------------------------------------------------------------------------------------------------- */

static size_t multiplications(const Network *network)
{
    size_t sum = 0;
    for (size_t l = 0; l < network->depth; l++)
        sum += network->layers[l].inputs * network->layers[l].outputs;
    return sum * network->members;
}

/* A checksum of shape and numbers, by which a model is recognized. */
static uint32_t checksum(const CSource *source)
{
    const percept_model *model = source->model;
    return crc32_extend(0, model->parameters, model->network.value_count * model_real_size(model));
}

static void write_manual(const CSource *source, CText *out)
{
    const Network *network = &source->model->network;
    c_put(out, "/* A trained network as C99. Percept %s wrote this file, and claims no rights to it.\n *\n * Network: ",
          percept_version());
    c_header_write_shape(source, out);
    if (network->members > 1)
        c_put(out, "; the mean of %zu members", network->members);
    c_put(out, "\n *          %zu parameters as %s, CRC-32 %08x\n", network->parameter_count,
          source->ranges != NULL ? "int8 (layers) and float" : c_real(source), (unsigned)checksum(source));
    write_features(source, out);
    write_answers(source, out);
    c_put(out,
          " *\n * A prediction takes %zu multiplications, %zu bytes of tables and %zu bytes of stack for arrays, "
          "besides\n"
          " * some 200 for calls. Nothing is allocated and no state is kept, so calls may run at the same time.\n */\n",
          multiplications(network), source->table_bytes, source->stack);
}

/* ---- Declarations -------------------------------------------------------------------------------------------------- */

static void write_value_type(const CSource *source, CText *out)
{
    c_put(out, "/* The type of features%s. ", source->model->class_count > 0 ? "" : " and targets");
    c_put(out, source->wide ? "*/\n" : "float holds 7 digits; define it as double where features have more. */\n");
    c_put(out, "#ifndef %s_VALUE\n#define %s_VALUE %s\n#endif\n\n", source->upper, source->upper, c_real(source));
}

static void write_functions(const CSource *source, CText *out)
{
    const char *p = source->prefix, *P = source->upper;
    if (source->model->class_count > 0) {
        c_put(out, "extern const char *const %s_class_names[%s_CLASSES];\n\n", p, P);
        c_put(out, "/* The most probable class, 0 … %s_CLASSES - 1; -1 if the probabilities are not numbers. */\n", P);
        c_put(out, "int %s_predict(const %s_VALUE *features);\n\n", p, P);
        c_put(out, "/* The probabilities of all classes (%s_CLASSES). */\n", P);
        c_put(out, "void %s_predict_proba(const %s_VALUE *features, %s *probabilities);\n", p, P, c_real(source));
    } else {
        c_put(out, "extern const char *const %s_target_names[%s_TARGETS];\n\n/* All targets (%s_TARGETS). */\n", p, P,
              P);
        c_put(out, "void %s_predict(const %s_VALUE *features, %s_VALUE *targets);\n", p, P, P);
    }
    if (c_columns_have_categories(source))
        c_put(out,
              "\n/* The code of a text in the column of feature 0 … %s_FEATURES - 1; -1 if it is unknown there, which "
              "counts as\n"
              " * an unknown value. */\nlong %s_code(int feature, const char *text);\n",
              P, p);
    c_dates_declare(source, out);
}

void c_header_write(CSource *source, CText *out)
{
    const percept_model *model = source->model;
    const bool classes = model->class_count > 0;
    const char *P = source->upper;
    write_manual(source, out);
    c_put(out, "#ifndef %s_H\n#define %s_H\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n", P, P);
    c_put(out, "#define %s_FEATURES %zu\n#define %s_%s %zu\n\n", P, network_inputs(&model->network), P,
          classes ? "CLASSES" : "TARGETS", classes ? model->class_count : network_outputs(&model->network));
    write_value_type(source, out);
    write_functions(source, out);
    c_put(out, "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
}
