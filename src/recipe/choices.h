/* The values that keys of recipes may be chosen from, from the tables of the rooms that offer them. Each function returns
 * name `index`, or NULL past the last one. */
#ifndef RECIPE_CHOICES_H
#define RECIPE_CHOICES_H

#include <stddef.h>

const char *preset_choice(size_t index);
const char *engine_choice(size_t index);
const char *stream_choice(size_t index);
const char *precision_choice(size_t index);
const char *format_choice(size_t index);
const char *decimal_choice(size_t index);
const char *order_choice(size_t index);
const char *scale_choice(size_t index);
const char *target_scale_choice(size_t index);
const char *target_transform_choice(size_t index);
const char *scale_on_choice(size_t index);
const char *activation_choice(size_t index);
const char *loss_choice(size_t index);
const char *reduction_choice(size_t index);
const char *initializer_choice(size_t index);
const char *normalize_choice(size_t index);
const char *embedding_choice(size_t index);
const char *optimizer_choice(size_t index);
const char *schedule_choice(size_t index);
const char *clip_scope_choice(size_t index);
const char *factor_choice(size_t index);
const char *average_choice(size_t index);
const char *keep_choice(size_t index);
const char *calibration_choice(size_t index);
const char *nonfinite_choice(size_t index);
const char *moment_choice(size_t index);
const char *monitor_choice(size_t index);

#endif
