/* Percept: multilayer perceptrons in C. This header is the whole public surface and its manual.
 *
 * There are three main kinds of objects. A recipe (percept_recipe) holds settings, under the same keys as a YAML recipe and the
 * flags of the command line. A dataset (percept_dataset) holds examples: their features, and their labels or targets. A
 * model (percept_model) is a network with its parameters, the scaling of its inputs and the names of its classes. Training
 * changes a model and reports its progress to a callback.
 *
 *     percept_error error;
 *     percept_recipe *recipe = NULL;
 *     percept_data data = {0};
 *     percept_model *model = NULL;
 *     percept_metrics metrics = {.struct_size = sizeof metrics};
 *
 *     if (percept_recipe_create(&recipe, &error) || percept_recipe_set(recipe, "model.layers", "784-64-10", &error) ||
 *         percept_data_load(recipe, &data, &error) || percept_model_create(recipe, &data, &model, &error) ||
 *         percept_model_train(model, recipe, &data, NULL, NULL, NULL, &error) ||
 *         percept_model_evaluate(model, data.test, 0, &metrics, &error) ||
 *         percept_model_save(model, "model.safetensors", &error))
 *         fprintf(stderr, "%s\n", error.message);
 *
 * Beside them: a table (percept_table) collects arrays of a program into a dataset, a training (percept_training) is a
 * training in pieces, a predictor and a gradient are a model prepared for many calls. examples/ has a program for each.
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
 *  - An object may be used by one thread at a time; different objects may be used by different threads at once. Functions
 *    that take an object as const only read it: several threads may do so at once. So one dataset serves many trainings,
 *    and one model many predictors, one for each thread, as long as nobody changes it.
 *  - A struct that begins with struct_size may grow at its end in later releases: its caller sets struct_size to the
 *    sizeof that it was compiled with, and the library reads and writes no more than that. Where the library passes such a
 *    struct, struct_size says how much of it there is. Other structs never change.
 *  - The same recipe, data and seed give the same bits, whatever the number of threads.
 *  - A library built with PERCEPT_READERS=OFF reads and writes models alone: percept_recipe_load, _parse, _text and _save
 *    and percept_data_load return PERCEPT_ERROR_ARGUMENT, except for data that a generator draws. */
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

/* A model prepared for predictions, and one prepared for derivatives of its outputs. */
typedef struct percept_predictor percept_predictor;
typedef struct percept_gradient percept_gradient;

/* A training that runs piece by piece. */
typedef struct percept_training percept_training;

/* ---- Data ---------------------------------------------------------------------------------------------------- */

/* The type of the values in an array. A C or NumPy bool is a PERCEPT_UINT8. A PERCEPT_TEXT is a pointer to UTF-8 that a 0
 * ends, or NULL for a text that is missing; so is "". Each call says which types it takes. */
typedef enum percept_type {
    PERCEPT_UINT8 = 0,
    PERCEPT_FLOAT32 = 1,
    PERCEPT_FLOAT64 = 2,
    PERCEPT_INT32 = 3,
    PERCEPT_INT64 = 4,
    PERCEPT_INT8 = 5,
    PERCEPT_INT16 = 6,
    PERCEPT_UINT16 = 7,
    PERCEPT_UINT32 = 8,
    PERCEPT_UINT64 = 9,
    PERCEPT_TEXT = 10, /* const char * */
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
 * Instead of a matrix, or behind it, columns may come one by one, each with a type of its own, texts among them
 * (percept_table_add_column). A dataset for a model that exists is made by percept_table_finish_for.
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
    PERCEPT_NUMBER = 0,   /* any number */
    PERCEPT_BOOLEAN = 1,  /* 0 or 1, or missing */
    PERCEPT_CATEGORY = 2, /* one of several texts, or missing */
    PERCEPT_DATE = 3,     /* dates or times of day as texts, or missing */
    PERCEPT_ANY = 4,      /* as it looks, by the rules for files */
} percept_column_kind;

/* Names and kinds of the columns of a matrix: `width` of each. Set the features before. kinds may be NULL: all columns are
 * numbers. Columns of other kinds are added by percept_table_add_column. Features with names are standardized before training,
 * unless the recipe says otherwise (data.scale), since named columns measure different quantities. A model keeps the names and
 * finds the columns of a file by them. */
PERCEPT_API percept_status percept_table_set_columns(percept_table *table, const char *const *names,
                                                     const percept_column_kind *kinds, percept_error *error);

