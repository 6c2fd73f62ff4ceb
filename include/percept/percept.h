/* Percept: multilayer perceptrons in C. This header is the whole public surface and its manual.
 *
 * The model of thought, in one breath: a recipe says what to do (the same keys as a YAML recipe and the flags of the
 * command line); data are datasets (examples × features, with labels); a model is a network with its parameters, its
 * scaler and its class names; training changes a model and tells a callback how it goes.
 *
 *     percept_error error;
 *     percept_recipe *recipe = NULL;
 *     percept_data data = {0};
 *     percept_model *model = NULL;
 *     percept_metrics metrics;
 *
 *     if (percept_recipe_create(&recipe, &error) || percept_recipe_set(recipe, "model.layers", "784-64-10", &error) ||
 *         percept_data_load(recipe, &data, &error) || percept_model_create(recipe, &data, &model, &error) ||
 *         percept_model_train(model, recipe, &data, NULL, NULL, NULL, &error) ||
 *         percept_model_evaluate(model, data.test, 0, &metrics, &error) ||
 *         percept_model_save(model, "model.safetensors", &error))
 *         fprintf(stderr, "%s\n", error.message);
 *
 * Rules that hold everywhere
 *  - A call that can fail returns a percept_status, 0 on success, and describes a failure in *error (which may be
 *    NULL): what, where and what to do. Nothing is printed, and the process is never ended.
 *  - What a call stores through a pointer to a handle belongs to the caller and is released with the _free function of
 *    its type; these accept NULL. On failure the handle is left as it was.
 *  - A pointer may be NULL only where that is said. A call that returns a percept_status refuses it with
 *    PERCEPT_ERROR_ARGUMENT and names it; one that returns a number, a name or nothing gives 0 (a label: -1), NULL or does
 *    nothing, and so it does for an index out of range.
 *  - Matrices are row-major, one example a row.
 *  - A handle may be used by one thread at a time; different handles by different threads at once. A dataset may be
 *    read by many.
 *  - The same recipe, data and seed give the same bits, whatever the number of threads. */
#ifndef PERCEPT_PERCEPT_H
#define PERCEPT_PERCEPT_H

#include <stddef.h>
#include <stdint.h>

#define PERCEPT_VERSION "0.1.0"

#if defined __GNUC__
#define PERCEPT_API __attribute__((visibility("default")))
#else
#define PERCEPT_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Failure ------------------------------------------------------------------------------------------------- */

typedef enum percept_status {
    PERCEPT_OK = 0,
    PERCEPT_ERROR_ARGUMENT,    /* a value that can't be: unknown name, out of range, sizes that do not match */
    PERCEPT_ERROR_MEMORY,      /* not enough memory */
    PERCEPT_ERROR_IO,          /* the system refused to read or write */
    PERCEPT_ERROR_FORMAT,      /* a file is not what it should be */
    PERCEPT_ERROR_DIVERGED,    /* training met a loss that is not finite */
    PERCEPT_ERROR_INTERRUPTED, /* a callback asked to stop */
} percept_status;

typedef struct percept_error {
    percept_status status;
    char message[1024]; /* one line, no final newline */
} percept_error;

/* The library's version, e.g. "0.1.0". */
PERCEPT_API const char *percept_version(void);

/* ---- Data ---------------------------------------------------------------------------------------------------- */

typedef enum percept_type { PERCEPT_UINT8, PERCEPT_FLOAT32, PERCEPT_FLOAT64 } percept_type;

/* Examples with their labels: a view, cheap to make, of features that several datasets share. */
typedef struct percept_dataset percept_dataset;

/* Copies features (count × width of `type`, row-major) and labels (count numbers in 0 … class_count-1) into a new
 * dataset of at least one example. labels may be NULL, class_count being 0 then; class_names may be NULL: classes are
 * named "0", "1", …. PERCEPT_ERROR_ARGUMENT names the first label that is out of range, or a name that two classes have. */
PERCEPT_API percept_status percept_dataset_create(percept_type type, size_t count, size_t width, const void *features,
                                                  const int32_t *labels, size_t class_count,
                                                  const char *const *class_names, percept_dataset **out,
                                                  percept_error *error);
PERCEPT_API void percept_dataset_free(percept_dataset *dataset);

PERCEPT_API size_t percept_dataset_count(const percept_dataset *dataset);   /* examples */
PERCEPT_API size_t percept_dataset_width(const percept_dataset *dataset);   /* features per example */
PERCEPT_API size_t percept_dataset_classes(const percept_dataset *dataset); /* classes, 0 without labels */

/* Name of class k < percept_dataset_classes, owned by the dataset. */
PERCEPT_API const char *percept_dataset_class_name(const percept_dataset *dataset, size_t k);

/* The label of example i < percept_dataset_count; -1 without labels. */
PERCEPT_API int32_t percept_dataset_label(const percept_dataset *dataset, size_t i);

