#include "engine/blocks.h"

#include <string.h>

#include "base/memory.h"
#include "data/schema.h"
#include "engine/block_sums.h"
#include "engine/blocks_vector.h"
#include "nn/dropout.h"
#include "nn/members.h"

/* Where the number of blocks is left open. */
#define BLOCK_EXAMPLES ((size_t)128)
#define LEAST_BLOCKS ((size_t)2)
#define MOST_BLOCKS ((size_t)64)

/* Fewer elements are finished by one thread. */
#define SOLO_ELEMENTS ((size_t)1 << 14)

typedef struct Blocks {
    Engine engine;
    BlocksOptions options;
    Network network; /* of the blocks: its loss is a sum, and penalties are added once, to the whole gradient */
    Layer *layers;
    Engine *inner;
    RandomStream dropout; /* where the block at hand begins, as the next one */
    CategoryDropout category_dropout;
    BlockSums sums;
} Blocks;

/* One call. */
typedef struct Call {
    Blocks *blocks;
    const void *parameters; /* … and the same where they are updated, else NULL */
    void *updated;
    const Batch *batch;
    size_t count;               /* of blocks */
    const EngineUpdate *update; /* NULL: none */
    double scale;               /* of the gradient's sum … */
    double examples;            /* … and of penalties */
} Call;

size_t blocks_of_batch(const BlocksOptions *options, size_t examples)
{
    const size_t whole = (examples + BLOCK_EXAMPLES - 1) / BLOCK_EXAMPLES;
    const size_t open = whole < LEAST_BLOCKS ? LEAST_BLOCKS : whole < MOST_BLOCKS ? whole : MOST_BLOCKS;
    const size_t wanted = options->blocks > 0 ? options->blocks : open;
    return wanted < examples ? wanted : examples;
}

/* ---- Gradients of blocks ------------------------------------------------------------------------------------------ */

/* Block `block` into vector `slot`. */
static void block_gradient(const Call *call, size_t block, size_t slot)
{
    Blocks *blocks = call->blocks;
    const EngineConfig *config = &blocks->engine.config;
    const size_t first = call->batch->count * block / call->count;
    Batch batch = *call->batch;
    batch.count = call->batch->count * (block + 1) / call->count - first;
    batch.first += first;
    if (batch.order != NULL)
        batch.order += first;
    if (config->dropout != NULL) {
        blocks->dropout = *config->dropout;
        random_advance(&blocks->dropout, dropout_draws(config->network, first));
    }
    if (batch.category_dropout != NULL) {
        blocks->category_dropout = *batch.category_dropout;
        random_advance(&blocks->category_dropout.stream,
                       (uint64_t)first * schema_categories(&batch.data->storage->schema));
        batch.category_dropout = &blocks->category_dropout;
    }
    engine_gradient(blocks->inner, call->parameters, &batch, blocks->sums.vectors[slot], NULL,
                    &blocks->sums.sums[slot]);
}

/* A node into vector `slot`; those behind it are used on the way. */
static void node_gradient(const Call *call, BlockNode node, size_t slot)
{
    if (node.end - node.begin == 1) {
        block_gradient(call, node.begin, slot);
        return;
    }
    const size_t split = block_tree_split(node);
    node_gradient(call, (BlockNode){node.begin, split}, slot);
    node_gradient(call, (BlockNode){split, node.end}, slot + 1);
    block_sums_add(&call->blocks->sums, slot, slot + 1);
}

/* ---- From the sum to gradient and update --------------------------------------------------------------------------- */

/* Elements of a range that are also in begin … end-1: false if there are none. */
static bool cut(size_t *from, size_t *to, size_t begin, size_t end)
{
    *from = *from > begin ? *from : begin;
    *to = *to < end ? *to : end;
    return *from < *to;
}

static bool is_float(const Blocks *blocks)
{
    return blocks->engine.config.precision == PERCEPT_FLOAT32;
}

