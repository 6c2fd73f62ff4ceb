#include <math.h>

#include "base/random.h"
#include "export/export.h"

/* One value in so many is missing, where the model takes that. */
#define MISSING_EVERY 16

/* A code of the vocabulary, or one more: an unknown text. */
static double draw_code(const Schema *schema, size_t j, RandomStream *stream)
{
    const size_t count = schema->vocabularies != NULL ? schema->vocabularies[j].count : 0;
    const uint64_t code = random_below(stream, count + 1);
    return code < count ? (double)code : NAN;
}

static double draw_number(const percept_model *model, size_t j, RandomStream *stream)
{
    const Scaler *scaler = &model->scaler;
    const Schema *schema = &model->schema;
    const double mean = scaler->mean != NULL ? scaler->mean[j] : 0.5;
    const double deviation = scaler->deviation != NULL ? scaler->deviation[j] : 0.5;
    const double value = scaler->divisor * random_normal(stream, mean, deviation);
    const bool missing = random_below(stream, MISSING_EVERY) == 0;
    if (missing && schema->fills != NULL)
        return NAN;
    return schema->kinds != NULL && schema->kinds[j] == FEATURE_BOOLEAN ? value > scaler->divisor * mean : value;
}

void export_draw_rows(const percept_model *model, size_t count, double *rows)
{
    const size_t width = network_inputs(&model->network);
    RandomStream stream;
    random_default_rng(&stream, 0);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < width; j++)
            rows[i * width + j] = schema_is_category(&model->schema, j) ? draw_code(&model->schema, j, &stream)
                                                                        : draw_number(model, j, &stream);
}
