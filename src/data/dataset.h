/* A Dataset is a view: some rows, in some order, of a storage that several views share. Selecting, splitting,
 * shuffling and joining make views and copy no features. */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/notes.h"
#include "data/schema.h"

/* What was read from files: examples × width features, kept in the type the file has. Shared by reference count
 * (atomic); immutable once a view of it exists. */
typedef struct Storage {
    size_t references;
    percept_type type;   /* of the features */
    size_t count;        /* examples */
    size_t width;        /* features per example */
    void *features;      /* count × width, row-major */
    void *block;         /* the memory that features lie in */
    int32_t *labels;     /* count class labels in 0 … class_count-1, or NULL */
    double *targets;     /* count × target_width regression targets, or NULL */
    size_t target_width; /* 0 without targets */
    size_t class_count;  /* 0 without labels */
    char **class_names;  /* class_count names, in one block */
    bool numbered;       /* a class may also be meant by its label number, which the files have */
    int32_t *groups;     /* count groups in 0 … group_count-1, none of which is to be cut apart, or NULL */
    size_t group_count;
    double *times;                    /* count times of the examples, or NULL */
    double *weights;                  /* count weights of examples, or NULL: 1 each */
    size_t image_height, image_width; /* of an example that is a grey image, else 0 */
    size_t own_valid; /* so many last examples of the training part are for validation, says their file */
    size_t missing;   /* features that are not a number: they were missing, and are to be filled */
    double divisor;   /* what features are divided by unless told otherwise: 255 for bytes, else 1 */
    bool own_test;    /* a test part came with the data, and was not joined to the rest */
    size_t cut[3];    /* sizes of the parts that data_prepare cut, before folds; 0 before that */
    bool table;       /* columns of unlike quantities: standardized unless told otherwise */
    Schema schema;    /* what is known of the columns; owned */
    Notes notes;      /* what was understood of the data; owned */
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

/* The same around features that have been read already: `features` lies in `block`, which belongs to the storage
 * from then on (on failure to the caller still). */
percept_status storage_adopt(percept_type type, size_t count, size_t width, size_t class_count, void *block,
                             void *features, Storage **out, percept_error *error);

Storage *storage_retain(Storage *storage);
void storage_release(Storage *storage);

/* Gives the classes other names (class_count of them); before any view is made. */
percept_status storage_name_classes(Storage *storage, const char *const *names, percept_error *error);

/* Bytes of one feature of the type; 0 for a number that is no type. */
size_t storage_item_size(percept_type type);

/* Checks that each label lies in 0 … class_count-1; the message names `source` and the first bad row. */
percept_status storage_check_labels(const Storage *storage, const char *source, percept_error *error);

/* Makes targets of the labels, which are numbers to learn then and no classes; before any view is made. */
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

/* Relabels in place so that class k is the one called names[k]: a file on its own numbers the classes that it has, which
 * may be fewer than a model's. Only names count, never the places of classes; classes that no file names are called "0",
 * "1", …. PERCEPT_ERROR_ARGUMENT for a class whose name is not among them. */
percept_status dataset_match_classes(percept_dataset *data, const char *const *names, size_t count,
                                     percept_error *error);

/* Calls the classes by other names, of which there are as many: of two kinds that dataset_mark_positive made, the names
 * depend on which classes a file has. */
percept_status dataset_rename_classes(percept_dataset *data, const char *const *names, percept_error *error);

/* Learns what stands for a missing feature: the mean of its column over the rows of `train`, a view of the storage, that
 * have one, each by its weight. Kept in storage->schema.fills; 0, with a warning in storage->notes, where no row has the feature. */
percept_status storage_learn_fills(Storage *storage, const percept_dataset *train, percept_error *error);

/* Zeros instead. */
percept_status storage_fill_with_zero(Storage *storage, percept_error *error);

/* Puts storage->schema.fills in place of features that are missing; PERCEPT_ERROR_ARGUMENT names the first of them if
 * there are no fills. For the time before anybody else reads the storage. */
percept_status storage_fill_missing(Storage *storage, percept_error *error);

/* The weight of example i of the view. */
static inline double dataset_weight(const percept_dataset *data, size_t i)
{
    return data->storage->weights != NULL ? data->storage->weights[data->rows[i]] : 1;
}

/* The features of row i of the view as they are stored. */
static inline const void *dataset_row(const percept_dataset *data, size_t i)
{
    const Storage *storage = data->storage;
    size_t item = storage->type == PERCEPT_UINT8 ? 1 : storage->type == PERCEPT_FLOAT32 ? 4 : 8;
    return (const char *)storage->features + (size_t)data->rows[i] * storage->width * item;
}

#endif
