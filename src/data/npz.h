/* NPZ, as numpy.savez and numpy.savez_compressed write it: a ZIP archive with an NPY file for each array.
 *
 * Features and answers are known by the names of their arrays, upper and lower case being equal:
 *   x, images, data or features, with y, labels, label, targets or target, each joined with the part's name (x_train,
 *   train_x, xtrain): train or training; val, valid, validation or dev; test or testing
 *   where there is no training part of that name, x, features, data, images or arr_0, with y, labels, label, targets, target
 *   or arr_1
 * Other arrays are left alone. SourceOptions.targets, or .label, names another array of answers. */
#ifndef DATA_NPZ_H
#define DATA_NPZ_H

#include "data/source.h"

/* Reads the parts of an archive into one storage. counts[0] receives the examples for training, with those for validation
 * behind them, whose number is storage->own_valid; counts[1] those of the test part, 0 without one. Sizes in the archive
 * are believed only within what its bytes can hold (1032 : 1, deflate's limit), and each member is checked against its
 * CRC-32. PERCEPT_ERROR_FORMAT for what is no ZIP archive, for one without features (the message lists the arrays there
 * are), for members that are encrypted or packed otherwise than by deflate, and as npy_join does. */
percept_status npz_read(const char *path, const SourceOptions *options, size_t class_count, Storage **out,
                        size_t counts[2], percept_error *error);

#endif
