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
 *         percept_model_train(model, recipe, &data, NULL, NULL, &error) ||
 *         percept_model_evaluate(model, data.test, &metrics, &error) ||
 *         percept_model_save(model, "model.safetensors", &error))
 *         fprintf(stderr, "%s\n", error.message);
 *
 * Rules that hold everywhere
 *  - A call that can fail returns a percept_status, 0 on success, and describes a failure in *error (which may be
 *    NULL): what, where and what to do. Nothing is printed, and the process is never ended.
 *  - What a call stores through a pointer to a handle belongs to the caller and is released with the _free function of
 *    its type; these accept NULL. On failure the handle is left as it was.
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
 * dataset. class_names may be NULL: then classes are named "0", "1", …. */
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

/* The label of example i < percept_dataset_count. */
PERCEPT_API int32_t percept_dataset_label(const percept_dataset *dataset, size_t i);

/* Writes the features of example i (percept_dataset_width values, as stored, unscaled) to `features`. */
PERCEPT_API void percept_dataset_features(const percept_dataset *dataset, size_t i, double *features);

#ifdef __cplusplus
}
#endif

#endif
