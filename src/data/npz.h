/* NPZ, as numpy.savez and numpy.savez_compressed write it: a ZIP archive with an NPY file for each array.
 *
 * Features and answers are found by the names of their arrays, in upper or lower case:
 *   x, images, data or features, with y, labels, label, targets or target, each joined with the part's name (x_train,
 *   train_x, xtrain): train or training; val, valid, validation or dev; test or testing
 *   where there is no training part of that name, x, features, data, images or arr_0, with y, labels, label, targets, target
 *   or arr_1
 * Other arrays are ignored. SourceOptions.targets, or .label, names another array of answers. */
#ifndef DATA_NPZ_H
#define DATA_NPZ_H

#include "data/npy.h"

/* Reads the parts of an archive into one storage. counts[0] receives the number of examples for training and
 * validation; the last storage->own_valid of them are for validation. counts[1] receives those of the test part, 0
 * without one. Sizes in the archive are limited by what its bytes can hold (1032 : 1, the limit of deflate), and the
 * CRC-32 of each member is checked. PERCEPT_ERROR_FORMAT if the file is no ZIP archive, for an archive without features
 * (the message lists its arrays), for members that are encrypted or not packed by deflate, and as in npy_join. */
percept_status npz_read(const char *path, const SourceOptions *options, size_t class_count, Storage **out,
                        size_t counts[2], percept_error *error);

/* Reads the array NAME.npy of an archive (any case of letters), with the same checks. PERCEPT_ERROR_FORMAT if there is none.
 * *out is released with npy_clear. */
percept_status npz_read_array(const char *path, const char *name, NpyArray *out, percept_error *error);

#endif
