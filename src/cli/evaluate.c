/* percept evaluate: a model against data with known answers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/confusion.h"
#include "cli/describe.h"
#include "cli/evaluation.h"
#include "cli/message.h"
#include "cli/notes.h"
#include "cli/parser.h"
#include "cli/run_source.h"
#include "cli/settings.h"
#include "cli/text.h"
#include "cli/thresholds.h"
#include "data/source.h"
#include "model/model.h"
#include "recipe/experiment.h"
#include "store/data_record.h"

static const Manual manual = {
    .command = "percept evaluate",
    .example = "percept evaluate runs/fashion-mnist-001\n"
               "percept evaluate runs/fashion-mnist-001 --part valid\n",
    .usage = "percept evaluate RUN|MODEL [FLAG]...\n",
    .text = "Measures a model on data with known answers: loss, accuracy, metrics per class\n"
            "and the confusion matrix; for regression R² and errors. RUN is a run folder: its\n"
            "data are used, split as in training, unless --data names others. MODEL is a\n"
            ".safetensors file and needs --data.\n"
            "\n"
            "Precision is the fraction of the examples predicted as a class that belong to\n"
            "it. Recall is the fraction of the examples of a class that are predicted as it.\n"
            "F1 is the harmonic mean of both. ROC AUC is the probability that an example of\n"
            "the class scores higher than an example of another class. The calibration error\n"
            "is the mean distance between confidence and accuracy over 15 bins.\n"
            "\n"
            "For two classes, the second one is the positive class. A table shows recall (the\n"
            "true positive rate, TPR), false positive rate (FPR), precision, F1 and accuracy\n"
            "at several thresholds of its probability, and at the thresholds with the highest\n"
            "F1 and the highest TPR - FPR. --threshold measures the model at another\n"
            "threshold than 0.5.\n"
            "\n"
            "--json prints one line: accuracy, brier, calibration (bins, expected_error),\n"
            "classes (auc, f1, name, precision, predicted, recall, support), confusion,\n"
            "count, data, loss, macro, part, threshold, thresholds (for two classes:\n"
            "average_precision, best_f1, best_youden, negatives, positive, positives,\n"
            "roc_auc, table), weighted; for regression count, data, loss, overall, part,\n"
            "targets. What does not exist is null.\n",
};

/* The parts of an experiment. */
enum { PART_TRAIN, PART_VALID, PART_TEST, PARTS };

static const char *const part_names[PARTS] = {"train", "valid", "test"};
static const char *const part_titles[PARTS] = {"training", "validation", "test"};

static percept_dataset *part_of(const percept_data *data, size_t part)
{
    percept_dataset *const datasets[PARTS] = {data->train, data->valid, data->test};
    return datasets[part];
}

typedef struct EvaluateArguments {
    const char *source, *data, *directory;
    OptionChoice part;
    bool json;
    size_t threads;
    double threshold;  /* NaN: the model's own way */
    Settings settings; /* of how a file is read */
} EvaluateArguments;

static const char *part_name(size_t index)
{
    return index < PARTS ? part_names[index] : NULL;
}

static int read_arguments(int argc, char **argv, EvaluateArguments *out)
{
    static const char *const keys[] = {SETTINGS_COLUMN_KEYS, SETTINGS_TABLE_KEYS};
    enum { OWN = 6, ALL = OWN + SETTINGS_COLUMN_COUNT + SETTINGS_TABLE_COUNT };
    Option options[ALL] = {
        {"--data", "NAME|FILE", "evaluate on these data instead of the run's", option_take_text, &out->data},
        {"--data-dir", "DIR", "folder where datasets are looked for first", option_take_text, &out->directory},
        {"--part", "PART", "set to evaluate on: test, valid or train [the first of these that exists]",
         option_take_choice, &out->part},
        {"--threshold", "T", "for two classes: predict the second if its probability is at least T [0.5]",
         option_take_probability, &out->threshold},
        {"--json", NULL, "print JSON", option_take_switch, &out->json},
        {"--threads", "N", "threads, 0 for one per core [0]", option_take_count, &out->threads},
    };
    settings_options_of(&out->settings, keys, ALL - OWN, options + OWN);
    const Operand operands[] = {{"RUN|MODEL", false, &out->source}};
    const Parser parser = {&manual, options, ALL, operands, 1};
    return parser_read(&parser, argc, argv);
}

