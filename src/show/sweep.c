/* The gradient of the first examples against differences of the loss, over their step. */
#include "plot/sweep.h"

#include "base/memory.h"
#include "check/check.h"
#include "show/from_run.h"
#include "show/kinds.h"

/* Of each layer's weights and biases, as `percept gradcheck` does. */
#define EACH 4

percept_status show_sweep(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                          const char *name, percept_error *error)
{
    const ShowRun *run = &runs[0];
    const percept_dataset *train = run->data->train;
    const size_t wanted = options->count > 0 ? options->count : check_default_examples(&run->model->network);
    const Batch batch = {.data = train,
                         .scaler = &run->model->scaler,
                         .target_scaler = &run->model->target_scaler,
                         .count = wanted < train->count ? wanted : train->count};
    const CheckSelection selection = {.layer = options->layer, .each = EACH};
    ShowEngine engine = {0};
    CheckPoint points[CHECK_POINTS];
    uint8_t *chosen = NULL;
    RandomStream stream;
    (void)count;
    random_default_rng(&stream, options->seed);
    percept_status status = show_engine_create(run, batch.count, &engine, error);
    const CheckSubject subject = {engine.engine, engine.parameters, &batch, engine.team};
    if (status == PERCEPT_OK && options->layer > run->model->network.depth)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no layer %zu; the network has %zu", options->layer,
                           run->model->network.depth);
    if (status == PERCEPT_OK)
        status = check_select(&subject, &selection, &stream, &chosen, error);
    if (status == PERCEPT_OK)
        status = check_sweep(&subject, &(CheckOptions){.chosen = chosen}, points, error);
    if (status == PERCEPT_OK)
        status = plot_sweep_as(folder, name, points, CHECK_POINTS, error);
    memory_free(chosen);
    show_engine_clear(&engine);
    return status;
}
