#include "augment/augment.h"

#include <math.h>

#include "augment/apply.h"
#include "base/memory.h"
#include "base/random_fill.h"

#define PI 3.14159265358979323846

/* As scipy.ndimage.gaussian_filter has it. */
#define TRUNCATE 4.0
#define MOST_RADIUS 4096

/* Of the erased rectangle, as in the paper. */
#define LEAST_AREA 0.02
#define MOST_ASPECT 3.3

/* ---- The kinds --------------------------------------------------------------------------------------------------- */

typedef struct AugmentKind {
    const char *name;
    bool (*asked)(const AugmentOptions *options);
    size_t (*words)(const PictureShape *shape); /* that it owns for each example */
    void (*draw)(const Augment *augment, RandomStream *stream, AugmentRoom *room, AugmentDraw *draw);
} AugmentKind;

static bool flip_asked(const AugmentOptions *options)
{
    return options->flip > 0;
}

static size_t flip_words(const PictureShape *shape)
{
    (void)shape;
    return 1;
}

/* The map begins as that of a picture that stays: this one turns its columns round. */
static void flip_draw(const Augment *augment, RandomStream *stream, AugmentRoom *room, AugmentDraw *draw)
{
    (void)room;
    if (random_unit(stream) >= augment->options.flip)
        return;
    draw->mapped = true;
    draw->map[1][1] = -1;
    draw->map[1][2] = (double)augment->shape.width - 1;
}

static bool affine_asked(const AugmentOptions *options)
{
    return options->rotation > 0 || options->scale > 0 || options->shear > 0 || options->shift > 0;
}

static size_t affine_words(const PictureShape *shape)
{
    (void)shape;
    return 6;
}

/* M = A⁻¹, then (r', c') = middle + M (q - shift) with q as the flip left it. */
static void affine_draw(const Augment *augment, RandomStream *stream, AugmentRoom *room, AugmentDraw *draw)
{
    const AugmentOptions *options = &augment->options;
    const double turn = options->rotation * PI / 180, lean = options->shear * PI / 180;
    const double angle = random_uniform(stream, -turn, turn);
    const double rows = random_uniform(stream, 1 - options->scale, 1 + options->scale);
    const double columns = random_uniform(stream, 1 - options->scale, 1 + options->scale);
    const double shear = tan(random_uniform(stream, -lean, lean));
    const double down = random_uniform(stream, -options->shift, options->shift);
    const double right = random_uniform(stream, -options->shift, options->shift);
    const double middle[2] = {((double)augment->shape.height - 1) / 2, ((double)augment->shape.width - 1) / 2};
    const double flip = draw->map[1][1];
    const double M[2][2] = {
        {cos(angle) / rows, sin(angle) / rows},
        {(-sin(angle) - shear * cos(angle)) / columns, (cos(angle) - shear * sin(angle)) / columns}};
    (void)room;
    draw->mapped = true;
    for (size_t i = 0; i < 2; i++) {
        draw->map[i][0] = M[i][0];
        draw->map[i][1] = M[i][1] * flip;
        draw->map[i][2] = middle[i] - M[i][0] * (middle[0] + down) - M[i][1] * (flip * middle[1] + right);
    }
}

static bool elastic_asked(const AugmentOptions *options)
{
    return options->elastic > 0;
}

static size_t elastic_words(const PictureShape *shape)
{
    return shape->height * shape->width;
}

static void elastic_draw(const Augment *augment, RandomStream *stream, AugmentRoom *room, AugmentDraw *draw)
{
    random_fill(stream, room->words, elastic_words(&augment->shape));
    draw->mapped = draw->elastic = true;
}

static bool erase_asked(const AugmentOptions *options)
{
    return options->erase > 0;
}

static size_t erase_words(const PictureShape *shape)
{
    (void)shape;
    return 5;
}

/* Rows or columns of the rectangle, at least one. */
static size_t side_of(double side, size_t most)
{
    const double rounded = floor(side + 0.5);
    return rounded < 1 ? 1 : rounded > (double)most ? most : (size_t)rounded;
}

static void erase_draw(const Augment *augment, RandomStream *stream, AugmentRoom *room, AugmentDraw *draw)
{
    const PictureShape *shape = &augment->shape;
    const bool erased = random_unit(stream) < augment->options.erase;
    const double least = fmin(LEAST_AREA, augment->options.erase_area);
    const double part = random_uniform(stream, least, augment->options.erase_area);
    const double aspect = exp(random_uniform(stream, -log(MOST_ASPECT), log(MOST_ASPECT)));
    const double top = random_unit(stream), left = random_unit(stream);
    const double area = part * (double)(shape->height * shape->width);
    (void)room;
    if (!erased)
        return;
    draw->rows = side_of(sqrt(area * aspect), shape->height);
    draw->columns = side_of(sqrt(area / aspect), shape->width);
    draw->top = (size_t)(top * (double)(shape->height - draw->rows + 1));
    draw->left = (size_t)(left * (double)(shape->width - draw->columns + 1));
}