/* A column of a table, with a value for each example. */
typedef struct percept_column {
    size_t struct_size; /* set by the caller: sizeof(percept_column) */
    const char *name;   /* UTF-8; no other column has it */
    percept_column_kind kind;
    percept_type type;             /* of the values */
    const void *values;            /* count of them */
    ptrdiff_t stride;              /* bytes from one to the next; 0: without gaps */
    const char *const *vocabulary; /* of integer codes: the texts they stand for, vocabulary_count of them; or NULL */
    size_t vocabulary_count;
    const uint8_t
        *validity; /* bit i + validity_offset, the lowest of each byte first, is 0 for a value that is missing,
                                as in Apache Arrow; NULL: none is, but for what the values say */
    size_t validity_offset;
} percept_column;

/* Adds a column of features, which is copied. Missing are NaN, NULL, "", negative codes, and what validity says.
 *  - PERCEPT_NUMBER and PERCEPT_BOOLEAN: numbers of any type. Integers beyond 2^53 are rounded.
 *  - PERCEPT_CATEGORY: PERCEPT_TEXT; or integers of any type, which are codes of the vocabulary (code k is vocabulary[k]),
 *    or without a vocabulary stand for themselves (7 is the category "7").
 *  - PERCEPT_DATE: the same, with texts such as "2024-05-31", "5/31/2024 13:45", "31.5.2024", "2024-05-31T13:45:10+02:00" or
 *    "13:45". All texts together decide whether the month or the day comes first. Integers without a vocabulary are dates such
 *    as 20240531 if all of them are, else seconds or milliseconds since 1970. A date becomes up to five features, as a date
 *    of a file does: year, month (1 to 12), weekday (1 to 7, from Monday), hour (with a fraction), and time: days since 2000 in
 *    UTC. A part that is the same in all rows is left out; so is the day of the month, which weekday and time contain.
 *  - PERCEPT_ANY: texts (or codes with a vocabulary) are dates if four cells of five are, else categories; a column of texts that
 *    hardly repeat is refused. Numbers are dates if all of them are such as 20240531. For a model the column is what the
 *    model was trained with.
 * Features are stored in the smallest of the types uint8, float32 and float64 that holds all of them, as those of files.
 * Categories stand behind all other features, and their features are codes: the texts that occur are sorted by their
 * bytes and numbered from 0. percept_data_split keeps those that the training set has, and puts the columns with the fewest
 * first; all others become unknown, which is NaN. So split a dataset with categories once.
 * A matrix beside such columns needs names, and its features come first. PERCEPT_ERROR_ARGUMENT names the column, and the row
 * of the first value that is refused: no boolean, infinite, a code beyond the vocabulary, or no UTF-8. percept_table_finish
 * refuses a column of dates in which more than one cell of five is none; others count as missing, with a note. */
PERCEPT_API percept_status percept_table_add_column(percept_table *table, const percept_column *column,
                                                    percept_error *error);

/* The labels: count values of PERCEPT_TEXT or of a type of integers, `stride` bytes apart (0: without gaps).
 * With class_count 0 (and class_names NULL) the classes are the distinct labels. Integers are sorted in ascending order and
 * named after their numbers: labels -1 and 1 make the classes "-1" and "1". So are texts if all of them are integers; other
 * texts are sorted by their bytes. Texts that are numbers with decimals are refused: they are for regression.
 * With class_count > 0 class_names has a name for each class, and labels are such names or, as integers, numbers in
 * 0 … class_count-1. For integers class_names may be NULL ("0", "1", …). */
PERCEPT_API percept_status percept_table_set_labels(percept_table *table, percept_type type, const void *values,
                                                    ptrdiff_t stride, size_t class_count,
                                                    const char *const *class_names, percept_error *error);

/* For regression: count × width numbers to predict, of any type of numbers. names has a name for each target, or is NULL. A table
 * has labels or targets, not both: the later call replaces the earlier one. */
PERCEPT_API percept_status percept_table_set_targets(percept_table *table, percept_type type, const void *values,
                                                     size_t width, ptrdiff_t row_stride, ptrdiff_t column_stride,
                                                     const char *const *names, percept_error *error);

/* Weights ≥ 0 of the examples, of any type of numbers; without this call each is 1. An example of weight 2 counts as two. */
PERCEPT_API percept_status percept_table_set_weights(percept_table *table, percept_type type, const void *values,
                                                     ptrdiff_t stride, percept_error *error);

/* Groups of examples, as data.group names them in files: percept_data_split puts examples of one group into one part.
 * PERCEPT_TEXT or integers of any type; equal values are one group. A missing one is refused. */
PERCEPT_API percept_status percept_table_set_groups(percept_table *table, percept_type type, const void *values,
                                                    ptrdiff_t stride, percept_error *error);

