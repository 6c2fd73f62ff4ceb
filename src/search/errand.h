/* A training of a search that another process does: what train_run is for one that is done here. */
#ifndef SEARCH_ERRAND_H
#define SEARCH_ERRAND_H

#include "recipe/recipe.h"
#include "search/crew.h"

typedef struct Errand {
    const SearchCrew *crew;
    size_t lane;
    uint64_t number;              /* above 0, another one for each errand of a lane */
    const percept_recipe *recipe; /* resolved */
    const char *checksum;         /* of its data */
    const char *checkpoint;       /* the path of the one to continue from, or NULL */
    size_t to;                    /* epochs after which it is to pause */
    bool wants_model;
    void *parameters; /* receives those of each finished epoch, or NULL */
    size_t parameter_bytes;

    /* In the thread that called errand_run. */
    percept_callback *progress; /* nonzero: stop */
    bool (*idle)(void *user);   /* true: stop; now and then */
    percept_status (*save)(void *user, const void *bytes, size_t size, percept_error *error); /* a checkpoint */
    percept_status (*keep)(void *user, const void *bytes, size_t size, percept_error *error); /* the model */
    void *user;
} Errand;

/* How the training ended. */
typedef struct ErrandEnd {
    percept_status status; /* that of train_run, with its message */
    percept_result result;
    bool over; /* nothing is left to do */
    char message[sizeof((percept_error *)0)->message];
} ErrandEnd;

/* Waits for the end. It fails if the training could not begin there, with the place in the message, or if a callback failed. */
percept_status errand_run(const Errand *errand, ErrandEnd *out, percept_error *error);

/* Whether all lanes of a crew can train this recipe, on the same data. */
percept_status errand_check(const SearchCrew *crew, const percept_recipe *recipe, const char *checksum,
                            percept_error *error);

/* The training waits, and goes on. */
void errand_pause(const Errand *errand);
void errand_go_on(const Errand *errand);

#endif
