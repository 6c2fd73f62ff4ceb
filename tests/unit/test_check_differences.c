/* Differences of gradient checks are those of the reference engine's loss. */
#include "checks.h"

#include <complex.h>

#include "check/classes.h"

static Differences differences_of(const Bench *bench, double step)
{
    return (Differences){.network = &bench->network,
                         .parameters = bench->parameters,
                         .batch = &bench->batch,
                         .team = bench->team,
                         .step = step,
                         .inputs = true,
                         .chosen = bench->chosen,
                         .up = make_numbers(bench->count),
                         .down = make_numbers(bench->count)};
}

static void differences_clear(Differences *differences)
{
    memory_free(differences->up);
    memory_free(differences->down);
}

/* Number p, a parameter or a feature. */
static double *number_at(const Bench *bench, size_t p)
{
    return p < bench->network.parameter_count
               ? &bench->parameters[p]
               : (double *)bench->data->storage->features + (p - bench->network.parameter_count);
}

/* A step of 1 leaves the rounding of the loss itself, some 1e-15: the tolerance leaves room for sums in another order. */
static void differences_are_those_of_the_whole_loss_computed_anew(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++) {
        Bench bench;
        bench_create(&shapes[s], "reference", s, &bench);
        Differences quick = differences_of(&bench, 1);
        double loss = 0;
        assert_ok(differences_f64(&quick, &loss, error));
        const double kept = reference_loss_f64(bench.engine, bench.parameters, &bench.batch);
        assert_close(loss, kept, 1e-13);
        for (size_t p = 0; p < bench.count; p++) {
            double *number = number_at(&bench, p);
            const double value = *number;
            *number = value + 1;
            assert_close(quick.up[p], reference_loss_f64(bench.engine, bench.parameters, &bench.batch) - kept, 1e-12);
            *number = value - 1;
            assert_close(quick.down[p], kept - reference_loss_f64(bench.engine, bench.parameters, &bench.batch), 1e-12);
            *number = value;
        }
        differences_clear(&quick);
        bench_clear(&bench);
    }
}

static void complex_steps_are_those_of_the_whole_loss_computed_anew(void **state)
{
    (void)state;
    const double step = 1e-30;
    for (size_t s = 0; s < SHAPES; s++) {
        Bench bench;
        bench_create(&shapes[s], "reference", s, &bench);
        Differences quick = differences_of(&bench, step);
        Engine *engine = NULL;
        complex_double *moved = NULL;
        assert_ok(reference_create_c128(&bench.engine->config, &engine, error));
        assert_ok(memory_allocate(bench.count, sizeof *moved, "parameters", &moved, error));
        memory_free(quick.down);
        quick.down = NULL;
        assert_ok(differences_c128(&quick, NULL, error));
        for (size_t p = 0; p < bench.network.parameter_count; p++)
            moved[p] = bench.parameters[p];
        for (size_t p = 0; p < bench.network.parameter_count; p++) {
            moved[p] = bench.parameters[p] + I * step;
            assert_close(quick.up[p], cimag(reference_loss_c128(engine, moved, &bench.batch)) / step, 1e-12);
            moved[p] = bench.parameters[p];
        }
        memory_free(moved);
        engine_free(engine);
        differences_clear(&quick);
        bench_clear(&bench);
    }
}

/* Targets that are numbers, not classes. */
static void differences_follow_regression_targets(void **state)
{
    (void)state;
    Bench bench;
    bench_create(&shapes[6], "reference", 3, &bench);
    Storage *storage = bench.data->storage;
    assert_ok(memory_allocate(EXAMPLES * 2, sizeof *storage->targets, "targets", &storage->targets, error));
    storage->target_width = 2;
    for (int i = 0; i < EXAMPLES * 2; i++)
        storage->targets[i] = i / 3.0 - 0.7;
    Differences quick = differences_of(&bench, 1);
    assert_ok(differences_f64(&quick, NULL, error));
    const double kept = reference_loss_f64(bench.engine, bench.parameters, &bench.batch);
    for (size_t p = 0; p < bench.count; p++) {
        double *number = number_at(&bench, p);
        const double value = *number;
        *number = value + 1;
        assert_close(quick.up[p], reference_loss_f64(bench.engine, bench.parameters, &bench.batch) - kept, 1e-12);
        *number = value;
    }
    CheckReport report = run_check(&bench, bench.engine, CHECK_COMPLEX);
    assert_int_equal(report.all.counts[CHECK_WRONG], 0);
    check_report_clear(&report);
    differences_clear(&quick);
    bench_clear(&bench);
}

/* The bits are the same for any number of threads, and for any choice of what else is computed. */
static void differences_do_not_depend_on_threads_or_choice(void **state)
{
    (void)state;
    Bench bench;
    bench_create(&shapes[4], "reference", 7, &bench);
    Differences all = differences_of(&bench, 1e-5), some = differences_of(&bench, 1e-5);
    assert_ok(differences_f64(&all, NULL, error));
    for (size_t threads = 1; threads <= 5; threads += 2) {
        Team *team = NULL;
        assert_ok(team_create(threads, &team, error));
        some.team = team;
        assert_ok(differences_f64(&some, NULL, error));
        assert_memory_equal(all.up, some.up, bench.count * sizeof *all.up);
        assert_memory_equal(all.down, some.down, bench.count * sizeof *all.down);
        team_free(team);
    }
    for (size_t p = 0; p < bench.count; p++) {
        bench.chosen[p] = p % 3 == 1;
        some.up[p] = some.down[p] = 17;
    }
    some.team = bench.team;
    assert_ok(differences_f64(&some, NULL, error));
    for (size_t p = 0; p < bench.count; p++) {
        assert_true(some.up[p] == (bench.chosen[p] ? all.up[p] : 17));
        assert_true(some.down[p] == (bench.chosen[p] ? all.down[p] : 17));
    }
    differences_clear(&all);
    differences_clear(&some);
    bench_clear(&bench);
}

static void equal_values_are_found(void **state)
{
    (void)state;
    const double rows[2][6] = {{2, -1, 2, 0, -0.0, 7}, {NAN, 1, NAN, 1, 1, 1}};
    Classes *classes = NULL;
    assert_ok(classes_create(&rows[0][0], 2, 6, &classes, error));
    assert_int_equal(classes[0].count, 4);
    for (size_t i = 0; i < 6; i++)
        assert_true(classes[0].values[classes[0].of[i]] == rows[0][i]);
    for (size_t c = 1; c < classes[0].count; c++)
        assert_true(classes[0].values[c - 1] < classes[0].values[c]);
    for (size_t i = 0; i < 6; i++)
        assert_true(isnan(rows[1][i]) == isnan(classes[1].values[classes[1].of[i]]));
    memory_free(classes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_those_of_the_whole_loss_computed_anew),
        cmocka_unit_test(complex_steps_are_those_of_the_whole_loss_computed_anew),
        cmocka_unit_test(differences_follow_regression_targets),
        cmocka_unit_test(differences_do_not_depend_on_threads_or_choice),
        cmocka_unit_test(equal_values_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
