/* How much each column of a table counts (L. Breiman, 2001, "Random forests", section 10): how far accuracy, or R², falls
 * where the column's values are shuffled among the examples of a part that was not trained on. A column that the model does
 * not use costs nothing; of two columns that say the same, each seems to count little. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "plot/bars.h"
#include "show/from_run.h"
#include "show/kinds.h"

/* Bars; columns that are shuffled, those with the longest weight vectors; examples; shuffles of each column. */
#define BARS 20
#define MOST_COLUMNS 200
#define MOST_EXAMPLES 1000
#define SHUFFLES 5

typedef struct Column {
    size_t feature;
    double weight; /* the length of its weights in the first layer; 0 where that reads other columns */
    double fall, deviation;
    char name[SCHEMA_NAME_SIZE];
} Column;

typedef struct Importance {
    const ShowRun *run;
    percept_dataset *data;
    size_t examples, inputs, outputs;
    double *features, *shuffled; /* examples × inputs; one column, examples */
    double *answers;             /* examples × outputs */
    percept_predictor *predictor;
    Column *columns;
    size_t count;
} Importance;

static int heaviest_first(const void *left, const void *right)
{
    const Column *a = left, *b = right;
    return a->weight != b->weight ? (a->weight < b->weight) - (a->weight > b->weight)
                                  : (a->feature > b->feature) - (a->feature < b->feature);
}

static int furthest_first(const void *left, const void *right)
{
    const Column *a = left, *b = right;
    return a->fall != b->fall ? (a->fall < b->fall) - (a->fall > b->fall)
                              : (a->feature > b->feature) - (a->feature < b->feature);
}

/* ---- The score --------------------------------------------------------------------------------------------------- */

static double accuracy_of(const Importance *importance)
{
    size_t right = 0;
    for (size_t i = 0; i < importance->examples; i++)
        right += show_class_of(importance->answers + i * importance->outputs, importance->outputs) ==
                 percept_dataset_label(importance->data, i);
    return (double)right / (double)importance->examples;
}

static double target_of(const Importance *importance, size_t example, size_t target)
{
    const Storage *storage = importance->data->storage;
    return storage->targets[importance->data->rows[example] * storage->target_width + target];
}

/* R² of a target; a target that never changes has none. */
static double r2_of(const Importance *importance, size_t target)
{
    double mean = 0, error = 0, spread = 0;
    for (size_t i = 0; i < importance->examples; i++)
        mean += target_of(importance, i, target) / (double)importance->examples;
    for (size_t i = 0; i < importance->examples; i++) {
        const double wanted = target_of(importance, i, target);
        const double missed = wanted - importance->answers[i * importance->outputs + target];
        error += missed * missed;
        spread += (wanted - mean) * (wanted - mean);
    }
    return spread > 0 ? 1 - error / spread : NAN;
}

/* In per cent for classes; the mean over targets that have one. */
static double score_of(const Importance *importance)
{
    double sum = 0;
    size_t count = 0;
    if (importance->run->model->class_count > 0)
        return 100 * accuracy_of(importance);
    for (size_t t = 0; t < importance->outputs; t++) {
        const double r2 = r2_of(importance, t);
        sum += isfinite(r2) ? r2 : 0;
        count += isfinite(r2) ? 1 : 0;
    }
    return count > 0 ? sum / (double)count : NAN;
}

static double predict_and_score(const Importance *importance)
{
    const size_t block = percept_predictor_block(importance->predictor);
    for (size_t first = 0; first < importance->examples; first += block) {
        const size_t some = importance->examples - first < block ? importance->examples - first : block;
        percept_predictor_run(importance->predictor, importance->features + first * importance->inputs, some,
                              importance->answers + first * importance->outputs);
    }
    return score_of(importance);
}

/* ---- Columns ----------------------------------------------------------------------------------------------------- */

/* Shuffles a column a few times, each time from what it was. */
static void shuffle_column(const Importance *importance, Column *column, double score, uint32_t *order)
{
    RandomStream stream;
    double falls[SHUFFLES], mean = 0, spread = 0;
    double *values = importance->features + column->feature;
    random_default_rng(&stream, column->feature);
    for (size_t i = 0; i < importance->examples; i++)
        importance->shuffled[i] = values[i * importance->inputs];
    for (size_t s = 0; s < SHUFFLES; s++) {
        random_permutation(&stream, order, importance->examples);
        for (size_t i = 0; i < importance->examples; i++)
            values[i * importance->inputs] = importance->shuffled[order[i]];
        falls[s] = score - predict_and_score(importance);
        mean += falls[s] / SHUFFLES;
    }
    for (size_t i = 0; i < importance->examples; i++)
        values[i * importance->inputs] = importance->shuffled[i];
    for (size_t s = 0; s < SHUFFLES; s++)
        spread += (falls[s] - mean) * (falls[s] - mean) / (SHUFFLES - 1);
    column->fall = mean;
    column->deviation = sqrt(spread);
}