/* Adds penalties and weight decay to elements begin … end-1 of the gradient. */
static void penalize(const Call *call, size_t begin, size_t end)
{
    const Network *network = call->blocks->engine.config.network;
    const double decay = call->update != NULL ? call->update->weight_decay : 0;
    void *gradient = call->blocks->sums.vectors[0];
    void (*add)(size_t, size_t, void *, const void *, double, double) =
        is_float(call->blocks) ? blocks_vector_penalize_f32 : blocks_vector_penalize_f64;
    for (size_t m = 0; m < network->members; m++)
        for (size_t l = 0; l < network->depth; l++) {
            const Layer *layer = &network->layers[l];
            const size_t member = network_member_offset(network, m);
            const double l1 = call->examples * layer->l1, l2 = call->examples * 2 * layer->l2 + decay;
            size_t from = member + layer->weights, to = member + layer->biases;
            if ((l1 > 0 || l2 > 0) && cut(&from, &to, begin, end))
                add(from, to, gradient, call->parameters, l1, l2);
        }
    for (size_t t = 0; t < network->tensor_count && decay > 0; t++) {
        const NetworkTensor *tensor = &network->tensors[t];
        size_t from = tensor->offset, to = tensor->offset + tensor_size(tensor);
        if (tensor->of_stage && tensor_is_decayed(tensor->role) && cut(&from, &to, begin, end))
            add(from, to, gradient, call->parameters, 0, decay);
    }
}

static void finish_range(const Call *call, size_t begin, size_t end)
{
    const bool narrow = is_float(call->blocks);
    const EngineUpdate *update = call->update;
    void *gradient = call->blocks->sums.vectors[0];
    if (call->scale != 1)
        (narrow ? blocks_vector_scale_f32 : blocks_vector_scale_f64)(begin, end, gradient, call->scale);
    penalize(call, begin, end);
    if (update == NULL)
        return;
    if (update->apply != NULL)
        update->apply(update->state, begin, end, call->updated, gradient);
    else
        (narrow ? blocks_vector_descend_f32 : blocks_vector_descend_f64)(begin, end, call->updated, gradient,
                                                                         update->learning_rate);
}

static void finish_share(void *context, Team *team, size_t rank)
{
    const Call *call = context;
    size_t end = 0, last = 0;
    const size_t begin = block_sums_own(&call->blocks->sums, &end);
    const size_t first = team_share(team, rank, end - begin, &last);
    if (last > first)
        finish_range(call, begin + first, begin + last);
}

/* Σ_layers l1‖W‖₁ + l2‖W‖₂², the mean over the members. */
static double penalty_of(const Call *call)
{
    const Network *network = call->blocks->engine.config.network;
    double total = 0;
    for (size_t m = 0; m < network->members; m++)
        for (size_t l = 0; l < network->depth; l++) {
            const Layer *layer = &network->layers[l];
            const size_t member = network_member_offset(network, m);
            if (layer->l1 > 0 || layer->l2 > 0)
                total += (is_float(call->blocks) ? blocks_vector_penalty_f32 : blocks_vector_penalty_f64)(
                    member + layer->weights, member + layer->biases, call->parameters, layer->l1, layer->l2);
        }
    return total / (double)network->members;
}

/* ---- The engine's methods ----------------------------------------------------------------------------------------- */

/* Leaves the gradient, or the updated parameters, of this rank's share. */
static void run(Call *call, EngineSums *sums)
{
    Blocks *blocks = call->blocks;
    const Ranks *ranks = blocks->options.ranks;
    BlockNode nodes[BLOCK_TREE_NODES];
    size_t end = 0;
    call->count = blocks_of_batch(&blocks->options, call->batch->count);
    const BlockNode own =
        block_tree_share(call->count, ranks != NULL ? ranks->count : 1, ranks != NULL ? ranks->rank : 0);
    const size_t node_count = block_tree_nodes(call->count, own, nodes);
    for (size_t n = 0; n < node_count; n++)
        node_gradient(call, nodes[n], n);
    block_sums_reduce(&blocks->sums, call->count, sums);
    sums->penalty = penalty_of(call);
    const bool sum = blocks->engine.config.network->sum;
    call->scale = sum ? 1 : sums->weight > 0 ? 1 / sums->weight : 0;
    call->examples = sum ? sums->weight : 1;
    const size_t begin = block_sums_own(&blocks->sums, &end);
    if (end - begin > SOLO_ELEMENTS)
        team_run(blocks->engine.config.team, finish_share, call);
    else if (end > begin)
        finish_range(call, begin, end);
}

