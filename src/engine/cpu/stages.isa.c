#include "engine/cpu/stages.h"

#include <stdint.h>
#include <string.h>

#include "engine/cpu/small_product.h"
#include "nn/dropout.h"

/* Examples, units and elements of a piece of work. */
#define EXAMPLES_PIECE 32
#define UNITS_PIECE 16
#define ELEMENTS_PIECE 4096

#define FUNCTIONS_DECLARED(name) extern const REAL(StageFunctions) ISA(name##_stage);
STAGE_EACH(FUNCTIONS_DECLARED)

static const REAL(StageFunctions) * functions_of(const Stage *stage)
{
#define FUNCTIONS_LISTED(name) &ISA(name##_stage),
    static const REAL(StageFunctions) *const table[] = {STAGE_EACH(FUNCTIONS_LISTED)};
    for (size_t i = 0; stage_kind_at(i) != NULL; i++)
        if (stage_kind_at(i) == stage->kind)
            return table[i];
    return NULL;
}

static const SideStages *stages_of(const Cpu *cpu, size_t l)
{
    return &cpu->engine.config.network->sides[l];
}

/* ---- Pieces of work ---------------------------------------------------------------------------------------------- */

/* A phase over elements 0 … total-1 in pieces of `size`. */
typedef struct Pieces {
    Phase phase;
    size_t units, size, total;
} Pieces;

static void pieces_begin(Pieces *pieces, Worker *worker, size_t total, size_t size)
{
    pieces->total = total;
    pieces->size = size;
    pieces->units = (total + size - 1) / size;
    pieces->phase = phase_begin(worker, &pieces->units, 1);
}

static bool pieces_next(Pieces *pieces, size_t *begin, size_t *end)
{
    size_t list = 0, unit = 0;
    if (!phase_next(&pieces->phase, &list, &unit))
        return false;
    *begin = unit * pieces->size;
    *end = smaller(*begin + pieces->size, pieces->total);
    return true;
}

static void pieces_end(Pieces *pieces)
{
    phase_end(&pieces->phase);
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

/* Of rows begin … end-1, the columns that are not the stage's. */
static void pass_columns(const Stage *stage, size_t begin, size_t end, const real *from, size_t from_row, size_t taken,
                         real *to, size_t to_row, size_t given)
{
    const size_t behind = stage->width_in - stage->inputs - stage->first;
    for (size_t i = begin; i < end; i++) {
        memcpy(to + i * to_row, from + i * from_row, stage->first * sizeof(real));
        memcpy(to + i * to_row + stage->first + given, from + i * from_row + stage->first + taken,
               behind * sizeof(real));
    }
}

/* The run of stage s as this call sees it; the parts that are fixed are in cpu->runs. */
static REAL(StageRun) run_of(const Pass *pass, size_t s)
{
    REAL(StageRun) run = pass->cpu->runs[s];
    run.count = pass->batch->count;
    run.training = pass->backward;
    run.frozen = pass->cpu->engine.config.frozen;
    run.parameters = pass->parameters;
    return run;
}

static void stage_forward(const Pass *pass, Worker *worker, size_t s)
{
    const REAL(StageRun) run = run_of(pass, s);
    const Stage *stage = run.stage;
    const REAL(StageFunctions) *functions = functions_of(stage);
    const bool by_examples = stage->kind->forward == SPLIT_EXAMPLES;
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, by_examples ? run.count : stage->outputs, by_examples ? EXAMPLES_PIECE : UNITS_PIECE);
    while (pieces_next(&pieces, &begin, &end)) {
        functions->forward(&run, begin, end);
        if (stage->kind->of_columns)
            pass_columns(stage, begin, end, run.X - stage->first, run.x_row, stage->inputs, run.Y - stage->first,
                         run.y_row, stage->outputs);
        if (functions->statistics != NULL && pass->updated != NULL && !run.frozen)
            functions->statistics(&run, begin, end, pass->updated);
    }
    pieces_end(&pieces);
}