/* Times of the examples, as data.time names them in files: percept_data_split then trains on the earliest and tests on the
 * latest. Numbers of any type, such as seconds, or PERCEPT_TEXT: dates such as "2024-05-31" or "2024-05-31 23:59:00". */
PERCEPT_API percept_status percept_table_set_times(percept_table *table, percept_type type, const void *values,
                                                   ptrdiff_t stride, percept_error *error);

/* Makes the dataset. The table is then empty, as after percept_table_create; on failure it stays as it was.
 * PERCEPT_ERROR_ARGUMENT if it has no features, and for a value that the rules above refuse. */
PERCEPT_API percept_status percept_table_finish(percept_table *table, percept_dataset **out, percept_error *error);

/* Makes a dataset for a model: what a program knows of new examples becomes what the model takes, as the command line does
 * it with a file. Columns are found by their names, in any order; others are left out. Where model or table has no names,
 * they are taken in their order, and as many as in training. Categories get the codes of the model; texts that it does not
 * know become NaN and are counted (percept_dataset_unknown). Missing numbers are filled as the model has learned. Labels
 * become the model's classes, by their names, and targets are found by theirs; for predictions a table needs neither. A
 * column of dates is given as PERCEPT_DATE, or as a category of its texts; dates such as 20240531, and seconds since 1970, also
 * as numbers. PERCEPT_ERROR_ARGUMENT names a column that is missing or of another
 * kind, and a label that is no class of the model. */
PERCEPT_API percept_status percept_table_finish_for(percept_table *table, const percept_model *model,
                                                    percept_dataset **out, percept_error *error);

/* The same for a dataset in place of a model: examples that come apart, for validation, get the columns, the categories and
 * the classes of `like`, the training set, after it was split or filled. */
PERCEPT_API percept_status percept_table_finish_like(percept_table *table, const percept_dataset *like,
                                                     percept_dataset **out, percept_error *error);

/* The number of features that are missing (NaN) and not filled yet. Models need features that are filled. Categories need
 * not be. */
PERCEPT_API size_t percept_dataset_missing(const percept_dataset *dataset);

/* Of a dataset made by percept_table_finish_for or _like: the texts of feature j that are no category there, or no date. */
PERCEPT_API size_t percept_dataset_unknown(const percept_dataset *dataset, size_t j);

/* What was a guess when the dataset was made and is perhaps a mistake, as a line of text for the user: note i, NULL past the last
 * one. For example, that no date shows whether the month or the day comes first. Belongs to the dataset. */
PERCEPT_API const char *percept_dataset_note(const percept_dataset *dataset, size_t i);

/* Copies the features of all examples: count × width, row-major. */
PERCEPT_API void percept_dataset_copy_features(const percept_dataset *dataset, double *features);

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

/* The same from the text of a recipe, ended by a 0. Messages name the line, as in "recipe:3: …". */
PERCEPT_API percept_status percept_recipe_parse(const char *yaml, percept_recipe **out, percept_error *error);

/* Sets one key from text, e.g. ("train.learning_rate", "0.05") or ("data.classes", "3,7"). */
PERCEPT_API percept_status percept_recipe_set(percept_recipe *recipe, const char *key, const char *value,
                                              percept_error *error);

/* The value of a key, as percept_recipe_set takes it; "" if it is not set. Writes at most `size` bytes to `text`, the final
 * 0 among them, cut where it does not fit. *length (may be NULL) receives the length of the whole value, without the
 * 0. With size 0 text may be NULL. PERCEPT_ERROR_ARGUMENT for an unknown key names the nearest one. */
PERCEPT_API percept_status percept_recipe_get(const percept_recipe *recipe, const char *key, char *text, size_t size,
                                              size_t *length, percept_error *error);

/* The whole recipe as YAML, as percept_recipe_save writes it, in the same way. */
PERCEPT_API percept_status percept_recipe_text(const percept_recipe *recipe, char *text, size_t size, size_t *length,
                                               percept_error *error);

/* Writes all keys that have a value as YAML. On failure no file is written, and an existing one stays as it was. */
PERCEPT_API percept_status percept_recipe_save(const percept_recipe *recipe, const char *path, percept_error *error);
PERCEPT_API void percept_recipe_free(percept_recipe *recipe);

/* The keys of all recipes, i < percept_key_count(). Texts belong to the library and are never freed. Later releases add
 * keys, also between others: find a key by its name. */
