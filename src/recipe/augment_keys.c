#include "recipe/augment_keys.h"

#include <math.h>
#include <stdio.h>

static percept_status told_shape(const percept_recipe *recipe, size_t width, PictureShape *out, percept_error *error)
{
    const size_t count = recipe_count(recipe, "data.picture");
    const int64_t *sizes = recipe_integers(recipe, "data.picture");
    if (count < 2 || count > 3)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.picture has %zu number%s; give height and width, and the number of channels if it is "
                         "not 1",
                         count, count == 1 ? "" : "s");
    *out = (PictureShape){(size_t)sizes[0], (size_t)sizes[1], count == 3 ? (size_t)sizes[2] : 1};
    if (out->height * out->width * out->channels == width)
        return PERCEPT_OK;
    return error_set(
        error, PERCEPT_ERROR_ARGUMENT,
        "data.picture makes %zu values of each picture, but the data have %zu features; their product must "
        "be the same",
        out->height * out->width * out->channels, width);
}

percept_status augment_keys_picture(const percept_recipe *recipe, const Storage *storage, PictureShape *out,
                                    percept_error *error)
{
    const size_t width = storage->width, side = (size_t)floor(sqrt((double)width) + 0.5);
    if (schema_categories(&storage->schema) > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.augment changes pictures, but the data have columns of categories; leave it out");
    if (recipe_count(recipe, "data.picture") > 0)
        return told_shape(recipe, width, out, error);
    *out = storage->image_height > 0 ? (PictureShape){storage->image_height, storage->image_width, 1}
                                     : (PictureShape){side, side, 1};
    if (out->height * out->width == width)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "data.augment changes pictures, but %zu features are not the pixels of a square one; set "
                     "data.picture, or leave data.augment out",
                     width);
}

static AugmentOptions options_of(const percept_recipe *recipe)
{
    const double divisor = recipe_is_set(recipe, "data.divisor") ? recipe_number(recipe, "data.divisor") : 1;
    return (AugmentOptions){
        .rotation = recipe_number(recipe, "data.augment.rotation"),
        .scale = recipe_number(recipe, "data.augment.scale"),
        .shear = recipe_number(recipe, "data.augment.shear"),
        .shift = recipe_number(recipe, "data.augment.shift"),
        .elastic = recipe_number(recipe, "data.augment.elastic"),
        .elastic_sigma = recipe_number(recipe, "data.augment.elastic_sigma"),
        .noise = recipe_number(recipe, "data.augment.noise") * divisor,
        .erase = recipe_number(recipe, "data.augment.erase"),
        .erase_area = recipe_number(recipe, "data.augment.erase_area"),
        .flip = recipe_number(recipe, "data.augment.flip"),
        .mixup = recipe_number(recipe, "data.augment.mixup"),
    };
}

percept_status augment_keys_options(const percept_recipe *recipe, const Storage *storage, AugmentOptions *out,
                                    PictureShape *shape, percept_error *error)
{
    *out = options_of(recipe);
    return augment_is_asked(out) ? augment_keys_picture(recipe, storage, shape, error) : PERCEPT_OK;
}

percept_status augment_keys_note(const percept_recipe *recipe, Storage *storage, percept_error *error)
{
    const AugmentOptions options = options_of(recipe);
    char names[96] = "";
    if (!augment_is_asked(&options))
        return PERCEPT_OK;
    for (size_t k = 0, used = 0; augment_kind_name(k) != NULL; k++)
        if (augment_kind_is_asked(k, &options) && used < sizeof names)
            used +=
                (size_t)snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "", augment_kind_name(k));
    return notes_add(
        &storage->notes, NOTE_TAKEN, error, "training pictures are augmented anew in each epoch (%s)%s", names,
        recipe_is(recipe, "metrics.when", "during") ? "; training loss and accuracy are those of the augmented ones"
                                                    : "");
}

percept_status augment_keys_shape(const percept_recipe *recipe, Storage *storage, percept_error *error)
{
    PictureShape shape = {0};
    if (recipe_count(recipe, "data.picture") == 0)
        return PERCEPT_OK;
    percept_status status = told_shape(recipe, storage->width, &shape, error);
    if (status == PERCEPT_OK && shape.channels == 1) {
        storage->image_height = shape.height;
        storage->image_width = shape.width;
    }
    return status;
}
