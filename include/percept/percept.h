/* Percept: multilayer perceptrons in C. This header is the whole public surface and its manual.
 *
 * There are three kinds of objects. A recipe (percept_recipe) holds settings, under the same keys as a YAML recipe and the
 * flags of the command line. A dataset (percept_dataset) holds examples: their features, and their labels or targets. A
 * model (percept_model) is a network with its parameters, the scaling of its inputs and the names of its classes. Training
 * changes a model and reports its progress to a callback.
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
 * Rules for all functions
 *  - A function that can fail returns a percept_status, 0 on success, and describes a failure in *error (which may be
 *    NULL): what happened, where, and what to do. The library prints nothing and never ends the process.
 *  - An object that a function stores through a pointer belongs to the caller and is released with the _free function of
 *    its type, which accepts NULL. On failure the pointer is left as it was.
 *  - A pointer may be NULL only where that is said. Otherwise a function that returns a percept_status returns
 *    PERCEPT_ERROR_ARGUMENT and names the argument; any other function returns 0 (for a label -1) or NULL, or does
 *    nothing. The same holds for an index out of range.
 *  - Matrices are row-major, one example per row.
 *  - An object may be used by one thread at a time; different objects may be used by different threads at once. Several
 *    threads may read one dataset.
 *  - The same recipe, data and seed give the same bits, whatever the number of threads.
 *  - A library built with PERCEPT_READERS=OFF reads and writes models alone: percept_recipe_load, percept_recipe_save and,
 *    for what is not drawn, percept_data_load return PERCEPT_ERROR_ARGUMENT. */
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
    PERCEPT_ERROR_ARGUMENT,    /* a value that is not allowed: an unknown name, out of range, sizes that do not match */
    PERCEPT_ERROR_MEMORY,      /* not enough memory */
    PERCEPT_ERROR_IO,          /* the system refused to read or write */
    PERCEPT_ERROR_FORMAT,      /* a file is damaged or of another format */
    PERCEPT_ERROR_DIVERGED,    /* the loss became infinite or NaN in training */
    PERCEPT_ERROR_INTERRUPTED, /* a callback asked to stop */
} percept_status;

typedef struct percept_error {
    percept_status status;
    char message[1024]; /* one line, no final newline */
} percept_error;

/* The library's version, e.g. "0.1.0". */
PERCEPT_API const char *percept_version(void);

/* ---- Objects ------------------------------------------------------------------------------------------------ */

/* Examples with their labels or targets. A dataset is a view of features that several datasets may share, so it is cheap
 * to create. */
typedef struct percept_dataset percept_dataset;

/* Arrays of a program on their way into a dataset. */
typedef struct percept_table percept_table;

/* Settings by name, each with a type, a range and a default; `percept train --help-all` lists all of them. */
typedef struct percept_recipe percept_recipe;

/* A network with its parameters, the scaling of its inputs, and the names of its columns and classes. */
typedef struct percept_model percept_model;

/* A model prepared for predictions. */
typedef struct percept_predictor percept_predictor;

/* ---- Data ---------------------------------------------------------------------------------------------------- */

/* The type of the numbers in an array. Features are bytes or floating-point numbers; labels are integers. */
typedef enum percept_type {
    PERCEPT_UINT8,
    PERCEPT_FLOAT32,
    PERCEPT_FLOAT64,
    PERCEPT_INT32,
    PERCEPT_INT64
} percept_type;

/* Copies features (count × width of `type`, row-major) and labels (count numbers in 0 … class_count-1) into a new
 * dataset of at least one example. labels may be NULL if class_count is 0. class_names may be NULL: classes are then
 * named "0", "1", …. PERCEPT_ERROR_ARGUMENT names the first label that is out of range, or a name that two classes have.
 * Anything else that data have (targets, weights, names of columns, other strides) goes through a percept_table. */
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

/* The training, validation and test set of an experiment. valid and test may be NULL. */
typedef struct percept_data {
    percept_dataset *train, *valid, *test;
} percept_data;
PERCEPT_API void percept_data_free(percept_data *data);

