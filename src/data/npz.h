/* NPZ, as numpy.savez and numpy.savez_compressed write it: a ZIP archive with an NPY file for each array.
 *
 * Features and answers are known by the names of their arrays, upper and lower case being equal:
 *   x_train, train_images, train_x   with   y_train, train_labels, train_y   and, for a test part, the same with test
 *   x, features, data, images, arr_0   with   y, labels, label, targets, target, arr_1
 * Other arrays are left alone. */
#ifndef DATA_NPZ_H
#define DATA_NPZ_H

#include "data/dataset.h"

/* Reads the one or two parts of an archive into one storage, first part first; counts[1] is 0 without a test part.
 * Sizes in the archive are believed only within what its bytes can hold (1032 : 1, deflate's limit), and each member is
 * checked against its CRC-32. PERCEPT_ERROR_FORMAT for what is no ZIP archive, for one without features (the message
 * lists the arrays there are), for members that are encrypted or packed otherwise than by deflate. */
percept_status npz_read(const char *path, size_t class_count, Storage **out, size_t counts[2], percept_error *error);

#endif