/* Writes the features of example i (percept_dataset_width values, as stored, unscaled) to `features`. */
PERCEPT_API void percept_dataset_features(const percept_dataset *dataset, size_t i, double *features);

/* ---- Recipes ------------------------------------------------------------------------------------------------- */

/* Settings by name, each with a type, a range and a default; `percept train --help` lists them all. */
typedef struct percept_recipe percept_recipe;

/* A recipe with every key at its default. */
PERCEPT_API percept_status percept_recipe_create(percept_recipe **out, percept_error *error);

/* Reads a YAML recipe of at most 64 KiB; keys it does not name keep their defaults. Messages name file and line. */
PERCEPT_API percept_status percept_recipe_load(const char *path, percept_recipe **out, percept_error *error);

/* Sets one key from text, e.g. ("train.learning_rate", "0.05") or ("data.classes", "3,7"). */
PERCEPT_API percept_status percept_recipe_set(percept_recipe *recipe, const char *key, const char *value,
                                              percept_error *error);

/* Writes all keys that have a value as YAML, whole or not at all. */
PERCEPT_API percept_status percept_recipe_save(const percept_recipe *recipe, const char *path, percept_error *error);
PERCEPT_API void percept_recipe_free(percept_recipe *recipe);

/* The parts of an experiment. valid and test may be NULL. */
typedef struct percept_data {
    percept_dataset *train, *valid, *test;
} percept_data;

/* Opens, selects and splits the data that a recipe names (keys data.*). Released with percept_data_free. */
PERCEPT_API percept_status percept_data_load(const percept_recipe *recipe, percept_data *out, percept_error *error);
PERCEPT_API void percept_data_free(percept_data *data);

/* ---- Models and training -------------------------------------------------------------------------------------- */

typedef struct percept_model percept_model;

/* Builds the network of a recipe (keys model.*) with its initial weights, and fits the scaler to the training part. What
 * the recipe leaves open is decided from the data and written into the recipe. */
PERCEPT_API percept_status percept_model_create(percept_recipe *recipe, const percept_data *data, percept_model **out,
                                                percept_error *error);
PERCEPT_API void percept_model_free(percept_model *model);

/* How training goes, told after every step and after every epoch. Numbers that do not exist are NaN. */
typedef struct percept_progress {
    size_t epoch, epochs;  /* epoch counts from 0 */
    size_t step, steps;    /* steps done in this epoch, and in all of it */
    size_t examples;       /* training examples seen so far, over all epochs */
    int epoch_done;        /* 1: the epoch is over and the validation figures are there */
    int best;              /* 1: epoch_done, and the best epoch so far */
    double learning_rate;  /* of this epoch */
    double train_loss;     /* mean over the epoch so far, from the training pass itself; with epoch_done, what
                              metrics.when says */
    double train_accuracy; /* fraction, likewise */
    double valid_loss, valid_accuracy;
    double seconds; /* since training began */
    /* With epoch_done only. */
    double test_loss, test_accuracy;                            /* with metrics.test */
    double train_loss_sum, valid_loss_sum, test_loss_sum;       /* over the examples */
    double train_loss_naive, valid_loss_naive, test_loss_naive; /* with metrics.naive: the means of -log p */
} percept_progress;

/* Returns 0 to go on; anything else stops the training (PERCEPT_ERROR_INTERRUPTED). */
typedef int percept_callback(const percept_progress *progress, void *user);

/* How training ended. */
typedef struct percept_result {
    size_t epochs;                     /* run */
    long best_epoch;                   /* on the validation part, from 0; -1 without one */
    int stopped_early;                 /* by patience */
    double train_loss, train_accuracy; /* of the last epoch run */
    double valid_loss, valid_accuracy; /* of the epoch whose parameters the model holds; NaN without validation */
    double seconds;
    double examples_per_second;
} percept_result;

/* Trains as the recipe says (keys train.*), on data->train, choosing the epoch on data->valid. callback and result may be
 * NULL. */
PERCEPT_API percept_status percept_model_train(percept_model *model, const percept_recipe *recipe,
                                               const percept_data *data, percept_callback *callback, void *user,
                                               percept_result *result, percept_error *error);

/* What a model does on a dataset. */
typedef struct percept_metrics {
    size_t count;        /* examples */
    double loss;         /* mean, without penalty */
    double accuracy;     /* fraction; NaN without classes */
    size_t classes;      /* rows and columns of the confusion matrix */
    uint64_t *confusion; /* classes × classes: row = label, column = prediction; owned, see percept_metrics_clear.
                            Outputs that are NaN are no class: they count as wrong, and in no column */
} percept_metrics;

/* Evaluates with `threads` threads (0: one for each core). */
PERCEPT_API percept_status percept_model_evaluate(const percept_model *model, const percept_dataset *data,
                                                  size_t threads, percept_metrics *out, percept_error *error);