static void activate(const Pass *pass, Worker *worker, size_t l)
{
    const Cpu *cpu = pass->cpu;
    const Network *network = cpu->engine.config.network;
    const Side *side = &cpu->sides[l];
    const SideRows *rows = &side->rows;
    const size_t row = row_stride(rows->units);
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, EXAMPLES_PIECE);
    while (pieces_next(&pieces, &begin, &end)) {
        const size_t at = begin * row, count = (end - begin) * row;
        real *to = (drops(pass, l) ? rows->T : rows->A) + at;
        real *D = pass->backward && rows->D != NULL ? rows->D + at : NULL;
        if (side->f.activation != NULL)
            ISA(activate)(&side->f, count, rows->Z + at, to, D);
        for (size_t i = 0; i < count && side->f.activation == NULL; i += row)
            activation_of(cpu, l - 1)->forward(1, rows->units, rows->Z + at + i, to + i);
        if (!drops(pass, l))
            continue;
        REAL(dropout_mask)
        (network, l - 1, cpu->engine.config.dropout, engine_dropout_factor(&cpu->engine.config), begin, end - begin, 0,
         rows->units, rows->mask + at, row);
        for (size_t i = at; i < at + count; i++)
            rows->A[i] = rows->T[i] * rows->mask[i];
    }
    pieces_end(&pieces);
}

void ISA(chain_forward)(const Pass *pass, Worker *worker, size_t l)
{
    const SideStages *stages = stages_of(pass->cpu, l);
    const SideRows *rows = &pass->cpu->sides[l].rows;
    for (size_t s = 0; s < stages->before; s++)
        stage_forward(pass, worker, stages->first + s);
    if (l > 0)
        activate(pass, worker, l);
    for (size_t s = 0; s < stages->after; s++)
        stage_forward(pass, worker, stages->first + stages->before + s);
    if (rows->linked == NULL || !pass->backward)
        return;
    const size_t row = row_stride(pass->cpu->sides[l].width);
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, EXAMPLES_PIECE);
    while (pieces_next(&pieces, &begin, &end))
        memset(rows->linked + begin * row, 0, (end - begin) * row * sizeof(real));
    pieces_end(&pieces);
}

/* ---- Backward ---------------------------------------------------------------------------------------------------- */

/* Gradients that links have brought to side l join those of its output. */
static void add_linked(const Pass *pass, Worker *worker, size_t l, real *flow)
{
    const real *linked = pass->cpu->sides[l].rows.linked;
    const size_t row = row_stride(pass->cpu->sides[l].width);
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, EXAMPLES_PIECE);
    while (pieces_next(&pieces, &begin, &end))
        for (size_t i = begin * row; i < end * row; i++)
            flow[i] += linked[i];
    pieces_end(&pieces);
}

static void stage_gradient_phase(const REAL(StageRun) * run, Worker *worker)
{
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, stage_units(run->stage), run->stage->kind->units != NULL ? 1 : UNITS_PIECE);
    while (pieces_next(&pieces, &begin, &end))
        functions_of(run->stage)->gradient(run, begin, end);
    pieces_end(&pieces);
}

/* dX of stage s, whole rows, from dY; dX is not needed if it is NULL. */
static void stage_backward(const Pass *pass, Worker *worker, size_t s, const real *dY, real *dX)
{
    const Cpu *cpu = pass->cpu;
    REAL(StageRun) run = run_of(pass, s);
    const Stage *stage = run.stage;
    const REAL(StageFunctions) *functions = functions_of(stage);
    const bool by_examples = stage->kind->backward == SPLIT_EXAMPLES;
    real *linked = stage->kind->links ? cpu->sides[stage->from].rows.linked : NULL;
    size_t begin = 0, end = 0;
    Pieces pieces;
    run.dY = dY + stage->first;
    if (functions->gradient != NULL) {
        run.gradient = cpu->stage_gradient + (stage->offsets[0] - cpu->engine.config.network->dense_count);
        stage_gradient_phase(&run, worker);
    }
    if (dX == NULL)
        return;
    run.dX = dX + stage->first;
    pieces_begin(&pieces, worker, by_examples ? run.count : stage->inputs, by_examples ? EXAMPLES_PIECE : UNITS_PIECE);
    while (pieces_next(&pieces, &begin, &end)) {
        functions->backward(&run, begin, end);
        if (stage->kind->of_columns)
            pass_columns(stage, begin, end, dY, run.y_row, stage->outputs, dX, run.x_row, stage->inputs);
        for (size_t i = begin; i < end && linked != NULL; i++)
            for (size_t j = 0; j < stage->width_out; j++)
                linked[i * run.linked_row + j] += dY[i * run.y_row + j];
    }
    pieces_end(&pieces);
}