typedef enum percept_key_type {
    PERCEPT_KEY_NONE = 0, /* i is out of range */
    PERCEPT_KEY_TEXT = 1,
    PERCEPT_KEY_CHOICE = 2, /* one of the names of percept_key_choice */
    PERCEPT_KEY_INTEGER = 3,
    PERCEPT_KEY_NUMBER = 4,
    PERCEPT_KEY_BOOLEAN = 5, /* "true" or "false" */
} percept_key_type;
PERCEPT_API size_t percept_key_count(void);
PERCEPT_API const char *percept_key_name(size_t i); /* "train.learning_rate" */
PERCEPT_API const char *percept_key_help(size_t i); /* one line */
PERCEPT_API percept_key_type percept_key_type_of(size_t i);
PERCEPT_API int percept_key_is_list(size_t i);                       /* 1: several values, as in "3,7" */
PERCEPT_API const char *percept_key_choice(size_t i, size_t choice); /* NULL past the last one */
PERCEPT_API const char *percept_key_default(size_t i);               /* NULL: none, as the next function says */
PERCEPT_API const char *percept_key_default_rule(size_t i);          /* "decided from the data", or NULL */

/* The range of an integer or a number, ±infinity where there is no limit, NaN for other types; *low_excluded and
 * *high_excluded receive 1 if the limit itself is not allowed. Each pointer may be NULL. */
PERCEPT_API void percept_key_range(size_t i, double *low, double *high, int *low_excluded, int *high_excluded);

/* Opens, selects and splits the data that a recipe names (keys data.*). Released with percept_data_free. */
PERCEPT_API percept_status percept_data_load(const percept_recipe *recipe, percept_data *out, percept_error *error);

/* ---- Models and training -------------------------------------------------------------------------------------- */

/* Builds the network of a recipe (keys model.*) with its initial parameters, and fits the scaling to the training set. What
 * the recipe leaves open is chosen from the data and written into the recipe. */
PERCEPT_API percept_status percept_model_create(percept_recipe *recipe, const percept_data *data, percept_model **out,
                                                percept_error *error);
PERCEPT_API void percept_model_free(percept_model *model);

/* The same without data, for parameters that come from elsewhere or for data that come later: model.layers must name all
 * sizes. class_count is 0 for regression; class_names (or NULL: "0", "1", …) are copied. Inputs are not scaled, except by
 * data.divisor, until percept_model_set_scale is called. */
PERCEPT_API percept_status percept_model_build(percept_recipe *recipe, size_t class_count,
                                               const char *const *class_names, percept_model **out,
                                               percept_error *error);

/* The parameters by name. Tensor i < percept_model_tensors has a name, such as "layers.0.weight", and a role: "weight",
 * "bias", "scale", "shift", "table", "slope", or "statistic" (not trained). Its shape is rows × columns, row-major; a weight
 * has a row for each output. percept_model_tensor_shape returns the number of dimensions: 2, or 1 for a vector, which has
 * 1 column. rows and columns may be NULL. Names belong to the model. */
PERCEPT_API size_t percept_model_tensors(const percept_model *model);
PERCEPT_API const char *percept_model_tensor_name(const percept_model *model, size_t i);
PERCEPT_API const char *percept_model_tensor_role(const percept_model *model, size_t i);
PERCEPT_API size_t percept_model_tensor_shape(const percept_model *model, size_t i, size_t *rows, size_t *columns);

/* Copies a whole tensor of `count` = rows · columns values out of the model, or into it, as PERCEPT_FLOAT32 or
 * PERCEPT_FLOAT64. A model of precision float32 rounds what is set. Values that are not finite are refused, and the model
 * stays as it was. Parameters may be set between two steps of a training. Create predictors after that: they may hold a
 * copy. */
PERCEPT_API percept_status percept_model_get_tensor(const percept_model *model, const char *name, percept_type type,
                                                    void *values, size_t count, percept_error *error);
PERCEPT_API percept_status percept_model_set_tensor(percept_model *model, const char *name, percept_type type,
                                                    const void *values, size_t count, percept_error *error);

/* The scale of the inputs: the network sees (x - mean_j) / deviation_j of feature j. mean and deviation hold
 * percept_model_inputs values; deviations are above 0. percept_model_get_scale writes 0 and 1 where nothing is scaled; either
 * may be NULL. Categories are not scaled. The scale of the targets, for regression: outputs are a_j · deviation_j + mean_j, with
 * percept_model_outputs values; with data.target_transform this is what the transform makes of the target. */
PERCEPT_API void percept_model_get_scale(const percept_model *model, double *mean, double *deviation);
PERCEPT_API percept_status percept_model_set_scale(percept_model *model, const double *mean, const double *deviation,
                                                   percept_error *error);
PERCEPT_API void percept_model_get_target_scale(const percept_model *model, double *mean, double *deviation);
PERCEPT_API percept_status percept_model_set_target_scale(percept_model *model, const double *mean,
                                                          const double *deviation, percept_error *error);

