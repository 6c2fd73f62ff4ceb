/* The words that complete a value in a shell. They follow from the word that help shows for the value ("DIR",
 * "NAME|FILE", "bash|zsh|fish") and from the tables of names. */
#ifndef CLI_OFFER_H
#define CLI_OFFER_H

#include <stdbool.h>

#include "cli/options.h"
#include "recipe/recipe.h"

#define OFFER_SIZE 1024

typedef struct Offer {
    char words[OFFER_SIZE]; /* with a space between */
    bool list;              /* one or more of the words, with commas */
    bool files, folders;    /* names on disk */
    bool keys;              /* KEY=VALUE of the recipe */
} Offer;

/* An option must take a value. Words in lower case in an operand's name are literal; DIR is a folder, FILE, RUN, MODEL
 * and RECIPE a file or folder, NAME one of the option's choices or else a dataset, POINTS a generator of `percept data
 * make`. */
void offer_of_option(const Option *option, Offer *out);
void offer_of_operand(const Operand *operand, Offer *out);
void offer_of_key(const Key *key, Offer *out);

/* The help line of an option: its own, or that of the key it sets. */
const char *offer_help(const Option *option);

#endif
