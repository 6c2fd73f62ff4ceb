/* percept evaluate: a model against data with known answers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/confusion.h"
#include "cli/data_choice.h"
#include "cli/describe.h"
#include "cli/evaluation.h"
#include "cli/message.h"
#include "cli/notes.h"
#include "cli/parser.h"
#include "cli/run_source.h"
#include "cli/settings.h"
#include "cli/text.h"
#include "cli/threshold_choice.h"
#include "cli/thresholds.h"
#include "cli/views_choice.h"
#include "model/model.h"
#include "recipe/recipe.h"

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
            "the class scores higher than an example of another class. The expected\n"
            "calibration error is the mean distance between confidence (the probability of\n"
            "the predicted class) and accuracy over 15 bins of equal width, each weighted by\n"
            "its number of examples (Guo, Pleiss, Sun, Weinberger, 2017).\n"
            "\n"
            "For two classes, the second one is the positive class. A table shows recall (the\n"
            "true positive rate, TPR), false positive rate (FPR), precision, F1 and accuracy\n"
            "at several thresholds of its probability, and at the thresholds with the highest\n"
            "F1 and the highest TPR - FPR. --threshold measures the model at another\n"
            "threshold than its own, which is 0.5 until one is chosen. --threshold-by\n"
            "chooses one on the validation part and stores it in the model, for predict\n"
            "and all other uses: f1, youden (TPR - FPR), recall=R and precision=P (at least\n"
            "R or P), cost=FP:FN (of a false positive and of a false negative), or none.\n"
            "\n"
            "--augment N measures the mean prediction for each picture and N copies of it,\n"
            "deformed as the run's data.augment keys say (without erase, mixup and noise).\n"
            "\n"
            "--json prints one line: accuracy, brier, calibration (bins, expected_error),\n"
            "classes (auc, f1, name, precision, predicted, recall, support), confusion,\n"
            "count, data, loss, macro, part, threshold, threshold_by, thresholds (for two\n"
            "classes: average_precision, best_f1, best_youden, negatives, positive,\n"
            "positives, roc_auc, table), weighted; for regression count, data, loss,\n"
            "overall, part, targets (with --intervals in training also interval: coverage,\n"
            "level, mean_width). What does not exist is null.\n",
};

typedef struct EvaluateArguments {
    DataChoice from;
    bool json;
    size_t threads;
    double threshold;  /* NaN: the model's own way */
    const char *rule;  /* by which a threshold is chosen, or NULL */
    size_t copies;     /* deformed ones of each picture; 0: none */
    Settings settings; /* of how a file is read */
} EvaluateArguments;

static int read_arguments(int argc, char **argv, EvaluateArguments *out)
{
    static const char *const keys[] = {SETTINGS_COLUMN_KEYS, SETTINGS_TABLE_KEYS};
    enum { OWN = 8, ALL = OWN + SETTINGS_COLUMN_COUNT + SETTINGS_TABLE_COUNT };
    Option options[ALL] = {
        {"--data", "NAME|FILE", "evaluate on these data instead of the run's", option_take_text, &out->from.data},
        {"--data-dir", "DIR", "folder where datasets are looked for first", option_take_text, &out->from.directory},
        {"--part", "PART", "set to evaluate on: test, valid or train [the first of these that exists]",
         option_take_choice, &out->from.part},
        {"--threshold", "T",
         "for two classes: predict the second if its probability is at least T [the model's own, or 0.5]",
         option_take_probability, &out->threshold},
        {"--threshold-by", "RULE",
         "choose the threshold on the validation part, and store it in the model: f1, youden, recall=R, precision=P, "
         "cost=FP:FN or none",
         option_take_text, &out->rule},
        {"--augment", "N", "measure the mean prediction for each picture and N deformed copies of it [0]",
         option_take_count, &out->copies},
        {"--json", NULL, "print JSON", option_take_switch, &out->json},
        {"--threads", "N", "threads, 0 for one per core [0]", option_take_count, &out->threads},
    };
    settings_options_of(&out->settings, keys, ALL - OWN, options + OWN);
    const Operand operands[] = {{"RUN|MODEL", false, &out->from.source}};
    const Parser parser = {&manual, options, ALL, operands, 1};
    return parser_read(&parser, argc, argv);
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
    if (arguments->copies > 0)
        printf("mean prediction for each picture and %s deformed cop%s\n", text_count(arguments->copies).text,
               arguments->copies == 1 ? "y" : "ies");
    if (!isnan(evaluation->threshold)) {
        fputs("positive class ", stdout);
        describe_class(stdout, evaluation->model, 1, 40);
        printf(" at threshold %g\n", evaluation->threshold);
    }
    if (arguments->rule != NULL) {
        if (evaluation->model->threshold > 0)
            printf("threshold chosen by %s on the validation part, and stored in the model\n",
                   text_plain(arguments->rule).text);
        else
            puts("the model has no threshold of its own any more");
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

/* The report; `trained`: the run's recipe, or NULL. */
static percept_status measure(const EvaluateArguments *arguments, const percept_model *model,
                              const percept_recipe *trained, const percept_data *data, size_t part,
                              percept_report *report, percept_error *error)
{
    Views views;
    if (arguments->copies == 0)
        return percept_model_report(model, data_choice_part(data, part), arguments->threads, report, error);
    percept_status status = views_choose(trained, data, arguments->copies, &views, error);
    return status == PERCEPT_OK
               ? views_report(model, data_choice_part(data, part), &views, arguments->threads, report, error)
               : status;
}

/* The curve of a model with two classes, and the report at the threshold asked for. Averaged predictions have none. */
static percept_status measure_curve(const EvaluateArguments *arguments, const percept_model *model,
                                    const percept_dataset *data, percept_report *report, Curve *curve,
                                    percept_error *error)
{
    const bool asked = !isnan(arguments->threshold);
    if (asked && percept_model_classes(model) != 2)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "'%s' has %zu classes, but --threshold needs a model with two; leave --threshold out",
                         arguments->from.source, percept_model_classes(model));
    if (asked && isnan(report->brier))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the outputs of '%s' are not probabilities; leave --threshold out", arguments->from.source);
    if (percept_model_classes(model) != 2 || arguments->copies > 0)
        return PERCEPT_OK;
    percept_status status = curve_measure(model, data, arguments->threads, curve, error);
    if (status == PERCEPT_OK && asked && curve->count == 0)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "some outputs of '%s' are NaN; leave --threshold out",
                           arguments->from.source);
    if (status == PERCEPT_OK && asked)
        curve_apply(curve, arguments->threshold, report);
    return status;
}

