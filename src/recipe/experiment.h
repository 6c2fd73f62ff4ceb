/* Makes data, model and training options from a recipe. Settings that a recipe leaves open (layer sizes, output, loss,
 * validation set) are chosen from the data here and written back, so the resolved recipe is complete. */
#ifndef RECIPE_EXPERIMENT_H
#define RECIPE_EXPERIMENT_H

#include "model/model.h"
#include "recipe/recipe.h"
#include "train/train.h"

/* percept_data_load; with `whole` a file is not split (DataOptions.whole): all of it will be measured. */
percept_status experiment_load(const percept_recipe *recipe, bool whole, percept_data *out, percept_error *error);

/* The same for an existing model: columns are found by name, missing values get the model's fills, and classes get the
 * model's numbers. All code that measures or uses a model on other data reads them with this function. */
percept_status experiment_load_for(const percept_recipe *recipe, const percept_model *model, bool whole,
                                   percept_data *out, percept_error *error);

/* Fills keys that depend on the data: model.layers, model.output, model.loss, data.divisor, …. */
percept_status experiment_resolve(percept_recipe *recipe, const percept_data *data, percept_error *error);

/* Of these only network and training, from a dataset of which nothing counts but features, classes and targets. */
percept_status experiment_resolve_network(percept_recipe *recipe, const percept_dataset *shape, percept_error *error);

/* Draws the initial parameters of a model. train: what stages that ask for features begin from, or NULL. */
percept_status experiment_initialize(const percept_recipe *recipe, const percept_dataset *train, percept_model *model,
                                     percept_error *error);

/* The number of parameters of a network with model.layers; 0 if that is not set. */
double experiment_parameters(const percept_recipe *recipe);

/* The number of parameters of the network of a resolved recipe, with all of its stages, for data of this schema; 0 if the
 * recipe is refused. */
double experiment_parameters_of(const percept_recipe *recipe, const Schema *schema);

/* Training options of a resolved recipe for this data. */
percept_status experiment_training(const percept_recipe *recipe, const percept_data *data, TrainingOptions *out,
                                   percept_error *error);

/* The first schedule of the recipe, of learning rate, weight decay or dropout, that depends on the number of epochs; NULL if
 * there is none. */
const char *experiment_schedule_of_length(const percept_recipe *recipe);

#endif