/* Of two classes, the least probability of the second for which it is predicted, instead of the more probable class: by
 * percept_predictor_classes, percept_model_evaluate and percept_model_report. It is saved with the model. 0: none is set,
 * which percept_model_set_threshold takes, too. PERCEPT_ERROR_ARGUMENT for other numbers than 0 to 1, other numbers of
 * classes than two, and outputs that are no probabilities. */
PERCEPT_API double percept_model_threshold(const percept_model *model);
PERCEPT_API percept_status percept_model_set_threshold(percept_model *model, double threshold, percept_error *error);

/* The progress of training, reported after every step and after every epoch. Numbers that do not exist are NaN. */
typedef struct percept_progress {
    size_t struct_size;    /* set by the library */
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
    size_t struct_size;                /* set by the caller: sizeof(percept_result) */
    size_t epochs;                     /* run */
    long best_epoch;                   /* by the validation set, counted from 0; -1 without one */
    int stopped_early;                 /* by patience */
    double train_loss, train_accuracy; /* of the last epoch run */
    double valid_loss, valid_accuracy; /* of the epoch whose parameters the model holds; NaN without validation */
    double seconds;
    double examples_per_second;
    double temperature; /* that train.calibration found on the validation set, and divided the logits by; NaN: none */
    double log_loss_before, log_loss_after; /* of the validation set, without and with it … */
    double calibration_error_before,
        calibration_error_after; /* … and its expected calibration error (percept_report) */
} percept_result;

/* Trains on data->train as the recipe says (keys train.*) and keeps the epoch that is best on data->valid. callback and
 * result may be NULL. */
PERCEPT_API percept_status percept_model_train(percept_model *model, const percept_recipe *recipe,
                                               const percept_data *data, percept_callback *callback, void *user,
                                               percept_result *result, percept_error *error);

/* ---- Training in pieces ------------------------------------------------------------------------------------------
 *
 *     percept_training_begin(model, recipe, &data, &training, &error);
 *     while (!percept_training_is_over(training))
 *         percept_training_step(training, &error);
 *     percept_training_finish(training, &result, &error);
 *     percept_training_free(training);
 *
 * percept_model_train is made of these calls: the same steps give the same bits. Between two of them the program may read
 * and set parameters, read the progress, change the learning rate, feed other examples, or save a checkpoint. */

/* Begins a training of the model as the recipe says (keys train.*). The recipe is copied. Model and data must outlive
 * the training, and no other thread may use the model; data may be shared by many trainings. */
PERCEPT_API percept_status percept_training_begin(percept_model *model, const percept_recipe *recipe,
                                                  const percept_data *data, percept_training **out,
                                                  percept_error *error);

/* Begins where percept_training_save left off, to the same bits as without the interruption. The checkpoint must be of
 * the same recipe (train.epochs may differ) and data; the model is one that this recipe makes, and gets its parameters
 * from the file. PERCEPT_ERROR_FORMAT for a file that is damaged or of another training. */
PERCEPT_API percept_status percept_training_resume(percept_model *model, const percept_recipe *recipe,
                                                   const percept_data *data, const char *path, percept_training **out,
                                                   percept_error *error);

/* Trains on the next batch of data->train. The first step of an epoch draws the order of its examples; the last one also
 * measures the validation set, and percept_progress.epoch_done is then 1. */
PERCEPT_API percept_status percept_training_step(percept_training *training, percept_error *error);

/* The steps up to the end of the running epoch. callback (may be NULL) is called after each, as by percept_model_train. */
PERCEPT_API percept_status percept_training_epoch(percept_training *training, percept_callback *callback, void *user,
                                                  percept_error *error);

/* 1 if all epochs of train.epochs are done, or patience has run out; steps are then refused, feeding is not. */
PERCEPT_API int percept_training_is_over(const percept_training *training);

/* Trains on other examples, whose features, classes or targets are those of the model: one step for each
 * train.batch_size of them (or for as many as data->train has, if these are fewer), in their order. *loss (may be NULL)
 * receives their mean loss before the steps. The state of the optimizer changes; the running epoch, its order and its metrics
 * do not. */
PERCEPT_API percept_status percept_training_feed(percept_training *training, const percept_dataset *examples,
                                                 double *loss, percept_error *error);

/* Replaces train.learning_rate, in (0, ∞), from the next step on; train.schedule and warmup go on with it. A checkpoint
 * does not hold it: set it again after percept_training_resume. */
PERCEPT_API percept_status percept_training_set_learning_rate(percept_training *training, double rate,
                                                              percept_error *error);

/* The progress after the last step, owned by the training and changed by its next call. */
PERCEPT_API const percept_progress *percept_training_progress(const percept_training *training);