static percept_status evaluate(const EvaluateArguments *arguments, percept_error *error)
{
    percept_model *model = NULL;
    percept_recipe *recipe = NULL, *trained = NULL;
    percept_data data = {0};
    percept_report report = {.struct_size = sizeof report};
    Curve curve = {0};
    size_t part = 0;
    char *name = NULL;
    percept_status status = run_source_open(arguments->from.source, &model, &recipe, error);
    if (status == PERCEPT_OK && recipe != NULL)
        status = recipe_copy(recipe, &trained, error);
    if (status == PERCEPT_OK)
        status = data_choice_load(&arguments->from, model, &recipe, &data, error);
    if (status == PERCEPT_OK)
        status = data_choice_find_part(&arguments->from, &data, &part, error);
    if (status == PERCEPT_OK && arguments->rule != NULL)
        status = threshold_choose(&arguments->from, arguments->rule, &data, arguments->threads, model, error);
    if (status == PERCEPT_OK)
        status = measure(arguments, model, trained, &data, part, &report, error);
    if (status == PERCEPT_OK)
        status = measure_curve(arguments, model, data_choice_part(&data, part), &report, &curve, error);
    if (status == PERCEPT_OK)
        status = file_last_name(recipe_text(recipe, "data.name"), &name, error);
    if (status == PERCEPT_OK && arguments->rule != NULL)
        status = threshold_store(&arguments->from, model, error);
    if (status == PERCEPT_OK) {
        const double own = model->threshold > 0 ? model->threshold : NAN;
        const bool all = data_choice_is_whole(&arguments->from, &data);
        const Evaluation evaluation = {.model = model,
                                       .data = file_below_here(recipe_text(recipe, "data.name")),
                                       .part = all ? "all" : data_choice_part_name(part),
                                       .title = all ? name : data_choice_part_title(part),
                                       .report = &report,
                                       .curve =
                                           percept_model_classes(model) == 2 && arguments->copies == 0 ? &curve : NULL,
                                       .threshold = isnan(arguments->threshold) ? own : arguments->threshold,
                                       .rule = arguments->rule};
        notes_print(stderr, &data.train->storage->notes, arguments->json);
        status = print_report(arguments, recipe, &evaluation, error);
    }
    memory_free(name);
    curve_clear(&curve);
    percept_report_clear(&report);
    percept_data_free(&data);
    percept_recipe_free(trained);
    percept_recipe_free(recipe);
    percept_model_free(model);
    return status;
}

int command_evaluate(int argc, char **argv)
{
    EvaluateArguments arguments = {.from = {.part = DATA_CHOICE_NO_PART, .settings = &arguments.settings},
                                   .threshold = NAN};
    percept_error error;
    if (settings_create(argc, &arguments.settings, &error) != PERCEPT_OK)
        return fail(&error);
    int status = read_arguments(argc, argv, &arguments);
    if (status == PARSER_GO_ON && arguments.rule != NULL && !isnan(arguments.threshold))
        status = fail_usage(manual.command, "give either --threshold or --threshold-by");
    if (status == PARSER_GO_ON && arguments.copies > 0 && (arguments.rule != NULL || !isnan(arguments.threshold)))
        status = fail_usage(manual.command, "--augment averages predictions; leave --threshold and --threshold-by out");
    if (status == PARSER_GO_ON)
        status = evaluate(&arguments, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
    settings_clear(&arguments.settings);
    return status;
}
