#include "search/ensemble.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "engine/kinds.h"
#include "model/combine.h"
#include "search/greedy.h"
#include "train/conformal.h"

/* A network counts at most so often. On validation parts of 470 to 700 examples, ensembles without this limit and without the
 * best networks at their beginning were 0.003 to 0.02 worse on the test parts (docs/tables.md). */
#define MOST_TIMES 2

/* Of the predictions of all candidates. */
#define MOST_BYTES ((size_t)256 << 20)

/* ---- Models of trials -------------------------------------------------------------------------------------------- */

static void forget(const Search *search, size_t trial)
{
    for (size_t r = 0; r < search->repeats; r++)
        work_forget_model(&search->workshop, trial, r);
}

void ensemble_forget_worst(Search *search)
{
    size_t kept = 0, worst = search->trial_count;
    for (size_t t = 0; t < search->trial_count; t++) {
        const TrialRecord *trial = &search->trials[t];
        if (trial->state != RUN_DONE || trial->forgotten)
            continue;
        kept++;
        if (worst == search->trial_count || !(trial->score >= search->trials[worst].score))
            worst = t;
    }
    if (kept <= ENSEMBLE_CANDIDATES)
        return;
    search->trials[worst].forgotten = true;
    forget(search, worst);
}

void ensemble_forget_all(const Search *search)
{
    for (size_t t = 0; t < search->trial_count; t++)
        forget(search, t);
}

/* ---- Candidates -------------------------------------------------------------------------------------------------- */

/* A network of a trial. */
typedef struct Candidate {
    size_t trial, repeat, member;
    percept_model *model; /* it alone */
    float *predictions;   /* examples × width */
    size_t shape;         /* the first candidate that it can be combined with */
} Candidate;

typedef struct NetworkList {
    Candidate *list;
    size_t count, most, examples, width;
    double *wide; /* examples × outputs, for one after the other; a target with an interval has three outputs */
} NetworkList;

static void clear_list(NetworkList *list)
{
    for (size_t c = 0; c < list->count; c++) {
        percept_model_free(list->list[c].model);
        memory_free(list->list[c].predictions);
    }
    memory_free(list->list);
    memory_free(list->wide);
}

static percept_status predict(const Search *search, const percept_dataset *data, NetworkList *list,
                              Candidate *candidate, percept_error *error)
{
    const size_t values = list->examples * list->width;
    percept_predictor *predictor = NULL;
    percept_status status =
        memory_allocate(values, sizeof *candidate->predictions, "the predictions", &candidate->predictions, error);
    if (status == PERCEPT_OK)
        status = percept_predictor_create(candidate->model, search->jobs, &predictor, error);
    if (status == PERCEPT_OK)
        status = percept_predictor_dataset(predictor, data, PERCEPT_PROBABILITIES, list->wide, error);
    for (size_t e = 0; status == PERCEPT_OK && e < values; e++)
        candidate->predictions[e] = (float)list->wide[e * network_outputs_of_target(&candidate->model->network)];
    percept_predictor_free(predictor);
    return status;
}

static percept_status add_network(const Search *search, const percept_dataset *data, NetworkList *list,
                                  Candidate candidate, const percept_model *whole, percept_error *error)
{
    const CombineMember member = {whole, candidate.member};
    if (list->count == list->most)
        return PERCEPT_OK;
    Candidate *added = &list->list[list->count];
    *added = candidate;
    percept_status status = combine_members(&member, 1, &added->model, error);
    if (status != PERCEPT_OK)
        return status;
    list->count++;
    added->shape = 0;
    while (added->shape + 1 < list->count &&
           combine_check(list->list[added->shape].model, added->model, NULL) != PERCEPT_OK)
        added->shape++;
    return predict(search, data, list, added, error);
}

/* The networks of a run; a model that is not there any more is passed over. */
static percept_status add_run(const Search *search, const percept_dataset *data, NetworkList *list, size_t trial,
                              size_t repeat, percept_error *error)
{
    char *path = NULL;
    percept_model *model = NULL;
    percept_status status = work_model(&search->workshop, trial, repeat, &path, error);
    if (status == PERCEPT_OK && file_exists(path))
        status = percept_model_load(path, &model, error);
    for (size_t m = 0; status == PERCEPT_OK && model != NULL && m < model->network.members; m++)
        status =
            add_network(search, data, list, (Candidate){.trial = trial, .repeat = repeat, .member = m}, model, error);
    percept_model_free(model);
    memory_free(path);
    return status;
}

static size_t width_of(const percept_dataset *data)
{
    return data->class_count > 0 ? data->class_count : data->storage->target_width;
}