/* Writes a checkpoint: the model and the state of the training, as a safetensors file. On failure no file is written, and
 * an existing one stays as it was. Reads the data once, for their checksum. */
PERCEPT_API percept_status percept_training_save(percept_training *training, const char *path, percept_error *error);

/* Ends the training: the model gets the parameters that are kept (of the best epoch, if there is a validation set and
 * the recipe does not say otherwise). result may be NULL. Without this call the model has those after the last step.
 * Nothing but percept_training_progress and percept_training_free may follow. */
PERCEPT_API percept_status percept_training_finish(percept_training *training, percept_result *result,
                                                   percept_error *error);
PERCEPT_API void percept_training_free(percept_training *training);

/* ---- Metrics ------------------------------------------------------------------------------------------------------ */

/* The metrics of a model on a dataset. */
typedef struct percept_metrics {
    size_t struct_size;  /* set by the caller: sizeof(percept_metrics) */
    size_t count;        /* examples */
    double loss;         /* mean, without penalty */
    double accuracy;     /* fraction; NaN without classes */
    size_t classes;      /* rows and columns of the confusion matrix */
    uint64_t *confusion; /* classes × classes: row = label, column = prediction; owned, see percept_metrics_clear.
                            Outputs that are NaN are no class: they count as wrong, and in no column */
} percept_metrics;

/* Evaluates with `threads` threads (0: one per core). percept_metrics_clear releases what *out owns, and keeps its
 * struct_size, so that it can be filled again. */
PERCEPT_API percept_status percept_model_evaluate(const percept_model *model, const percept_dataset *data,
                                                  size_t threads, percept_metrics *out, percept_error *error);
PERCEPT_API void percept_metrics_clear(percept_metrics *metrics);

/* The metrics of one class against all others; NaN where they are 0/0. This struct and the next two are elements of arrays
 * and never grow. */
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

/* The intervals of one target (model.intervals). */
typedef struct percept_interval_report {
    double coverage;   /* fraction of the examples whose target lies in its interval */
    double mean_width; /* in the units of the target */
} percept_interval_report;

/* The examples whose confidence, the probability of the predicted class, lies in (m/15, (m+1)/15] for bin m. */
typedef struct percept_calibration_bin {
    uint64_t count;
    double confidence; /* mean; NaN for an empty bin */
    double accuracy;   /* fraction predicted correctly; NaN for an empty bin */
} percept_calibration_bin;

#define PERCEPT_CALIBRATION_BINS 15

/* All metrics of a model on a dataset: of the classes, or, for regression, of the targets (then metrics->classes is 0). */
typedef struct percept_report {
    size_t struct_size;            /* set by the caller: sizeof(percept_report) */
    percept_metrics *metrics;      /* as of percept_model_evaluate, owned; its struct_size is set by the library */
    percept_class_report *classes; /* metrics->classes of them, owned */
    percept_class_report macro,
        weighted;             /* means over the classes that occur: each with weight 1, or weighted by support;
                                             an undefined precision or recall counts as 0, an undefined area is left out */
    double calibration_error; /* expected: mean over the examples of |confidence - accuracy| of their bins
                                             (C. Guo and others, 2017); NaN if outputs are no probabilities */
    double brier;             /* mean Σ_k (p_k - y_k)² (G. W. Brier, 1950), of two classes (p_1 - y_1)²; likewise */
    percept_calibration_bin calibration[PERCEPT_CALIBRATION_BINS];
    size_t target_count;
    percept_target_report *targets;     /* target_count of them, owned */
    percept_target_report overall;      /* means of r2 and of the absolute errors; the root of the mean squared error */
    double interval_level;              /* fraction of the targets that intervals are made for; 0: there are none */
    percept_interval_report *intervals; /* target_count of them, owned, or NULL */
} percept_report;

/* Evaluates like percept_model_evaluate and computes all metrics. It needs memory for count × outputs numbers, for the ROC
 * curves. *out is released with percept_report_clear, which keeps its struct_size. */
PERCEPT_API percept_status percept_model_report(const percept_model *model, const percept_dataset *data, size_t threads,
                                                percept_report *out, percept_error *error);
PERCEPT_API void percept_report_clear(percept_report *report);

/* ---- Predictions -------------------------------------------------------------------------------------------------- */

/* Predicts from raw, unscaled features (count × percept_model_inputs): outputs (count × percept_model_outputs) receives
 * the last layer's activations, probabilities for softmax and sigmoid; for regression in the units of the targets. A
 * feature that is NaN is missing: it is filled as the model has learned, or where it has not, outputs become NaN. The
 * feature of a category is a code (percept_model_category_code); NaN, as any other number, is a text that is not known. */
