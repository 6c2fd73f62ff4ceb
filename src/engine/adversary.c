#include "engine/adversary.h"

#include <math.h>

#include "base/memory.h"

typedef struct Adversary {
    Engine engine;
    Engine *inner;
    ScaledRows moved;     /* of the batch at hand: batch_capacity × inputs */
    void *input_gradient; /* likewise */
} Adversary;

/* A batch that is moved. */
typedef struct Move {
    Adversary *adversary;
    const Batch *batch;
} Move;

/* Whether example i of a batch is moved. */
static bool is_moved(const Adversary *adversary, size_t i)
{
    const double share = adversary->engine.config.adversarial_share;
    return floor((double)(i + 1) * share) > floor((double)i * share);
}

static void move_f32(const Adversary *adversary, size_t i, size_t width)
{
    float *x = (float *)adversary->moved.rows + i * width;
    const float *g = (const float *)adversary->input_gradient + i * width;
    const float size = (float)adversary->engine.config.adversarial;
    for (size_t j = 0; j < width; j++)
        x[j] += g[j] > 0 ? size : g[j] < 0 ? -size : 0;
}

static void move_f64(const Adversary *adversary, size_t i, size_t width)
{
    double *x = (double *)adversary->moved.rows + i * width;
    const double *g = (const double *)adversary->input_gradient + i * width;
    const double size = adversary->engine.config.adversarial;
    for (size_t j = 0; j < width; j++)
        x[j] += g[j] > 0 ? size : g[j] < 0 ? -size : 0;
}

static void move_share(void *context, Team *team, size_t rank)
{
    const Move *move = context;
    const Adversary *adversary = move->adversary;
    const size_t count = move->batch->count, width = move->batch->data->storage->width, ranks = team_size(team);
    const size_t begin = count * rank / ranks, end = count * (rank + 1) / ranks;
    const bool single = adversary->moved.type == PERCEPT_FLOAT32;
    if (single)
        batch_gather_f32(move->batch, begin, end, (float *)adversary->moved.rows + begin * width, width);
    else
        batch_gather_f64(move->batch, begin, end, (double *)adversary->moved.rows + begin * width, width);
    for (size_t i = begin; i < end; i++)
        if (is_moved(adversary, i))
            (single ? move_f32 : move_f64)(adversary, i, width);
}

/* The batch with its moved features, which last until the next call. */
static Batch move_batch(Adversary *adversary, const void *parameters, const Batch *batch)
{
    EngineSums sums;
    Batch moved = *batch;
    Move move = {adversary, batch};
    engine_gradient(adversary->inner, parameters, batch, NULL, adversary->input_gradient, &sums);
    team_run(adversary->engine.config.team, move_share, &move);
    moved.scaled = &adversary->moved;
    return moved;
}

/* ---- The engine's methods ---------------------------------------------------------------------------------------- */

static void gradient_method(Engine *engine, const void *parameters, const Batch *batch, void *gradient,
                            void *input_gradient, EngineSums *sums)
{
    Adversary *adversary = (Adversary *)engine;
    const Batch moved = move_batch(adversary, parameters, batch);
    engine_gradient(adversary->inner, parameters, &moved, gradient, input_gradient, sums);
}

static void step_method(Engine *engine, void *parameters, const Batch *batch, const EngineUpdate *update,
                        EngineSums *sums)
{
    Adversary *adversary = (Adversary *)engine;
    const Batch moved = move_batch(adversary, parameters, batch);
    engine_step(adversary->inner, parameters, &moved, update, sums);
}

static void predict_method(Engine *engine, const void *parameters, const Batch *batch, void *outputs)
{
    Adversary *adversary = (Adversary *)engine;
    engine_keep_logits(adversary->inner, engine->config.logits);
    engine_predict(adversary->inner, parameters, batch, outputs);
}

static void evaluate_method(Engine *engine, const void *parameters, const Batch *batch, void *outputs, EngineSums *sums)
{
    Adversary *adversary = (Adversary *)engine;
    engine_keep_logits(adversary->inner, engine->config.logits);
    engine_evaluate(adversary->inner, parameters, batch, outputs, sums);
}

static void plan_method(const Engine *engine, size_t layer, EngineProduct product, size_t examples, EnginePlan *out)
{
    engine_plan(((const Adversary *)engine)->inner, layer, product, examples, out);
}

static void free_method(Engine *engine)
{
    Adversary *adversary = (Adversary *)engine;
    engine_free(adversary->inner);
    memory_free(adversary->moved.rows);
    memory_free(adversary->input_gradient);
    memory_free(adversary);
}

static const EngineMethods methods = {.free = free_method,
                                      .predict = predict_method,
                                      .evaluate = evaluate_method,
                                      .gradient = gradient_method,
                                      .step = step_method,
                                      .plan = plan_method};

percept_status adversary_create(const EngineKind *kind, const EngineConfig *config, Engine **out, percept_error *error)
{
    Adversary *adversary = NULL;
    EngineConfig inner = *config;
    const size_t size = config->precision == PERCEPT_FLOAT32 ? sizeof(float) : sizeof(double);
    const size_t row = network_inputs(config->network) * size;
    percept_status status = memory_allocate_zeroed(1, sizeof *adversary, "the engine", &adversary, error);
    if (status != PERCEPT_OK)
        return status;
    adversary->engine = (Engine){&methods, *config};
    adversary->moved = (ScaledRows){.type = config->precision, .of_batch = true};
    inner.adversarial = 0;
    status = engine_create(kind, &inner, &adversary->inner, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(config->batch_capacity, row, "a moved batch", &adversary->moved.rows, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(config->batch_capacity, row, "a moved batch", &adversary->input_gradient, error);
    if (status == PERCEPT_OK)
        *out = &adversary->engine;
    else
        free_method(&adversary->engine);
    return status;
}