static bool mixup_asked(const AugmentOptions *options)
{
    return options->mixup > 0;
}

static size_t mixup_words(const PictureShape *shape)
{
    (void)shape;
    return 3;
}

static void mixup_draw(const Augment *augment, RandomStream *stream, AugmentRoom *room, AugmentDraw *draw)
{
    const double u = random_unit(stream), v = random_unit(stream);
    const double cosine = cos(2 * PI * random_unit(stream));
    const double x = (pow(v, -1 / augment->options.mixup) - 1) * cosine * cosine;
    (void)room;
    draw->partner = (size_t)(u * (double)augment->count);
    draw->share = (1 + 1 / sqrt(1 + 1 / x)) / 2;
}

static bool noise_asked(const AugmentOptions *options)
{
    return options->noise > 0;
}

static size_t noise_words(const PictureShape *shape)
{
    return 2 * shape->height * shape->width * shape->channels;
}

static void noise_draw(const Augment *augment, RandomStream *stream, AugmentRoom *room, AugmentDraw *draw)
{
    (void)augment, (void)room;
    draw->noisy = true;
    draw->stream = *stream;
}

static const AugmentKind kinds[] = {
    {"flip", flip_asked, flip_words, flip_draw},
    {"affine", affine_asked, affine_words, affine_draw},
    {"elastic", elastic_asked, elastic_words, elastic_draw},
    {"erase", erase_asked, erase_words, erase_draw},
    {"mixup", mixup_asked, mixup_words, mixup_draw},
    {"noise", noise_asked, noise_words, noise_draw},
};

#define KINDS (sizeof kinds / sizeof *kinds)

const char *augment_kind_name(size_t index)
{
    return index < KINDS ? kinds[index].name : NULL;
}

bool augment_kind_is_asked(size_t index, const AugmentOptions *options)
{
    return kinds[index].asked(options);
}

bool augment_is_asked(const AugmentOptions *options)
{
    bool asked = false;
    for (size_t k = 0; k < KINDS; k++)
        asked = asked || kinds[k].asked(options);
    return asked;
}

/* ---- A picture --------------------------------------------------------------------------------------------------- */

static RandomStream stream_of(const Augment *augment, uint64_t epoch, size_t example)
{
    RandomStream stream = augment->stream;
    random_advance(&stream, (epoch * augment->count + example) * augment->words);
    return stream;
}

void augment_draw(const Augment *augment, uint64_t epoch, size_t example, AugmentRoom *room, AugmentDraw *draw)
{
    RandomStream stream = stream_of(augment, epoch, example);
    draw->mapped = draw->elastic = draw->noisy = false;
    draw->map[0][0] = draw->map[1][1] = 1;
    draw->map[0][1] = draw->map[0][2] = draw->map[1][0] = draw->map[1][2] = 0;
    draw->rows = 0;
    draw->share = 1;
    for (size_t k = 0; k < KINDS; k++)
        if (kinds[k].asked(&augment->options))
            kinds[k].draw(augment, &stream, room, draw);
}

void augment_draw_partner(const Augment *augment, uint64_t epoch, size_t example, size_t *partner, double *share)
{
    RandomStream stream = stream_of(augment, epoch, example);
    AugmentDraw draw;
    uint64_t before = 0;
    for (size_t k = 0; kinds[k].draw != mixup_draw; k++)
        if (kinds[k].asked(&augment->options))
            before += kinds[k].words(&augment->shape);
    random_advance(&stream, before);
    mixup_draw(augment, &stream, NULL, &draw);
    *partner = draw.partner;
    *share = draw.share;
}

