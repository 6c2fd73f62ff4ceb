#include "engine/cpu/stages.h"

#include <string.h>

#include "engine/cpu/pieces.h"
#include "engine/cpu/side_rows.h"

/* Units of a piece of work, where a phase is cut by units. */
#define UNITS_PIECE 16

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
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, EXAMPLES_PIECE);
    while (pieces_next(&pieces, &begin, &end))
        ISA(rows_forward)(pass, l, begin, end);
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
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, pass->batch->count, EXAMPLES_PIECE);
    while (pieces_next(&pieces, &begin, &end))
        ISA(rows_backward)(pass, l, begin, end, flow);
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
