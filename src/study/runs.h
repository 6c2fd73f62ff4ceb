/* The runs of a study: from its section `runs` to one recipe each. */
#ifndef STUDY_RUNS_H
#define STUDY_RUNS_H

#include "study/study.h"

/* Fills study->runs from the section (NULL: the common recipe is the one run). study->changes override grids and seeds.
 * Then runs that continue a stream get its position (model.init_after). */
percept_status runs_read(Study *study, const yaml_node_t *section, percept_error *error);

/* Applies study->changes to a recipe. */
percept_status runs_change(const Study *study, percept_recipe *recipe, percept_error *error);

#endif
