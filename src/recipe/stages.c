#include "recipe/stages.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/quote.h"
#include "nn/activation.h"
#include "recipe/value.h"

/* ---- One stage, as it is written --------------------------------------------------------------------------------- */

static percept_status refuse_kind(const char *key, const char *text, percept_error *error)
{
    char quoted[QUOTED_SIZE], kinds[512];
    size_t used = 0;
    for (size_t i = 0; stage_kind_at(i) != NULL && used < sizeof kinds; i++)
        used += (size_t)snprintf(kinds + used, sizeof kinds - used, " %s", stage_kind_at(i)->name);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: unknown kind %s; choose one of%s", key,
                     quote_text(text, quoted), kinds);
}

static percept_status refuse_setting(const char *key, const char *text, const StageKind *kind, percept_error *error)
{
    char quoted[QUOTED_SIZE], settings[256];
    size_t used = 0;
    for (size_t s = 0; s < STAGE_SETTINGS && kind->settings[s].name != NULL && used < sizeof settings; s++)
        used += (size_t)snprintf(settings + used, sizeof settings - used, " %s=VALUE", kind->settings[s].name);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: cannot read %s; settings of %s:%s", key,
                     quote_text(text, quoted), kind->name, used > 0 ? settings : " none");
}

/* SETTING=VALUE, `length` bytes. */
static bool read_setting(const StageKind *kind, const char *text, size_t length, double *settings)
{
    char name[64], *value = NULL;
    if (length >= sizeof name)
        return false;
    memcpy(name, text, length);
    name[length] = '\0';
    value = strchr(name, '=');
    if (value == NULL)
        return false;
    *value++ = '\0';
    const int s = stage_setting_find(kind, name);
    if (s < 0)
        return false;
    if (kind->settings[s].kind != SETTING_ACTIVATION)
        return number_parse(value, &settings[s]);
    settings[s] = activation_find(value);
    return settings[s] >= 0;
}

static percept_status read_stage(const char *key, const char *text, StageOptions *out, double *settings,
                                 percept_error *error)
{
    const size_t length = strcspn(text, ":");
    char name[64];
    if (length >= sizeof name)
        return refuse_kind(key, text, error);
    memcpy(name, text, length);
    name[length] = '\0';
    const StageKind *kind = stage_kind_find(name);
    if (kind == NULL)
        return refuse_kind(key, text, error);
    for (size_t s = 0; s < STAGE_SETTINGS; s++)
        settings[s] = NAN;
    for (const char *rest = text + length; *rest == ':'; rest += strcspn(rest, ":")) {
        rest++;
        if (!read_setting(kind, rest, strcspn(rest, ":"), settings))
            return refuse_setting(key, text, kind, error);
    }
    *out = (StageOptions){.kind = kind->name, .settings = settings};
    return PERCEPT_OK;
}

/* ---- All of them ------------------------------------------------------------------------------------------------- */

/* The list of a key on one side. */
static percept_status add_list(const percept_recipe *recipe, const char *key, size_t side, RecipeStages *out,
                               percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; i < recipe_count(recipe, key) && status == PERCEPT_OK; i++) {
        StageOptions *stage = &out->options[out->count];
        status = read_stage(key, recipe_texts(recipe, key)[i], stage, out->settings[out->count], error);
        stage->side = side;
        out->count += status == PERCEPT_OK;
    }
    return status;
}

static void add_normalization(const percept_recipe *recipe, size_t side, RecipeStages *out)
{
    const StageKind *kind = stage_normalization_find(recipe_text(recipe, "model.normalize"));
    if (kind != NULL)
        out->options[out->count++] = (StageOptions){.kind = kind->name, .side = side};
}

/* ---- Encoders of features ---------------------------------------------------------------------------------------- */

typedef enum Encoder { ENCODE_NOT, ENCODE_NUMBER, ENCODE_ONE_HOT, ENCODE_TABLE } Encoder;

static bool embeds(const percept_recipe *recipe)
{
    return !recipe_is(recipe, "model.embedding", "none");
}

static bool clips(const percept_recipe *recipe)
{
    return recipe_number(recipe, "model.clip") > 0;
}

/* data.scale quantile-normal: of columns scaled by their quartiles, so that float32 tells their values apart. */
static bool makes_normal(const percept_recipe *recipe)
{
    return recipe_is(recipe, "data.scale", "quantile-normal");
}

static Encoder encoder_of(const percept_recipe *recipe, const Schema *schema, size_t j)
{
    if (schema == NULL || !schema_is_category(schema, j))
        return embeds(recipe) || clips(recipe) || makes_normal(recipe) ? ENCODE_NUMBER : ENCODE_NOT;
    return schema->vocabularies[j].count <= (size_t)recipe_integer(recipe, "model.one_hot") ? ENCODE_ONE_HOT
                                                                                            : ENCODE_TABLE;
}

