/* From a recipe to training options. */
#include <string.h>

#include "engine/kinds.h"
#include "recipe/augment_keys.h"
#include "recipe/experiment.h"
#include "recipe/factors.h"
#include "recipe/initial.h"
#include "recipe/optimizer_keys.h"
#include "recipe/part_advice.h"

/* Recipe, and sizes of the parts that a result depends on. */
static percept_status identity_of(const percept_recipe *recipe, const char *const *without, const percept_data *data,
                                  uint64_t *out, percept_error *error)
{
    uint64_t identity = 0;
    percept_status status = recipe_identity(recipe, without, &identity, error);
    *out = identity * 0x100000001b3 + data->train->count;
    *out = *out * 0x100000001b3 + (data->valid != NULL ? data->valid->count : 0);
    if (recipe_boolean(recipe, "metrics.test"))
        *out = *out * 0x100000001b3 + data->test->count;
    return status;
}

const char *experiment_schedule_of_length(const percept_recipe *recipe)
{
    static const char *const keys[] = {"train.schedule", "train.decay_schedule", "train.dropout_schedule"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (schedule_at((size_t)schedule_find(recipe_text(recipe, keys[k])))->needs_length)
            return recipe_text(recipe, keys[k]);
    return NULL;
}

/* Where data lie decides nothing, nor does how long a training lasts, unless its learning rates follow from that. */
static percept_status set_identities(const percept_recipe *recipe, const percept_data *data, TrainingOptions *out,
                                     percept_error *error)
{
    const char *without[] = {"train.epochs", NULL};
    if (experiment_schedule_of_length(recipe) != NULL)
        without[0] = NULL;
    percept_status status = identity_of(recipe, without, data, &out->identity, error);
    return status == PERCEPT_OK ? identity_of(recipe, NULL, data, &out->older_identity, error) : status;
}

static percept_status check_keys(const percept_recipe *recipe, const percept_data *data, percept_error *error)
{
    static const char *const decided[] = {"train.learning_rate", "train.decay", "train.keep"};
    for (size_t i = 0; i < sizeof decided / sizeof *decided; i++)
        if (!recipe_is_set(recipe, decided[i]))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "%s is not set; create the model first, which sets it, or set it yourself", decided[i]);
    if (recipe_number(recipe, "train.warmup") > 0 && recipe_integer(recipe, "train.warmup_steps") > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.warmup (epochs) and train.warmup_steps are both set; leave one out");
    if (recipe_boolean(recipe, "metrics.test") && data->test == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "metrics.test measures the test part, but there is none; leave the key out or set data.split");
    if (recipe_boolean(recipe, "metrics.naive") && strcmp(recipe_text(recipe, "metrics.when"), "during") == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "metrics.naive needs outputs of the whole training part; set metrics.when to before or after");
    return PERCEPT_OK;
}

static size_t integer_or_0(const percept_recipe *recipe, const char *key)
{
    return recipe_is_set(recipe, key) ? (size_t)recipe_integer(recipe, key) : 0;
}

/* NULL: constant */
static const Schedule *factor_schedule(const percept_recipe *recipe, const char *key)
{
    return recipe_is(recipe, key, "constant") ? NULL : schedule_at((size_t)schedule_find(recipe_text(recipe, key)));
}

static MetricsOptions metrics_options(const percept_recipe *recipe, const percept_data *data)
{
    const char *when = recipe_text(recipe, "metrics.when");
    return (MetricsOptions){
        .when = strcmp(when, "before") == 0  ? METRICS_BEFORE
                : strcmp(when, "after") == 0 ? METRICS_AFTER
                                             : METRICS_DURING,
        .test = recipe_boolean(recipe, "metrics.test") ? data->test : NULL,
        .whole_batches = recipe_boolean(recipe, "metrics.whole_batches"),
        .naive = recipe_boolean(recipe, "metrics.naive"),
    };
}

percept_status experiment_training(const percept_recipe *recipe, const percept_data *data, TrainingOptions *out,
                                   percept_error *error)
{
    percept_status status = check_keys(recipe, data, error);
    if (status == PERCEPT_OK)
        status = part_advice_check(recipe, data, error);
    if (status != PERCEPT_OK)
        return status;
    *out = (TrainingOptions){
        .engine = engine_kind_find(recipe_text(recipe, "engine")),
        .bfloat16 = strcmp(recipe_text(recipe, "precision"), "bfloat16") == 0,
        .optimizer = (size_t)optimizer_find(recipe_text(recipe, "train.optimizer")),
        .optimizer_options = optimizer_keys_options(recipe),
        .adamw_rate = recipe_number(recipe, "train.adamw_rate"),
        .lbfgs = {.history = (size_t)recipe_integer(recipe, "train.history"),
                  .tolerance = recipe_number(recipe, "train.tolerance"),
                  .evaluations = (size_t)recipe_integer(recipe, "train.max_evaluations")},
        .weight_decay = recipe_number(recipe, "train.weight_decay"),
        .schedule = schedule_at((size_t)schedule_find(recipe_text(recipe, "train.schedule"))),
        .schedule_options = {.base = recipe_number(recipe, "train.learning_rate"),
                             .decay = recipe_number(recipe, "train.decay"),
                             .every = (size_t)recipe_integer(recipe, "train.decay_every"),
                             .growth = (size_t)recipe_integer(recipe, "train.cycle_growth"),
                             .rise = recipe_number(recipe, "train.rise"),
                             .patience = (size_t)recipe_integer(recipe, "train.decay_patience"),
                             .warmup = (size_t)recipe_integer(recipe, "train.warmup_steps")},
        .decay_schedule = factor_schedule(recipe, "train.decay_schedule"),
        .dropout_schedule = factor_schedule(recipe, "train.dropout_schedule"),
        .warmup_epochs = recipe_number(recipe, "train.warmup"),
        .clip_norm = recipe_number(recipe, "train.clip_norm"),
        .clip_scope = recipe_is(recipe, "train.clip_scope", "role")     ? CLIP_ROLE
                      : recipe_is(recipe, "train.clip_scope", "tensor") ? CLIP_TENSOR
                                                                        : CLIP_NETWORK,
        .adversarial = recipe_number(recipe, "train.adversarial"),
        .adversarial_share = recipe_number(recipe, "train.adversarial_share"),
        .ema = recipe_number(recipe, "train.ema"),
        .average = recipe_is(recipe, "train.average", "epochs")      ? AVERAGE_EPOCHS
                   : recipe_is(recipe, "train.average", "snapshots") ? AVERAGE_SNAPSHOTS
                                                                     : AVERAGE_NONE,
        .average_from = integer_or_0(recipe, "train.average_from"),
        .epochs = (size_t)recipe_integer(recipe, "train.epochs"),
        .batch_size = (size_t)recipe_integer(recipe, "train.batch_size"),
        .in_blocks = recipe_is_set(recipe, "train.blocks"),
        .blocks.blocks = integer_or_0(recipe, "train.blocks"),
        .shuffle = recipe_boolean(recipe, "train.shuffle"),
        .drop_last = recipe_boolean(recipe, "train.drop_last"),
        .patience = (size_t)recipe_integer(recipe, "train.patience"),
        .keep_best = recipe_is(recipe, "train.keep", "best"),
        .monitor = recipe_is(recipe, "train.monitor", "valid_loss") ? MONITOR_VALID_LOSS : MONITOR_VALID_ACCURACY,
        .temperature = recipe_is(recipe, "train.calibration", "temperature"),
        .reseed = recipe_boolean(recipe, "train.reseed"),
        .report_nonfinite = strcmp(recipe_text(recipe, "train.on_nonfinite"), "report") == 0,
        .metrics = metrics_options(recipe, data),
        .dropout = initial_child(recipe, STREAM_DROPOUT),
        .category_dropout = {recipe_number(recipe, "train.category_dropout"), initial_child(recipe, STREAM_CATEGORIES)},
        .augmenting = initial_child(recipe, STREAM_AUGMENT),
        .class_weights = recipe_numbers(recipe, "train.class_weights"),
        .class_weight_count = recipe_count(recipe, "train.class_weights"),
        .balance_classes = recipe_boolean(recipe, "train.balance_classes"),
    };
    status = role_factors(recipe, "train.rate_factors", &out->rate_factors, error);
    if (status == PERCEPT_OK)
        status = role_factors(recipe, "train.decay_factors", &out->decay_factors, error);
    if (status == PERCEPT_OK)
        status = augment_keys_options(recipe, data->train->storage, &out->augment, &out->picture, error);
    if (status == PERCEPT_OK && out->bfloat16)
        status = engine_check_bfloat16(out->engine, error);
    if (status == PERCEPT_OK)
        status = initial_order_stream(recipe, &data->train->storage->schema, &out->shuffling, error);
    return status == PERCEPT_OK ? set_identities(recipe, data, out, error) : status;
}
