/* The keys data.picture and data.augment. */
#ifndef RECIPE_AUGMENT_KEYS_H
#define RECIPE_AUGMENT_KEYS_H

#include "augment/augment.h"
#include "data/dataset.h"
#include "recipe/recipe.h"

/* The shape of the pictures in the rows of a storage: data.picture, else the file's, else a square of one channel.
 * PERCEPT_ERROR_ARGUMENT where rows are no such pictures. */
percept_status augment_keys_picture(const percept_recipe *recipe, const Storage *storage, PictureShape *out,
                                    percept_error *error);

/* The options, and the shape where any is in use. */
percept_status augment_keys_options(const percept_recipe *recipe, const Storage *storage, AugmentOptions *out,
                                    PictureShape *shape, percept_error *error);

/* A note that pictures are augmented, and what that means for the metrics. */
percept_status augment_keys_note(const percept_recipe *recipe, Storage *storage, percept_error *error);

/* Where data.picture is set: the storage's pictures have this shape. Before any other thread reads the storage. */
percept_status augment_keys_shape(const percept_recipe *recipe, Storage *storage, percept_error *error);

#endif
