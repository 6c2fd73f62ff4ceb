/* Folders of PNG pictures, one folder a class:
 *   FOLDER/CLASS/NAME.png                                      one part
 *   FOLDER/train/CLASS/NAME.png with FOLDER/test/CLASS/NAME.png   two (also called training and testing)
 * Classes and pictures are sorted by name, byte by byte. If all folders have integers as names, they are sorted by
 * value. Names that start with a point, and files not named .png, are ignored. */
#ifndef DATA_PNG_FOLDER_H
#define DATA_PNG_FOLDER_H

#include <stdbool.h>

#include "data/dataset.h"

/* Whether there is a folder at path. */
bool png_folder_recognize(const char *path);

/* Reads all pictures (see data/png.h) as bytes, training part first; counts[1] is 0 without a test part. Classes are
 * those of the training part, each with a picture at least; the test part may lack some. class_count above 0 says how many
 * there must be. */
percept_status png_folder_read(const char *path, size_t class_count, Storage **out, size_t counts[2],
                               percept_error *error);

#endif
