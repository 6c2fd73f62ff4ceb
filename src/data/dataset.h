/* A Dataset is a view: some rows, in some order, of a storage that several views share. Selecting, splitting,
 * shuffling and joining make views and copy no features. */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/notes.h"
#include "data/packed.h"
#include "data/schema.h"

/* The data read from files: examples × width features, in the type of the file. Shared by reference count (atomic);
 * immutable once a view of it exists. */
typedef struct Storage {
    size_t references;
    percept_type type; /* of the features: the smallest that holds them all */
    size_t count;      /* examples */
    size_t width;      /* features per example */
    void *features;    /* count × width of this type, row-major; or packed rows */
    Packing packing;   /* how rows are packed, which those of bytes never are; without columns: they are not */
    void *block;       /* the memory block that holds the features; NULL: they are borrowed */
    void (*release)(void *user); /* called when features that are borrowed are read no more, or NULL */
    void *user;
    int32_t *labels;     /* count class labels in 0 … class_count-1, or NULL */
    double *targets;     /* count × target_width regression targets, or NULL */
    size_t target_width; /* 0 without targets */
    size_t class_count;  /* 0 without labels */
    char **class_names;  /* class_count names, in one block */
    bool numbered;       /* classes may also be selected by the label number in the files */
    int32_t *groups;     /* count groups in 0 … group_count-1, which must not be split, or NULL */
    size_t group_count;
    double *times;                    /* count times of the examples, or NULL */
    double *weights;                  /* count weights of examples, or NULL: 1 each */
    size_t image_height, image_width; /* of an example that is a grey image, else 0 */
    size_t own_valid; /* number of last examples of the training part that the file marks for validation */
    size_t
        missing; /* number of features that are NaN: they were missing, and must be filled; not those of categories */
    size_t *unknown; /* width: values of each category that the schema for which the data were read lacks; or NULL */
    double divisor;  /* default divisor of features: 255 for bytes, else 1 */
    bool own_test;   /* the data came with a test part, which was not joined to the rest */
    size_t cut[3];   /* sizes of the parts that data_prepare made, before folds; 0 before that */
    bool table;      /* columns measure different quantities: standardized by default */
    bool below;      /* the fills were learned as values below all others */
    Schema schema;   /* what is known about the columns; owned */
    Notes notes;     /* how the data were understood; owned */
} Storage;

/* The view. Opaque in the public header. */
struct percept_dataset {
    Storage *storage;
    size_t count;       /* rows of the view */
    uint32_t *rows;     /* count indices into the storage */
    int32_t *labels;    /* count labels in 0 … class_count-1 after selection and relabelling, or NULL */
    size_t class_count; /* 0 without labels */
    char **class_names; /* class_count names, in one block, owned */
};

/* Allocates a storage for count × width features of a type (uninitialized) and, if class_count > 0, its labels and
 * class names "0", "1", …. At most 2^32 - 1 examples, at least one, of at least one feature. One reference belongs to
 * the caller; released with storage_release. */
percept_status storage_create(percept_type type, size_t count, size_t width, size_t class_count, Storage **out,
                              percept_error *error);

/* The same for features that have already been read: `features` points into `block`, which the storage then owns (on
 * failure the caller still does). */
percept_status storage_adopt(percept_type type, size_t count, size_t width, size_t class_count, void *block,
                             void *features, Storage **out, percept_error *error);

Storage *storage_retain(Storage *storage);
void storage_release(Storage *storage);

/* Gives the classes other names (class_count of them); before any view is made. */
percept_status storage_name_classes(Storage *storage, const char *const *names, percept_error *error);

/* Bytes of one feature of the type; 0 for a number that is no type. */
size_t storage_item_size(percept_type type);

/* The feature at `place` of a matrix of features of this type. */
static inline double feature_read(percept_type type, const void *features, size_t place)
{
    return type == PERCEPT_UINT8     ? ((const uint8_t *)features)[place]
           : type == PERCEPT_FLOAT32 ? (double)((const float *)features)[place]
                                     : ((const double *)features)[place];
}

static inline bool storage_is_packed(const Storage *storage)
{
    return storage->packing.columns != NULL;
}

/* A row of packed features. */
static inline void *storage_packed_row(const Storage *storage, size_t row)
{
    return (char *)storage->features + row * storage->packing.row_size;
}

/* Feature j of a row. */
static inline double storage_value(const Storage *storage, size_t row, size_t j)
{
    return storage_is_packed(storage) ? packed_read(&storage->packing.columns[j], storage_packed_row(storage, row))
                                      : feature_read(storage->type, storage->features, row * storage->width + j);
}

/* Stores feature j of a row, rounded to the type, in a storage that is not of bytes. Where rows are packed, it must be a
 * code or a feature that was stored as the type says. */
static inline void storage_set(Storage *storage, size_t row, size_t j, double value)
{
    const size_t place = row * storage->width + j;
    if (storage_is_packed(storage))
        packed_write(&storage->packing.columns[j], value, storage_packed_row(storage, row));
    else if (storage->type == PERCEPT_FLOAT32)
        ((float *)storage->features)[place] = (float)value;
    else
        ((double *)storage->features)[place] = value;
}

