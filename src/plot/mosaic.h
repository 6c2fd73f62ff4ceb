/* Pictures in rows and columns, each with a caption: weights as images, examples with label and prediction. */
#ifndef PLOT_MOSAIC_H
#define PLOT_MOSAIC_H

#include "plot/layout.h"

typedef enum MosaicScale {
    MOSAIC_GREY,      /* low is black, high white */
    MOSAIC_DIVERGING, /* blue, white at 0, orange; -high … high, with a colour bar */
    MOSAIC_HEAT,      /* as MOSAIC_GREY, but for tiles marked `heat`: white is low, dark red high */
} MosaicScale;

typedef struct MosaicTile {
    const double *pixels; /* height × width, rows from the top; NULL: only the words, in its place */
    const char *first;    /* words below it, in up to two lines; NULL: none */
    const char *second;
    bool wrong; /* the second line's colour: orange, else blue */
    bool heat;  /* MOSAIC_HEAT */
} MosaicTile;

typedef struct MosaicPicture {
    const char *title;               /* NULL: none */
    const char *note;                /* explanation of the words, at the bottom; NULL: none */
    const char *scale_label;         /* beside the bar of MOSAIC_DIVERGING */
    const MosaicTile *tiles;         /* rows × columns */
    size_t rows, columns;            /* of tiles */
    size_t height, width;            /* of a tile, in pixels */
    const char *const *row_names;    /* rows, at the left; NULL: none */
    const char *const *column_names; /* names of groups of columns, above them; NULL: none */
    size_t group;                    /* columns in a group, with a gap behind it; 0: no groups */
    double side;                     /* units of a tile's longer side; 0: depends on their number */
    MosaicScale scale;
    double low, high; /* MOSAIC_GREY, MOSAIC_HEAT: of all; MOSAIC_HEAT shows `heat` tiles from 0 to their own largest */
} MosaicPicture;

/* Sets `low` and `high` of a picture from its tiles: from the darkest pixel, or 0 if none is below it, to the brightest. */
void mosaic_set_range(MosaicPicture *picture);

/* Draws folder/NAME.{svg,png,gp} from folder/NAME.csv: one matrix without names, all tiles in their layout, nan between
 * them (MOSAIC_HEAT: 0 … 1 for images, 2 … 3 for heat). The folder must exist. */
percept_status plot_mosaic(const char *folder, const char *name, const MosaicPicture *picture, percept_error *error);

#endif