/* Sets a key of `to` to what `from` has. */
static percept_status copy_key(const percept_recipe *from, percept_recipe *to, const char *key, percept_error *error)
{
    char *text = NULL;
    if (!recipe_is_set(from, key))
        return PERCEPT_OK;
    percept_status status = recipe_format(from, key, &text, error);
    if (status == PERCEPT_OK)
        status = recipe_set(to, key, text, NULL, error);
    memory_free(text);
    return status;
}

/* Keys of the run that other data follow, too: of all data, of files, and of files where the model knows no names. A model
 * that does finds its features, its label and its targets by them. */
static const char *const kept_always[] = {"data.classes", "data.positive", NULL};
static const char *const kept_of_files[] = {
    "data.encoding",       "data.decimal",       "data.first_index", "data.missing",
    "data.missing_tokens", "data.missing_label", "data.weight",      NULL};
static const char *const kept_without_names[] = {"data.label", "data.targets", "data.drop", NULL};

static percept_status copy_keys(const percept_recipe *from, percept_recipe *to, const char *const *keys,
                                percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t k = 0; status == PERCEPT_OK && keys[k] != NULL; k++)
        status = copy_key(from, to, keys[k], error);
    return status;
}

/* A recipe for other data than the run's. */
static percept_status other_data(const EvaluateArguments *arguments, const percept_model *model,
                                 percept_recipe **recipe, percept_error *error)
{
    const bool file = named_dataset_find(arguments->data) == NULL;
    const percept_recipe *own = *recipe;
    percept_recipe *other = NULL;
    percept_status status = percept_recipe_create(&other, error);
    if (status == PERCEPT_OK && own != NULL)
        status = copy_keys(own, other, kept_always, error);
    if (status == PERCEPT_OK && own != NULL && file)
        status = copy_keys(own, other, kept_of_files, error);
    if (status == PERCEPT_OK && own != NULL && file && model->schema.names == NULL)
        status = copy_keys(own, other, kept_without_names, error);
    if (status == PERCEPT_OK)
        status = recipe_set(other, "data.name", arguments->data, "--data", error);
    if (status != PERCEPT_OK) {
        percept_recipe_free(other);
        return status;
    }
    percept_recipe_free(*recipe);
    *recipe = other;
    return PERCEPT_OK;
}

static percept_status choose_data(const EvaluateArguments *arguments, const percept_model *model,
                                  percept_recipe **recipe, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (*recipe == NULL && arguments->data == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%s' is a model file without a run; give the data with --data NAME|FILE", arguments->source);
    if (arguments->data != NULL)
        status = other_data(arguments, model, recipe, error);
    if (status == PERCEPT_OK && arguments->directory != NULL)
        status = recipe_set(*recipe, "data.directory", arguments->directory, "--data-dir", error);
    if (status == PERCEPT_OK)
        status = settings_apply(&arguments->settings, *recipe, error);
    return status;
}

/* The part asked for; by default the test part, without one the validation part, or all of data that have no parts. */
static percept_status choose_part(const EvaluateArguments *arguments, const percept_data *data, size_t *part,
                                  percept_error *error)
{
    *part = arguments->part.chosen < PARTS ? arguments->part.chosen
            : data->test != NULL           ? PART_TEST
            : data->valid != NULL          ? PART_VALID
                                           : PART_TRAIN;
    if (part_of(data, *part) != NULL)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "these data have no %s part; choose another with --part",
                     part_titles[*part]);
}

static percept_status print_report(const EvaluateArguments *arguments, const percept_recipe *recipe,
                                   const Evaluation *evaluation, percept_error *error)
{
    const percept_metrics *metrics = evaluation->report->metrics;
    if (arguments->json)
        return evaluation_print_json(evaluation, error);
    describe_network(stdout, evaluation->model);
    printf("\non %s, ", text_plain(file_below_here(recipe_text(recipe, "data.name"))).text);
    if (strcmp(evaluation->part, "all") != 0)
        printf("%s part, ", evaluation->title);
    printf("%s examples\n", text_count(metrics->count).text);
    if (!isnan(evaluation->threshold)) {
        fputs("positive class ", stdout);
        describe_class(stdout, evaluation->model, 1, 40);
        printf(" at threshold %g\n", evaluation->threshold);
    }
    putchar('\n');
    evaluation_print(evaluation);
    if (metrics->classes > 1) {
        putchar('\n');
        confusion_print_matrix(metrics, evaluation->model);
    }
    if (evaluation->curve != NULL && evaluation->curve->positives > 0 && evaluation->curve->negatives > 0 &&
        !isnan(evaluation->report->brier)) {
        putchar('\n');
        thresholds_print(evaluation->model, evaluation->curve);
    }
    return PERCEPT_OK;
}

