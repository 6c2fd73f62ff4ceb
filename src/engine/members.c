#include "engine/members.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "nn/members.h"

/* What is done with all members. */
typedef enum Task { TASK_PREDICT, TASK_GRADIENT, TASK_STEP } Task;

/* One member. */
typedef struct Member {
    Network network;
    Engine *engine;
    size_t offset; /* of its parameters in the flat vector, in elements */
    void *A, *Z;   /* batch × outputs: what it predicts */
    void *input_gradient;
    EngineSums sums;
} Member;

typedef struct Members {
    Engine engine;
    size_t size; /* bytes of a real */
    Team *alone; /* a team of one, for the members' engines */
    Member *members;
    void *A, *Z, *losses, *targets;
    int32_t *labels;
    double *norms;     /* a number for each member */
    void **columns[2]; /* the members' A and Z, as members_average wants them */
} Members;

/* ---- All members, shared out over the team --------------------------------------------------------------------------- */

/* One call of the engine. */
typedef struct Call {
    Members *members;
    Task task;
    char *parameters;
    const Batch *batch;
    char *gradient;
    bool input_gradient;
    const EngineUpdate *update;
} Call;

/* An update of a range of a member, as one of the whole vector. */
typedef struct MemberUpdate {
    const EngineUpdate *whole;
    size_t offset, size;
} MemberUpdate;

static void apply(void *state, size_t begin, size_t end, void *parameters, const void *gradient)
{
    const MemberUpdate *update = state;
    const size_t bytes = update->offset * update->size;
    /* NOLINTBEGIN(performance-no-int-to-ptr): where the whole vectors begin; their beginnings are not read here */
    void *whole = (void *)((uintptr_t)parameters - bytes);
    const void *whole_gradient = (const void *)((uintptr_t)gradient - bytes);
    /* NOLINTEND(performance-no-int-to-ptr) */
    update->whole->apply(update->whole->state, begin + update->offset, end + update->offset, whole, whole_gradient);
}

static void run_member(const Call *call, Member *member)
{
    const size_t bytes = member->offset * call->members->size;
    char *parameters = call->parameters + bytes;
    if (call->task == TASK_PREDICT) {
        engine_evaluate(member->engine, parameters, call->batch, member->A, &member->sums);
    } else if (call->task == TASK_GRADIENT) {
        engine_gradient(member->engine, parameters, call->batch, call->gradient != NULL ? call->gradient + bytes : NULL,
                        call->input_gradient ? member->input_gradient : NULL, &member->sums);
    } else {
        MemberUpdate own = {call->update, member->offset, call->members->size};
        EngineUpdate update = *call->update;
        if (update.apply != NULL) {
            update.apply = apply;
            update.state = &own;
        }
        engine_step(member->engine, parameters, call->batch, &update, &member->sums);
    }
}

static void run_rank(void *context, Team *team, size_t rank)
{
    const Call *call = context;
    const size_t count = call->members->engine.config.network->members;
    for (size_t m = rank; m < count; m += team_size(team))
        run_member(call, &call->members->members[m]);
}

static void run(Call *call)
{
    team_run(call->members->engine.config.team, run_rank, call);
}

/* Means over the members; right answers of a mean member. */
static EngineSums mean_sums(const Members *members)
{
    const size_t count = members->engine.config.network->members > 1 ? members->engine.config.network->members : 1;
    EngineSums mean = members->members[0].sums;
    size_t correct = 0;
    mean.loss = mean.penalty = 0;
    for (size_t m = 0; m < count; m++) {
        mean.loss += members->members[m].sums.loss / (double)count;
        mean.penalty += members->members[m].sums.penalty / (double)count;
        correct += members->members[m].sums.correct;
    }
    mean.correct = (correct + count / 2) / count;
    return mean;
}

/* ---- The engine's methods ---------------------------------------------------------------------------------------- */

static bool is_float(const Members *members)
{
    return members->engine.config.precision == PERCEPT_FLOAT32;
}

/* A and Z of the mean; outputs and logits where they are wanted. */
static void predict(Members *members, const void *parameters, const Batch *batch, void *outputs)
{
    const EngineConfig *config = &members->engine.config;
    const size_t bytes = batch->count * network_outputs(config->network) * members->size;
    /* Nothing is changed where nothing is updated. */
    Call call = {.members = members, .task = TASK_PREDICT, .parameters = (char *)parameters, .batch = batch};
    run(&call);
    if (is_float(members))
        members_average_f32(config->network, batch->count, (const float *const *)members->columns[0],
                            (const float *const *)members->columns[1], members->A, members->Z, members->norms);
    else
        members_average_f64(config->network, batch->count, (const double *const *)members->columns[0],
                            (const double *const *)members->columns[1], members->A, members->Z, members->norms);
    if (outputs != NULL)
        memcpy(outputs, members->A, bytes);
    if (config->logits != NULL)
        memcpy(config->logits, members->Z, bytes);
}

static void predict_method(Engine *engine, const void *parameters, const Batch *batch, void *outputs)
{
    predict((Members *)engine, parameters, batch, outputs);
}

static void evaluate_method(Engine *engine, const void *parameters, const Batch *batch, void *outputs, EngineSums *sums)
{
    Members *members = (Members *)engine;
    const Network *network = engine->config.network;
    predict(members, parameters, batch, outputs);
    if (is_float(members))
        members_judge_f32(network, batch, members->A, members->Z, members->losses, members->targets, members->labels,
                          sums);
    else
        members_judge_f64(network, batch, members->A, members->Z, members->losses, members->targets, members->labels,
                          sums);
    sums->penalty = mean_sums(members).penalty;
}

