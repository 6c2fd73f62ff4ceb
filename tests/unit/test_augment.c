/* Augmented pictures: against plain loops, in every instruction set; what is drawn, and that it depends on seed, epoch and
 * example alone. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "augment/apply.h"
#include "augment/augment.h"
#include "base/memory.h"
#include "base/random_fill.h"
#include "engine/kinds.h"
#include "engines.h"

enum { MOST = 40 * 40 * 3 };

static const PictureShape shapes[] = {{28, 28, 1}, {13, 17, 3}, {8, 8, 1}, {1, 1, 1}, {40, 35, 1}};
#define SHAPES (sizeof shapes / sizeof *shapes)

static const AugmentOptions everything = {.rotation = 25,
                                          .scale = 0.3,
                                          .shear = 15,
                                          .shift = 2.5,
                                          .elastic = 20,
                                          .elastic_sigma = 3,
                                          .noise = 0.1,
                                          .erase = 0.5,
                                          .erase_area = 0.4,
                                          .flip = 0.5,
                                          .mixup = 0.4};

/* For up to three threads. */
static Augment *make_augment(const AugmentOptions *options, const PictureShape *shape, size_t count)
{
    RandomStream stream;
    Augment *augment = NULL;
    random_spawn(&stream, 5, 6);
    assert_ok(augment_create(options, shape, count, &stream, 3, &augment, error));
    return augment;
}

static size_t values_of(const PictureShape *shape)
{
    return shape->height * shape->width * shape->channels;
}

static void draw_picture(const PictureShape *shape, uint64_t seed, double *picture)
{
    RandomStream stream;
    random_default_rng(&stream, seed);
    for (size_t k = 0; k < values_of(shape); k++)
        picture[k] = (double)(float)random_unit(&stream);
}

/* ---- Plain loops ------------------------------------------------------------------------------------------------- */

enum { REACH = 12 }; /* of a sigma of 3 */

/* The Gaussian at distances 0 … REACH. */
static void weigh(double sigma, double weights[REACH + 1])
{
    double sum = 0;
    assert_int_equal((long)(4 * sigma + 0.5), REACH);
    for (long k = -REACH; k <= REACH; k++)
        sum += exp(-0.5 * (double)(k * k) / (sigma * sigma));
    for (long k = 0; k <= REACH; k++)
        weights[k] = exp(-0.5 * (double)(k * k) / (sigma * sigma)) / sum;
}

/* The displacement of a pixel, its Gaussian summed in two dimensions. */
static double displaced(const Augment *augment, const uint64_t *words, long r, long c, bool of_rows)
{
    const long height = (long)augment->shape.height, width = (long)augment->shape.width;
    double sum = 0, weights[REACH + 1];
    weigh(augment->options.elastic_sigma, weights);
    for (long i = r - REACH; i <= r + REACH; i++)
        for (long j = c - REACH; j <= c + REACH; j++)
            if (i >= 0 && i < height && j >= 0 && j < width) {
                const uint64_t word = words[i * width + j];
                const int32_t half = (int32_t)(uint32_t)(of_rows ? word >> 32 : word);
                sum += weights[labs(i - r)] * weights[labs(j - c)] * (double)half / 2147483648.0;
            }
    return augment->options.elastic * sum;
}

static double pixel(const PictureShape *shape, const double *picture, long r, long c, size_t channel)
{
    if (r < 0 || c < 0 || r >= (long)shape->height || c >= (long)shape->width)
        return 0;
    return picture[((size_t)r * shape->width + (size_t)c) * shape->channels + channel];
}

/* What augment_apply should make of a draw. */
static void apply_plainly(const Augment *augment, const AugmentDraw *draw, const uint64_t *words, const double *picture,
                          double *out)
{
    const PictureShape *shape = &augment->shape;
    RandomStream noise = draw->stream;
    for (size_t k = 0; k < values_of(shape); k++) {
        const long r = (long)(k / shape->channels / shape->width), c = (long)(k / shape->channels % shape->width);
        double y = draw->map[0][0] * (double)r + draw->map[0][1] * (double)c + draw->map[0][2];
        double x = draw->map[1][0] * (double)r + draw->map[1][1] * (double)c + draw->map[1][2];
        if (draw->elastic) {
            y += displaced(augment, words, r, c, true);
            x += displaced(augment, words, r, c, false);
        }
        const double top = floor(y), left = floor(x), down = y - top, right = x - left;
        out[k] = 0;
        for (long i = 0; i < 2; i++)
            for (long j = 0; j < 2; j++)
                out[k] += (i ? down : 1 - down) * (j ? right : 1 - right) *
                          pixel(shape, picture, (long)top + i, (long)left + j, k % shape->channels);
        if (r >= (long)draw->top && r < (long)(draw->top + draw->rows) && c >= (long)draw->left &&
            c < (long)(draw->left + draw->columns))
            out[k] = 0;
        if (draw->noisy)
            out[k] += random_normal(&noise, 0, augment->options.noise);
    }
}

