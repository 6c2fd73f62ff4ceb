/* Generators: places follow their formulas, classes are balanced, a seed says all. */
#include "scratch.h"

#include <string.h>

#include "data/generate.h"

#define COUNT 3001 /* odd, and no multiple of 3 */

static Storage *draw(const char *name, size_t count, double noise, size_t classes, uint64_t seed)
{
    const GeneratorOptions options = {
        .count = count, .has_noise = noise >= 0, .noise = noise, .classes = classes, .seed = seed};
    Storage *storage = NULL;
    assert_non_null(generator_find(name));
    assert_ok(generator_draw(generator_find(name), &options, &storage, error));
    return storage;
}

static const double *point(const Storage *storage, size_t i)
{
    return (const double *)storage->features + 2 * i;
}

/* A point without noise lies on its curve to within rounding: a few units in the last place of numbers near 1. */
#define ROUNDING 1e-14

static void test_points_without_noise_lie_on_their_curves(void **state)
{
    (void)state;
    Storage *circles = draw("circles", COUNT, 0, 0, 1), *moons = draw("moons", COUNT, 0, 0, 1),
            *spirals = draw("spirals", COUNT, 0, 3, 1), *blobs = draw("blobs", COUNT, 0, 5, 1);
    for (size_t i = 0; i < COUNT; i++) {
        const double *ring = point(circles, i), *moon = point(moons, i), *arm = point(spirals, i),
                     *blob = point(blobs, i);
        assert_close(hypot(ring[0], ring[1]), circles->labels[i] == 0 ? 1 : 0.5, ROUNDING);
        const bool second = moons->labels[i] == 1;
        const double x = second ? 1 - moon[0] : moon[0], y = second ? 0.5 - moon[1] : moon[1];
        assert_close(hypot(x, y), 1, ROUNDING);
        assert_true(y >= -ROUNDING);
        /* On arm k of 3 the angle is 2π (radius + k / 3), so that the two directions agree. */
        const double radius = hypot(arm[0], arm[1]), angle = 2 * M_PI * (radius + spirals->labels[i] / 3.0);
        assert_true(radius < 1 + ROUNDING);
        assert_close(arm[0], radius * cos(angle), ROUNDING);
        assert_close(arm[1], radius * sin(angle), ROUNDING);
        assert_close(blob[0], cos(2 * M_PI * blobs->labels[i] / 5.0), ROUNDING);
        assert_close(blob[1], sin(2 * M_PI * blobs->labels[i] / 5.0), ROUNDING);
    }
    storage_release(circles);
    storage_release(moons);
    storage_release(spirals);
    storage_release(blobs);
}

/* The radii of a seed stay, and angles grow with them. */
static void spirals_make_as_many_turns_as_asked(void **state)
{
    (void)state;
    const GeneratorOptions options = {.has_noise = true, .turns = 4.5};
    Storage *wound = NULL, *once = draw("spirals", 0, 0, 0, 0);
    assert_ok(generator_draw(generator_find("spirals"), &options, &wound, error));
    for (size_t i = 0; i < wound->count; i++) {
        const double radius = hypot(point(once, i)[0], point(once, i)[1]);
        const double angle = 2 * M_PI * (4.5 * radius + wound->labels[i] / 2.0);
        assert_close(point(wound, i)[0], radius * cos(angle), 1e-13);
        assert_close(point(wound, i)[1], radius * sin(angle), 1e-13);
    }
    storage_release(wound);
    storage_release(once);
}

/* Each quarter of a ring gets a quarter of its points. Of n = 1500 about √(n · 1/4 · 3/4) = 17 more or fewer are
 * expected; 5 times that is allowed, and the seed is fixed. */
static void test_rings_are_filled_all_around(void **state)
{
    (void)state;
    Storage *circles = draw("circles", 3000, 0, 0, 7);
    size_t quarters[2][4] = {{0}};
    for (size_t i = 0; i < 3000; i++)
        quarters[circles->labels[i]][(point(circles, i)[0] > 0) + 2 * (point(circles, i)[1] > 0)]++;
    for (size_t q = 0; q < 8; q++)
        assert_in_range(quarters[q / 4][q % 4], 375 - 85, 375 + 85);
    storage_release(circles);
}

/* Noise is what is between points of the same seed with and without it: normal, of the deviation asked for. The deviation
 * of a sample of n has a relative error of about 1 / √(2n), 0.9 % here; 5 times that is allowed. */
static void test_noise_has_the_deviation_asked_for(void **state)
{
    (void)state;
    size_t count = 0;
    const Generator *table = generators(&count);
    for (size_t g = 0; g < count; g++) {
        Storage *still = draw(table[g].name, COUNT, 0, 0, 5), *noisy = draw(table[g].name, COUNT, 0.25, 0, 5);
        double squares = 0;
        for (size_t i = 0; i < 2 * COUNT; i++) {
            const double distance = ((const double *)noisy->features)[i] - ((const double *)still->features)[i];
            squares += distance * distance;
        }
        assert_close(sqrt(squares / (2 * COUNT)) / 0.25, 1, 0.045);
        storage_release(still);
        storage_release(noisy);
    }
}