/* ---- Data from memory ------------------------------------------------------------------------------------------
 *
 * A table collects the arrays of a program and becomes a dataset:
 *
 *     percept_table_create(count, &table, &error);
 *     percept_table_set_features(table, PERCEPT_FLOAT32, X, width, 0, 0, &error);
 *     percept_table_set_labels(table, PERCEPT_INT64, y, 0, 0, NULL, &error);
 *     percept_table_finish(table, &dataset, &error);
 *     percept_table_free(table);
 *
 * Each array is read where its call says: the value of example i in column j lies row_stride·i + column_stride·j bytes
 * from the first one. Strides may be negative, as those of a reversed NumPy array. 0 stands for an array without gaps:
 * for a column stride the size of a value, for a row stride width times the column stride. So both 0 is row-major.
 * Every array is copied before its call returns, except borrowed features. A second call for the same thing replaces the
 * first. The rules are those of files: NaN is a missing feature; a number that is infinite or beyond the range of float32
 * (3.4e38) is refused, with row and column, and so is a missing label, target or weight. Messages count rows and columns
 * from 1. */
/* An empty table for count ≥ 1 examples, at most 2^32 - 1. */
PERCEPT_API percept_status percept_table_create(size_t count, percept_table **out, percept_error *error);
PERCEPT_API void percept_table_free(percept_table *table);

/* The features: count × width values of PERCEPT_UINT8, PERCEPT_FLOAT32 or PERCEPT_FLOAT64. They keep their type. Features
 * of bytes are divided by 255 before training, unless the recipe says otherwise (data.divisor). */
PERCEPT_API percept_status percept_table_set_features(percept_table *table, percept_type type, const void *values,
                                                      size_t width, ptrdiff_t row_stride, ptrdiff_t column_stride,
                                                      percept_error *error);

/* The same without a copy: the library reads the caller's array, which must not change, until it calls release(user).
 * After success it calls release exactly once: when the table and all datasets over the array are freed, by the thread that
 * frees the last one; or earlier, if it had to copy after all (strides that are not row-major, or missing values, which
 * are filled). After failure it does not call release. release may be NULL. */
PERCEPT_API percept_status percept_table_borrow_features(percept_table *table, percept_type type, const void *values,
                                                         size_t width, ptrdiff_t row_stride, ptrdiff_t column_stride,
                                                         void (*release)(void *user), void *user, percept_error *error);

/* What a column of features holds. */
typedef enum percept_column_kind {
    PERCEPT_NUMBER = 0,  /* any number */
    PERCEPT_BOOLEAN = 1, /* 0 or 1, or missing */
} percept_column_kind;

/* Names and kinds of the columns, after the features: width of each. kinds may be NULL: all are numbers. Features with
 * names are standardized before training, unless the recipe says otherwise (data.scale), since named columns
 * measure different quantities. A model keeps the names and finds the columns of a file by them. */
PERCEPT_API percept_status percept_table_set_columns(percept_table *table, const char *const *names,
                                                     const percept_column_kind *kinds, percept_error *error);

/* The labels: count values of PERCEPT_UINT8, PERCEPT_INT32 or PERCEPT_INT64, `stride` bytes apart (0: without gaps).
 * With class_count > 0 they are numbers in 0 … class_count-1, and class_names has a name for each class, or is NULL
 * ("0", "1", …). With class_count 0 (and class_names NULL) the classes are the distinct labels in ascending order, named
 * after their numbers: labels -1 and 1 make the classes "-1" and "1". */
PERCEPT_API percept_status percept_table_set_labels(percept_table *table, percept_type type, const void *values,
                                                    ptrdiff_t stride, size_t class_count,
                                                    const char *const *class_names, percept_error *error);

/* For regression: count × width numbers to predict, of any type. names has a name for each target, or is NULL. A table
 * has labels or targets, not both: the later call replaces the earlier one. */
PERCEPT_API percept_status percept_table_set_targets(percept_table *table, percept_type type, const void *values,
                                                     size_t width, ptrdiff_t row_stride, ptrdiff_t column_stride,
                                                     const char *const *names, percept_error *error);

/* Weights ≥ 0 of the examples, of any type; without this call each is 1. An example of weight 2 counts as two. */
PERCEPT_API percept_status percept_table_set_weights(percept_table *table, percept_type type, const void *values,
                                                     ptrdiff_t stride, percept_error *error);

/* Makes the dataset. The table is then empty, as after percept_table_create; on failure it stays as it was.
 * PERCEPT_ERROR_ARGUMENT if it has no features, and for a value that the rules above refuse. */
PERCEPT_API percept_status percept_table_finish(percept_table *table, percept_dataset **out, percept_error *error);

/* The number of features that are missing (NaN) and not filled yet. Models need features that are filled. */
PERCEPT_API size_t percept_dataset_missing(const percept_dataset *dataset);

