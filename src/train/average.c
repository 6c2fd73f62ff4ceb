#include "train/average.h"

#include <string.h>

#include "train/blocks.h"
#include "train/vector.h"

typedef struct Mixing {
    Training *training;
    double kept; /* part of the average that stays */
} Mixing;

static void mix_block(void *context, size_t block, size_t begin, size_t end)
{
    const Mixing *mixing = context;
    const Training *training = mixing->training;
    const bool is_float = training->model->precision == PERCEPT_FLOAT32;
    (void)block;
    (is_float ? vector_average_f32 : vector_average_f64)(begin, end, training->average, training->model->parameters,
                                                         mixing->kept);
}

/* Statistics are averaged as the rest is. The first parameters are the average themselves. */
static void mix(Training *training, bool first, double kept)
{
    Mixing mixing = {training, kept};
    if (first)
        memcpy(training->average, training->model->parameters, training_vector_bytes(training));
    else
        blocks_run(training->team, training->model->network.value_count, mix_block, &mixing);
}

bool average_is_asked(const TrainingOptions *options)
{
    return options->ema > 0 || options->average != AVERAGE_NONE;
}

percept_status average_check(const TrainingOptions *options, percept_error *error)
{
    if (options->average == AVERAGE_NONE)
        return PERCEPT_OK;
    if (options->ema > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.ema and train.average both keep an average; leave one of them out");
    if (options->average == AVERAGE_SNAPSHOTS && !options->schedule->cycles)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.average snapshots needs a schedule with cycles; set train.schedule cosine-restarts");
    if (options->average == AVERAGE_EPOCHS && options->average_from >= options->epochs)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "train.average_from is %zu, but the epochs are 0 to %zu; nothing would be averaged",
                         options->average_from, options->epochs - 1);
    return PERCEPT_OK;
}

void average_after_step(Training *training)
{
    if (training->options->ema > 0)
        mix(training, training->state.updates == 1, training->options->ema);
}

void average_after_epoch(Training *training)
{
    const size_t finished = training->state.epoch + 1, count = training_averaged(training, finished);
    if (training->options->average != AVERAGE_NONE && count > training_averaged(training, finished - 1))
        mix(training, count == 1, (double)(count - 1) / (double)count);
}