/* The mean over the members; `count` elements. */
static void mean_input_gradient(const Members *members, size_t count, void *out)
{
    const size_t all = members->engine.config.network->members;
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        for (size_t m = 0; m < all; m++)
            sum += is_float(members) ? (double)((const float *)members->members[m].input_gradient)[i]
                                     : ((const double *)members->members[m].input_gradient)[i];
        if (is_float(members))
            ((float *)out)[i] = (float)(sum / (double)all);
        else
            ((double *)out)[i] = sum / (double)all;
    }
}

static void gradient_method(Engine *engine, const void *parameters, const Batch *batch, void *gradient,
                            void *input_gradient, EngineSums *sums)
{
    Members *members = (Members *)engine;
    Call call = {.members = members,
                 .task = TASK_GRADIENT,
                 .parameters = (char *)parameters,
                 .batch = batch,
                 .gradient = gradient,
                 .input_gradient = input_gradient != NULL};
    run(&call);
    *sums = mean_sums(members);
    if (input_gradient != NULL)
        mean_input_gradient(members, batch->count * network_inputs(engine->config.network), input_gradient);
}

static void step_method(Engine *engine, void *parameters, const Batch *batch, const EngineUpdate *update,
                        EngineSums *sums)
{
    Members *members = (Members *)engine;
    Call call = {.members = members, .task = TASK_STEP, .parameters = parameters, .batch = batch, .update = update};
    run(&call);
    *sums = mean_sums(members);
}

static void plan_method(const Engine *engine, size_t layer, EngineProduct product, size_t examples, EnginePlan *out)
{
    engine_plan(((const Members *)engine)->members[0].engine, layer, product, examples, out);
}

static void free_method(Engine *engine)
{
    Members *members = (Members *)engine;
    for (size_t m = 0; m < engine->config.network->members && members->members != NULL; m++) {
        Member *member = &members->members[m];
        engine_free(member->engine);
        if (member->network.layers != NULL)
            network_clear(&member->network);
        memory_free(member->A);
        memory_free(member->Z);
        memory_free(member->input_gradient);
    }
    memory_free(members->members);
    memory_free(members->A);
    memory_free(members->Z);
    memory_free(members->losses);
    memory_free(members->targets);
    memory_free(members->labels);
    memory_free(members->norms);
    memory_free(members->columns[0]);
    memory_free(members->columns[1]);
    if (members->alone != NULL)
        team_free(members->alone);
    memory_free(members);
}

static const EngineMethods methods = {free_method,     predict_method, evaluate_method,
                                      gradient_method, step_method,    plan_method};

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/* rows × columns reals. */
static percept_status allocate(const Members *members, size_t columns, void **out, percept_error *error)
{
    size_t count = 0;
    if (__builtin_mul_overflow(members->engine.config.batch_capacity, columns, &count))
        return error_set(error, PERCEPT_ERROR_MEMORY, "a batch of %zu examples is more than can be addressed",
                         members->engine.config.batch_capacity);
    return memory_allocate_zeroed(count, members->size, "the members' outputs", out, error);
}

static percept_status create_member(const Members *members, MemberCreate *create, size_t m, Member *member,
                                    percept_error *error)
{
    EngineConfig config = members->engine.config;
    const size_t outputs = network_outputs(config.network);
    percept_status status = network_member(config.network, m, &member->network, error);
    member->offset = network_member_offset(config.network, m);
    config.network = &member->network;
    config.team = members->alone;
    config.trace = NULL;
    if (status == PERCEPT_OK)
        status = allocate(members, outputs, &member->A, error);
    if (status == PERCEPT_OK)
        status = allocate(members, outputs, &member->Z, error);
    if (status == PERCEPT_OK && config.training)
        status = allocate(members, network_inputs(config.network), &member->input_gradient, error);
    config.logits = member->Z;
    members->columns[0][m] = member->A;
    members->columns[1][m] = member->Z;
    return status == PERCEPT_OK ? create(&config, &member->engine, error) : status;
}

static percept_status set_up(Members *members, MemberCreate *create, percept_error *error)
{
    const Network *network = members->engine.config.network;
    const size_t outputs = network_outputs(network), count = network->members;
    percept_status status = team_create(1, &members->alone, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(count, sizeof *members->members, "the members", &members->members, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *members->norms, "the members", &members->norms, error);
    for (size_t i = 0; i < 2 && status == PERCEPT_OK; i++)
        status = memory_allocate_zeroed(count, sizeof(void *), "the members", &members->columns[i], error);
    if (status == PERCEPT_OK)
        status = allocate(members, outputs, &members->A, error);
    if (status == PERCEPT_OK)
        status = allocate(members, outputs, &members->Z, error);
    if (status == PERCEPT_OK)
        status = allocate(members, outputs, &members->targets, error);
    if (status == PERCEPT_OK)
        status = allocate(members, 1, &members->losses, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(members->engine.config.batch_capacity, sizeof *members->labels, "labels",
                                 &members->labels, error);
    for (size_t m = 0; m < count && status == PERCEPT_OK; m++)
        status = create_member(members, create, m, &members->members[m], error);
    return status;
}

percept_status members_create(MemberCreate *create, const EngineConfig *config, Engine **out, percept_error *error)
{
    Members *members = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *members, "the engine", &members, error);
    if (status != PERCEPT_OK)
        return status;
    members->engine = (Engine){&methods, *config};
    members->size = config->precision == PERCEPT_FLOAT32 ? sizeof(float) : sizeof(double);
    status = set_up(members, create, error);
    if (status == PERCEPT_OK)
        *out = &members->engine;
    else
        free_method(&members->engine);
    return status;
}