/* A float's coordinate has 2^-24 of itself as error, up to 40 pixels of it, and pixels differ by up to 1. */
static void pictures_are_those_of_plain_loops(void **state)
{
    (void)state;
    static double picture[MOST], expected[MOST], wide[MOST];
    static float narrow[MOST];
    for (size_t s = 0; s < SHAPES; s++) {
        Augment *augment = make_augment(&everything, &shapes[s], 10);
        AugmentRoom *room = augment_enter(augment);
        for (uint64_t epoch = 0; epoch < 3; epoch++) {
            AugmentDraw draw, again;
            draw_picture(&shapes[s], epoch, picture);
            augment_draw(augment, epoch, 7, room, &draw);
            apply_plainly(augment, &draw, room->words, picture, expected);
            for (size_t k = 0; k < values_of(&shapes[s]); k++) {
                wide[k] = picture[k];
                narrow[k] = (float)picture[k];
            }
            again = draw;
            augment->apply[0](augment, &draw, room, narrow);
            augment->apply[1](augment, &again, room, wide);
            for (size_t k = 0; k < values_of(&shapes[s]); k++) {
                assert_close((double)narrow[k], expected[k], 1e-5);
                assert_close(wide[k], expected[k], 1e-12);
            }
        }
        augment_leave(room);
        augment_free(augment);
    }
}

static void instruction_sets_give_the_same_bits(void **state)
{
    (void)state;
#define ROW(isa) {augment_apply_##isa##_f32, augment_apply_##isa##_f64},
    static AugmentApply *const table[][2] = {ISA_EACH(ROW)};
#undef ROW
    static double picture[MOST], wide[2][MOST];
    static float narrow[2][MOST];
    for (size_t s = 0; s < SHAPES; s++)
        for (size_t isa = 0; isa < ISA_COUNT; isa++) {
            Augment *augment = make_augment(&everything, &shapes[s], 10);
            const size_t count = values_of(&shapes[s]);
            draw_picture(&shapes[s], s, picture);
            for (size_t i = 0; i < 2 && to_check(isa); i++) {
                for (size_t k = 0; k < count; k++)
                    narrow[i][k] = (float)(wide[i][k] = picture[k]);
                augment->apply[0] = i == 0 ? augment_apply_f32 : table[isa][0];
                augment->apply[1] = i == 0 ? augment_apply_f64 : table[isa][1];
                AugmentRoom *room = augment_enter(augment);
                augment_picture(augment, 1, 2, room, sizeof(float), narrow[i]);
                augment_picture(augment, 1, 2, room, sizeof(double), wide[i]);
                augment_leave(room);
            }
            if (to_check(isa)) {
                assert_memory_equal(narrow[0], narrow[1], count * sizeof(float));
                assert_memory_equal(wide[0], wide[1], count * sizeof(double));
            }
            augment_free(augment);
        }
}

/* ---- Draws ------------------------------------------------------------------------------------------------------- */