/* Splits a dataset as the recipe says (data.split, data.validation, data.test, data.shuffle, data.stratify, data.folds,
 * data.classes, …), by default as a file: 64 % for training, 16 % for validation, 20 % for testing, shuffled and
 * stratified by class. Missing features are filled as by percept_data_fill, with the same care. The parts are views; the
 * dataset stays the caller's, and both are released. *out is released with percept_data_free. */
PERCEPT_API percept_status percept_data_split(const percept_recipe *recipe, percept_dataset *dataset, percept_data *out,
                                              percept_error *error);

/* Fills missing features in all parts by the means of their columns in data->train, as is done with data from files; the
 * model keeps the means. This changes the features of each part, also in other datasets that view them: no other
 * thread may use them meanwhile. */
PERCEPT_API percept_status percept_data_fill(percept_data *data, percept_error *error);

/* The same for data that an existing model is to be evaluated on: fills as the model has learned. A model made from data
 * without missing features has learned no means; PERCEPT_ERROR_ARGUMENT then names the first missing value. */
PERCEPT_API percept_status percept_dataset_fill(percept_dataset *dataset, const percept_model *model,
                                                percept_error *error);

/* ---- Recipes ------------------------------------------------------------------------------------------------- */

/* A recipe with every key at its default. */
PERCEPT_API percept_status percept_recipe_create(percept_recipe **out, percept_error *error);

/* Reads a YAML recipe of at most 64 KiB; keys that it does not set keep their defaults. Messages name file and line. */
PERCEPT_API percept_status percept_recipe_load(const char *path, percept_recipe **out, percept_error *error);

/* Sets one key from text, e.g. ("train.learning_rate", "0.05") or ("data.classes", "3,7"). */
PERCEPT_API percept_status percept_recipe_set(percept_recipe *recipe, const char *key, const char *value,
                                              percept_error *error);

/* Writes all keys that have a value as YAML. On failure no file is written, and an existing one stays as it was. */
PERCEPT_API percept_status percept_recipe_save(const percept_recipe *recipe, const char *path, percept_error *error);
PERCEPT_API void percept_recipe_free(percept_recipe *recipe);

/* Opens, selects and splits the data that a recipe names (keys data.*). Released with percept_data_free. */
PERCEPT_API percept_status percept_data_load(const percept_recipe *recipe, percept_data *out, percept_error *error);

/* ---- Models and training -------------------------------------------------------------------------------------- */

/* Builds the network of a recipe (keys model.*) with its initial parameters, and fits the scaling to the training set. What
 * the recipe leaves open is chosen from the data and written into the recipe. */
PERCEPT_API percept_status percept_model_create(percept_recipe *recipe, const percept_data *data, percept_model **out,
                                                percept_error *error);
PERCEPT_API void percept_model_free(percept_model *model);

/* The progress of training, reported after every step and after every epoch. Numbers that do not exist are NaN. */
typedef struct percept_progress {
    size_t epoch, epochs;  /* epoch counts from 0 */
    size_t step, steps;    /* steps done in this epoch, and in all of it */
    size_t examples;       /* training examples seen so far, over all epochs */
    int epoch_done;        /* 1: the epoch is over and the validation metrics are set */
    int best;              /* 1: epoch_done is 1 and this is the best epoch so far */
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
    double valid_rmse, valid_mae, valid_r2; /* of targets: as the overall metrics of a percept_report */
    double test_rmse, test_mae, test_r2;
} percept_progress;

/* Return 0 to continue; any other value stops the training (PERCEPT_ERROR_INTERRUPTED). */
typedef int percept_callback(const percept_progress *progress, void *user);

/* The result of training. */
typedef struct percept_result {
    size_t epochs;                     /* run */
    long best_epoch;                   /* by the validation set, counted from 0; -1 without one */
    int stopped_early;                 /* by patience */
    double train_loss, train_accuracy; /* of the last epoch run */
    double valid_loss, valid_accuracy; /* of the epoch whose parameters the model holds; NaN without validation */
    double seconds;
    double examples_per_second;
} percept_result;

/* Trains on data->train as the recipe says (keys train.*) and keeps the epoch that is best on data->valid. callback and
 * result may be NULL. */
PERCEPT_API percept_status percept_model_train(percept_model *model, const percept_recipe *recipe,
                                               const percept_data *data, percept_callback *callback, void *user,
                                               percept_result *result, percept_error *error);

