/* Stages in the cpu engine: every kind, alone and together, as the reference engine computes it, in every instruction set and
 * precision, in both ways of a step; and the same bits for any number of threads. */
#include "engines.h"
#include "stage_cases.h"

static Extras extras_of(const StageCase *c, double dropout)
{
    return (Extras){.dropout = dropout, .stages = c->stages, .stage_count = c->stage_count};
}

static void stages_agree_with_the_reference(void **state)
{
    (void)state;
    static const size_t counts[] = {9, 16, 33, 70}; /* of few examples batch norm loses digits */
    RandomStream stream;
    random_default_rng(&stream, 31);
    Team *team = make_team(2);
    for (size_t s = 0; s < STAGE_CASES; s++)
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            const Extras plain = extras_of(&stage_cases[s], 0), dropped = extras_of(&stage_cases[s], 0.3);
            check_shape_with(&stage_cases[s].shape, &plain, counts[i], counts[i] + i * 20, team, &stream);
            check_shape_with(&stage_cases[s].shape, &dropped, counts[i], counts[i] + 1, team, &stream);
        }
    team_free(team);
}

/* Gradients and steps with running statistics, whose loss is that of an evaluation. */
static void frozen_stages_agree_with_the_reference(void **state)
{
    (void)state;
    RandomStream stream;
    random_default_rng(&stream, 32);
    Team *team = make_team(2);
    for (size_t s = 0; s < STAGE_CASES; s++) {
        Extras extras = extras_of(&stage_cases[s], s % 3 == 0 ? 0.2 : 0);
        extras.frozen = true;
        check_shape_with(&stage_cases[s].shape, &extras, s % 2 == 0 ? 1 : 33, 40, team, &stream);
    }
    team_free(team);
}

static void threads_do_not_change_bits(void **state)
{
    (void)state;
    for (size_t s = 0; s < STAGE_CASES; s++) {
        const Extras extras = extras_of(&stage_cases[s], s % 2 == 0 ? 0.2 : 0);
        check_threads(&stage_cases[s].shape, &extras);
    }
}

/* A kind without a case would pass all of these tests. */
static void every_kind_has_a_case(void **state)
{
    (void)state;
    for (size_t k = 0; stage_kind_at(k) != NULL; k++) {
        size_t found = 0;
        for (size_t c = 0; c < STAGE_CASES; c++)
            for (size_t s = 0; s < stage_cases[c].stage_count; s++)
                found += strcmp(stage_cases[c].stages[s].kind, stage_kind_at(k)->name) == 0;
        if (found == 0)
            fail_msg("tests/unit/stage_cases.h has no network with the kind %s", stage_kind_at(k)->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_case),
        cmocka_unit_test(stages_agree_with_the_reference),
        cmocka_unit_test(frozen_stages_agree_with_the_reference),
        cmocka_unit_test(threads_do_not_change_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
