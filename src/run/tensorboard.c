#include "run/tensorboard.h"

#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/event_file.h"
#include "store/event_session.h"
#include "store/metrics_log.h"

#define TAG_SIZE (TENSOR_NAME_SIZE + 24)

struct TensorBoard {
    TensorBoardSource source;
    EventFile *file;
    MetricsColumns columns;
    Engine *engine; /* for the gradient, beside the training's own */
    size_t batch;   /* examples that the gradient is of */
    void *gradient; /* as long as the parameters */
};

/* ---- Before the first step ---------------------------------------------------------------------------------------- */

static percept_status prepare_gradient(TensorBoard *log, percept_error *error)
{
    const TensorBoardSource *source = &log->source;
    const size_t examples = source->data->train->count;
    log->batch = source->options->batch_size < examples ? source->options->batch_size : examples;
    const EngineConfig config = {.network = &source->model->network,
                                 .precision = source->model->precision,
                                 .batch_capacity = log->batch,
                                 .training = true,
                                 .team = source->team};
    percept_status status = engine_create(source->options->engine, &config, &log->engine, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(source->model->network.parameter_count, model_real_size(source->model), "the gradient",
                                 &log->gradient, error);
    return status;
}

static percept_status write_hyperparameters(TensorBoard *log, size_t epochs, percept_error *error)
{
    event_file_begin(log->file, epochs);
    percept_status status = event_session_start(log->file, log->source.recipe, error);
    return status == PERCEPT_OK ? event_file_end(log->file, error) : status;
}

static percept_status create(const char *folder, const TensorBoardSource *source, size_t epochs, TensorBoard **out,
                             percept_error *error)
{
    TensorBoard *log = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *log, "the log for TensorBoard", &log, error);
    if (status != PERCEPT_OK)
        return status;
    log->source = *source;
    log->columns =
        metrics_log_columns(source->recipe, percept_model_classes(source->model) > 0, source->data->valid != NULL);
    status = prepare_gradient(log, error);
    if (status == PERCEPT_OK)
        status = event_file_create(folder, epochs, &log->file, error);
    if (status == PERCEPT_OK)
        status = write_hyperparameters(log, epochs, error);
    if (status == PERCEPT_OK)
        *out = log;
    else
        tensorboard_free(log);
    return status;
}

percept_status tensorboard_begin(const char *name, const TensorBoardSource *source, size_t epochs, TensorBoard **out,
                                 percept_error *error)
{
    char *folder = NULL;
    if (!recipe_is_set(source->recipe, "tensorboard"))
        return PERCEPT_OK;
    percept_status status = file_join(recipe_text(source->recipe, "tensorboard"), name, &folder, error);
    if (status == PERCEPT_OK)
        status = create(folder, source, epochs, out, error);
    memory_free(folder);
    return status;
}

percept_status tensorboard_move(percept_recipe *recipe, const char *folder, percept_error *error)
{
    char *name = NULL, *path = NULL;
    if (!recipe_is_set(recipe, "tensorboard"))
        return PERCEPT_OK;
    percept_status status = file_last_name(folder, &name, error);
    if (status == PERCEPT_OK)
        status = file_join(recipe_text(recipe, "tensorboard"), name, &path, error);
    if (status == PERCEPT_OK)
        status = recipe_set(recipe, "tensorboard", path, NULL, error);
    memory_free(name);
    memory_free(path);
    return status;
}

/* ---- Epochs ------------------------------------------------------------------------------------------------------- */

static void add_figures(TensorBoard *log, const percept_progress *progress)
{
    MetricsFigure figure;
    char tag[TAG_SIZE];
    for (size_t f = 0; f < METRICS_FIGURES; f++) {
        if (!metrics_figure(&log->columns, f, progress, &figure))
            continue;
        snprintf(tag, sizeof tag, "%s/%s", figure.what, figure.part);
        event_file_scalar(log->file, tag, figure.value);
    }
    event_file_scalar(log->file, "learning_rate", progress->learning_rate);
}

