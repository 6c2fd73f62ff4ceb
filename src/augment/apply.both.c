#include "augment/apply.h"

#include <string.h>

#include "base/both.h"

/* Complex pictures are of no use: those of the complex step are made in double. */
#if PERCEPT_REAL != C128

#define WIDE (64 / sizeof(real)) /* values that are worked on at once: PARTS registers */

#if !defined VECTOR_BYTES
#define VECTOR_BYTES 16
#endif
#define PARTS (64 / VECTOR_BYTES)
#define PART (VECTOR_BYTES / sizeof(real))

typedef real Part __attribute__((vector_size(VECTOR_BYTES)));
typedef real PartAnywhere __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));

/* The part at an address. */
#define AT(address) (*(PartAnywhere *)(address))
#define AT_CONST(address) (*(const PartAnywhere *)(address))

/* NOLINTNEXTLINE(bugprone-macro-parentheses): the name of a variable */
#define EACH_PART(p) _Pragma("GCC unroll 4") for (size_t p = 0; p < PARTS; p++)

/* ---- Displacements ------------------------------------------------------------------------------------------------ */

/* Columns left and right of `between` that stay 0. */
static size_t margin_of(const Augment *augment)
{
    return apply_stride(augment->radius);
}

static real displacement(uint32_t half)
{
    return (real)(int32_t)half * (real)0x1p-31;
}

/* Before smoothing; zeros behind the columns. */
static void spread_words(const Augment *augment, const AugmentRoom *room)
{
    const size_t height = augment->shape.height, width = augment->shape.width, stride = apply_stride(width);
    for (size_t r = 0; r < height; r++) {
        const uint64_t *words = room->words + r * width;
        real *down = (real *)room->fields[0] + r * stride, *right = (real *)room->fields[1] + r * stride;
        for (size_t c = 0; c < width; c++) {
            down[c] = displacement((uint32_t)(words[c] >> 32));
            right[c] = displacement((uint32_t)words[c]);
        }
        memset(down + width, 0, (stride - width) * sizeof *down);
        memset(right + width, 0, (stride - width) * sizeof *right);
    }
}

/* to = Σ_k weight(|r - k|) · from(k, c) over the rows first … last, of WIDE columns of both fields. */
static inline void smooth_column(const double *weights, size_t r, size_t first, size_t last, size_t stride,
                                 const real *const from[2], real *const to[2])
{
    Part down[PARTS] = {0}, right[PARTS] = {0};
    for (size_t k = first; k <= last; k++) {
        const real weight = (real)weights[k > r ? k - r : r - k];
        EACH_PART(p)
        {
            down[p] += weight * AT_CONST(from[0] + k * stride + p * PART);
            right[p] += weight * AT_CONST(from[1] + k * stride + p * PART);
        }
    }
    EACH_PART(p)
    {
        AT(to[0] + p * PART) = down[p];
        AT(to[1] + p * PART) = right[p];
    }
}

/* between = fields, each column smoothed */
static void smooth_columns(const Augment *augment, const AugmentRoom *room)
{
    const size_t height = augment->shape.height, stride = apply_stride(augment->shape.width);
    const size_t margin = margin_of(augment), row = stride + 2 * margin, radius = augment->radius;
    for (size_t r = 0; r < height; r++) {
        const size_t first = r > radius ? r - radius : 0, last = r + radius < height ? r + radius : height - 1;
        real *between[2] = {(real *)room->between[0] + r * row, (real *)room->between[1] + r * row};
        for (size_t f = 0; f < 2; f++) {
            memset(between[f], 0, margin * sizeof(real));
            memset(between[f] + margin + stride, 0, margin * sizeof(real));
        }
        for (size_t c = 0; c < stride; c += WIDE) {
            const real *const from[2] = {(const real *)room->fields[0] + c, (const real *)room->fields[1] + c};
            real *const to[2] = {between[0] + margin + c, between[1] + margin + c};
            smooth_column(augment->weights[0], r, first, last, stride, from, to);
        }
    }
}

/* to = Σ_k weight(|k|) · from(c + k), of WIDE columns of a row of both fields. */
static inline void smooth_row(const double *weights, size_t radius, const real *const from[2], real *const to[2])
{
    Part down[PARTS], right[PARTS];
    EACH_PART(p)
    {
        down[p] = (real)weights[0] * AT_CONST(from[0] + p * PART);
        right[p] = (real)weights[0] * AT_CONST(from[1] + p * PART);
    }
    for (size_t k = 1; k <= radius; k++) {
        const real weight = (real)weights[k];
        EACH_PART(p)
        {
            const real *const d = from[0] + p * PART, *const s = from[1] + p * PART;
            down[p] += weight * (AT_CONST(d - k) + AT_CONST(d + k));
            right[p] += weight * (AT_CONST(s - k) + AT_CONST(s + k));
        }
    }
    EACH_PART(p)
    {
        AT(to[0] + p * PART) = down[p];
        AT(to[1] + p * PART) = right[p];
    }
}

/* fields = between, each row smoothed, times `elastic` */
static void smooth_rows(const Augment *augment, const AugmentRoom *room)
{
    const size_t height = augment->shape.height, stride = apply_stride(augment->shape.width);
    const size_t margin = margin_of(augment), row = stride + 2 * margin;
    for (size_t r = 0; r < height; r++)
        for (size_t c = 0; c < stride; c += WIDE) {
            const size_t at = r * row + margin + c, back = r * stride + c;
            const real *const from[2] = {(const real *)room->between[0] + at, (const real *)room->between[1] + at};
            real *const to[2] = {(real *)room->fields[0] + back, (real *)room->fields[1] + back};
            smooth_row(augment->weights[1], augment->radius, from, to);
        }
}

