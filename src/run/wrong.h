/* Pictures of the validation set that a model in training misclassifies. */
#ifndef RUN_WRONG_H
#define RUN_WRONG_H

#include "store/database.h"
#include "train/predictor.h"
#include "train/train.h"

#define WRONG_MOST 24 /* pictures */

/* The state of the search; its memory is allocated at the first search. Zeroed before; released with wrong_clear. */
typedef struct WrongSearch {
    percept_model model; /* the training's, with the parameters of the moment; borrowed */
    percept_predictor *predictor;
    double *features, *outputs; /* of a block */
    WrongPicture pictures[WRONG_MOST];
    uint8_t *pixels; /* WRONG_MOST × height × width */
    size_t count;
    bool none;         /* the data are not square grey pictures with classes */
    double done, cost; /* progress->seconds of the last search, and how long it took */
} WrongSearch;

/* Examines at most 1,000 examples with the current model; *found is true if it did. It runs at most every two seconds,
 * and so rarely that it takes at most a fiftieth of the time. It does not affect the training. */
percept_status wrong_search(WrongSearch *search, const Training *training, const percept_dataset *valid, bool *found,
                            percept_error *error);
void wrong_clear(WrongSearch *search);

#endif