PERCEPT_API percept_status percept_model_predict(const percept_model *model, const double *features, size_t count,
                                                 size_t threads, double *outputs, percept_error *error);

/* The same for a stream of examples: memory is allocated once, and percept_predictor_run cannot fail.
 * The model must outlive the predictor and must not change meanwhile. The prediction of an example does not depend on the others.
 * Runs of up to four examples sum in another order, so that the last bits may differ, as with another instruction set.
 * percept_predictor_block is the number of examples for which a run is most efficient. With several threads the first run of
 * more than its share for one thread makes an engine for each; where memory lacks, it goes on without. */
PERCEPT_API percept_status percept_predictor_create(const percept_model *model, size_t threads, percept_predictor **out,
                                                    percept_error *error);
PERCEPT_API size_t percept_predictor_block(const percept_predictor *predictor);
PERCEPT_API void percept_predictor_run(percept_predictor *predictor, const double *features, size_t count,
                                       double *outputs);

/* The probability of each class: probabilities (count × percept_model_classes). Of one sigmoid output z, P(class 0) is
 * 1 / (1 + e^z), which keeps its digits where 1 - P(class 1) would be 0. Of models without classes, the outputs. */
PERCEPT_API void percept_predictor_probabilities(percept_predictor *predictor, const double *features, size_t count,
                                                 double *probabilities);

/* The class of each example: its number, -1 if outputs are NaN or the model has no classes. Of two classes it is decided by
 * percept_model_threshold, if one is set. classes holds `count` numbers. */
PERCEPT_API void percept_predictor_classes(percept_predictor *predictor, const double *features, size_t count,
                                           int32_t *classes);

/* The raw outputs of the last layer, before its activation (logits): count × percept_model_outputs. For regression with
 * the activation identity they are the outputs. */
PERCEPT_API void percept_predictor_logits(percept_predictor *predictor, const double *features, size_t count,
                                          double *logits);

/* What percept_predictor_dataset writes. */
typedef enum percept_output_kind {
    PERCEPT_OUTPUTS = 0,       /* as percept_predictor_run: count × percept_model_outputs */
    PERCEPT_PROBABILITIES = 1, /* as percept_predictor_probabilities: count × percept_model_classes */
    PERCEPT_LOGITS = 2,        /* as percept_predictor_logits: count × percept_model_outputs */
} percept_output_kind;

/* The same for all examples of a dataset, in their order, with the results of the calls above for its features. A feature that
 * is missing is filled as there. PERCEPT_ERROR_ARGUMENT for data whose columns, by their names, or whose categories are not
 * those of the model: percept_table_finish_for makes them so. */
PERCEPT_API percept_status percept_predictor_dataset(percept_predictor *predictor, const percept_dataset *data,
                                                     percept_output_kind kind, double *out, percept_error *error);
PERCEPT_API percept_status percept_predictor_dataset_classes(percept_predictor *predictor, const percept_dataset *data,
                                                             int32_t *classes, percept_error *error);
PERCEPT_API void percept_predictor_free(percept_predictor *predictor);

/* Derivatives with respect to the inputs, in the units of the features as they are given: out (count ×
 * percept_model_inputs) receives the derivative by each feature, at each example. The model must outlive the object and must
 * not change during a call; each thread uses an object of its own. Derivatives are those of predictions: batch normalization
 * takes its running statistics, and members predict together. */
PERCEPT_API percept_status percept_gradient_create(const percept_model *model, size_t threads, percept_gradient **out,
                                                   percept_error *error);

/* Of raw output `output` (a logit; for regression in the units of its target). The derivative of a softmax probability
 * p_k follows from those of the logits z: p_k (dz_k - Σ_j p_j dz_j); of a sigmoid p it is p (1 - p) dz. */
PERCEPT_API percept_status percept_gradient_of_output(percept_gradient *gradient, const double *features, size_t count,
                                                      size_t output, double *out, percept_error *error);

/* Of each example's own loss, as percept_model_evaluate measures it, compared with labels (count), or for regression
 * with targets (count × percept_model_outputs, in their units); the other is NULL. */
PERCEPT_API percept_status percept_gradient_of_loss(percept_gradient *gradient, const double *features, size_t count,
                                                    const int32_t *labels, const double *targets, double *out,
                                                    percept_error *error);
PERCEPT_API void percept_gradient_free(percept_gradient *gradient);

PERCEPT_API size_t percept_model_inputs(const percept_model *model);
PERCEPT_API size_t percept_model_outputs(const percept_model *model);
PERCEPT_API size_t percept_model_parameters(const percept_model *model);
PERCEPT_API size_t percept_model_classes(const percept_model *model);
PERCEPT_API const char *percept_model_class_name(const percept_model *model, size_t k);