/* In the order that the header states. */
static void an_example_of_an_epoch_owns_its_words(void **state)
{
    (void)state;
    const PictureShape shape = {4, 5, 1};
    const size_t count = 9, words = 1 + 6 + 20 + 5 + 3 + 2 * 20;
    Augment *augment = make_augment(&everything, &shape, count);
    AugmentRoom *room = augment_enter(augment);
    AugmentDraw draw;
    RandomStream stream;
    uint64_t elastic[20];
    assert_int_equal(augment->words, words);
    augment_draw(augment, 3, 4, room, &draw);
    random_spawn(&stream, 5, 6);
    random_advance(&stream, (3 * count + 4) * words);
    const double flip = random_unit(&stream) < everything.flip ? -1 : 1;
    const double degree = acos(-1) / 180;
    const double angle = random_uniform(&stream, -25 * degree, 25 * degree);
    const double rows = random_uniform(&stream, 0.7, 1.3), columns = random_uniform(&stream, 0.7, 1.3);
    const double lean = random_uniform(&stream, -15 * degree, 15 * degree);
    const double down = random_uniform(&stream, -2.5, 2.5), right = random_uniform(&stream, -2.5, 2.5);
    random_fill(&stream, elastic, 20);
    assert_memory_equal(elastic, room->words, sizeof elastic);
    /* The map takes what scale, shear, rotation and shift make of a place back to that place. */
    for (size_t k = 0; k < 20; k++) {
        const size_t place[2] = {k / 5, k % 5};
        const double r = (double)place[0], c = (double)place[1];
        const double y = rows * (r - 1.5), x = columns * (c - 2) + tan(lean) * y;
        const double turned[2] = {y * cos(angle) - x * sin(angle) + down, y * sin(angle) + x * cos(angle) + right};
        const double row = turned[0] + 1.5, column = flip * turned[1] + 2;
        assert_close(draw.map[0][0] * row + draw.map[0][1] * column + draw.map[0][2], r, 1e-14);
        assert_close(draw.map[1][0] * row + draw.map[1][1] * column + draw.map[1][2], c, 1e-14);
    }
    random_advance(&stream, 5);
    assert_int_equal(draw.partner, (size_t)(random_unit(&stream) * (double)count));
    size_t partner = 0;
    double share = 0;
    augment_draw_partner(augment, 3, 4, &partner, &share);
    assert_int_equal(partner, draw.partner);
    assert_true(share == draw.share);
    augment_leave(room);
    augment_free(augment);
}

/* Rotation counts against the clock, as the picture is seen: what is at the right comes to the top. */
static void a_quarter_turn_brings_the_right_to_the_top(void **state)
{
    (void)state;
    const PictureShape shape = {3, 3, 1};
    const AugmentOptions options = {.rotation = 90};
    Augment *augment = make_augment(&options, &shape, 1);
    AugmentRoom *room = augment_enter(augment);
    AugmentDraw draw;
    augment_draw(augment, 0, 0, room, &draw);
    const double angle = atan2(draw.map[0][1], draw.map[0][0]);
    const double picture[9] = {0, 0, 0, 0, 0, 1, 0, 0, 0};
    double turned[9];
    memcpy(turned, picture, sizeof turned);
    augment->apply[1](augment, &draw, room, turned);
    assert_true(fabs(angle) > 0.2); /* of this seed: enough to be seen */
    assert_true(angle > 0 ? turned[2] > turned[8] : turned[2] < turned[8]);
    augment_leave(room);
    augment_free(augment);
}

/* Of Beta(a, a) the mean of Λ(1 - Λ) is a / (4a + 2); 20,000 draws miss it by less than 0.003. */
static void shares_of_mixup_are_of_a_beta_distribution(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    const PictureShape shape = {2, 2, 1};
    const double values[] = {0.2, 1, 8};
    for (size_t v = 0; v < 3; v++) {
        const AugmentOptions options = {.mixup = values[v]};
        Augment *augment = make_augment(&options, &shape, DRAWS);
        double sum = 0, partners = 0;
        for (size_t i = 0; i < DRAWS; i++) {
            size_t partner = 0;
            double share = 0;
            augment_draw_partner(augment, 0, i, &partner, &share);
            assert_true(share >= 0.5 && share <= 1 && partner < DRAWS);
            sum += share * (1 - share);
            partners += (double)partner;
        }
        assert_close(sum / DRAWS, values[v] / (4 * values[v] + 2), 0.003);
        assert_close(partners / DRAWS / DRAWS, 0.5, 0.01);
        augment_free(augment);
    }
}

static void rectangles_are_as_large_as_asked(void **state)
{
    (void)state;
    const PictureShape shape = {28, 20, 1};
    const AugmentOptions options = {.erase = 0.25, .erase_area = 0.3};
    Augment *augment = make_augment(&options, &shape, 4000);
    AugmentRoom *room = augment_enter(augment);
    size_t erased = 0;
    double area = 0;
    for (size_t i = 0; i < 4000; i++) {
        AugmentDraw draw;
        augment_draw(augment, 0, i, room, &draw);
        if (draw.rows == 0)
            continue;
        assert_true(draw.top + draw.rows <= shape.height && draw.left + draw.columns <= shape.width);
        area += (double)(draw.rows * draw.columns) / 560;
        erased++;
    }
    assert_close((double)erased / 4000, 0.25, 0.02);
    assert_close(area / (double)erased, 0.16, 0.01);
    augment_leave(room);
    augment_free(augment);
}

