#include "engine/cpu/plan.h"

#include "engine/cpu/layer.h"
#include "engine/cpu/small.h"

void ISA(plan_product)(const Engine *engine, size_t l, EngineProduct product, size_t examples, EnginePlan *out)
{
    const Cpu *cpu = (const Cpu *)engine;
    const Layer *layer = &engine->config.network->layers[l];
    *out = (EnginePlan){.kernel = cpu->products->kernel, .tile_rows = TILE_ROWS};
    if (cpu->small) {
        ISA(plan_small)(cpu, l, product, examples, out);
    } else if (product == ENGINE_FORWARD) {
        out->tile_columns = cpu->strip;
        out->unit_rows = smaller(UNIT, layer->outputs);
        out->unit_columns = smaller(FORWARD_STRIPS * cpu->strip, examples);
        out->depth = smaller(depth_block(layer->inputs), layer->inputs);
    } else if (product == ENGINE_INPUT_GRADIENT) {
        out->tile_columns = STRIP;
        out->unit_rows = examples;
        out->unit_columns = smaller(STRIP, layer->inputs);
        out->depth = smaller(depth_block(layer->outputs), layer->outputs);
    } else {
        out->tile_columns = STRIP;
        out->unit_rows = smaller(UNIT, layer->outputs);
        out->unit_columns = smaller(WEIGHT_COLUMNS, layer->inputs);
        out->depth = smaller(depth_block(examples), examples);
    }
}
