/* A model prepared for many predictions: its engine, team and buffers, allocated once. */
#ifndef TRAIN_PREDICTOR_H
#define TRAIN_PREDICTOR_H

#include "engine/engine.h"
#include "model/model.h"

/* An engine, and where the outputs of one block go. */
typedef struct PredictorHand {
    Team *team;
    Engine *engine;
    void *outputs;  /* block × outputs, of the model's precision */
    void *logits;   /* likewise */
    double *filled; /* block × inputs: features with missing values filled; NULL if the model has no fills */
} PredictorHand;

/* Opaque in the public header. */
struct percept_predictor {
    const percept_model *model;
    size_t block;        /* most examples per call of an engine */
    Network folded;      /* without what prediction can do without (model/fold.h) … */
    void *parameters;    /* … and its parameters; NULL: the engines take the model's own */
    uint32_t *rows;      /* 0 … block-1 */
    PredictorHand whole; /* a block at a time, done by the whole team */
    PredictorHand
        *each; /* one for each rank of the team, each with a thread: for several blocks at a time. Made when they
                          * are first needed; NULL before, and where there is no memory for them. */
};

/* A predictor whose engine takes `block` examples a call. The model must outlive it. Released with
 * percept_predictor_free. */
percept_status predictor_create(const percept_model *model, size_t block, size_t threads, percept_predictor **out,
                                percept_error *error);

/* The model that the predictor's engine computes: the given one, or as it is folded. It owns nothing. */
percept_model predictor_model(const percept_predictor *predictor);

/* Features (count × inputs) with missing values filled in `filled`; the caller's array if none is missing or the model
 * knows no fills. */
const double *predictor_fill(const percept_model *model, const double *features, size_t count, double *filled);

#endif