static percept_status list_columns(Importance *importance, percept_error *error)
{
    const percept_model *model = importance->run->model;
    const Layer *layer = &model->network.layers[0];
    const bool direct = network_side_output(&model->network, 0) == importance->inputs; /* a weight for each column */
    double *parameters = NULL;
    if (!direct && importance->inputs > MOST_COLUMNS)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%s' has %zu columns, more than the %d that are shuffled; which of them weigh most is not "
                         "known of a network whose first layer reads other ones",
                         importance->run->name, importance->inputs, MOST_COLUMNS);
    percept_status status = memory_allocate_zeroed(importance->inputs, sizeof *importance->columns, "the columns",
                                                   &importance->columns, error);
    if (status == PERCEPT_OK)
        status = model_parameters_f64(model, &parameters, error);
    for (size_t j = 0; status == PERCEPT_OK && j < importance->inputs; j++) {
        Column *column = &importance->columns[j];
        column->feature = j;
        for (size_t u = 0; u < layer->outputs && direct; u++) {
            const double weight = parameters[layer->weights + u * layer->inputs + j];
            column->weight += weight * weight;
        }
    }
    memory_free(parameters);
    if (status != PERCEPT_OK)
        return status;
    importance->count = importance->inputs < MOST_COLUMNS ? importance->inputs : MOST_COLUMNS;
    qsort(importance->columns, importance->inputs, sizeof *importance->columns, heaviest_first);
    return PERCEPT_OK;
}

static percept_status measure(Importance *importance, percept_error *error)
{
    uint32_t *order = NULL;
    percept_status status =
        memory_allocate(importance->examples, sizeof *order, "the order of the examples", &order, error);
    if (status == PERCEPT_OK)
        status = list_columns(importance, error);
    const double score = status == PERCEPT_OK ? predict_and_score(importance) : NAN;
    if (status == PERCEPT_OK && !isfinite(score))
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "the examples of '%s' give no score that could fall",
                           importance->run->name);
    for (size_t c = 0; status == PERCEPT_OK && c < importance->count; c++)
        shuffle_column(importance, &importance->columns[c], score, order);
    if (status == PERCEPT_OK)
        qsort(importance->columns, importance->count, sizeof *importance->columns, furthest_first);
    memory_free(order);
    return status;
}

/* ---- The picture ------------------------------------------------------------------------------------------------- */

static percept_status draw(const Importance *importance, const char *part, const ShowOptions *options,
                           const char *folder, const char *name, percept_error *error)
{
    const size_t most = options->count > 0 ? options->count : BARS;
    const size_t shown = importance->count < most ? importance->count : most;
    const bool classes = importance->run->model->class_count > 0;
    const char *names[MOST_COLUMNS];
    double values[MOST_COLUMNS], deviations[MOST_COLUMNS];
    char title[160], note[160];
    for (size_t c = 0; c < shown; c++) {
        Column *column = &importance->columns[c];
        names[c] = schema_feature_name(&importance->run->model->schema, column->feature, column->name);
        values[c] = column->fall;
        deviations[c] = column->deviation;
    }
    if (shown < importance->inputs)
        snprintf(title, sizeof title, "What the predictions depend on: the first %zu of %zu columns", shown,
                 importance->inputs);
    else
        snprintf(title, sizeof title, "What the predictions depend on");
    snprintf(note, sizeof note, "%zu example%s of the %s part, each column shuffled %d times; lines: deviation",
             importance->examples, importance->examples == 1 ? "" : "s", part, SHUFFLES);
    const BarsPicture picture = {.title = options->title != NULL ? options->title : title,
                                 .note = note,
                                 .axis = classes
                                             ? "fall of the accuracy when the column is shuffled (percentage points)"
                                             : "fall of R² when the column is shuffled",
                                 .name_column = "column",
                                 .value_column = classes ? "accuracy_fall" : "r2_fall",
                                 .names = names,
                                 .values = values,
                                 .deviations = deviations,
                                 .count = shown};
    return plot_bars(folder, name, &picture, error);
}

static percept_status make_room(Importance *importance, percept_error *error)
{
    const size_t examples = importance->examples;
    percept_status status = memory_allocate(examples, importance->inputs * sizeof *importance->features, "the features",
                                            &importance->features, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(examples, sizeof *importance->shuffled, "a column", &importance->shuffled, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(examples, importance->outputs * sizeof *importance->answers, "the outputs",
                                 &importance->answers, error);
    for (size_t i = 0; status == PERCEPT_OK && i < examples; i++)
        percept_dataset_features(importance->data, i, importance->features + i * importance->inputs);
    return status == PERCEPT_OK ? percept_predictor_create(importance->run->model, 0, &importance->predictor, error)
                                : status;
}

percept_status show_importance(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                               const char *name, percept_error *error)
{
    const percept_model *model = runs[0].model;
    Importance importance = {
        .run = &runs[0], .inputs = percept_model_inputs(model), .outputs = percept_model_outputs(model)};
    size_t height = 0, width = 0;
    const char *part = NULL;
    (void)count;
    if (show_image_size(&runs[0], &height, &width, NULL) == PERCEPT_OK)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the examples of '%s' are pictures, which have no columns; draw saliency or weights",
                         runs[0].name);
    percept_status status = show_part(&runs[0], options, &importance.data, &part, error);
    if (status == PERCEPT_OK) {
        const size_t examples = percept_dataset_count(importance.data);
        importance.examples = examples < MOST_EXAMPLES ? examples : MOST_EXAMPLES;
        status = make_room(&importance, error);
    }
    if (status == PERCEPT_OK)
        status = measure(&importance, error);
    if (status == PERCEPT_OK)
        status = draw(&importance, part, options, folder, name, error);
    percept_predictor_free(importance.predictor);
    memory_free(importance.columns);
    memory_free(importance.answers);
    memory_free(importance.shuffled);
    memory_free(importance.features);
    return status;
}
