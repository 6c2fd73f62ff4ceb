#include "recipe/choices.h"

#include "data/scaler.h"
#include "data/source.h"
#include "engine/kinds.h"
#include "nn/activation.h"
#include "nn/initialize.h"
#include "nn/loss.h"
#include "nn/stage.h"
#include "train/optimizer.h"
#include "train/schedule.h"
#include "train/train.h"

/* Name `index` of an array, or NULL past its end. */
#define NAME_AT(names, index) ((index) < sizeof(names) / sizeof(names)[0] ? (names)[index] : NULL)

const char *engine_choice(size_t index)
{
    size_t count = 0;
    const EngineKind *kinds = engine_kinds(&count);
    return index < count ? kinds[index].name : NULL;
}

const char *preset_choice(size_t index)
{
    static const char *const names[] = {"auto", "tabular", "plain"};
    return NAME_AT(names, index);
}

const char *stream_choice(size_t index)
{
    static const char *const names[] = {"children", "numpy", "numpy-legacy"};
    return NAME_AT(names, index);
}

const char *precision_choice(size_t index)
{
    static const char *const names[] = {"float32", "float64", "bfloat16"};
    return NAME_AT(names, index);
}

const char *format_choice(size_t index)
{
    size_t count = 0;
    const SourceFormat *formats = source_formats(&count);
    return index == 0 ? "auto" : index <= count ? formats[index - 1].name : NULL;
}

const char *decimal_choice(size_t index)
{
    static const char *const names[] = {"point", "comma"};
    return NAME_AT(names, index);
}

const char *order_choice(size_t index)
{
    static const char *const names[] = {"any", "time"};
    return NAME_AT(names, index);
}

const char *scale_choice(size_t index)
{
    return index <= SCALER_QUANTILE_NORMAL ? scaler_kind_name((ScalerKind)index) : NULL;
}

const char *target_scale_choice(size_t index)
{
    return index <= SCALER_STANDARDIZE ? scaler_kind_name((ScalerKind)index) : NULL;
}

const char *target_transform_choice(size_t index)
{
    return target_transform_name(index);
}

const char *scale_on_choice(size_t index)
{
    static const char *const names[] = {"train", "all"};
    return NAME_AT(names, index);
}

const char *activation_choice(size_t index)
{
    return activation_at_f64(index) != NULL ? activation_at_f64(index)->name : NULL;
}

const char *loss_choice(size_t index)
{
    return loss_at_f64(index) != NULL ? loss_at_f64(index)->name : NULL;
}

const char *reduction_choice(size_t index)
{
    static const char *const names[] = {"mean", "sum"};
    return NAME_AT(names, index);
}

const char *initializer_choice(size_t index)
{
    return initializer_at(index) != NULL ? initializer_at(index)->name : NULL;
}

const char *normalize_choice(size_t index)
{
    if (index == 0)
        return "none";
    return stage_normalization_at(index - 1) != NULL ? stage_normalization_at(index - 1)->normalization : NULL;
}

const char *embedding_choice(size_t index)
{
    static const char *const names[] = {"none", "piecewise-linear", "periodic"};
    return NAME_AT(names, index);
}

const char *optimizer_choice(size_t index)
{
    return optimizer_at_f64(index) != NULL ? optimizer_at_f64(index)->name : NULL;
}

const char *schedule_choice(size_t index)
{
    return schedule_at(index) != NULL ? schedule_at(index)->name : NULL;
}

const char *clip_scope_choice(size_t index)
{
    static const char *const names[] = {[CLIP_NETWORK] = "network", [CLIP_ROLE] = "role", [CLIP_TENSOR] = "tensor"};
    return NAME_AT(names, index);
}

const char *factor_choice(size_t index)
{
    return schedule_factor_at(index) != NULL ? schedule_factor_at(index)->name : NULL;
}

const char *average_choice(size_t index)
{
    static const char *const names[] = {
        [AVERAGE_NONE] = "none", [AVERAGE_EPOCHS] = "epochs", [AVERAGE_SNAPSHOTS] = "snapshots"};
    return NAME_AT(names, index);
}

const char *keep_choice(size_t index)
{
    static const char *const names[] = {"best", "last"};
    return NAME_AT(names, index);
}

const char *calibration_choice(size_t index)
{
    static const char *const names[] = {"none", "temperature"};
    return NAME_AT(names, index);
}

const char *nonfinite_choice(size_t index)
{
    static const char *const names[] = {"stop", "report"};
    return NAME_AT(names, index);
}

const char *moment_choice(size_t index)
{
    static const char *const names[] = {
        [METRICS_DURING] = "during", [METRICS_BEFORE] = "before", [METRICS_AFTER] = "after"};
    return NAME_AT(names, index);
}

const char *monitor_choice(size_t index)
{
    static const char *const names[] = {"valid_accuracy", "valid_loss"};
    return NAME_AT(names, index);
}