/* The metrics of a model on a dataset. */
typedef struct percept_metrics {
    size_t count;        /* examples */
    double loss;         /* mean, without penalty */
    double accuracy;     /* fraction; NaN without classes */
    size_t classes;      /* rows and columns of the confusion matrix */
    uint64_t *confusion; /* classes × classes: row = label, column = prediction; owned, see percept_metrics_clear.
                            Outputs that are NaN are no class: they count as wrong, and in no column */
} percept_metrics;

/* Evaluates with `threads` threads (0: one per core). */
PERCEPT_API percept_status percept_model_evaluate(const percept_model *model, const percept_dataset *data,
                                                  size_t threads, percept_metrics *out, percept_error *error);
PERCEPT_API void percept_metrics_clear(percept_metrics *metrics);

/* The metrics of one class against all others; NaN where they are 0/0. */
typedef struct percept_class_report {
    uint64_t support;   /* examples with this label */
    uint64_t predicted; /* examples predicted as this class */
    double precision;   /* fraction of the examples predicted as this class that belong to it */
    double recall;      /* fraction of the examples of this class that are predicted as it */
    double f1;          /* harmonic mean of the two: 2 · right / (support + predicted) */
    double auc; /* area under the ROC curve of this class's output; ties count half; two classes share one area */
} percept_class_report;

/* The metrics of one output against its target. */
typedef struct percept_target_report {
    double r2; /* 1 - Σ(a - t)² / Σ(t - mean t)²; NaN where the target never changes */
    double mean_absolute_error;
    double root_mean_squared_error;
} percept_target_report;

/* The examples whose confidence, the probability of the predicted class, lies in (m/15, (m+1)/15] for bin m. */
typedef struct percept_calibration_bin {
    uint64_t count;
    double confidence; /* mean; NaN for an empty bin */
    double accuracy;   /* fraction predicted correctly; NaN for an empty bin */
} percept_calibration_bin;

#define PERCEPT_CALIBRATION_BINS 15

/* All metrics of a model on a dataset: of the classes, or, for regression, of the targets (then metrics.classes is 0). */
typedef struct percept_report {
    percept_metrics metrics;
    percept_class_report *classes; /* metrics.classes of them, owned */
    percept_class_report macro,
        weighted;             /* means over the classes that occur: each with weight 1, or weighted by support;
                                             an undefined precision or recall counts as 0, an undefined area is left out */
    double calibration_error; /* expected: mean over the examples of |confidence - accuracy| of their bins
                                             (C. Guo and others, 2017); NaN if outputs are no probabilities */
    double brier;             /* mean Σ_k (p_k - y_k)² (G. W. Brier, 1950), of two classes (p_1 - y_1)²; likewise */
    percept_calibration_bin calibration[PERCEPT_CALIBRATION_BINS];
    size_t target_count;
    percept_target_report *targets; /* target_count of them, owned */
    percept_target_report overall;  /* means of r2 and of the absolute errors; the root of the mean squared error */
} percept_report;

/* Evaluates like percept_model_evaluate and computes all metrics. It needs memory for count × outputs numbers, for the ROC
 * curves. *out is released with percept_report_clear. */
PERCEPT_API percept_status percept_model_report(const percept_model *model, const percept_dataset *data, size_t threads,
                                                percept_report *out, percept_error *error);
PERCEPT_API void percept_report_clear(percept_report *report);

/* Predicts from raw, unscaled features (count × percept_model_inputs): outputs (count × percept_model_outputs) receives
 * the last layer's activations, probabilities for softmax and sigmoid; for regression in the units of the targets. A
 * feature that is NaN is missing: it is filled as the model has learned, or where it has not, outputs become NaN. */
PERCEPT_API percept_status percept_model_predict(const percept_model *model, const double *features, size_t count,
                                                 size_t threads, double *outputs, percept_error *error);

/* The same for a stream of examples: memory is allocated once, and percept_predictor_run allocates nothing and cannot fail.
 * The model must outlive the predictor and must not change meanwhile. The prediction of an example does not depend on the others.
 * Runs of up to four examples sum in another order, so that the last bits may differ, as with another instruction set.
 * percept_predictor_block is the number of examples for which a run is most efficient. */
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

/* Saves as safetensors. On failure no file is written, and an existing one stays as it was. Equal models give equal
 * files. */
PERCEPT_API percept_status percept_model_save(const percept_model *model, const char *path, percept_error *error);
PERCEPT_API percept_status percept_model_load(const char *path, percept_model **out, percept_error *error);

#ifdef __cplusplus
}
#endif

#endif
