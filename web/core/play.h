/* One playground, as JavaScript sees it: a recipe, its data, and a training that runs step by step. JavaScript passes and
 * receives numbers and addresses in the module's memory; web/page/core.js is the other side of this header.
 *
 * A call that can fail returns 0, or -1 where something failed, which play_problem describes. What a call returns the address
 * of belongs to the playground, and is valid until the next call of that name. */
#ifndef WEB_CORE_PLAY_H
#define WEB_CORE_PLAY_H

#include <stdint.h>

#include "percept/percept.h"

/* The linker keeps such a function and gives it this name in the module. */
#define PLAY_EXPORT(name) __attribute__((export_name(#name))) name

typedef struct Look Look;

typedef struct Play {
    percept_recipe *recipe;
    percept_data data;
    percept_model *model;
    percept_training *training;
    Look *look; /* what is made to look inside the model (look.h), or NULL */
    double *examples;
    double *parameters;
    double *directions, *losses; /* of the landscape (landscape.h) … */
    float *moved;                /* … and the parameters at one of its points */
    int32_t *predicted;          /* classes of the validation part (pictures.h) */
    double progress[16];
    char text[1024]; /* of play_get */
    percept_error error;
} Play;

/* A playground whose recipe has every key at its default; NULL without memory. */
Play *play_create(void);
void play_free(Play *play);
const char *play_problem(const Play *play);

/* The model and its training are gone, the data stay. */
void play_forget(Play *play);

/* Room for texts and numbers that JavaScript passes; released with play_release. */
void *play_allocate(uint32_t size);
void play_release(void *room);

/* Sets one key of the recipe. The value of a key is that of percept_recipe_get, cut at 1023 bytes; NULL for an unknown key. */
int play_set(Play *play, const char *key, const char *value);
const char *play_get(Play *play, const char *key);

/* Draws the data that the recipe names, splits them, and forgets the model. */
int play_load(Play *play);

/* The name of feature j, and of what is to be predicted, NULL where the data have no names; whether a feature is the code of a
 * category; and note i of how a file was understood, or NULL. */
const char *play_feature_name(const Play *play, int j);
int play_feature_is_category(const Play *play, int j);
const char *play_answer_name(const Play *play);
const char *play_note(const Play *play, int i);

/* A model with its initial parameters, and its training before the first step. */
int play_begin(Play *play);

/* At most `most` steps, up to the end of the epoch or of the training; returns how many. */
int play_steps(Play *play, int most);

/* Epoch (counted from 0, finished ones), step in it, steps of an epoch, examples seen, 1 if an epoch has just ended, 1 if the
 * training is over, training loss and accuracy, those of the validation set, its root mean squared error and R², and the
 * learning rate. Numbers that do not exist are NaN. */
const double *play_progress(Play *play);

/* The examples of part 0 (training), 1 (validation) or 2 (test): width features and the label, or the first target, of each. */
int play_example_count(const Play *play, int part);
int play_example_width(const Play *play);
const double *play_examples(Play *play, int part);

/* Classes, 0 for regression, and the name of one. */
int play_class_count(const Play *play);
const char *play_class_name(const Play *play, int k);

/* The tensors of the model: number, name, rows, columns, and values. */
int play_tensor_count(const Play *play);
const char *play_tensor_name(const Play *play, int i);
int play_tensor_rows(const Play *play, int i);
int play_tensor_columns(const Play *play, int i);
const double *play_tensor(Play *play, int i);

/* Compares the gradient of the model with central differences of the loss, in float64, at the first training example: how many
 * derivatives were checked, are equal to a thousandth, lie beside a kink, are too small for differences, and are wrong; and the
 * largest error. NULL where it failed. */
const double *play_gradcheck(Play *play);

#endif