/* Names of the tensors' histograms: "weights/layer_1", and of stages and members "tensors/layers.0.batch-norm.weight". */
typedef struct HistogramNames {
    const char *weights, *biases, *tensors;
} HistogramNames;

static void histogram_tag(const HistogramNames *names, const NetworkTensor *tensor, bool by_name, char tag[TAG_SIZE])
{
    if (by_name)
        snprintf(tag, TAG_SIZE, "%s/%s", names->tensors, tensor->name);
    else
        snprintf(tag, TAG_SIZE, "%s/layer_%zu", tensor->role == ROLE_BIAS ? names->biases : names->weights,
                 tensor->side);
}

/* The tensors of a vector that is laid out as the parameters are, `count` elements. */
static void add_histograms(TensorBoard *log, HistogramNames names, const void *vector, size_t count)
{
    const percept_model *model = log->source.model;
    const size_t size = model_real_size(model);
    const char *bytes = vector;
    char tag[TAG_SIZE];
    for (size_t t = 0; t < model->network.tensor_count && model->network.tensors[t].offset < count; t++) {
        const NetworkTensor *tensor = &model->network.tensors[t];
        histogram_tag(&names, tensor, tensor->of_stage || model->network.members > 1, tag);
        event_file_histogram(log->file, tag, model->precision, bytes + tensor->offset * size, tensor_size(tensor));
    }
}

percept_status tensorboard_add(TensorBoard *log, const percept_progress *progress, percept_error *error)
{
    EngineSums sums;
    if (log == NULL)
        return PERCEPT_OK;
    const percept_model *model = log->source.model;
    const Batch batch = {.data = log->source.data->train,
                         .scaler = &model->scaler,
                         .target_scaler = &model->target_scaler,
                         .count = log->batch};
    engine_gradient(log->engine, model->parameters, &batch, log->gradient, NULL, &sums);
    event_file_begin(log->file, progress->epoch);
    add_figures(log, progress);
    add_histograms(log, (HistogramNames){"weights", "biases", "tensors"}, model->parameters,
                   model->network.value_count);
    add_histograms(log, (HistogramNames){"weight_gradients", "bias_gradients", "tensor_gradients"}, log->gradient,
                   model->network.parameter_count);
    return event_file_end(log->file, error);
}

/* ---- The end ------------------------------------------------------------------------------------------------------ */

percept_status tensorboard_trained(TensorBoard *log, percept_status trained, percept_error *error)
{
    if (log == NULL)
        return PERCEPT_OK;
    engine_free(log->engine); /* its team ends now */
    log->engine = NULL;
    if (trained == PERCEPT_OK || trained == PERCEPT_ERROR_INTERRUPTED)
        return PERCEPT_OK;
    event_file_begin(log->file, 0);
    event_session_end(log->file, false);
    return event_file_end(log->file, error);
}

percept_status tensorboard_finish(TensorBoard *log, const percept_result *result, const percept_metrics *test,
                                  percept_error *error)
{
    if (log == NULL)
        return PERCEPT_OK;
    const struct {
        const char *tag;
        double value;
    } figures[] = {{"kept/valid_loss", result->valid_loss},
                   {"kept/valid_accuracy", result->valid_accuracy},
                   {"kept/test_loss", test != NULL ? test->loss : NAN},
                   {"kept/test_accuracy", test != NULL ? test->accuracy : NAN}};
    event_file_begin(log->file, result->epochs > 0 ? result->epochs - 1 : 0);
    for (size_t f = 0; f < sizeof figures / sizeof figures[0]; f++)
        if (!isnan(figures[f].value))
            event_file_scalar(log->file, figures[f].tag, figures[f].value);
    event_session_end(log->file, true);
    return event_file_end(log->file, error);
}

void tensorboard_free(TensorBoard *log)
{
    if (log == NULL)
        return;
    engine_free(log->engine);
    event_file_close(log->file);
    memory_free(log->gradient);
    memory_free(log);
}
