/* NumPy's array files (NPY, format versions 1 to 3: https://numpy.org/doc/stable/reference/generated/
 * numpy.lib.format.html): a magic, a Python dictionary as text {descr, fortran_order, shape}, the items. All types of
 * whole numbers and floating point are read, bool and long double included, in either byte order, in C and in Fortran
 * order; and texts, as labels. Plain or gzip. */
#ifndef DATA_NPY_H
#define DATA_NPY_H

#include <stdbool.h>

#include "base/buffer.h"
#include "data/npy_header.h"
#include "data/npy_type.h"
#include "data/source_options.h"

/* An array in memory, parsed. */
typedef struct NpyArray {
    char *name;                        /* for messages: "features.npy", "digits.npz: x_train"; owned */
    uint8_t *bytes;                    /* the file; owned */
    const uint8_t *items;              /* within bytes */
    NpyItem item;                      /* what an item is */
    bool fortran_order;                /* the first index runs fastest */
    size_t dimensions;                 /* 1 … NPY_MOST_DIMENSIONS */
    size_t shape[NPY_MOST_DIMENSIONS]; /* examples first; none is 0 */
    size_t width;                      /* items per example */
} NpyArray;

/* Parses a whole file. The array owns `bytes` from now on, also on failure; name is copied. Sizes are checked before
 * they are used. PERCEPT_ERROR_FORMAT for another magic or version, an invalid dictionary, items that are neither real
 * numbers nor texts (the message says what they are and what to do), long double other than that of the x87, an array
 * of rank 0 or without items, and a file longer or shorter than its header says. */
percept_status npy_parse(const char *name, uint8_t *bytes, size_t size, NpyArray *out, percept_error *error);

/* Releases what the array owns; a zeroed one may be cleared. */
void npy_clear(NpyArray *array);

/* Copies a number of the array in the machine's byte order. */
void npy_load(const NpyArray *array, const uint8_t *from, uint8_t item[NPY_LARGEST_ITEM]);

/* The narrowest type for features that holds every value of the array's type: bytes for uint8, float32 for bool,
 * numbers of up to 16 bits and float32, else float64. */
percept_type npy_feature_type(const NpyArray *array);

/* Whether the items are floating point numbers; whether they are texts (dtype U or S), which only npy_text reads. */
bool npy_is_floating(const NpyArray *array);
bool npy_is_text(const NpyArray *array);

/* Whether items are integers that float64 cannot distinguish: beyond 2^53. */
bool npy_has_large_integers(const NpyArray *array);

/* Puts item i, a text, or a whole number in decimal digits, into `text` as UTF-8 with a final 0; text->size does not count
 * the 0. Texts of bytes are in UTF-8, or `latin1`. For arrays of one item per example. PERCEPT_ERROR_FORMAT, with the row
 * from 1, for a text that is no Unicode or has a zero within. */
percept_status npy_text(const NpyArray *array, size_t i, bool latin1, Buffer *text, percept_error *error);

/* Converts all items to `type` (npy_feature_type or a wider one), examples first and the last index fastest. Values
 * that float64 cannot hold (integers above 2^53, long double) are rounded to it. Not for texts. */
void npy_convert(const NpyArray *array, percept_type type, void *out);

/* Whether npy_convert would not change the items. */
bool npy_is_ready(const NpyArray *array, percept_type type);

/* An array of features, and the array of its answers. */
typedef struct NpyPart {
    NpyArray features; /* examples × anything; the dimensions after the first are flattened */
    NpyArray answers;  /* examples, or examples × answers; for what they may be see data/answers.h */
    bool answered;
} NpyPart;

/* Makes one storage of up to NPY_MOST_PARTS parts, first part first; a single part's items are not copied if they need
 * no conversion. A part's features are released. counts[p] receives the examples of part p; class_count as in
 * data/answers.h. Of the options, `missing` decides about features that are NaN, `missing_label` about examples whose
 * answer is NaN or an empty text, and targets say that the answers are regression targets. PERCEPT_ERROR_FORMAT for
 * parts and answers that do not fit together, and for infinite values, with row and column from 1. */
#define NPY_MOST_PARTS 3
percept_status npy_join(NpyPart *parts, size_t count, const SourceOptions *options, size_t class_count, Storage **out,
                        size_t *counts, percept_error *error);

void npy_part_clear(NpyPart *part);

/* The file of labels beside one of features that is called after them: X → y, features, images or data → labels or target,
 * in any case of letters, where those are whole words of the name (X_train.npy, mnist-images.npy.gz). *labels, released
 * with memory_free, is NULL where no such file is there. */
percept_status npy_find_labels(const char *features, char **labels, percept_error *error);

/* Reads an NPY file of features and, if `labels` is not NULL, one of answers. The answers are called y, or by the name
 * of their file: with data.targets=y, integers are targets, not classes. */
percept_status npy_read(const char *features, const char *labels, const SourceOptions *options, size_t class_count,
                        Storage **out, percept_error *error);

#endif
