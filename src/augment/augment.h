/* Pictures of the training part, changed anew in each epoch, so that a network does not see the same picture twice.
 *
 * Kinds, in the order in which they are drawn and applied (the table is in augment.c):
 *
 *   flip     mirrored left to right
 *   affine   shifted, turned, sheared and scaled, about the middle of the picture
 *   elastic  P. Simard, D. Steinkraus, J. Platt, 2003: each pixel is displaced; the displacements are uniform in -1 … 1,
 *            smoothed with a Gaussian of `elastic_sigma` pixels (zero outside the picture, cut at 4 sigma, weights with
 *            the sum 1, as scipy.ndimage.gaussian_filter has them with mode="constant"), times `elastic`
 *   erase    Z. Zhong et al., 2020: a rectangle becomes background
 *   mixup    H. Zhang et al., 2018: the mean of two pictures and of their targets, with weights λ and 1 - λ
 *   noise    normal, added to every value; the result is not cut
 *
 * The first three are one map: pixel (r, c) of the result is the picture at (r', c'), bilinear between its four
 * neighbours, where pixels outside the picture are 0 (scipy.ndimage.map_coordinates with order=1, mode="grid-constant").
 * With q = (r, c) - middle, the column of q negated for a flip:
 *
 *   (r', c') = middle + A⁻¹ (q - shift) + displacement(r, c)
 *   A = rotation · shear · scale, of columns (row, column)
 *   scale: diag(row factor, column factor), each uniform in 1 ± scale; shear: column += tan(angle) · row; rotation:
 *   counterclockwise, as the picture is seen; angles uniform in ± their range, shifts uniform in ± shift pixels
 *
 * Draws. All come from one PCG64 stream. Of its words, example e (the number of the row in the training part) of epoch t
 * owns those from (t · examples + e) · W on, where W is the number of words of the kinds in use. So a picture depends on
 * seed, epoch and example alone: not on batches, threads, or where a training was resumed. Kinds that are not in use
 * own no words. u is the word as a number in [0, 1).
 *
 *   flip     1: u < flip
 *   affine   6: angle, row factor, column factor, angle of shear, row shift, column shift; each low + u (high - low)
 *   elastic  1 for each pixel, row by row: the upper half as a signed number / 2³¹ is the displacement of the row
 *            before smoothing, the lower half that of the column
 *   erase    5: u < erase; area uniform between 2 % and erase_area of the picture; height / width is e^v, v uniform
 *            between ±log 3.3; then the place of the rectangle's top and left edge, among all where it fits
 *   mixup    3: the other example is ⌊u · examples⌋; λ from the next two (u, v): (1 + 1 / √(1 + 1 / x)) / 2,
 *            x = (u^(-1/mixup) - 1) cos²(2πv). That is the larger of Λ and 1 - Λ for Λ ~ Beta(mixup, mixup) (L. Devroye,
 *            1996). As a pair is drawn both ways, pairs are distributed as in the paper, and the example stays the
 *            larger part of its picture, for metrics. The other picture is as it is in this epoch, before its own mixup.
 *   noise    2 for each value, of which a normal takes about one; the last kind, so none depends on how many
 *
 * Arithmetic is done in float for networks in float32, else in double, and rounded as written: instruction sets give the
 * same bits. */
#ifndef AUGMENT_AUGMENT_H
#define AUGMENT_AUGMENT_H

#include "augment/state.h"

/* Whether any kind is in use. */
bool augment_is_asked(const AugmentOptions *options);

/* For an epoch of `count` examples and at most `threads` callers at a time. PERCEPT_ERROR_ARGUMENT for a sigma so large
 * that its Gaussian has more than 4096 pixels on either side. Released with augment_free, which takes NULL. */
percept_status augment_create(const AugmentOptions *options, const PictureShape *shape, size_t count,
                              const RandomStream *stream, size_t threads, Augment **out, percept_error *error);
void augment_free(Augment *augment);

/* A room that no other thread has; waits if there is none. Given back with augment_leave. */
AugmentRoom *augment_enter(const Augment *augment);
void augment_leave(AugmentRoom *room);

/* Draws for an example of an epoch. */
void augment_draw(const Augment *augment, uint64_t epoch, size_t example, AugmentRoom *room, AugmentDraw *draw);

/* Of mixup alone: the partner, and λ. */
void augment_draw_partner(const Augment *augment, uint64_t epoch, size_t example, size_t *partner, double *share);

/* Draws and applies: `picture` holds height × width × channels values of `item` bytes (4: float, 8: double), changed in
 * place, but for mixup. */
void augment_picture(const Augment *augment, uint64_t epoch, size_t example, AugmentRoom *room, size_t item,
                     void *picture);

/* The name of kind `index`, or NULL past the last one; whether options use it. */
const char *augment_kind_name(size_t index);
bool augment_kind_is_asked(size_t index, const AugmentOptions *options);

#endif
