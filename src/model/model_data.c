/* Datasets for a model: made from tables, and compared with what the model takes. */
#include <string.h>

#include "base/quote.h"
#include "data/table.h"
#include "model/model.h"

percept_status percept_table_finish_for(percept_table *table, const percept_model *model, percept_dataset **out,
                                        percept_error *error)
{
    if (table == NULL || model == NULL || out == NULL)
        return error_null(error, "percept_table_finish_for", "table, model and out");
    Schema schema = model->schema;
    schema.width = percept_model_inputs(model);
    if (model->class_count == 0 && schema.target_width == 0)
        schema.target_width = percept_model_outputs(model) / network_outputs_of_target(&model->network);
    return table_finish_like(table, &schema, (const char *const *)model->class_names, model->class_count, out, error);
}

/* Codes of other texts would be taken for those of the model. */
static bool is_same_vocabulary(const Vocabulary *left, const Vocabulary *right)
{
    bool same = left->count == right->count;
    for (size_t k = 0; same && k < left->count; k++)
        same = strcmp(left->values[k], right->values[k]) == 0;
    return same;
}

percept_status model_check_columns(const percept_model *model, const percept_dataset *data, percept_error *error)
{
    const Schema *wanted = &model->schema, *given = &data->storage->schema;
    const size_t width = percept_model_inputs(model);
    char name[SCHEMA_NAME_SIZE], quoted[QUOTED_SIZE], other[QUOTED_SIZE];
    if (data->storage->width != width)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the model takes %zu features, but the data has %zu; use the data it was trained for", width,
                         data->storage->width);
    for (size_t j = 0; j < width; j++) {
        if (wanted->names != NULL && given->names != NULL && strcmp(wanted->names[j], given->names[j]) != 0)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "feature %zu of the data is %s, but of the model %s; make the data with "
                             "percept_table_finish_for",
                             j + 1, quote_text(given->names[j], quoted), quote_text(wanted->names[j], other));
        if (wanted->vocabularies != NULL && given->vocabularies != NULL &&
            !is_same_vocabulary(&wanted->vocabularies[j], &given->vocabularies[j]))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "%s has other categories in the data than in the model; make the data with "
                             "percept_table_finish_for",
                             quote_text(schema_feature_name(wanted, j, name), quoted));
    }
    return PERCEPT_OK;
}
