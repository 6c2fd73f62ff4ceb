/* What a stage of side 0 takes from the training data: the features, after the stages before it. */
#include <string.h>

#include "base/memory.h"
#include "nn/network.h"

#define BLOCK 256 /* examples that pass through the stages at once */

typedef struct Passage {
    double *from, *to; /* BLOCK × the widest matrix; `from` is what the next stage takes */
    double *kept;
} Passage;

static percept_status begin_passage(const Network *network, const Stage *stage, Passage *passage, percept_error *error)
{
    size_t widest = network->features, kept = 0;
    for (const Stage *s = network->stages; s < stage; s++) {
        widest = s->width_out > widest ? s->width_out : widest;
        kept = stage_kept(s, BLOCK) > kept ? stage_kept(s, BLOCK) : kept;
    }
    *passage = (Passage){0};
    percept_status status =
        memory_allocate(BLOCK * widest, sizeof *passage->from, "training examples", &passage->from, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(BLOCK * widest, sizeof *passage->to, "training examples", &passage->to, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(kept, sizeof *passage->kept, "training examples", &passage->kept, error);
    return status;
}

static void end_passage(Passage *passage)
{
    memory_free(passage->from);
    memory_free(passage->to);
    memory_free(passage->kept);
}

static void run_stage(const Stage *stage, size_t count, const double *parameters, Passage *passage)
{
    const StageRun_f64 run = {.stage = stage,
                              .count = count,
                              .parameters = parameters,
                              .kept = passage->kept,
                              .X = passage->from + stage->first,
                              .x_row = stage->width_in,
                              .Y = passage->to + stage->first,
                              .y_row = stage->width_out};
    double *const given = passage->to;
    stage_functions_f64(stage->kind)->forward(&run, 0, stage->kind->forward == SPLIT_EXAMPLES ? count : stage->outputs);
    stage_pass_f64(stage, count, passage->from, stage->width_in, stage->inputs, given, stage->width_out,
                   stage->outputs);
    passage->to = passage->from;
    passage->from = given;
}

static void copy_rows(const double *from, size_t from_row, size_t rows, size_t width, double *to, size_t to_row)
{
    for (size_t i = 0; i < rows; i++)
        memcpy(to + i * to_row, from + i * from_row, width * sizeof *to);
}

percept_status stage_data(const Network *network, const Stage *stage, const StageData *features,
                          const double *parameters, double **buffer, StageData *data, percept_error *error)
{
    *buffer = NULL;
    if (stage == network->stages) {
        *data = (StageData){features->X + stage->first, features->rows, features->stride};
        return PERCEPT_OK;
    }
    Passage passage;
    percept_status status = begin_passage(network, stage, &passage, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(features->rows * stage->inputs, sizeof **buffer, "training examples", buffer, error);
    for (size_t row = 0; row < features->rows && status == PERCEPT_OK; row += BLOCK) {
        const size_t count = features->rows - row < BLOCK ? features->rows - row : BLOCK;
        copy_rows(features->X + row * features->stride, features->stride, count, network->features, passage.from,
                  network->features);
        for (const Stage *earlier = network->stages; earlier < stage; earlier++)
            run_stage(earlier, count, parameters, &passage);
        copy_rows(passage.from + stage->first, stage->width_in, count, stage->inputs, *buffer + row * stage->inputs,
                  stage->inputs);
    }
    *data = (StageData){*buffer, features->rows, stage->inputs};
    end_passage(&passage);
    return status;
}