/* ---- In batches -------------------------------------------------------------------------------------------------- */

static const Shape shape = {{25, 8, 3}, 3, "tanh", "softmax", "cross-entropy", 0, 0, false};
static const PictureShape square = {5, 5, 1};

/* Engines see the same pictures and targets: every way of the fast one, with 1 and 3 threads. */
static void engines_agree_on_augmented_batches(void **state)
{
    (void)state;
    const CpuWay ways[] = {CPU_SHARED, CPU_SMALL};
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++)
        for (size_t threads = 1; threads <= 3; threads += 2)
            for (size_t smoothing = 0; smoothing < 2; smoothing++) {
                const Extras extras = {.label_smoothing = smoothing > 0 ? 0.2 : 0};
                RandomStream stream;
                Team *team = NULL;
                Case c;
                assert_ok(team_create(threads, &team, error));
                random_default_rng(&stream, 8);
                open_case_with(&c, &shape, &extras, PERCEPT_FLOAT64, 40, 40, ways[w], team, &stream);
                Augment *augment = make_augment(&everything, &square, 40);
                c.batch.augment = augment;
                c.batch.epoch = 2;
                check_gradient(&c);
                augment_free(augment);
                close_case(&c);
                team_free(team);
            }
}

/* x = λ x_i + (1 - λ) x_j, and its loss is that for both labels: λ L(x, y_i) + (1 - λ) L(x, y_j). */
static void mixup_mixes_pictures_and_losses(void **state)
{
    (void)state;
    const AugmentOptions options = {.mixup = 1};
    RandomStream stream;
    Team *team = NULL;
    Case c;
    size_t partner = 0;
    double share = 0, row[25], pair[2][25];
    assert_ok(team_create(1, &team, error));
    random_default_rng(&stream, 8);
    open_case(&c, &shape, PERCEPT_FLOAT64, 30, 30, CPU_SMALL, team, &stream);
    Augment *augment = make_augment(&options, &square, 30);
    for (size_t i = 0; i < 30; i++) {
        const Batch plain = {.data = c.batch.data, .first = i, .count = 1};
        Batch mixed = plain;
        double soft[3];
        mixed.augment = augment;
        mixed.epoch = 1;
        augment_draw_partner(augment, 1, i, &partner, &share);
        const Batch other = {.data = c.batch.data, .first = partner, .count = 1};
        batch_gather_f64(&plain, 0, 1, pair[0], 25);
        batch_gather_f64(&other, 0, 1, pair[1], 25);
        batch_gather_f64(&mixed, 0, 1, row, 25);
        for (size_t j = 0; j < 25; j++)
            assert_close(row[j], share * pair[0][j] + (1 - share) * pair[1][j], 1e-14);
        batch_soft_labels_f64(&mixed, 3, 0.3, 0, 1, soft);
        for (size_t j = 0; j < 3; j++) {
            const int32_t *labels = c.batch.data->labels;
            const double own = labels[i] == (int32_t)j, its = labels[partner] == (int32_t)j;
            assert_close(soft[j], 0.7 * (share * own + (1 - share) * its) + 0.1, 1e-14);
        }
    }
    augment_free(augment);
    close_case(&c);
    team_free(team);
}

static void a_sigma_beyond_all_pictures_is_refused(void **state)
{
    (void)state;
    const AugmentOptions options = {.elastic = 1, .elastic_sigma = 1e6};
    RandomStream stream;
    Augment *augment = NULL;
    percept_error error;
    random_default_rng(&stream, 0);
    assert_int_equal(augment_create(&options, &square, 1, &stream, 1, &augment, &error), PERCEPT_ERROR_ARGUMENT);
    assert_null(augment);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_are_those_of_plain_loops),
        cmocka_unit_test(instruction_sets_give_the_same_bits),
        cmocka_unit_test(an_example_of_an_epoch_owns_its_words),
        cmocka_unit_test(a_quarter_turn_brings_the_right_to_the_top),
        cmocka_unit_test(shares_of_mixup_are_of_a_beta_distribution),
        cmocka_unit_test(rectangles_are_as_large_as_asked),
        cmocka_unit_test(engines_agree_on_augmented_batches),
        cmocka_unit_test(mixup_mixes_pictures_and_losses),
        cmocka_unit_test(a_sigma_beyond_all_pictures_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