/* The curve of a model with two classes, and the report at the threshold asked for. */
static percept_status measure_curve(const EvaluateArguments *arguments, const percept_model *model,
                                    const percept_dataset *data, percept_report *report, Curve *curve,
                                    percept_error *error)
{
    const bool asked = !isnan(arguments->threshold);
    if (asked && percept_model_classes(model) != 2)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%s' has %zu classes, but --threshold needs a model with two; leave --threshold out",
                         arguments->source, percept_model_classes(model));
    if (asked && isnan(report->brier))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the outputs of '%s' are not probabilities; leave --threshold out", arguments->source);
    if (percept_model_classes(model) != 2)
        return PERCEPT_OK;
    percept_status status = curve_measure(model, data, arguments->threads, curve, error);
    if (status == PERCEPT_OK && asked && curve->count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "some outputs of '%s' are NaN; leave --threshold out",
                           arguments->source);
    if (status == PERCEPT_OK && asked)
        curve_apply(curve, arguments->threshold, report);
    return status;
}

/* The run's own data should be those that it was trained on: else its test part may hold examples that it has learned. */
static percept_status load_data(const EvaluateArguments *arguments, const percept_model *model,
                                const percept_recipe *recipe, percept_data *data, percept_error *error)
{
    const char *changed = NULL;
    if (arguments->data != NULL || arguments->settings.count > 0)
        return experiment_load_for(recipe, model, arguments->data != NULL, data, error);
    percept_status status = data_record_load(arguments->source, recipe, model, data, &changed, error);
    if (status == PERCEPT_OK && changed != NULL)
        warn_changed(arguments->source, changed, recipe_text(recipe, "data.name"));
    return status;
}

static percept_status evaluate(const EvaluateArguments *arguments, percept_error *error)
{
    percept_model *model = NULL;
    percept_recipe *recipe = NULL;
    percept_data data = {0};
    percept_report report = {.struct_size = sizeof report};
    Curve curve = {0};
    size_t part = 0;
    char *name = NULL;
    percept_status status = run_source_open(arguments->source, &model, &recipe, error);
    if (status == PERCEPT_OK)
        status = choose_data(arguments, model, &recipe, error);
    if (status == PERCEPT_OK)
        status = load_data(arguments, model, recipe, &data, error);
    if (status == PERCEPT_OK)
        status = choose_part(arguments, &data, &part, error);
    if (status == PERCEPT_OK)
        status = percept_model_report(model, part_of(&data, part), arguments->threads, &report, error);
    if (status == PERCEPT_OK)
        status = measure_curve(arguments, model, part_of(&data, part), &report, &curve, error);
    if (status == PERCEPT_OK)
        status = file_last_name(recipe_text(recipe, "data.name"), &name, error);
    if (status == PERCEPT_OK) {
        const bool all = arguments->data != NULL && data.valid == NULL && data.test == NULL;
        const Evaluation evaluation = {.model = model,
                                       .data = file_below_here(recipe_text(recipe, "data.name")),
                                       .part = all ? "all" : part_names[part],
                                       .title = all ? name : part_titles[part],
                                       .report = &report,
                                       .curve = percept_model_classes(model) == 2 ? &curve : NULL,
                                       .threshold = arguments->threshold};
        notes_print(stderr, &data.train->storage->notes, arguments->json);
        status = print_report(arguments, recipe, &evaluation, error);
    }
    memory_free(name);
    curve_clear(&curve);
    percept_report_clear(&report);
    percept_data_free(&data);
    percept_recipe_free(recipe);
    percept_model_free(model);
    return status;
}

int command_evaluate(int argc, char **argv)
{
    EvaluateArguments arguments = {.part = {part_name, PARTS}, .threshold = NAN};
    percept_error error;
    if (settings_create(argc, &arguments.settings, &error) != PERCEPT_OK)
        return fail(&error);
    int status = read_arguments(argc, argv, &arguments);
    if (status == PARSER_GO_ON)
        status = evaluate(&arguments, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
    settings_clear(&arguments.settings);
    return status;
}
