/* What augment.h and its arithmetic (apply.h) share. */
#ifndef AUGMENT_STATE_H
#define AUGMENT_STATE_H

#include <stdbool.h>

#include "base/random.h"

/* 0 leaves a kind out. */
typedef struct AugmentOptions {
    double rotation;               /* degrees, either way */
    double scale;                  /* below 1 */
    double shear;                  /* degrees, either way, below 90 */
    double shift;                  /* pixels, either way */
    double elastic, elastic_sigma; /* pixels */
    double noise;                  /* standard deviation, in the units of the values */
    double erase, erase_area;      /* probability, largest part of the area */
    double flip;                   /* probability */
    double mixup;
} AugmentOptions;

/* Values of a picture: rows × columns × channels, the channels of a pixel next to each other. */
typedef struct PictureShape {
    size_t height, width, channels;
} PictureShape;

/* Memory for one picture at a time, of one thread. */
typedef struct AugmentRoom {
    int taken;         /* atomic */
    void *pictures[2]; /* of the caller's: an example and its partner; values of 8 bytes fit */
    uint64_t *words;   /* of elastic, one for each pixel */
    void *padded;      /* the picture in a frame of background, one pixel wide */
    void *fields[2];   /* displacements of rows and columns, height × stride */
    void *between[2];  /* smoothed along columns, height × (left + stride + right) */
} AugmentRoom;

/* What has been drawn for a picture. */
typedef struct AugmentDraw {
    bool mapped;      /* the picture is resampled: by the map, and by room->words if elastic */
    double map[2][3]; /* (r', c') before displacement = map · (r, c, 1) */
    bool elastic;
    size_t top, left, rows, columns; /* the erased rectangle; rows 0: none */
    size_t partner;                  /* of mixup; its share is 1 - λ */
    double share;                    /* λ; 1: no partner */
    bool noisy;                      /* from the stream's words on: */
    RandomStream stream;
} AugmentDraw;

typedef struct Augment Augment;

/* Applies a draw but for mixup to a picture of float or double, in place. */
typedef void AugmentApply(const Augment *augment, AugmentDraw *draw, AugmentRoom *room, void *picture);

struct Augment {
    AugmentOptions options;
    PictureShape shape;
    size_t count; /* examples of an epoch */
    size_t words; /* W */
    RandomStream stream;
    double *weights[2]; /* of the Gaussian at distance 0 … radius, with the sum 1; and times `elastic` */
    size_t radius;
    AugmentApply *apply[2]; /* float, double */
    AugmentRoom *rooms;
    size_t room_count;
};

#endif