static void gradient_method(Engine *engine, const void *parameters, const Batch *batch, void *gradient,
                            void *input_gradient, EngineSums *sums)
{
    Blocks *blocks = (Blocks *)engine;
    Call call = {.blocks = blocks, .parameters = parameters, .batch = batch};
    char *own = blocks->sums.vectors[0];
    (void)input_gradient;
    blocks->sums.vectors[0] = gradient;
    run(&call, sums);
    block_sums_spread(&blocks->sums, gradient);
    blocks->sums.vectors[0] = own;
}

static void step_method(Engine *engine, void *parameters, const Batch *batch, const EngineUpdate *update,
                        EngineSums *sums)
{
    Blocks *blocks = (Blocks *)engine;
    Call call = {.blocks = blocks, .parameters = parameters, .updated = parameters, .batch = batch, .update = update};
    run(&call, sums);
    block_sums_spread(&blocks->sums, parameters);
}

void blocks_spread(Engine *engine, void *vector)
{
    block_sums_spread(&((Blocks *)engine)->sums, vector);
}

static void plan_method(const Engine *engine, size_t layer, EngineProduct product, size_t examples, EnginePlan *out)
{
    engine_plan(((const Blocks *)engine)->inner, layer, product, examples, out);
}

static void free_method(Engine *engine)
{
    Blocks *blocks = (Blocks *)engine;
    engine_free(blocks->inner);
    block_sums_clear(&blocks->sums);
    memory_free(blocks->layers);
    memory_free(blocks);
}

static const EngineMethods methods = {
    .free = free_method, .gradient = gradient_method, .step = step_method, .plan = plan_method};

/* ---- Memory ------------------------------------------------------------------------------------------------------- */

/* A stage that is cut by units looks at all examples of a batch. */
percept_status blocks_check(const Network *network, percept_error *error)
{
    for (size_t s = 0; s < network->stage_count; s++)
        if (network->stages[s].kind->forward == SPLIT_UNITS)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "train.blocks cuts batches, and %s needs whole ones; use layer norm (model.normalize), or "
                             "leave train.blocks and mpirun out",
                             network->stages[s].kind->name);
    return PERCEPT_OK;
}

/* The network as blocks see it. */
static percept_status create_network(Blocks *blocks, percept_error *error)
{
    const Network *network = blocks->engine.config.network;
    percept_status status =
        memory_allocate(network->depth, sizeof *blocks->layers, "the layers", &blocks->layers, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(blocks->layers, network->layers, network->depth * sizeof *blocks->layers);
    for (size_t l = 0; l < network->depth; l++)
        blocks->layers[l].l1 = blocks->layers[l].l2 = 0;
    blocks->network = *network;
    blocks->network.layers = blocks->layers;
    blocks->network.sum = true;
    return PERCEPT_OK;
}

/* Examples of the largest block of any batch. */
static size_t largest_block(const Blocks *blocks, size_t capacity)
{
    const size_t count = blocks_of_batch(&blocks->options, capacity);
    const size_t largest = (capacity + count - 1) / count;
    const size_t open = capacity < BLOCK_EXAMPLES ? capacity : BLOCK_EXAMPLES;
    return blocks->options.blocks > 0 || largest > open ? largest : open;
}

static percept_status set_up(Blocks *blocks, const EngineKind *kind, percept_error *error)
{
    EngineConfig inner = blocks->engine.config;
    percept_status status = create_network(blocks, error);
    if (status != PERCEPT_OK)
        return status;
    const size_t most = blocks_of_batch(&blocks->options, inner.batch_capacity);
    inner.network = &blocks->network;
    inner.batch_capacity = largest_block(blocks, inner.batch_capacity);
    inner.dropout = inner.dropout != NULL ? &blocks->dropout : NULL;
    status = engine_create(kind, &inner, &blocks->inner, error);
    return status == PERCEPT_OK
               ? block_sums_create(&blocks->engine.config, most, blocks->options.ranks, &blocks->sums, error)
               : status;
}

percept_status blocks_create(const EngineKind *kind, const EngineConfig *config, const BlocksOptions *options,
                             Engine **out, percept_error *error)
{
    Blocks *blocks = NULL;
    percept_status status = blocks_check(config->network, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(1, sizeof *blocks, "the engine", &blocks, error);
    if (status != PERCEPT_OK)
        return status;
    blocks->engine = (Engine){&methods, *config};
    blocks->options = *options;
    status = set_up(blocks, kind, error);
    if (status == PERCEPT_OK)
        *out = &blocks->engine;
    else
        free_method(&blocks->engine);
    return status;
}