PERCEPT_API void percept_metrics_clear(percept_metrics *metrics);

/* One class against all others; what does not exist (0/0) is NaN. */
typedef struct percept_class_report {
    uint64_t support;   /* examples with this label */
    uint64_t predicted; /* examples predicted to be of this class */
    double precision;   /* fraction of the predicted that have the label */
    double recall;      /* fraction of those with the label that were predicted */
    double f1;          /* harmonic mean of the two: 2 · right / (support + predicted) */
    double auc; /* area under the ROC curve of this class's output, ties counting half; of two classes one area */
} percept_class_report;

/* One output against its target. */
typedef struct percept_target_report {
    double r2; /* 1 - Σ(a - t)² / Σ(t - mean t)²; NaN where the target never changes */
    double mean_absolute_error;
    double root_mean_squared_error;
} percept_target_report;

/* Examples whose confidence, the probability of the class predicted, lies in (m/15, (m+1)/15]. */
typedef struct percept_calibration_bin {
    uint64_t count;
    double confidence; /* mean; NaN for an empty bin */
    double accuracy;   /* fraction predicted rightly; likewise */
} percept_calibration_bin;

#define PERCEPT_CALIBRATION_BINS 15

/* All figures of a model on a dataset: those of classes, or those of targets (then metrics.classes is 0). */
typedef struct percept_report {
    percept_metrics metrics;
    percept_class_report *classes; /* metrics.classes of them, owned */
    percept_class_report macro,
        weighted;             /* means over the classes that occur, each alike or by its support; an undefined
                                             precision or recall counts as 0 in them, an undefined area not at all */
    double calibration_error; /* expected: mean over the examples of |confidence - accuracy| of their bins
                                             (C. Guo and others, 2017); NaN if outputs are no probabilities */
    double brier;             /* mean Σ_k (p_k - y_k)² (G. W. Brier, 1950), of two classes (p_1 - y_1)²; likewise */
    percept_calibration_bin calibration[PERCEPT_CALIBRATION_BINS];
    size_t target_count;
    percept_target_report *targets; /* target_count of them, owned */
    percept_target_report overall;  /* means of r2 and of the absolute errors; the root of the mean squared error */
} percept_report;

/* Evaluates as percept_model_evaluate does, and works out all figures; keeps count × outputs numbers for the ROC curves
 * on the way. *out is released with percept_report_clear. */
PERCEPT_API percept_status percept_model_report(const percept_model *model, const percept_dataset *data, size_t threads,
                                                percept_report *out, percept_error *error);
PERCEPT_API void percept_report_clear(percept_report *report);

/* Predicts from raw, unscaled features (count × percept_model_inputs): outputs (count × percept_model_outputs) receives
 * the last layer's activations, probabilities for softmax and sigmoid; for regression in the units of the targets. A
 * feature that is NaN is missing: it is filled as the model has learned, or where it has not, outputs become NaN. */
PERCEPT_API percept_status percept_model_predict(const percept_model *model, const double *features, size_t count,
                                                 size_t threads, double *outputs, percept_error *error);

/* The same for a stream of examples: what a prediction needs is had once, and a run allocates nothing and cannot fail.
 * The model must outlive the predictor and stay as it is meanwhile. Each example is predicted by itself; runs of up to four
 * are read in another order, which may change last bits as another instruction set does. percept_predictor_block is how many
 * examples a run handles best. */
typedef struct percept_predictor percept_predictor;
PERCEPT_API percept_status percept_predictor_create(const percept_model *model, size_t threads, percept_predictor **out,
                                                    percept_error *error);
PERCEPT_API size_t percept_predictor_block(const percept_predictor *predictor);
PERCEPT_API void percept_predictor_run(percept_predictor *predictor, const double *features, size_t count,
                                       double *outputs);

/* The probability of each class: probabilities (count × percept_model_classes). Of one sigmoid output z, P(class 0) is
 * 1 / (1 + e^z), which keeps its digits where 1 - P(class 1) would be 0. Of models without classes, the outputs. */
PERCEPT_API void percept_predictor_probabilities(percept_predictor *predictor, const double *features, size_t count,
                                                 double *probabilities);
PERCEPT_API void percept_predictor_free(percept_predictor *predictor);

PERCEPT_API size_t percept_model_inputs(const percept_model *model);
PERCEPT_API size_t percept_model_outputs(const percept_model *model);
PERCEPT_API size_t percept_model_parameters(const percept_model *model);
PERCEPT_API size_t percept_model_classes(const percept_model *model);
PERCEPT_API const char *percept_model_class_name(const percept_model *model, size_t k);

/* Saves as safetensors, whole or not at all; equal models are equal files. */
PERCEPT_API percept_status percept_model_save(const percept_model *model, const char *path, percept_error *error);
PERCEPT_API percept_status percept_model_load(const char *path, percept_model **out, percept_error *error);

#ifdef __cplusplus
}
#endif

#endif