/* ---- The map ------------------------------------------------------------------------------------------------------ */

/* The picture inside a frame of background. */
static void pad(const PictureShape *shape, const real *picture, real *padded)
{
    const size_t row = shape->width * shape->channels, padded_row = (shape->width + 2) * shape->channels;
    memset(padded, 0, padded_row * sizeof *padded);
    for (size_t r = 0; r < shape->height; r++) {
        real *to = padded + (r + 1) * padded_row;
        memset(to, 0, shape->channels * sizeof *to);
        memcpy(to + shape->channels, picture + r * row, row * sizeof *to);
        memset(to + shape->channels + row, 0, shape->channels * sizeof *to);
    }
    memset(padded + (shape->height + 1) * padded_row, 0, padded_row * sizeof *padded);
}

/* Where WIDE pixels of the result come from: the upper left one of four, counted from the frame's corner, and the way
 * to the lower right one. */
typedef struct Places {
    int32_t pixel[WIDE];
    real down[WIDE], right[WIDE];
} Places;

/* A coordinate, from the frame's edge: not beyond the frame, where all is background. */
static inline real within(real coordinate, real most)
{
    const real from_edge = coordinate + 1;
    const real low = from_edge > 0 ? from_edge : 0;
    return low < most ? low : most;
}

static void find_places(const Augment *augment, const AugmentDraw *draw, const AugmentRoom *room, size_t r, size_t c,
                        Places *places)
{
    const real height = (real)augment->shape.height, width = (real)augment->shape.width;
    const int32_t last_row = (int32_t)augment->shape.height, last_column = (int32_t)augment->shape.width;
    const size_t at = r * apply_stride(augment->shape.width) + c;
    const real row = (real)(draw->map[0][0] * (double)r + draw->map[0][1] * (double)c + draw->map[0][2]);
    const real column = (real)(draw->map[1][0] * (double)r + draw->map[1][1] * (double)c + draw->map[1][2]);
    const real row_step = (real)draw->map[0][1], column_step = (real)draw->map[1][1];
    real y[WIDE], x[WIDE];
    for (size_t l = 0; l < WIDE; l++) {
        y[l] = row + row_step * (real)(int32_t)l;
        x[l] = column + column_step * (real)(int32_t)l;
    }
    if (draw->elastic)
        for (size_t l = 0; l < WIDE; l++) {
            y[l] += ((const real *)room->fields[0])[at + l];
            x[l] += ((const real *)room->fields[1])[at + l];
        }
    for (size_t l = 0; l < WIDE; l++) {
        const real from_top = within(y[l], height + 1), from_left = within(x[l], width + 1);
        const int32_t i = (int32_t)from_top, j = (int32_t)from_left;
        const int32_t upper = i < last_row ? i : last_row, left = j < last_column ? j : last_column;
        places->pixel[l] = upper * (last_column + 2) + left;
        places->down[l] = from_top - (real)upper;
        places->right[l] = from_left - (real)left;
    }
}

/* `count` pixels of one channel, bilinear. */
static inline void sample(const Places *places, const real *padded, size_t channels, size_t row, size_t count,
                          real *out)
{
    for (size_t l = 0; l < count; l++) {
        const real *p = padded + (size_t)places->pixel[l] * channels;
        const real upper = p[0] + places->right[l] * (p[channels] - p[0]);
        const real lower = p[row] + places->right[l] * (p[row + channels] - p[row]);
        out[l * channels] = upper + places->down[l] * (lower - upper);
    }
}

static void resample(const Augment *augment, const AugmentDraw *draw, const AugmentRoom *room, real *picture)
{
    const PictureShape *shape = &augment->shape;
    const size_t width = shape->width, channels = shape->channels, row = (width + 2) * channels;
    const real *padded = room->padded;
    Places places;
    pad(shape, picture, room->padded);
    for (size_t r = 0; r < shape->height; r++)
        for (size_t c = 0; c < width; c += WIDE) {
            const size_t count = width - c < WIDE ? width - c : WIDE;
            real *out = picture + (r * width + c) * channels;
            find_places(augment, draw, room, r, c, &places);
            for (size_t k = 0; k < channels; k++)
                if (channels == 1) /* a constant, for the compiler */
                    sample(&places, padded, 1, width + 2, count, out);
                else
                    sample(&places, padded + k, channels, row, count, out + k);
        }
}

/* ---- The rest ----------------------------------------------------------------------------------------------------- */

static void erase(const PictureShape *shape, const AugmentDraw *draw, real *picture)
{
    for (size_t r = draw->top; r < draw->top + draw->rows; r++)
        memset(picture + (r * shape->width + draw->left) * shape->channels, 0,
               draw->columns * shape->channels * sizeof *picture);
}

static void add_noise(const Augment *augment, AugmentDraw *draw, real *picture)
{
    const PictureShape *shape = &augment->shape;
    for (size_t k = 0; k < shape->height * shape->width * shape->channels; k++)
        picture[k] += (real)random_normal(&draw->stream, 0, augment->options.noise);
}

void BOTH(augment_apply)(const Augment *augment, AugmentDraw *draw, AugmentRoom *room, void *picture)
{
    if (draw->elastic) {
        spread_words(augment, room);
        smooth_columns(augment, room);
        smooth_rows(augment, room);
    }
    if (draw->mapped)
        resample(augment, draw, room, picture);
    if (draw->rows > 0)
        erase(&augment->shape, draw, picture);
    if (draw->noisy)
        add_noise(augment, draw, picture);
}

#endif
