/* The random streams are NumPy's to the last bit. Every comparison is of bits, so there are no tolerances but one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random_words.h"
#include "random_hash.h"
#include "random_vectors.h"

static RandomStream default_rng(uint64_t seed)
{
    RandomStream r;
    memset(&r, 0xa5, sizeof r); /* seeding leaves nothing of what was there */
    random_default_rng(&r, seed);
    return r;
}

static RandomStream legacy(uint64_t seed)
{
    RandomStream r;
    memset(&r, 0xa5, sizeof r);
    assert_int_equal(random_legacy_seed(&r, seed, NULL), PERCEPT_OK);
    return r;
}

static void assert_first(RandomStream r, const uint64_t unit[3], const uint64_t normal[3])
{
    RandomStream copy = r;
    for (int i = 0; i < 3; i++)
        assert_int_equal(bits(random_unit(&r)), unit[i]);
    for (int i = 0; normal != NULL && i < 3; i++)
        assert_int_equal(bits(random_normal(&copy, 0, 1)), normal[i]);
}

/* ---- Equality with NumPy ---------------------------------------------------------------------------------------- */

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void seeding_gives_the_state_that_seed_sequence_gives(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(default_vectors); i++) {
        const DefaultVector *v = &default_vectors[i];
        RandomStream r = default_rng(v->seed);
        assert_memory_equal(r.pcg_state, v->state, sizeof v->state);
        assert_memory_equal(r.pcg_increment, v->increment, sizeof v->increment);
    }
}

static void children_are_those_that_seed_sequence_spawns(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(child_vectors); i++) {
        RandomStream r;
        random_spawn(&r, child_vectors[i].seed, child_vectors[i].child);
        assert_first(r, child_vectors[i].unit, NULL);
    }
}

static void default_floats_equal_numpy(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(default_vectors); i++) {
        const DefaultVector *v = &default_vectors[i];
        RandomStream r = default_rng(v->seed);
        assert_first(r, v->unit, v->normal);
        assert_int_equal(hash_units(r, 2000), v->units);
        assert_int_equal(hash_uniforms(r, -0.3, 0.4, 1001), v->uniforms);
        assert_int_equal(hash_normals(r, 2.5, 0.1, 5001), v->normals);
    }
}

/* With the half of a word that a 32-bit draw leaves, which an advance drops. */
static void advances_equal_numpy(void **unused)
{
    (void)unused;
    static const uint64_t draws[] = {0, 1, 2, 1000, (UINT64_C(1) << 31) + 5, UINT64_MAX};
    for (size_t i = 0; i < COUNT(default_vectors); i++) {
        RandomStream r = default_rng(default_vectors[i].seed);
        uint64_t hash = FNV_START;
        for (size_t k = 0; k < COUNT(draws); k++) {
            add_word(&hash, random_below(&r, 7));
            random_advance(&r, draws[k]);
            add_word(&hash, random_below(&r, 7));
        }
        assert_int_equal(hash, default_vectors[i].advanced);
    }
}

/* Every part of a table holds the draws that one stream gives one after the other. */
static void tables_hold_the_draws_of_their_place(void **unused)
{
    (void)unused;
    enum { ROWS = 7, STEP = 13, COLUMNS = 5, FIRST = 11, STRIDE = 6 };
    const RandomStream start = default_rng(3);
    RandomStream r = start;
    double draws[FIRST + ROWS * STEP] = {0}, table[ROWS * STRIDE];
    for (size_t k = 0; k < COUNT(draws); k++)
        draws[k] = random_unit(&r);
    r = start;
    random_unit_table(&r, FIRST, STEP, ROWS, COLUMNS, table, STRIDE);
    assert_memory_equal(&r, &start, sizeof r);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++)
            assert_true(table[i * STRIDE + j] == draws[FIRST + i * STEP + j]);
}

static void default_integers_equal_numpy_in_32_and_64_bits(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(default_vectors); i++) {
        const DefaultVector *v = &default_vectors[i];
        RandomStream r = default_rng(v->seed);
        int64_t two32 = (int64_t)1 << 32;
        assert_int_equal(hash_integers(r, -4, 6), v->digits);
        assert_int_equal(hash_integers(r, 0, (int64_t)3 << 30), v->rejected32);
        assert_int_equal(hash_integers(r, 0, two32 - 1), v->last32);
        assert_int_equal(hash_integers(r, 0, two32), v->all32);
        assert_int_equal(hash_integers(r, 0, two32 + 1), v->first64);
        assert_int_equal(hash_integers(r, 0, (int64_t)3 << 61), v->rejected64);
        assert_int_equal(hash_integers(r, INT64_MIN, INT64_MAX), v->widest);
        assert_int_equal(hash_below(r, 1, 1, 500), v->singles);
        assert_int_equal(hash_integers(r, 0, (int64_t)3 << 29), v->rejected31); /* a quarter of the words */
        assert_int_equal(hash_powers(r), v->powers);
    }
}

