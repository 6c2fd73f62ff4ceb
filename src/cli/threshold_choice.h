/* `percept evaluate --threshold-by`: the threshold of a model with two classes is chosen, and stored with it. */
#ifndef CLI_THRESHOLD_CHOICE_H
#define CLI_THRESHOLD_CHOICE_H

#include "cli/data_choice.h"

/* Sets the model's threshold by a rule (train/curve.h), or removes it for "none", from the validation part of the data;
 * from all of them if they are other ones than the run's and have no parts. */
percept_status threshold_choose(const DataChoice *choice, const char *rule, const percept_data *data, size_t threads,
                                percept_model *model, percept_error *error);

/* Writes the model where it came from, whole or not at all. */
percept_status threshold_store(const DataChoice *choice, const percept_model *model, percept_error *error);

#endif