/* The networks of the best trials, the best first. */
static percept_status list_networks(const Search *search, const percept_dataset *data, NetworkList *out,
                                    percept_error *error)
{
    size_t *ranking = NULL;
    out->examples = data->count;
    out->width = width_of(data);
    out->most = MOST_BYTES / (out->examples * out->width * sizeof(float)) + 1;
    out->most = out->most < ENSEMBLE_CANDIDATES ? out->most : ENSEMBLE_CANDIDATES;
    percept_status status = memory_allocate_zeroed(out->most, sizeof *out->list, "the networks", &out->list, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(out->examples * out->width, (data->class_count > 0 ? 1 : 3) * sizeof *out->wide,
                                 "the predictions", &out->wide, error);
    if (status == PERCEPT_OK)
        status = search_ranking(search, &ranking, error);
    for (size_t i = 0; status == PERCEPT_OK && i < search->trial_count; i++)
        for (size_t r = 0; status == PERCEPT_OK && r < search->repeats; r++)
            if (search->trials[ranking[i]].state == RUN_DONE &&
                search->runs[ranking[i] * search->repeats + r].end == JOB_FINISHED)
                status = add_run(search, data, out, ranking[i], r, error);
    memory_free(ranking);
    if (status == PERCEPT_OK && out->count == 0)
        status =
            error_set(error, PERCEPT_ERROR_IO,
                      "the models of the trials in '%s' are gone; begin another search, or set search.ensemble to 0",
                      search->checkpoints);
    return status;
}

/* ---- Selection --------------------------------------------------------------------------------------------------- */

/* Answers and weights of the validation part. */
typedef struct Answers {
    GreedyTask task; /* points to: */
    double *targets, *units, *weights;
    const float **predictions;
} Answers;

static void clear_answers(Answers *answers)
{
    memory_free(answers->targets);
    memory_free(answers->units);
    memory_free(answers->weights);
    memory_free(answers->predictions);
}

/* Targets, and their deviations as units. */
static percept_status read_targets(const percept_dataset *data, Answers *out, percept_error *error)
{
    const Storage *storage = data->storage;
    const size_t width = storage->target_width;
    percept_status status =
        memory_allocate(data->count * width, sizeof *out->targets, "the targets", &out->targets, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(width, sizeof *out->units, "the targets", &out->units, error);
    for (size_t j = 0; status == PERCEPT_OK && j < width; j++) {
        double mean = 0, sum = 0;
        for (size_t i = 0; i < data->count; i++) {
            out->targets[i * width + j] = storage->targets[(size_t)data->rows[i] * width + j];
            mean += out->targets[i * width + j] / (double)data->count;
        }
        for (size_t i = 0; i < data->count; i++)
            sum += (out->targets[i * width + j] - mean) * (out->targets[i * width + j] - mean);
        out->units[j] = sum > 0 ? sqrt(sum / (double)data->count) : 1;
    }
    out->task.targets = out->targets;
    out->task.units = out->units;
    return status;
}

static percept_status read_answers(const Search *search, const percept_dataset *data, const NetworkList *list,
                                   Answers *out, percept_error *error)
{
    out->task = (GreedyTask){.examples = list->examples,
                             .width = list->width,
                             .labels = data->class_count > 0 ? data->labels : NULL,
                             .first = 3 * search->most_members / 4,
                             .times = MOST_TIMES};
    percept_status status = memory_allocate(list->count, sizeof(float *), "the predictions", &out->predictions, error);
    if (status == PERCEPT_OK && data->class_count == 0)
        status = read_targets(data, out, error);
    if (status == PERCEPT_OK && data->storage->weights != NULL)
        status = memory_allocate(data->count, sizeof *out->weights, "the weights", &out->weights, error);
    for (size_t i = 0; status == PERCEPT_OK && out->weights != NULL && i < data->count; i++)
        out->weights[i] = dataset_weight(data, i);
    out->task.weights = out->weights;
    out->task.predictions = out->predictions;
    return status;
}

/* Of the candidates of one shape; counts are those of all candidates. */
static percept_status select_shape(const Search *search, const NetworkList *list, size_t shape, Answers *answers,
                                   size_t *counts, double *loss, percept_error *error)
{
    size_t *own = NULL, used = 0;
    percept_status status = memory_allocate(list->count, sizeof *own, "the ensemble", &own, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t c = 0; c < list->count; c++)
        if (list->list[c].shape == shape)
            answers->predictions[used++] = list->list[c].predictions;
    answers->task.candidates = used;
    status = greedy_select(&answers->task, search->most_members, own, loss, error);
    used = 0;
    for (size_t c = 0; status == PERCEPT_OK && c < list->count; c++)
        counts[c] = list->list[c].shape == shape ? own[used++] : 0;
    memory_free(own);
    return status;
}

/* The best ensemble of one shape. */
static percept_status choose(const Search *search, const percept_dataset *data, const NetworkList *list, size_t *best,
                             percept_error *error)
{
    Answers answers = {0};
    size_t *counts = NULL;
    double best_loss = NAN, loss = NAN;
    percept_status status = memory_allocate(list->count, sizeof *counts, "the ensemble", &counts, error);
    if (status == PERCEPT_OK)
        status = read_answers(search, data, list, &answers, error);
    for (size_t shape = 0; status == PERCEPT_OK && shape < list->count; shape++) {
        if (list->list[shape].shape != shape)
            continue;
        status = select_shape(search, list, shape, &answers, counts, &loss, error);
        if (status == PERCEPT_OK && (isnan(best_loss) || loss < best_loss)) {
            memcpy(best, counts, list->count * sizeof *best);
            best_loss = loss;
        }
    }
    memory_free(counts);
    clear_answers(&answers);
    return status;
}

/* ---- The model --------------------------------------------------------------------------------------------------- */

/* What the ensemble is made of, and the list of its members, each as often as it counts. */
static percept_status list_members(Search *search, const NetworkList *list, const size_t *counts,
                                   CombineMember **members, percept_error *error)
{
    SearchEnsemble *ensemble = &search->ensemble;
    memory_free(ensemble->parts);
    *ensemble = (SearchEnsemble){.score = NAN};
    for (size_t c = 0; c < list->count; c++)
        ensemble->members += counts[c];
    percept_status status =
        memory_allocate(list->count, sizeof *ensemble->parts, "the ensemble", &ensemble->parts, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(ensemble->members, sizeof **members, "the ensemble", members, error);
    for (size_t c = 0, used = 0; status == PERCEPT_OK && c < list->count; c++) {
        const Candidate *own = &list->list[c];
        if (counts[c] > 0)
            ensemble->parts[ensemble->count++] = (SearchEnsemblePart){own->trial, own->repeat, own->member, counts[c]};
        for (size_t k = 0; k < counts[c]; k++)
            (*members)[used++] = (CombineMember){own->model, 0};
    }
    return status;
}

/* Intervals that were correct one by one are so no more as means. */
static percept_status correct_intervals(const Search *search, const percept_dataset *data, percept_model *model,
                                        percept_error *error)
{
    Team *team = NULL;
    if (!(model->network.intervals > 0))
        return PERCEPT_OK;
    percept_status status = team_create(search->jobs, &team, error);
    if (status == PERCEPT_OK)
        status = conformal_run(model, data, engine_kind_find("cpu"), team, error);
    team_free(team);
    return status;
}

percept_status ensemble_make(Search *search, const percept_dataset *data, percept_model **out, percept_error *error)
{
    NetworkList list = {0};
    CombineMember *members = NULL;
    size_t *counts = NULL;
    percept_status status = list_networks(search, data, &list, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(list.count, sizeof *counts, "the ensemble", &counts, error);
    if (status == PERCEPT_OK)
        status = choose(search, data, &list, counts, error);
    if (status == PERCEPT_OK)
        status = list_members(search, &list, counts, &members, error);
    if (status == PERCEPT_OK)
        status = combine_members(members, search->ensemble.members, out, error);
    if (status == PERCEPT_OK && (status = correct_intervals(search, data, *out, error)) != PERCEPT_OK) {
        percept_model_free(*out);
        *out = NULL;
    }
    memory_free(counts);
    memory_free(members);
    clear_list(&list);
    return status;
}

percept_status ensemble_write_table(const Search *search, percept_error *error)
{
    char *path = NULL;
    FileWriter *writer = NULL;
    percept_status status = file_join(search->folder, SEARCH_ENSEMBLE, &path, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, &writer, error);
    memory_free(path);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "trial,repeat,member,count,%s\n", search->by_accuracy ? "valid_accuracy" : "valid_loss");
    for (size_t p = 0; p < search->ensemble.count; p++) {
        const SearchEnsemblePart *part = &search->ensemble.parts[p];
        file_writer_print(writer, "%zu,%zu,%zu,%zu,%.12g\n", part->trial, part->repeat, part->member, part->count,
                          search->runs[part->trial * search->repeats + part->repeat].figure);
    }
    return file_writer_commit(writer, error);
}
