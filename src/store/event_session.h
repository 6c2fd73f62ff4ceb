/* What TensorBoard's HParams tab shows of a run: its hyperparameters, and how it ended. Both are values of an event
 * (event_file.h); no list of all hyperparameters is written, since TensorBoard makes one from those of all runs. */
#ifndef STORE_EVENT_SESSION_H
#define STORE_EVENT_SESSION_H

#include "recipe/recipe.h"
#include "store/event_file.h"

/* All keys of the recipe that have a value and on which results depend: numbers, booleans, texts; lists as text. */
percept_status event_session_start(EventFile *file, const percept_recipe *recipe, percept_error *error);

/* TensorBoard calls a run without an end running. */
void event_session_end(EventFile *file, bool success);

#endif
