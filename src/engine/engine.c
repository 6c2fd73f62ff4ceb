#include "engine/engine.h"

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