/* Turns the labels into regression targets; before any view is made. */
percept_status storage_learn_labels(Storage *storage, percept_error *error);

/* Copies `count` names (or makes "0", "1", … if names is NULL) into one block, released with memory_free. */
percept_status class_names_copy(const char *const *names, size_t count, char ***out, percept_error *error);

/* The view of rows first … first+count-1 in order, with the storage's labels and class names. Views have at least
 * one example; an empty one is PERCEPT_ERROR_ARGUMENT here and below. */
percept_status dataset_view(Storage *storage, size_t first, size_t count, percept_dataset **out, percept_error *error);

/* The view of the given rows *of another view*, in that order; a row may come more than once. */
percept_status dataset_subset(const percept_dataset *data, const uint32_t *rows, size_t count, percept_dataset **out,
                              percept_error *error);

/* The examples of each class: data->class_count numbers, released with memory_free. */
percept_status dataset_count_classes(const percept_dataset *data, size_t **counts, percept_error *error);

/* Keeps the examples whose label is in classes[0 … class_count-1], in the view's order, and relabels them by their
 * position in that list; `per_class` > 0 keeps the first per_class examples of each class only (all, where a class
 * has fewer). class_count 0 keeps all classes. */
percept_status dataset_select(const percept_dataset *data, const int32_t *classes, size_t class_count, size_t per_class,
                              percept_dataset **out, percept_error *error);

/* Relabels in place: 1 for labels in positive[0 … count-1], else 0; two classes named after their members ("3|5"). Both must
 * have a member, unless one_kind allows a file for a model to lack one. */
percept_status dataset_mark_positive(percept_dataset *data, const int32_t *positive, size_t count, bool one_kind,
                                     percept_error *error);

/* The rows of a, then those of b; both must be views of one storage with the same classes. */
percept_status dataset_join(const percept_dataset *a, const percept_dataset *b, percept_dataset **out,
                            percept_error *error);

/* Relabels in place so that class k is the one called names[k]: a single file numbers only the classes that it
 * contains, which may be fewer than those of a model. Classes are matched by name, never by number; classes without
 * names in the file are called "0", "1", …. PERCEPT_ERROR_ARGUMENT for a class whose name is not among them. */
percept_status dataset_match_classes(percept_dataset *data, const char *const *names, size_t count,
                                     percept_error *error);

/* Renames the classes; there must be as many names. The names that dataset_mark_positive makes depend on the classes in
 * the file. */
percept_status dataset_rename_classes(percept_dataset *data, const char *const *names, percept_error *error);

/* Computes the fill of each feature: the weighted mean of its column over the rows of `train`, a view of the storage,
 * in which it is present. With `below`, a feature that a row of `train` lacks is filled with the least value of its column
 * minus the standard deviation: so a network that looks at parts of the range can tell it from all others. Stored in
 * storage->schema.fills. If no row has the feature, the fill is 0, with a warning in storage->notes. */
percept_status storage_learn_fills(Storage *storage, const percept_dataset *train, bool below, percept_error *error);

/* Sets all fills to zero instead. */
percept_status storage_fill_with_zero(Storage *storage, percept_error *error);

/* Replaces missing features, but for categories, by storage->schema.fills; PERCEPT_ERROR_ARGUMENT names the first one if
 * there are no fills. Call it before any other thread reads the storage. */
percept_status storage_fill_missing(Storage *storage, percept_error *error);

/* The same for a dataset, by the fills of another one's schema, or of a model's. */
percept_status dataset_fill_from(percept_dataset *dataset, const Schema *schema, percept_error *error);

/* The weight of example i of the view. */
static inline double dataset_weight(const percept_dataset *data, size_t i)
{
    return data->storage->weights != NULL ? data->storage->weights[data->rows[i]] : 1;
}

/* Bytes of a row as it is stored. */
static inline size_t storage_row_size(const Storage *storage)
{
    const size_t item = storage->type == PERCEPT_UINT8 ? 1 : storage->type == PERCEPT_FLOAT32 ? 4 : 8;
    return storage_is_packed(storage) ? storage->packing.row_size : storage->width * item;
}

/* The features of row i of the view as they are stored. */
static inline const void *dataset_row(const percept_dataset *data, size_t i)
{
    return (const char *)data->storage->features + (size_t)data->rows[i] * storage_row_size(data->storage);
}

/* Rows of a view lie anywhere in memory. Whoever reads one after the other asks for row i + DATASET_AHEAD before row i. */
#define DATASET_AHEAD 16
static inline void dataset_fetch(const percept_dataset *data, size_t i)
{
    const size_t line = 64, size = storage_row_size(data->storage);
    if (i >= data->count)
        return;
    __asm__ volatile(""); /* gcc removes calls of a function that does nothing but prefetch */
    const char *row = dataset_row(data, i);
    for (size_t at = 0; at < size; at += line)
        __builtin_prefetch(row + at);
    __builtin_prefetch(row + size - 1);
}

#endif