static void default_orders_equal_numpy(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(default_vectors); i++) {
        const DefaultVector *v = &default_vectors[i];
        RandomStream r = default_rng(v->seed);
        assert_int_equal(hash_permutation(r, 1797), v->permutation);
        assert_int_equal(hash_shuffled_twice(r), v->shuffled);
    }
}

static void legacy_floats_equal_numpy_over_refills(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(legacy_vectors); i++) {
        const LegacyVector *v = &legacy_vectors[i];
        RandomStream r = legacy(v->seed);
        assert_first(r, v->unit, v->normal);
        assert_int_equal(hash_units(r, 2000), v->units);
        assert_int_equal(hash_uniforms(r, -0.3, 0.4, 1001), v->uniforms);
        assert_int_equal(hash_normals(r, 2.5, 0.1, 5001), v->normals);
    }
}

static void legacy_integers_and_orders_equal_numpy(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(legacy_vectors); i++) {
        const LegacyVector *v = &legacy_vectors[i];
        RandomStream r = legacy(v->seed);
        assert_int_equal(hash_below(r, ((uint64_t)1 << 31) + 1, 0, 1001), v->rejected32);
        assert_int_equal(hash_below(r, ((uint64_t)1 << 62) + 1, 0, 1001), v->rejected64);
        assert_int_equal(hash_below(r, 1, 1, 500), v->singles);
        assert_int_equal(hash_permutation(r, 1797), v->permutation);
        assert_int_equal(hash_shuffled_twice(r), v->shuffled);
    }
}

/* The kept half word and the kept normal value come out at the right draw, whatever is drawn between. */
static void mixed_draws_equal_numpy(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(default_vectors); i++)
        assert_int_equal(hash_default_mixture(default_rng(default_vectors[i].seed)), default_vectors[i].mixture);
    for (size_t i = 0; i < COUNT(legacy_vectors); i++)
        assert_int_equal(hash_legacy_mixture(legacy(legacy_vectors[i].seed)), legacy_vectors[i].mixture);
}

static void every_path_through_the_ziggurat_equals_numpy(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(ziggurat_vectors); i++) {
        const ZigguratVector *v = &ziggurat_vectors[i];
        RandomStream r = default_rng(12345);
        for (size_t k = 0; k < v->index; k++)
            random_normal(&r, 0, 1);
        RandomStream words = r;
        assert_int_equal(bits(random_normal(&r, 0, 1)), v->value);
        for (int k = 0; k < v->words; k++)
            random_unit(&words);
        assert_memory_equal(r.pcg_state, words.pcg_state, sizeof r.pcg_state);
    }
}

/* ---- Figures from elsewhere ------------------------------------------------------------------------------------- */

/* The notebook printed six decimals: half a unit of the sixth, and a little for the half itself. */
static void assert_printed_alike(double value, double printed)
{
    assert_true(fabs(value - printed) <= 0.5000001e-6);
}

/* The Radboud course's notebook, default_rng(12345). */
static void a_published_notebook_is_repeated(void **unused)
{
    (void)unused;
    const double wide[5] = {-5.45328, -3.664833, 5.947309, 3.525093, -2.177809};
    const double narrow[5] = {0.676255, 0.39111, 0.332814, 0.598309, 0.186734};
    const int64_t labels[5] = {1, 0, 1, 0, 0};
    RandomStream r = default_rng(12345);
    for (int i = 0; i < 5; i++)
        assert_printed_alike(random_uniform(&r, -10, 10), wide[i]);
    r = default_rng(12345);
    int64_t drawn[5];
    random_integers(&r, 0, 2, drawn, 5);
    assert_memory_equal(drawn, labels, sizeof labels);
    for (int i = 0; i < 5; i++)
        assert_printed_alike(random_uniform(&r, 0, 1), narrow[i]);
}

/* The C++ standard ([rand.predef]) gives this one for the generator's customary seed. */
static void the_ten_thousandth_word_of_the_twister_is_the_standard_one(void **unused)
{
    (void)unused;
    RandomStream r = legacy(5489);
    uint64_t word = 0;
    for (int i = 0; i < 10000; i++)
        word = random_below(&r, (uint64_t)1 << 32);
    assert_int_equal(word, 4123659995);
}

/* ---- Properties of the calls ------------------------------------------------------------------------------------ */

static void a_copy_of_the_struct_goes_on_alike(void **unused)
{
    (void)unused;
    RandomStream streams[2] = {default_rng(3), legacy(3)};
    for (int i = 0; i < 2; i++) {
        RandomStream *r = &streams[i];
        random_below(r, 10);    /* PCG64 keeps half a word, */
        random_normal(r, 0, 1); /* the polar method a value */
        RandomStream copy = *r;
        for (int k = 0; k < 1000; k++) {
            assert_int_equal(bits(random_normal(r, 0, 1)), bits(random_normal(&copy, 0, 1)));
            assert_int_equal(random_below(r, 10), random_below(&copy, 10));
        }
    }
}

