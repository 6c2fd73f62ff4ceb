/* The winner of a search as an ensemble: networks of the best trials, chosen greedily on the validation part (greedy.h), as
 * the members of one model (model/combine.h). For this room. */
#ifndef SEARCH_ENSEMBLE_H
#define SEARCH_ENSEMBLE_H

#include "model/model.h"
#include "search/state.h"

/* Trials whose models are kept. */
#define ENSEMBLE_CANDIDATES 64

/* After a trial has ended: of more trials than candidates, removes the model of the worst. */
void ensemble_forget_worst(Search *search);

/* Removes all models. */
void ensemble_forget_all(const Search *search);

/* Chooses among the networks of the best trials that are finished; *out is the model of all that are chosen. They have one
 * shape, that of the ensemble that is best. search->ensemble receives what it is made of. data: the validation part. */
percept_status ensemble_make(Search *search, const percept_dataset *data, percept_model **out, percept_error *error);

/* ensemble.csv: a line for each network of the ensemble. */
percept_status ensemble_write_table(const Search *search, percept_error *error);

#endif