void augment_picture(const Augment *augment, uint64_t epoch, size_t example, AugmentRoom *room, size_t item,
                     void *picture)
{
    AugmentDraw draw;
    augment_draw(augment, epoch, example, room, &draw);
    augment->apply[item == sizeof(double)](augment, &draw, room, picture);
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

AugmentRoom *augment_enter(const Augment *augment)
{
    for (size_t r = 0;; r = (r + 1) % augment->room_count)
        if (__atomic_exchange_n(&augment->rooms[r].taken, 1, __ATOMIC_ACQUIRE) == 0)
            return &augment->rooms[r];
}

void augment_leave(AugmentRoom *room)
{
    __atomic_store_n(&room->taken, 0, __ATOMIC_RELEASE);
}

static percept_status room_create(const Augment *augment, AugmentRoom *room, percept_error *error)
{
    static const char what[] = "augmented pictures";
    const PictureShape *shape = &augment->shape;
    const size_t pixels = shape->height * shape->width, stride = apply_stride(shape->width);
    percept_status status = PERCEPT_OK;
    for (size_t p = 0; p < 2 && status == PERCEPT_OK; p++)
        status = memory_allocate(pixels * shape->channels, sizeof(double), what, &room->pictures[p], error);
    if (status == PERCEPT_OK)
        status = memory_allocate((shape->height + 2) * (shape->width + 2) * shape->channels, sizeof(double), what,
                                 &room->padded, error);
    if (status != PERCEPT_OK || !elastic_asked(&augment->options))
        return status;
    status = memory_allocate(pixels, sizeof *room->words, what, &room->words, error);
    for (size_t f = 0; f < 2 && status == PERCEPT_OK; f++) {
        status = memory_allocate(shape->height * stride, sizeof(double), what, &room->fields[f], error);
        if (status == PERCEPT_OK)
            status = memory_allocate(shape->height * (stride + 2 * apply_stride(augment->radius)), sizeof(double), what,
                                     &room->between[f], error);
    }
    return status;
}

static void room_clear(AugmentRoom *room)
{
    memory_free(room->padded);
    memory_free(room->words);
    for (size_t i = 0; i < 2; i++) {
        memory_free(room->pictures[i]);
        memory_free(room->fields[i]);
        memory_free(room->between[i]);
    }
}

static percept_status create_weights(Augment *augment, percept_error *error)
{
    const double sigma = augment->options.elastic_sigma;
    if (!elastic_asked(&augment->options))
        return PERCEPT_OK;
    if (!(TRUNCATE * sigma < MOST_RADIUS))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "a sigma of %g pixels for elastic is too large; give at most %g", sigma,
                         MOST_RADIUS / TRUNCATE - 1);
    augment->radius = (size_t)(TRUNCATE * sigma + 0.5);
    percept_status status = PERCEPT_OK;
    for (size_t w = 0; w < 2 && status == PERCEPT_OK; w++)
        status = memory_allocate(augment->radius + 1, sizeof(double), "weights", &augment->weights[w], error);
    if (status != PERCEPT_OK)
        return status;
    double sum = 0;
    for (size_t k = 0; k <= augment->radius; k++) {
        const double distance = (double)k / sigma;
        augment->weights[0][k] = k > 0 ? exp(-0.5 * distance * distance) : 1;
        sum += (k > 0 ? 2 : 1) * augment->weights[0][k];
    }
    for (size_t k = 0; k <= augment->radius; k++) {
        augment->weights[0][k] /= sum;
        augment->weights[1][k] = augment->weights[0][k] * augment->options.elastic;
    }
    return PERCEPT_OK;
}

static percept_status create(Augment *augment, size_t threads, percept_error *error)
{
    percept_status status = apply_choose(augment->apply, error);
    if (status == PERCEPT_OK)
        status = create_weights(augment, error);
    for (size_t k = 0; k < KINDS; k++)
        augment->words += kinds[k].asked(&augment->options) ? kinds[k].words(&augment->shape) : 0;
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(threads, sizeof *augment->rooms, "augmented pictures", &augment->rooms, error);
    augment->room_count = status == PERCEPT_OK ? threads : 0;
    for (size_t r = 0; r < threads && status == PERCEPT_OK; r++)
        status = room_create(augment, &augment->rooms[r], error);
    return status;
}

percept_status augment_create(const AugmentOptions *options, const PictureShape *shape, size_t count,
                              const RandomStream *stream, size_t threads, Augment **out, percept_error *error)
{
    Augment *augment = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *augment, "augmented pictures", &augment, error);
    if (status != PERCEPT_OK)
        return status;
    augment->options = *options;
    augment->shape = *shape;
    augment->count = count;
    augment->stream = *stream;
    status = create(augment, threads, error);
    if (status == PERCEPT_OK)
        *out = augment;
    else
        augment_free(augment);
    return status;
}

void augment_free(Augment *augment)
{
    if (augment == NULL)
        return;
    for (size_t r = 0; r < augment->room_count; r++)
        room_clear(&augment->rooms[r]);
    memory_free(augment->rooms);
    memory_free(augment->weights[0]);
    memory_free(augment->weights[1]);
    memory_free(augment);
}
