/* percept_model_gradcheck: a check of a model on a program's data. */
#include <string.h>

#include "base/memory.h"
#include "check/check.h"
#include "engine/kinds.h"
#include "model/model.h"

/* What a check holds. */
typedef struct Job {
    const percept_model *model;
    double *parameters;
    uint8_t *chosen;
    Team *team;
    Engine *engine;
    Batch batch;
    CheckReport report;
} Job;

static percept_status prepare(Job *job, size_t each, uint64_t seed, percept_error *error)
{
    percept_status status = model_parameters_f64(job->model, &job->parameters, error);
    if (status == PERCEPT_OK)
        status = team_create(0, &job->team, error);
    const EngineConfig config = {.network = &job->model->network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = job->batch.count,
                                 .training = true,
                                 .team = job->team};
    if (status == PERCEPT_OK)
        status = engine_create(engine_kind_find("cpu"), &config, &job->engine, error);
    if (status != PERCEPT_OK)
        return status;
    RandomStream stream;
    random_default_rng(&stream, seed);
    return check_select(&(CheckSubject){job->engine, job->parameters, &job->batch, job->team},
                        &(CheckSelection){.each = each}, &stream, &job->chosen, error);
}

static void give(const CheckReport *report, percept_gradient_check *out)
{
    const size_t *counts = report->all.counts;
    const percept_gradient_check check = {.struct_size = out->struct_size,
                                          .checked = report->all.checked,
                                          .equal = counts[CHECK_EQUAL] + counts[CHECK_ZERO],
                                          .kinks = counts[CHECK_KINK],
                                          .small = counts[CHECK_STEP],
                                          .wrong = counts[CHECK_WRONG],
                                          .loss = report->loss,
                                          .largest_error = report->all.largest_error};
    memcpy(out, &check, out->struct_size < sizeof check ? out->struct_size : sizeof check);
}

percept_status percept_model_gradcheck(const percept_model *model, const percept_dataset *data, size_t examples,
                                       size_t each, uint64_t seed, percept_gradient_check *out, percept_error *error)
{
    if (model == NULL || data == NULL || out == NULL)
        return error_null(error, "percept_model_gradcheck", "model, data and out");
    if (out->struct_size < sizeof out->struct_size)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "out->struct_size is %zu; set it to sizeof(percept_gradient_check) before the call",
                         out->struct_size);
    percept_status status = model_check_data(model, data, error);
    if (status != PERCEPT_OK)
        return status;
    size_t count = examples > 0 ? examples : check_default_examples(&model->network);
    count = count < data->count ? count : data->count;
    Job job = {
        .model = model,
        .batch = {.data = data, .scaler = &model->scaler, .target_scaler = &model->target_scaler, .count = count}};
    status = prepare(&job, each, seed, error);
    const CheckOptions options = {.method = CHECK_CENTRAL, .chosen = job.chosen};
    if (status == PERCEPT_OK)
        status = check_gradient(&(CheckSubject){job.engine, job.parameters, &job.batch, job.team}, &options,
                                &job.report, error);
    if (status == PERCEPT_OK)
        give(&job.report, out);
    check_report_clear(&job.report);
    engine_free(job.engine);
    team_free(job.team);
    memory_free(job.chosen);
    memory_free(job.parameters);
    return status;
}
