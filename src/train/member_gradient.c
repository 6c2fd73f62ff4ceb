#include "train/member_gradient.h"

#include <string.h>

#include "base/memory.h"
#include "engine/kinds.h"
#include "engine/members.h"
#include "nn/loss.h"
#include "nn/members.h"
#include "train/outputs.h"
#include "train/target_units.h"

typedef struct Member {
    Network network;
    Engine *predictor;
    GradientView output; /* one of its outputs */
    double *A, *Z;       /* block × outputs: what it predicts */
    double *slopes;      /* block × outputs: derivatives of the quantity by Z */
} Member;

struct MemberGradient {
    size_t count, width; /* members; outputs */
    Member *members;
    void *raw[2];                /* block × outputs, of the model's precision: A and Z of a member */
    double *numbers;             /* what the pointers below and those of the members point to */
    double *mean, *sums, *delta; /* block × outputs: what they predict together, and derivatives by that */
    double *factors;             /* block */
    double *norms;               /* one for each member */
    double **columns[3];         /* the members' A, Z and slopes */
};

/* ---- Life ---------------------------------------------------------------------------------------------------------- */

static percept_status allocate(const GradientRoom *room, MemberGradient *gradient, percept_error *error)
{
    const size_t block = GRADIENT_BLOCK * gradient->width;
    percept_status status =
        memory_allocate_zeroed(gradient->count, sizeof *gradient->members, "the members", &gradient->members, error);
    for (size_t i = 0; i < 3 && status == PERCEPT_OK; i++)
        status = memory_allocate(gradient->count, sizeof(double *), "the members", &gradient->columns[i], error);
    for (size_t i = 0; i < 2 && status == PERCEPT_OK; i++)
        status = memory_allocate(block, model_real_size(room->model), "the members' outputs", &gradient->raw[i], error);
    if (status == PERCEPT_OK)
        status = memory_allocate(3 * (gradient->count + 1) * block + GRADIENT_BLOCK + gradient->count,
                                 sizeof *gradient->numbers, "the members' outputs", &gradient->numbers, error);
    if (status != PERCEPT_OK)
        return status;
    gradient->mean = gradient->numbers;
    gradient->sums = gradient->mean + block;
    gradient->delta = gradient->sums + block;
    for (size_t m = 0; m < gradient->count; m++) {
        double *own = gradient->delta + block + 3 * m * block;
        for (size_t i = 0; i < 3; i++)
            gradient->columns[i][m] = own + i * block;
        gradient->members[m].A = own;
        gradient->members[m].Z = own + block;
        gradient->members[m].slopes = own + 2 * block;
    }
    gradient->factors = gradient->delta + block + 3 * gradient->count * block;
    gradient->norms = gradient->factors + GRADIENT_BLOCK;
    return PERCEPT_OK;
}

static percept_status create_member(const GradientRoom *room, MemberGradient *gradient, size_t m, percept_error *error)
{
    Member *member = &gradient->members[m];
    percept_status status = network_member(gradient_network(room), m, &member->network, error);
    if (status != PERCEPT_OK) {
        member->network = (Network){0};
        return status;
    }
    const EngineConfig config = {.network = &member->network,
                                 .precision = room->model->precision,
                                 .batch_capacity = GRADIENT_BLOCK,
                                 .team = room->team,
                                 .logits = gradient->raw[1]};
    member->output.offset = network_member_offset(gradient_network(room), m);
    status = engine_create(engine_kind_find("cpu"), &config, &member->predictor, error);
    if (status == PERCEPT_OK)
        status = gradient_view_create(room, &member->network, true, gradient_output_loss(), &member->output, error);
    return status;
}

percept_status member_gradient_create(const GradientRoom *room, MemberGradient **out, percept_error *error)
{
    MemberGradient *gradient = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *gradient, "a gradient", &gradient, error);
    if (status != PERCEPT_OK)
        return status;
    gradient->count = gradient_network(room)->members;
    gradient->width = network_outputs(gradient_network(room));
    status = allocate(room, gradient, error);
    for (size_t m = 0; m < gradient->count && status == PERCEPT_OK; m++)
        status = create_member(room, gradient, m, error);
    if (status == PERCEPT_OK)
        *out = gradient;
    else
        member_gradient_free(gradient);
    return status;
}