/* The column of the table that input j was, where columns had names; else NULL. Inputs have the order of the table, but
 * categories stand behind numbers. */
PERCEPT_API const char *percept_model_input_name(const percept_model *model, size_t j);

/* An input that was a column of texts is a category: its feature is the code of a text, 0, 1, … percept_model_categories
 * is the number of its texts, 0 for an input that is a number; percept_model_category the text of a code, or NULL;
 * percept_model_category_code the code of a text, or NaN for a text that the model does not know, which is what the
 * feature should then be. */
PERCEPT_API size_t percept_model_categories(const percept_model *model, size_t j);
PERCEPT_API const char *percept_model_category(const percept_model *model, size_t j, size_t code);
PERCEPT_API double percept_model_category_code(const percept_model *model, size_t j, const char *text);

/* Saves as safetensors. On failure no file is written, and an existing one stays as it was. Equal models give equal
 * files. */
PERCEPT_API percept_status percept_model_save(const percept_model *model, const char *path, percept_error *error);
PERCEPT_API percept_status percept_model_load(const char *path, percept_model **out, percept_error *error);

/* ---- Models for other programs ------------------------------------------------------------------------------------ */

/* How a model is exported, as the flags of `percept export` say. Zeroed except for struct_size, everything has its default. */
typedef struct percept_export_options {
    size_t struct_size;     /* set by the caller: sizeof(percept_export_options) */
    percept_type precision; /* of the numbers in the file, PERCEPT_FLOAT32 or PERCEPT_FLOAT64; 0: the model's */
    const double *rows; /* row_count × percept_model_inputs raw features to check the file with; NULL: rows are drawn */
    size_t row_count;
    int columns;        /* onnx: one named input for each column, not one tensor */
    size_t opset;       /* onnx: version of the operators; 0: the lowest that has all */
    const char *prefix; /* c: the beginning of all names; NULL: the name of the file */
    int with_main;      /* c: with a program that reads rows */
    int no_libm;        /* c: with its own exp, tanh and others */
} percept_export_options;

/* How an exported file's own answers compare with the model's. */
typedef struct percept_export_check {
    size_t struct_size; /* set by the caller: sizeof(percept_export_check) */
    size_t rows;        /* compared */
    double difference;  /* the largest; of targets in standard deviations of the target */
    double rounding;    /* how far the model's own answers change because the file rounds raw values; else 0 */
    size_t labels;      /* rows with another label, because their probabilities are that close */
    int skipped;        /* 1: the file could not be run here, and `reason` says why */
    char reason[256];
} percept_export_check;

/* Writes the model as a file of a format ("onnx", "c", "npz", …), and C also as a header beside it. The file is read back and
 * compared with the model before it is handed over: PERCEPT_ERROR_FORMAT if they differ by more than rounding explains. On
 * failure no file is written, and an existing one stays as it was. options and check may be NULL. */
PERCEPT_API percept_status percept_model_export(const percept_model *model, const char *format, const char *path,
                                                const percept_export_options *options, percept_export_check *check,
                                                percept_error *error);

/* The formats: name, extension of files, and one line of help of format i; NULL past the last one. */
PERCEPT_API const char *percept_export_format(size_t i);
PERCEPT_API const char *percept_export_extension(size_t i);
PERCEPT_API const char *percept_export_help(size_t i);

/* ---- Checking gradients ------------------------------------------------------------------------------------------- */

/* Derivatives of the loss by parameters, compared with central differences of the loss. */
typedef struct percept_gradient_check {
    size_t struct_size; /* set by the caller: sizeof(percept_gradient_check) */
    size_t checked;     /* derivatives */
    size_t equal;       /* to a thousandth, or both exactly 0 */
    size_t kinks;       /* right by the complex step, but a kink of the loss lies within the difference */
    size_t small;       /* right by the complex step, but too small for differences */
    size_t wrong;
    double loss; /* of the examples */
    double largest_error;
} percept_gradient_check;

/* Checks the gradient of a model, in float64, on the first `examples` examples of data (0: 1, or 8 with batch norm), as
 * `percept gradcheck` does: `each` parameters of each tensor (0: all), chosen by a seed. A wrong gradient is no failure of the
 * call: out->wrong counts it. */
PERCEPT_API percept_status percept_model_gradcheck(const percept_model *model, const percept_dataset *data,
                                                   size_t examples, size_t each, uint64_t seed,
                                                   percept_gradient_check *out, percept_error *error);

#ifdef __cplusplus
}
#endif

#endif
