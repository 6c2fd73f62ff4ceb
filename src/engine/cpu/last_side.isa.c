#include "engine/cpu/last_side.h"

#include "engine/cpu/small_product.h"

/* ---- Through the tables of room nn, which want rows --------------------------------------------------------------- */

/* Smoothing belongs to training alone. */
static double smoothing_of(const Pass *pass)
{
    return pass->backward ? pass->cpu->engine.config.network->label_smoothing : 0;
}

static size_t count_correct(REAL(Answers) answers, size_t count, size_t width, const real *A)
{
    size_t correct = 0;
    for (size_t i = 0; i < count && answers.labels != NULL; i++)
        correct += REAL(output_class)(width, A + i * width) == answers.labels[i];
    return correct;
}

/* From rows in output_Z to rows in output_A and output_delta. */
static void finish_rows(const Pass *pass, size_t part, size_t first, size_t count)
{
    Cpu *cpu = pass->cpu;
    const size_t width = cpu->sides[cpu->depth].width, last = first + count;
    const REAL(Loss) *loss = REAL(loss_at)(cpu->engine.config.network->loss);
    const REAL(Activation) *activation = activation_of(cpu, cpu->depth - 1);
    real *Z = cpu->output_Z + first * width, *A = cpu->output_A + first * width;
    REAL(Answers)
    answers = {.smoothing = smoothing_of(pass), .units = pass->backward ? cpu->engine.config.loss_units : NULL};
    activation->forward(count, width, Z, A);
    if (!pass->sums_wanted)
        return;
    if (batch_has_targets(pass->batch)) {
        answers.targets = cpu->targets + first * width;
        answers.levels = network_levels(cpu->engine.config.network, 0);
        REAL(batch_targets_of)(pass->batch, width, first, last, cpu->targets + first * width);
    } else {
        answers.labels = cpu->labels + first;
        batch_labels(pass->batch, first, last, cpu->labels + first);
    }
    if (batch_is_mixed(pass->batch) && !batch_has_targets(pass->batch)) {
        answers.targets = cpu->targets + first * width;
        REAL(batch_soft_labels)(pass->batch, width, answers.smoothing, first, last, cpu->targets + first * width);
    }
    loss->forward(count, width, Z, A, answers, cpu->losses + first);
    cpu->correct[part] = count_correct(answers, count, width, A);
    if (!pass->backward)
        return;
    real *delta = cpu->output_delta + first * width;
    loss->backward(count, width, Z, A, answers, delta);
    if (loss->output == NULL)
        activation->backward(count, width, Z, A, delta, delta);
}

/* ---- By unit ------------------------------------------------------------------------------------------------------- */

/* What deltas are multiplied with: the weights of the examples, and what the update wants. */
static void set_factors(const Pass *pass, size_t first, size_t count)
{
    const double *class_weights = class_weights_of(pass);
    const bool weighted = batch_is_weighted(pass->batch, class_weights);
    for (size_t i = first; i < first + count; i++)
        pass->cpu->factors[i] =
            weighted ? pass->scale * (real)batch_weight(pass->batch, class_weights, i) : pass->scale;
}

static void finish_by_rows(const Pass *pass, size_t part, size_t first, size_t count, size_t stride, const real *Z,
                           real *dZ)
{
    const Cpu *cpu = pass->cpu;
    const size_t width = cpu->sides[cpu->depth].width;
    ISA(transpose_any)(width, count, Z, stride, cpu->output_Z + first * width, width);
    finish_rows(pass, part, first, count);
    for (size_t i = 0; i < count && pass->backward; i++)
        for (size_t j = 0; j < width; j++)
            dZ[j * stride + i] = cpu->factors[first + i] * cpu->output_delta[(first + i) * width + j];
}

void ISA(finish_last_side)(const Pass *pass, size_t part, size_t first, size_t count, size_t stride, real *Z, real *dZ)
{
    Cpu *cpu = pass->cpu;
    const size_t width = cpu->sides[cpu->depth].width;
    const size_t item = first * width;
    if (pass->backward)
        set_factors(pass, first, count);
    else if (cpu->engine.config.logits != NULL)
        ISA(transpose_any)(width, count, Z, stride, (real *)cpu->engine.config.logits + item, width);
    if (cpu->output == NULL || batch_has_targets(pass->batch) || batch_is_mixed(pass->batch)) {
        finish_by_rows(pass, part, first, count, stride, Z, dZ);
        return;
    }
    OutputBlock block = {.width = width, .count = count, .stride = stride, .A = Z};
    if (pass->sums_wanted) {
        block.labels = cpu->labels + first;
        batch_labels(pass->batch, first, first + count, cpu->labels + first);
    }
    block.smoothing = (real)smoothing_of(pass);
    block.factors = cpu->factors + first;
    block.losses = cpu->losses + first;
    block.delta = pass->backward ? dZ : NULL;
    cpu->output(&block);
    cpu->correct[part] = block.correct;
    if (!pass->backward)
        ISA(transpose_any)(width, count, Z, stride, cpu->output_A + item, width);
}
