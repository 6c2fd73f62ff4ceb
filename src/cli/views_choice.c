#include "cli/views_choice.h"

#include "data/dataset.h"
#include "recipe/augment_keys.h"
#include "recipe/initial.h"

percept_status views_choose(const percept_recipe *recipe, const percept_data *data, size_t copies, Views *out,
                            percept_error *error)
{
    *out = (Views){.copies = copies};
    if (recipe == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "--augment deforms pictures as the recipe of a run says; give the run folder, not a model");
    percept_status status = augment_keys_options(recipe, data->train->storage, &out->options, &out->picture, error);
    if (status == PERCEPT_OK && !views_deform(&out->options))
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "--augment deforms pictures as the run's recipe says, which has none of data.augment.flip, "
                           "rotation, scale, shear, shift and elastic");
    if (status == PERCEPT_OK)
        out->stream = initial_child(recipe, STREAM_VIEWS);
    return status;
}