static void a_new_seed_forgets_the_kept_normal_value(void **unused)
{
    (void)unused;
    RandomStream r = legacy(2);
    double first = random_normal(&r, 0, 1);
    assert_true(r.has_gauss);
    assert_int_equal(random_legacy_seed(&r, 2, NULL), PERCEPT_OK);
    assert_int_equal(bits(random_normal(&r, 0, 1)), bits(first));
}

static void one_possible_value_takes_no_draw(void **unused)
{
    (void)unused;
    RandomStream streams[2] = {default_rng(1), legacy(1)};
    for (int i = 0; i < 2; i++) {
        RandomStream before = streams[i];
        uint32_t value = 7;
        assert_int_equal(random_below(&streams[i], 1), 0);
        random_shuffle(&streams[i], &value, 1);
        assert_int_equal(value, 7);
        random_permutation(&streams[i], &value, 1);
        assert_int_equal(value, 0);
        random_shuffle(&streams[i], NULL, 0);
        random_permutation(&streams[i], NULL, 0);
        assert_memory_equal(&streams[i], &before, sizeof before);
    }
}

static void a_shuffle_moves_any_values_as_it_moves_indices(void **unused)
{
    (void)unused;
    enum { N = 1000 };
    RandomStream streams[2] = {default_rng(29), legacy(29)};
    for (int i = 0; i < 2; i++) {
        RandomStream copy = streams[i];
        uint32_t order[N], values[N];
        for (uint32_t k = 0; k < N; k++)
            values[k] = 0xffffffff - 3 * k;
        random_permutation(&streams[i], order, N);
        random_shuffle(&copy, values, N);
        for (uint32_t k = 0; k < N; k++)
            assert_int_equal(values[k], 0xffffffff - 3 * order[k]);
    }
}

static void a_shuffle_draws_word_by_word_and_rejects_what_is_too_large(void **unused)
{
    (void)unused;
    enum { MOST = 300 };
    for (size_t count = 2; count <= MOST; count++) {
        RandomStream stream = default_rng(count), copy;
        if (count % 2 == 1)
            random_next32(&stream); /* leaves half a word */
        copy = stream;
        uint32_t order[MOST], expected[MOST];
        for (uint32_t i = 0; i < count; i++)
            expected[i] = i;
        for (uint32_t last = (uint32_t)count - 1; last > 0; last--) {
            uint32_t other;
            do
                other = random_next32(&copy) & (UINT32_MAX >> __builtin_clz(last));
            while (other > last);
            const uint32_t held = expected[other];
            expected[other] = expected[last];
            expected[last] = held;
        }
        random_permutation(&stream, order, count);
        assert_memory_equal(order, expected, count * sizeof *order);
        assert_memory_equal(&stream, &copy, sizeof stream);
    }
}

static void a_legacy_seed_beyond_32_bits_is_refused(void **unused)
{
    (void)unused;
    RandomStream r = legacy(1), before = r;
    percept_error error;
    assert_int_equal(random_legacy_seed(&r, (uint64_t)1 << 32, &error), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "4294967296"));
    assert_memory_equal(&r, &before, sizeof r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seeding_gives_the_state_that_seed_sequence_gives),
        cmocka_unit_test(children_are_those_that_seed_sequence_spawns),
        cmocka_unit_test(default_floats_equal_numpy),
        cmocka_unit_test(advances_equal_numpy),
        cmocka_unit_test(tables_hold_the_draws_of_their_place),
        cmocka_unit_test(default_integers_equal_numpy_in_32_and_64_bits),
        cmocka_unit_test(default_orders_equal_numpy),
        cmocka_unit_test(legacy_floats_equal_numpy_over_refills),
        cmocka_unit_test(legacy_integers_and_orders_equal_numpy),
        cmocka_unit_test(mixed_draws_equal_numpy),
        cmocka_unit_test(every_path_through_the_ziggurat_equals_numpy),
        cmocka_unit_test(a_published_notebook_is_repeated),
        cmocka_unit_test(the_ten_thousandth_word_of_the_twister_is_the_standard_one),
        cmocka_unit_test(a_copy_of_the_struct_goes_on_alike),
        cmocka_unit_test(a_new_seed_forgets_the_kept_normal_value),
        cmocka_unit_test(one_possible_value_takes_no_draw),
        cmocka_unit_test(a_shuffle_moves_any_values_as_it_moves_indices),
        cmocka_unit_test(a_shuffle_draws_word_by_word_and_rejects_what_is_too_large),
        cmocka_unit_test(a_legacy_seed_beyond_32_bits_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
