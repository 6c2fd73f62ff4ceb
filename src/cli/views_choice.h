/* percept evaluate --augment N. */
#ifndef CLI_VIEWS_CHOICE_H
#define CLI_VIEWS_CHOICE_H

#include "percept/percept.h"
#include "train/views.h"

/* N copies, deformed as the recipe of a run says (NULL: there is no run), of the pictures of data. PERCEPT_ERROR_ARGUMENT where
 * it deforms none, or the data are no pictures. */
percept_status views_choose(const percept_recipe *recipe, const percept_data *data, size_t copies, Views *out,
                            percept_error *error);

#endif
