#include "engine/cpu/plan.h"

#include "engine/cpu/few.h"
#include "engine/cpu/layer.h"
#include "engine/cpu/small.h"

void ISA(plan_product)(const Engine *engine, size_t l, EngineProduct product, size_t examples, EnginePlan *out)
{
    const Cpu *cpu = (const Cpu *)engine;
    const Layer *layer = &engine->config.network->layers[l];
    *out = (EnginePlan){.kernel = cpu->products->kernel, .tile_rows = TILE_ROWS};
    if (cpu->small) {
        ISA(plan_small)(cpu, l, product, examples, out);
    } else if (product == ENGINE_FORWARD && are_few(cpu, engine->config.training, examples)) {
        out->tile_rows = smaller(FEW_ROWS, layer->outputs);
        out->tile_columns = out->unit_columns = examples;
        out->unit_rows = smaller(UNIT, layer->outputs);
        out->depth = layer->inputs;
    } else if (product == ENGINE_FORWARD) {
        out->tile_columns = cpu->strip;
        out->unit_rows = smaller(UNIT, layer->outputs);
        out->unit_columns = smaller(UNIT_STRIPS * cpu->strip, examples);
        out->depth = smaller(depth_block(layer->inputs, DEPTH_BLOCK), layer->inputs);
    } else if (product == ENGINE_INPUT_GRADIENT) {
        out->tile_rows = cpu->strip;
        out->tile_columns = TILE_ROWS;
        out->unit_rows = smaller(UNIT_STRIPS * cpu->strip, examples);
        out->unit_columns = smaller(UNIT, layer->inputs);
        out->depth = smaller(depth_block(layer->outputs, COLUMN_DEPTH), layer->outputs);
    } else {
        out->tile_columns = STRIP;
        out->unit_rows = smaller(UNIT, layer->outputs);
        out->unit_columns = smaller(WEIGHT_COLUMNS, layer->inputs);
        out->depth = smaller(depth_block(examples, DEPTH_BLOCK), examples);
    }
}