void member_gradient_free(MemberGradient *gradient)
{
    if (gradient == NULL)
        return;
    for (size_t m = 0; m < gradient->count && gradient->members != NULL; m++) {
        gradient_view_clear(&gradient->members[m].output);
        engine_free(gradient->members[m].predictor);
        if (gradient->members[m].network.layers != NULL)
            network_clear(&gradient->members[m].network);
    }
    memory_free(gradient->members);
    for (size_t i = 0; i < 3; i++)
        memory_free(gradient->columns[i]);
    memory_free(gradient->raw[0]);
    memory_free(gradient->raw[1]);
    memory_free(gradient->numbers);
    memory_free(gradient);
}

/* ---- One block ----------------------------------------------------------------------------------------------------- */

/* A and Z of each member, and of what they predict together. */
static void predict(MemberGradient *gradient, GradientRoom *room, const double *features, size_t count)
{
    Storage storage;
    percept_dataset data;
    const Batch batch = gradient_batch(room, features, count, &(GradientAnswers){0}, &storage, &data);
    for (size_t m = 0; m < gradient->count; m++) {
        Member *member = &gradient->members[m];
        engine_predict(member->predictor, gradient_parameters(room, member->output.offset), &batch, gradient->raw[0]);
        outputs_widen(room->model, gradient->raw[0], count * gradient->width, member->A);
        outputs_widen(room->model, gradient->raw[1], count * gradient->width, member->Z);
    }
    members_average_f64(gradient_network(room), count, (const double *const *)gradient->columns[0],
                        (const double *const *)gradient->columns[1], gradient->mean, gradient->sums, gradient->norms);
}

/* Derivatives of the loss of scaled targets, each with its unit: 1/k Σ_j σ_j^p loss(a_j) */
static void differentiate_by_units(MemberGradient *gradient, const percept_model *model, size_t count,
                                   const double *targets)
{
    const Scaler *scaler = &model->target_scaler;
    const Loss_f64 *loss = loss_at_f64(model->network.loss);
    for (size_t e = 0; e < count * gradient->width; e++) {
        const size_t j = e % gradient->width;
        const double own = target_transform(&scaler->transform, j, targets[e]);
        const double target = scaler->deviation != NULL ? (own - scaler->mean[j]) / scaler->deviation[j] : own;
        loss->backward(1, 1, &gradient->sums[e], &gradient->mean[e],
                       (Answers_f64){.targets = &target, .levels = network_levels(&model->network, j)},
                       &gradient->delta[e]);
        gradient->delta[e] *= target_unit(model, j) / (double)gradient->width;
    }
}

/* Derivatives of the quantity by what the members predict together; true: by the weighted sums, false: by outputs. */
static bool differentiate(MemberGradient *gradient, const percept_model *model, size_t count,
                          const MemberQuantity *quantity)
{
    const Loss_f64 *loss = loss_at_f64(model->network.loss);
    const Scaler *scaler = &model->target_scaler;
    const Answers_f64 answers = {.labels = quantity->labels, .targets = quantity->targets};
    if (quantity->labels == NULL && quantity->targets == NULL) {
        for (size_t e = 0; e < count * gradient->width; e++)
            gradient->delta[e] = e % gradient->width != quantity->output ? 0
                                 : scaler->deviation != NULL             ? scaler->deviation[quantity->output]
                                                                         : 1;
        return true;
    }
    if (scaler->deviation != NULL || scaler->transform.kind != TARGET_AS_IT_IS || model->network.intervals > 0)
        differentiate_by_units(gradient, model, count, quantity->targets);
    else
        loss->backward(count, gradient->width, gradient->sums, gradient->mean, answers, gradient->delta);
    return loss->output != NULL;
}

void member_gradient_add(MemberGradient *gradient, GradientRoom *room, const double *features, size_t count,
                         const MemberQuantity *quantity, double *out)
{
    const GradientAnswers answers = gradient_output_answers(room);
    predict(gradient, room, features, count);
    const bool of_sums = differentiate(gradient, room->model, count, quantity);
    members_average_backward_f64(gradient_network(room), count, (const double *const *)gradient->columns[0],
                                 (const double *const *)gradient->columns[1], gradient->sums, gradient->delta, of_sums,
                                 gradient->columns[2]);
    for (size_t m = 0; m < gradient->count; m++)
        for (size_t j = 0; j < gradient->width; j++) {
            Member *member = &gradient->members[m];
            for (size_t i = 0; i < count; i++)
                gradient->factors[i] = member->slopes[i * gradient->width + j];
            gradient_view_choose(room, &member->output, j);
            gradient_view_add(room, &member->output, features, count, &answers, 1, gradient->factors, out);
        }
}