/* dA to dZ in place. */
static void differentiate(const Pass *pass, Worker *worker, size_t l, real *flow)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const SideRows *rows = &side->rows;
    const size_t row = row_stride(rows->units);
    const real *A = drops(pass, l) ? rows->T : rows->A;
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, EXAMPLES_PIECE);
    while (pieces_next(&pieces, &begin, &end)) {
        const size_t at = begin * row, count = (end - begin) * row;
        for (size_t i = at; i < at + count && drops(pass, l); i++)
            flow[i] *= rows->mask[i];
        if (side->f.activation != NULL)
            ISA(activate_backward)(&side->f, count, A + at, rows->D != NULL ? rows->D + at : NULL, flow + at);
        for (size_t i = at; i < at + count && side->f.activation == NULL; i += row)
            activation_of(cpu, l - 1)->backward(1, rows->units, rows->Z + i, A + i, flow + i, flow + i);
    }
    pieces_end(&pieces);
}

const real *ISA(chain_backward)(const Pass *pass, Worker *worker, size_t l)
{
    const Cpu *cpu = pass->cpu;
    const SideStages *stages = stages_of(cpu, l);
    const size_t activation = stages->first + stages->before;
    size_t at = 0;
    if (cpu->sides[l].rows.linked != NULL)
        add_linked(pass, worker, l, cpu->flow[at]);
    for (size_t s = activation + stages->after; s-- > activation; at = 1 - at)
        stage_backward(pass, worker, s, cpu->flow[at], cpu->flow[1 - at]);
    if (l > 0)
        differentiate(pass, worker, l, cpu->flow[at]);
    for (size_t s = activation; s-- > stages->first; at = 1 - at) {
        const bool unused = l == 0 && s == stages->first && pass->input_gradient == NULL;
        stage_backward(pass, worker, s, cpu->flow[at], unused ? NULL : cpu->flow[1 - at]);
    }
    return cpu->flow[at];
}

/* ---- To and from sides by unit ------------------------------------------------------------------------------------- */

void ISA(staged_gather)(const Pass *pass, Worker *worker)
{
    const size_t row = row_stride(pass->cpu->sides[0].raw_width);
    real *X = pass->cpu->sides[0].rows.input;
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, EXAMPLES_PIECE);
    while (pieces_next(&pieces, &begin, &end))
        REAL(batch_gather)(pass->batch, begin, end, X + begin * row, row);
    pieces_end(&pieces);
}

void ISA(leave_rows_gradient)(const Pass *pass, const real *rows)
{
    const size_t width = pass->cpu->sides[0].raw_width, row = row_stride(width);
    for (size_t i = 0; i < pass->batch->count; i++)
        memcpy(pass->input_gradient + i * width, rows + i * row, width * sizeof(real));
}

static void leave_by_example(const Cpu *cpu, const Side *side, size_t example, const real *row)
{
    for (size_t unit = 0; unit < side->width; unit += STRIP)
        memcpy(at_example(cpu, side->A, example, unit), row + unit, smaller(STRIP, side->width - unit) * sizeof(real));
}

void ISA(staged_forward)(const Pass *pass, Worker *worker, size_t l)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t row = row_stride(side->width), raw_row = row_stride(side->raw_width);
    size_t begin = 0, end = 0;
    Pieces pieces;
    if (l == 0) {
        ISA(staged_gather)(pass, worker);
    } else {
        pieces_begin(&pieces, worker, pass->batch->count, cpu->strip);
        while (pieces_next(&pieces, &begin, &end))
            ISA(transpose_any)
        (side->raw_width, end - begin, at_raw_unit(cpu, l, side->P, begin / cpu->strip, 0), cpu->strip,
         side->rows.input + begin * raw_row, raw_row);
        pieces_end(&pieces);
    }
    ISA(chain_forward)(pass, worker, l);
    pieces_begin(&pieces, worker, pass->batch->count, cpu->strip);
    while (pieces_next(&pieces, &begin, &end)) {
        const real *output = side->rows.output + begin * row;
        ISA(transpose_any)
        (end - begin, side->width, output, row, at_unit(cpu, l, side->U, begin / cpu->strip, 0), cpu->strip);
        for (size_t i = begin; i < end && side->A != NULL; i++)
            leave_by_example(cpu, side, i, side->rows.output + i * row);
    }
    pieces_end(&pieces);
}

/* What pads the last strip gets a delta of 0. */
static void leave_delta(const Pass *pass, Worker *worker, size_t l, const real *rows)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t row = row_stride(side->raw_width);
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, cpu->strip);
    while (pieces_next(&pieces, &begin, &end)) {
        real *dZ = at_raw_unit(cpu, l, side->dZ, begin / cpu->strip, 0);
        ISA(transpose_any)(end - begin, side->raw_width, rows + begin * row, row, dZ, cpu->strip);
        for (size_t j = 0; j < side->raw_width && end - begin < cpu->strip; j++)
            memset(dZ + j * cpu->strip + (end - begin), 0, (cpu->strip - (end - begin)) * sizeof(real));
    }
    pieces_end(&pieces);
}

