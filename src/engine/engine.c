#include "engine/engine.h"

#include "base/bf16.h"

percept_status engine_check_bfloat16(const EngineKind *kind, percept_error *error)
{
    size_t row = 0;
    if (!kind->bfloat16)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "engine %s has no bfloat16 products; choose engine cpu, or precision float32", kind->name);
    return bf16_select(&row, error);
}

percept_status engine_create(const EngineKind *kind, const EngineConfig *config, Engine **out, percept_error *error)
{
    if (config->precision != PERCEPT_FLOAT32 && config->precision != PERCEPT_FLOAT64)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "an engine computes in float32 or float64");
    if (config->bfloat16 && config->precision != PERCEPT_FLOAT32)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "sums of bfloat16 products are float32");
    if (config->batch_capacity == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "an engine's batches must hold at least one example");
    const percept_status status = config->bfloat16 ? engine_check_bfloat16(kind, error) : PERCEPT_OK;
    return status == PERCEPT_OK ? kind->create(config, out, error) : status;
}

void engine_free(Engine *engine)
{
    if (engine != NULL)
        engine->methods->free(engine);
}

void engine_predict(Engine *engine, const void *parameters, const Batch *batch, void *outputs)
{
    engine->methods->predict(engine, parameters, batch, outputs);
}

void engine_keep_logits(Engine *engine, void *logits)
{
    engine->config.logits = logits;
}

void engine_evaluate(Engine *engine, const void *parameters, const Batch *batch, void *outputs, EngineSums *sums)
{
    engine->methods->evaluate(engine, parameters, batch, outputs, sums);
}

void engine_gradient(Engine *engine, const void *parameters, const Batch *batch, void *gradient, void *input_gradient,
                     EngineSums *sums)
{
    engine->methods->gradient(engine, parameters, batch, gradient, input_gradient, sums);
}

void engine_step(Engine *engine, void *parameters, const Batch *batch, const EngineUpdate *update, EngineSums *sums)
{
    engine->methods->step(engine, parameters, batch, update, sums);
}

void engine_plan(const Engine *engine, size_t layer, EngineProduct product, size_t examples, EnginePlan *out)
{
    engine->methods->plan(engine, layer, product, examples, out);
}
