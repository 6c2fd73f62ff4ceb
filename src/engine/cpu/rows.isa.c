/* What needs all units of an example at once: the output with its loss, and hidden activations that are not
 * elementwise (softmax). Done through the tables of room nn on plain rows; none of it is long beside the products. */
#include "engine/cpu/layer.h"

/* Rows (count × width, row-major) of examples that lie by unit in matrix M of side l, from example `first` on; all in one
 * strip. */
static void rows_from_units(const Cpu *cpu, size_t l, real *M, size_t first, size_t count, real *rows)
{
    const size_t width = cpu->sides[l].width;
    const real *from = at_unit(cpu, l, M, first / cpu->strip, 0) + first % cpu->strip;
    for (size_t j = 0; j < width; j++)
        for (size_t i = 0; i < count; i++)
            rows[i * width + j] = from[j * cpu->strip + i];
}

static void units_from_rows(const Cpu *cpu, size_t l, const real *rows, size_t first, size_t count, real *M)
{
    const size_t width = cpu->sides[l].width;
    real *to = at_unit(cpu, l, M, first / cpu->strip, 0) + first % cpu->strip;
    for (size_t j = 0; j < width; j++)
        for (size_t i = 0; i < count; i++)
            to[j * cpu->strip + i] = rows[i * width + j];
}

static void example_from_row(const Cpu *cpu, const real *row, size_t example, size_t width, real *M)
{
    for (size_t j = 0; j < width; j++)
        *at_example(cpu, M, example, j) = row[j];
}

static size_t examples_of(const Pass *pass, size_t strip)
{
    return smaller(pass->cpu->strip, pass->batch->count - strip * pass->cpu->strip);
}

void ISA(activate_rows)(const Pass *pass, const Worker *worker, size_t l, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t count = examples_of(pass, strip), first = strip * cpu->strip;
    real *rows = scratch_of(cpu, worker);
    rows_from_units(cpu, l, side->U, first, count, rows);
    activation_of(cpu, l - 1)->forward(count, side->width, rows, rows);
    for (size_t i = 0; i < count && drops(pass, l); i++)
        ISA(drop_row)(pass, l, first + i, rows + i * side->width, rows + count * side->width);
    units_from_rows(cpu, l, rows, first, count, side->U);
    for (size_t i = 0; i < count && side->A != NULL; i++)
        example_from_row(cpu, rows + i * side->width, first + i, side->width, side->A);
}

void ISA(differentiate_rows)(const Pass *pass, const Worker *worker, size_t l, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t first = strip * cpu->strip, width = side->width;
    real *A = scratch_of(cpu, worker), *Z = A + width, *dA = Z + width, *mask = dA + width;
    real *outputs = drops(pass, l) ? side->T : side->U;
    for (size_t i = first; i < first + examples_of(pass, strip); i++) {
        rows_from_units(cpu, l, outputs, i, 1, A);
        rows_from_units(cpu, l, side->Z != NULL ? side->Z : outputs, i, 1, Z);
        rows_from_units(cpu, l, side->dZ, i, 1, dA);
        if (drops(pass, l)) {
            rows_from_units(cpu, l, side->mask, i, 1, mask);
            for (size_t j = 0; j < width; j++)
                dA[j] *= mask[j];
        }
        activation_of(cpu, l - 1)->backward(1, width, Z, A, dA, dA);
        units_from_rows(cpu, l, dA, i, 1, side->dZ);
    }
}

/* The answers of examples first …, gathered into their places in cpu. */
static REAL(Answers) gather_answers(const Pass *pass, size_t first, size_t count)
{
    const Cpu *cpu = pass->cpu;
    REAL(Answers) answers = {NULL, NULL, pass->backward ? cpu->engine.config.network->label_smoothing : 0};
    if (batch_has_targets(pass->batch)) {
        real *targets = cpu->targets + first * cpu->sides[cpu->depth].width;
        REAL(batch_targets)(pass->batch, first, first + count, targets);
        answers.targets = targets;
    } else {
        batch_labels(pass->batch, first, first + count, cpu->labels + first);
        answers.labels = cpu->labels + first;
    }
    return answers;
}

static size_t count_correct(REAL(Answers) answers, size_t count, size_t width, const real *A)
{
    size_t correct = 0;
    for (size_t i = 0; i < count && answers.labels != NULL; i++)
        correct += REAL(output_class)(width, A + i * width) == answers.labels[i];
    return correct;
}

/* dZ of the last side from its rows, each times its example's weight; 0 for what pads the strip. */
static void leave_delta(const Pass *pass, size_t strip, size_t count, const real *delta)
{
    const Cpu *cpu = pass->cpu;
    const size_t width = cpu->sides[cpu->depth].width, first = strip * cpu->strip;
    const double *class_weights = class_weights_of(pass);
    const bool weighted = batch_is_weighted(pass->batch, class_weights);
    real *to = at_unit(cpu, cpu->depth, cpu->sides[cpu->depth].dZ, strip, 0);
    for (size_t i = 0; i < count; i++) {
        const real weight = weighted ? (real)batch_weight(pass->batch, class_weights, first + i) : 1;
        for (size_t j = 0; j < width; j++)
            to[j * cpu->strip + i] = pass->scale * weight * delta[i * width + j];
    }
    for (size_t j = 0; j < width; j++)
        for (size_t i = count; i < cpu->strip; i++)
            to[j * cpu->strip + i] = 0;
}

void ISA(output_unit)(const Pass *pass, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const size_t first = strip * cpu->strip;
    rows_from_units(cpu, cpu->depth, cpu->sides[cpu->depth].U, first, examples_of(pass, strip),
                    cpu->output_Z + first * cpu->sides[cpu->depth].width);
    ISA(output_rows)(pass, strip);
}

void ISA(output_rows)(const Pass *pass, size_t strip)
{
    const Cpu *cpu = pass->cpu;
    const REAL(Loss) *loss = REAL(loss_at)(cpu->engine.config.network->loss);
    const REAL(Activation) *activation = activation_of(cpu, cpu->depth - 1);
    const size_t width = cpu->sides[cpu->depth].width, first = strip * cpu->strip, count = examples_of(pass, strip);
    real *Z = cpu->output_Z + first * width, *A = cpu->output_A + first * width;
    activation->forward(count, width, Z, A);
    if (!pass->sums_wanted)
        return;
    const REAL(Answers) answers = gather_answers(pass, first, count);
    loss->forward(count, width, Z, A, answers, cpu->losses + first);
    cpu->correct[strip] = count_correct(answers, count, width, A);
    if (!pass->backward)
        return;
    real *delta = cpu->output_delta + first * width;
    loss->backward(count, width, Z, A, answers, delta);
    if (loss->output == NULL)
        activation->backward(count, width, Z, A, delta, delta);
    leave_delta(pass, strip, count, delta);
}