/* The stage of columns first … end-1. Settings that a recipe leaves open are the kind's own. */
static void set_encoder(const percept_recipe *recipe, Encoder encoder, size_t first, size_t end, StageOptions *stage,
                        double *settings)
{
    const char *kind = encoder == ENCODE_ONE_HOT ? "one-hot"
                       : encoder == ENCODE_TABLE ? "table"
                                                 : recipe_text(recipe, "model.embedding");
    const bool periodic = strcmp(kind, "periodic") == 0;
    for (size_t s = 0; s < STAGE_SETTINGS; s++)
        settings[s] = NAN;
    *stage = (StageOptions){.kind = kind, .settings = settings, .first = first, .inputs = end - first};
    if (encoder == ENCODE_TABLE)
        settings[stage_setting_find(stage_kind_find(kind), "size")] =
            (double)recipe_integer(recipe, "model.table_size");
    if (encoder != ENCODE_NUMBER)
        return;
    if (recipe_is_set(recipe, "model.embedding_size"))
        settings[stage_setting_find(stage_kind_find(kind), "size")] =
            (double)recipe_integer(recipe, "model.embedding_size");
    settings[stage_setting_find(stage_kind_find(kind), periodic ? "frequencies" : "bins")] =
        (double)recipe_integer(recipe, "model.embedding_bins");
}

/* A stage that comes before the embedding, with its first setting; NAN: the kind's own. */
static void add_before(const char *kind, double setting, size_t first, size_t end, RecipeStages *out)
{
    double *settings = out->settings[out->count];
    for (size_t s = 0; s < STAGE_SETTINGS; s++)
        settings[s] = NAN;
    settings[0] = setting;
    out->options[out->count++] =
        (StageOptions){.kind = kind, .settings = settings, .first = first, .inputs = end - first};
}

/* Runs of features are taken from the last to the first, so that each begins with the column that it has in the data. */
static percept_status add_encoders(const percept_recipe *recipe, const Schema *schema, size_t features,
                                   RecipeStages *out, percept_error *error)
{
    percept_status status =
        memory_allocate_zeroed(features, sizeof *out->counts, "the categories", &out->counts, error);
    for (size_t end = features, first = 0; status == PERCEPT_OK && end > 0; end = first) {
        const Encoder encoder = encoder_of(recipe, schema, end - 1);
        for (first = end - 1; first > 0 && encoder_of(recipe, schema, first - 1) == encoder;)
            first--;
        if (encoder == ENCODE_NUMBER && makes_normal(recipe))
            add_before("quantile-normal", NAN, first, end, out);
        if (encoder == ENCODE_NUMBER && clips(recipe))
            add_before("smooth-clip", recipe_number(recipe, "model.clip"), first, end, out);
        if (encoder == ENCODE_NOT || (encoder == ENCODE_NUMBER && !embeds(recipe)))
            continue;
        StageOptions *stage = &out->options[out->count];
        set_encoder(recipe, encoder, first, end, stage, out->settings[out->count]);
        out->count++;
        if (encoder == ENCODE_NUMBER || schema == NULL) /* of which there are numbers alone */
            continue;
        stage->counts = out->counts + first;
        for (size_t j = first; j < end; j++) /* a stage needs a column, even where there is no text */
            out->counts[j] = schema->vocabularies[j].count > 0 ? (uint32_t)schema->vocabularies[j].count : 1;
    }
    return status;
}

/* ---- The whole recipe -------------------------------------------------------------------------------------------- */

percept_status recipe_stages(const percept_recipe *recipe, const Schema *schema, RecipeStages *out,
                             percept_error *error)
{
    const size_t sizes = recipe_count(recipe, "model.layers"), span = (size_t)recipe_integer(recipe, "model.residual");
    const size_t features = sizes > 0 ? (size_t)recipe_integers(recipe, "model.layers")[0] : 0;
    const bool known = schema != NULL && schema->kinds != NULL && schema->width == features;
    const bool numbers = embeds(recipe) || clips(recipe) || makes_normal(recipe);
    const bool encoded = (known && schema_categories(schema) > 0) || numbers;
    const size_t most = recipe_count(recipe, "model.input_stages") +
                        sizes * (recipe_count(recipe, "model.stages") + 2) + (encoded ? 3 * features : 0);
    *out = (RecipeStages){0};
    percept_status status = memory_allocate(most, sizeof *out->options, "the stages", &out->options, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(most, sizeof *out->settings, "the stages", &out->settings, error);
    if (status == PERCEPT_OK && encoded)
        status = add_encoders(recipe, known ? schema : NULL, features, out, error);
    if (status == PERCEPT_OK)
        status = add_list(recipe, "model.input_stages", 0, out, error);
    for (size_t side = 1; side + 1 < sizes && status == PERCEPT_OK; side++) {
        add_normalization(recipe, side, out);
        status = add_list(recipe, "model.stages", side, out, error);
        if (status == PERCEPT_OK && span > 0 && side > span && (side - 1) % span == 0)
            out->options[out->count++] = (StageOptions){.kind = "residual", .side = side, .from = side - span};
    }
    if (status != PERCEPT_OK)
        recipe_stages_clear(out);
    return status;
}

void recipe_stages_clear(RecipeStages *stages)
{
    memory_free(stages->options);
    memory_free(stages->settings);
    memory_free(stages->counts);
    *stages = (RecipeStages){0};
}

bool recipe_has_stages(const percept_recipe *recipe)
{
    return stage_normalization_find(recipe_text(recipe, "model.normalize")) != NULL ||
           recipe_integer(recipe, "model.residual") > 0 || recipe_count(recipe, "model.stages") > 0 ||
           recipe_count(recipe, "model.input_stages") > 0;
}