void ISA(staged_backward)(const Pass *pass, Worker *worker, size_t l)
{
    const Cpu *cpu = pass->cpu;
    const Side *side = &cpu->sides[l];
    const size_t row = row_stride(side->width);
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, cpu->strip);
    while (pieces_next(&pieces, &begin, &end))
        ISA(transpose_any)
    (side->width, end - begin, at_unit(cpu, l, side->dA, begin / cpu->strip, 0), cpu->strip, cpu->flow[0] + begin * row,
     row);
    pieces_end(&pieces);
    const real *rows = ISA(chain_backward)(pass, worker, l);
    if (l > 0)
        leave_delta(pass, worker, l, rows);
    else if (pass->input_gradient != NULL && worker->rank == 0)
        ISA(leave_rows_gradient)(pass, rows);
}

/* ---- Updates ----------------------------------------------------------------------------------------------------- */

/* gradient += decay · W where weight decay is for the tensor */
static void add_decay(const Pass *pass, size_t begin, size_t end, double decay, real *gradient)
{
    const Network *network = pass->cpu->engine.config.network;
    for (size_t t = 0; t < network->tensor_count && decay != 0; t++) {
        const NetworkTensor *tensor = &network->tensors[t];
        if (!tensor->of_stage || !tensor_is_decayed(tensor->role))
            continue;
        const size_t from = tensor->offset > begin ? tensor->offset : begin;
        const size_t to = smaller(tensor->offset + tensor_size(tensor), end);
        for (size_t p = from; p < to; p++)
            gradient[p - network->dense_count] += (real)decay * pass->parameters[p];
    }
}

void ISA(update_stages)(const Pass *pass, Worker *worker)
{
    const Cpu *cpu = pass->cpu;
    const Network *network = cpu->engine.config.network;
    const EngineUpdate *update = pass->update;
    const size_t first = network->dense_count;
    const bool plain = update != NULL && update->apply == NULL;
    const double decay = update == NULL ? 0 : (plain ? -update->learning_rate : 1) * update->weight_decay;
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, network->parameter_count - first, ELEMENTS_PIECE);
    while (pieces_next(&pieces, &begin, &end)) {
        const real *gradient = cpu->stage_gradient + begin;
        add_decay(pass, first + begin, first + end, decay, cpu->stage_gradient);
        if (pass->gradient != NULL) {
            memcpy(pass->gradient + first + begin, gradient, (end - begin) * sizeof(real));
        } else if (plain) {
            for (size_t i = 0; i < end - begin; i++)
                pass->updated[first + begin + i] += gradient[i];
        } else if (update != NULL) {
            /* NOLINTNEXTLINE(performance-no-int-to-ptr): an address that is never read, where the vector would begin */
            const void *whole = (const void *)((uintptr_t)gradient - (first + begin) * sizeof(real));
            update->apply(update->state, first + begin, first + end, pass->updated, whole);
        }
    }
    pieces_end(&pieces);
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/* StageRun.activate */
static void activate_in_stage(const Stage *stage, size_t size, const real *Z, real *A, real *D)
{
    const REAL(Elementwise) f = ISA(elementwise)(REAL(activation_at)(stage->activation));
    ISA(activate)(&f, size, Z, A, D);
}

void ISA(stages_connect)(Cpu *cpu)
{
    const Network *network = cpu->engine.config.network;
    for (size_t l = 0; l < cpu->depth; l++) {
        const SideStages *stages = stages_of(cpu, l);
        Side *side = &cpu->sides[l];
        if (!side->staged)
            continue;
        real *X = side->rows.input;
        for (size_t s = stages->first; s <= stages->first + stages->before + stages->after; s++) {
            if (s == stages->first + stages->before) {
                side->rows.Z = X;
                X = l > 0 ? side->rows.A : X;
            }
            if (s == stages->first + stages->before + stages->after)
                break;
            const Stage *stage = &network->stages[s];
            REAL(StageRun) *run = &cpu->runs[s];
            real *Y = run->Y;
            run->stage = stage;
            run->activate = activate_in_stage;
            run->X = X + stage->first;
            run->x_row = row_stride(stage->width_in);
            run->Y = Y + stage->first;
            run->y_row = row_stride(stage->width_out);
            run->linked = stage->kind->links ? cpu->sides[stage->from].rows.output : NULL;
            run->linked_row = row_stride(stage->width_in);
            X = Y;
        }
        side->rows.output = X;
        if (cpu->small)
            side->A = X;
    }
}