static void test_any_run_of_examples_is_balanced(void **state)
{
    (void)state;
    Storage *spirals = draw("spirals", COUNT, -1, 7, 1);
    assert_int_equal(spirals->class_count, 7);
    for (size_t begin = 0; begin + 70 <= COUNT; begin += 61) {
        size_t counts[7] = {0};
        for (size_t i = begin; i < begin + 70; i++)
            counts[spirals->labels[i]]++;
        for (size_t k = 0; k < 7; k++)
            assert_int_equal(counts[k], 10);
    }
    storage_release(spirals);
}

static void test_a_seed_gives_the_same_points_and_fewer_are_the_first(void **state)
{
    (void)state;
    Storage *one = draw("moons", 500, -1, 0, 3), *again = draw("moons", 500, -1, 0, 3),
            *fewer = draw("moons", 100, -1, 0, 3), *other = draw("moons", 500, -1, 0, 4);
    const size_t point_size = 2 * sizeof(double);
    assert_memory_equal(one->features, again->features, 500 * point_size);
    assert_memory_equal(one->features, fewer->features, 100 * point_size);
    assert_memory_not_equal(one->features, other->features, 500 * point_size);
    storage_release(one);
    storage_release(again);
    storage_release(fewer);
    storage_release(other);
}

/* The stream is NumPy's: default_rng(3).random() is 0.08564916714362436, and the angle of the first point with it. */
static void test_the_first_point_is_drawn_from_default_rng(void **state)
{
    (void)state;
    Storage *circles = draw("circles", 2, 0, 0, 3);
    assert_close(point(circles, 0)[0], cos(2 * M_PI * 0.08564916714362436), ROUNDING);
    assert_close(point(circles, 0)[1], sin(2 * M_PI * 0.08564916714362436), ROUNDING);
    storage_release(circles);
}

static void test_what_is_left_open_is_the_generators_own(void **state)
{
    (void)state;
    Storage *circles = draw("circles", 0, -1, 0, 0);
    assert_int_equal(circles->count, 1100);
    assert_int_equal(circles->width, 2);
    assert_int_equal(circles->class_count, 2);
    assert_int_equal(circles->type, PERCEPT_FLOAT64);
    storage_release(circles);
}

static void test_what_cannot_be_drawn_is_refused(void **state)
{
    (void)state;
    Storage *storage = NULL;
    const GeneratorOptions three = {.classes = 3}, few = {.count = 2, .classes = 3}, many = {.classes = 1001},
                           endless = {.has_noise = true, .noise = INFINITY}, none = {.has_noise = true, .noise = NAN},
                           less = {.has_noise = true, .noise = -1}, wound = {.turns = 2};
    assert_refused(generator_draw(generator_find("moons"), &wound, &storage, error), PERCEPT_ERROR_ARGUMENT,
                   "moons make no turns");
    assert_refused(generator_draw(generator_find("circles"), &three, &storage, error), PERCEPT_ERROR_ARGUMENT,
                   "circles have 2 classes, not 3");
    assert_refused(generator_draw(generator_find("blobs"), &few, &storage, error), PERCEPT_ERROR_ARGUMENT,
                   "3 classes of blobs need as many examples at least, not 2");
    assert_refused(generator_draw(generator_find("moons"), &endless, &storage, error), PERCEPT_ERROR_ARGUMENT, "inf");
    assert_refused(generator_draw(generator_find("moons"), &none, &storage, error), PERCEPT_ERROR_ARGUMENT, "nan");
    assert_refused(generator_draw(generator_find("moons"), &less, &storage, error), PERCEPT_ERROR_ARGUMENT, "-1");
    assert_refused(generator_draw(generator_find("spirals"), &many, &storage, error), PERCEPT_ERROR_ARGUMENT, "1000");
    assert_null(generator_find("squares"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_without_noise_lie_on_their_curves),
        cmocka_unit_test(spirals_make_as_many_turns_as_asked),
        cmocka_unit_test(test_rings_are_filled_all_around),
        cmocka_unit_test(test_noise_has_the_deviation_asked_for),
        cmocka_unit_test(test_any_run_of_examples_is_balanced),
        cmocka_unit_test(test_a_seed_gives_the_same_points_and_fewer_are_the_first),
        cmocka_unit_test(test_the_first_point_is_drawn_from_default_rng),
        cmocka_unit_test(test_what_is_left_open_is_the_generators_own),
        cmocka_unit_test(test_what_cannot_be_drawn_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
