/* Pictures of a search: parallel coordinates, the score against each key, the rungs of successive halving. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "plot/trials.h"
#include "show/kinds.h"
#include "show/trials.h"

/* What a picture of trials is drawn from. */
typedef struct TrialsData {
    TrialsPicture picture;
    TrialsAxis *axes;
    double *figures;
    size_t *numbers;
    TrialsTone *tones;
} TrialsData;

/* Accuracies are drawn in per cent. */
static double drawn_figure(const Trials *trials, double figure)
{
    return trials->by_accuracy ? 100 * figure : figure;
}

static const char *figure_label(const Trials *trials)
{
    return trials->by_accuracy ? "validation accuracy (%)" : "validation loss";
}

static TrialsTone tone_of(const Trials *trials, size_t t)
{
    const Trial *trial = &trials->list[t];
    return t == trials->best                              ? TRIAL_BEST
           : trial_is_lost(trial) || isnan(trial->figure) ? TRIAL_LOST
           : trial->state == RUN_DONE                     ? TRIAL_FINISHED
                                                          : TRIAL_STOPPED;
}

/* A loss that may span decades. */
static bool is_logarithmic(const Trials *trials)
{
    Range range = RANGE_EMPTY;
    for (size_t t = 0; t < trials->count; t++)
        range_add(&range, trials->list[t].figure, false);
    return !trials->by_accuracy && !range_is_empty(range) && axis_spans_decades(range);
}

static void fill(const Trials *trials, TrialsData *data)
{
    for (size_t t = 0; t < trials->count; t++) {
        data->tones[t] = tone_of(trials, t);
        data->figures[t] = data->tones[t] == TRIAL_LOST ? NAN : drawn_figure(trials, trials->list[t].figure);
        data->numbers[t] = trials->list[t].number;
    }
    for (size_t k = 0; k < trials->key_count; k++) {
        const TrialKey *key = &trials->keys[k];
        data->axes[k] = (TrialsAxis){.label = key->axis,
                                     .logarithmic = key->logarithmic,
                                     .names = (const char *const *)key->names,
                                     .name_count = key->name_count,
                                     .values = key->values};
    }
    data->picture = (TrialsPicture){
        .axes = data->axes,
        .axis_count = trials->key_count,
        .figure = {.label = figure_label(trials), .logarithmic = is_logarithmic(trials), .values = data->figures},
        .larger_better = trials->by_accuracy,
        .numbers = data->numbers,
        .tones = data->tones,
        .count = trials->count};
}

static percept_status create(const Trials *trials, TrialsData *data, percept_error *error)
{
    if (trials->count == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "no trial of this search has begun");
    if (trials->key_count == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the trials of this search do not differ in any key");
    percept_status status = memory_allocate(trials->key_count, sizeof *data->axes, "a picture", &data->axes, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(trials->count, sizeof *data->figures, "a picture", &data->figures, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(trials->count, sizeof *data->numbers, "a picture", &data->numbers, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(trials->count, sizeof *data->tones, "a picture", &data->tones, error);
    if (status == PERCEPT_OK)
        fill(trials, data);
    return status;
}

static percept_status draw_trials(const ShowRun *run, const ShowOptions *options,
                                  percept_status (*plot)(const char *, const char *, const TrialsPicture *,
                                                         percept_error *),
                                  const char *folder, const char *name, percept_error *error)
{
    TrialsData data = {0};
    percept_status status = create(run->trials, &data, error);
    data.picture.title = options->title;
    if (status == PERCEPT_OK)
        status = plot(folder, name, &data.picture, error);
    memory_free(data.axes);
    memory_free(data.figures);
    memory_free(data.numbers);
    memory_free(data.tones);
    return status;
}

percept_status show_parallel(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                             const char *name, percept_error *error)
{
    (void)count;
    return draw_trials(runs, options, plot_parallel, folder, name, error);
}

percept_status show_keys(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                         const char *name, percept_error *error)
{
    (void)count;
    return draw_trials(runs, options, plot_scatter, folder, name, error);
}

/* ---- Rungs -------------------------------------------------------------------------------------------------------- */

static int by_trial(const void *left, const void *right)
{
    const RungPoint *a = left, *b = right;
    return a->trial != b->trial ? (a->trial > b->trial) - (a->trial < b->trial)
                                : (a->rung > b->rung) - (a->rung < b->rung);
}

percept_status show_rungs(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                          const char *name, percept_error *error)
{
    const Trials *trials = runs->trials;
    RungPoint *points = NULL;
    (void)count;
    if (trials->rung_count == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "this search has no rungs: it is no successive halving");
    percept_status status = memory_allocate(trials->rung_count, sizeof *points, "a picture", &points, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t r = 0; r < trials->rung_count; r++) {
        const RungRow *row = &trials->rungs[r];
        points[r] =
            (RungPoint){.trial = row->trial,
                        .rung = row->rung,
                        .epochs = row->epochs,
                        .figure = drawn_figure(trials, row->figure),
                        .promoted = row->promoted,
                        .best = trials->best < trials->count && row->trial == trials->list[trials->best].number};
    }
    qsort(points, trials->rung_count, sizeof *points, by_trial);
    const RungPicture picture = {options->title, figure_label(trials), points, trials->rung_count};
    status = plot_rungs(folder, name, &picture, error);
    memory_free(points);
    return status;
}
