/* Strategies against histories made by hand: a grid has every combination once, halving promotes whom it should, TPE finds
 * what is good sooner than chance; and the Parzen estimators are densities. */
#include "spaces.h"

#include "search/parzen.h"

#define MOST 512

/* A history that a test writes. */
typedef struct History {
    const Strategy *strategy;
    Job jobs[MOST];
    double points[MOST * 5];
    Ledger ledger;
} History;

static void begin(History *history, const Strategy *strategy)
{
    *history = (History){.strategy = strategy};
    history->ledger.jobs = history->jobs;
    history->ledger.points = history->points;
}

/* Asks for the next job and puts it into the history. */
static StrategyAnswer ask(History *history)
{
    StrategyAnswer answer = STRATEGY_OVER;
    Ledger *ledger = &history->ledger;
    const size_t dimensions = history->strategy->candidates.space->count;
    Job *job = &history->jobs[ledger->job_count];
    assert_true(ledger->job_count < MOST && dimensions <= 5);
    assert_ok(strategy_next(history->strategy, ledger, job, history->points + ledger->trial_count * dimensions, &answer,
                            error));
    if (answer != STRATEGY_JOB)
        return answer;
    for (size_t j = 0; j < ledger->job_count; j++)
        history->jobs[j].continued = history->jobs[j].continued || history->jobs[j].trial == job->trial;
    ledger->trial_count += job->trial == ledger->trial_count;
    ledger->job_count++;
    return answer;
}

/* The last job of a trial ends. */
static void end(History *history, size_t trial, JobEnd how, double score)
{
    for (size_t j = history->ledger.job_count; j-- > 0;)
        if (history->jobs[j].trial == trial) {
            history->jobs[j].ended = true;
            history->jobs[j].end = how;
            history->jobs[j].score = score;
            return;
        }
    fail();
}

/* The next job is this. */
static void assert_next(History *history, size_t trial, size_t rung, size_t to)
{
    assert_int_equal(ask(history), STRATEGY_JOB);
    const Job *job = &history->jobs[history->ledger.job_count - 1];
    assert_int_equal(job->trial, trial);
    assert_int_equal(job->rung, rung);
    assert_int_equal(job->to, to);
}

/* ---- Grid and random --------------------------------------------------------------------------------------------- */

/* In a value, or in whether it is there. */
static bool differ(const double *a, const double *b, size_t count)
{
    for (size_t d = 0; d < count; d++)
        if (isnan(a[d]) != isnan(b[d]) || a[d] < b[d] || a[d] > b[d])
            return true;
    return false;
}

static void a_grid_has_every_combination_once(void **state)
{
    (void)state;
    Space *space = make_space("search: {strategy: grid}\n"
                              "space:\n"
                              "  train.batch_size: [8, 16, 32]\n"
                              "  model.hidden: {depth: [0, 2], width: [4, 5]}\n");
    Strategy *strategy = make_strategy(space);
    History history;
    begin(&history, strategy);
    assert_int_equal(strategy->trials, 3 * (1 + 2 * 2)); /* without hidden layers no widths */
    while (ask(&history) == STRATEGY_JOB) {
        const size_t last = history.ledger.trial_count - 1;
        for (size_t t = 0; t < last; t++)
            assert_true(differ(history.points + 4 * t, history.points + 4 * last, 4));
    }
    assert_int_equal(history.ledger.trial_count, strategy->trials);
    strategy_free(strategy);
    space_free(space);
}

static void a_grid_refuses_ranges_without_steps(void **state)
{
    (void)state;
    Space *space = make_space("search: {strategy: grid}\nspace: {train.learning_rate: {low: 0.1, high: 1}}\n");
    const Candidates candidates = {.space = space};
    Strategy *strategy = NULL;
    assert_refused(strategy_create(&candidates, &strategy, error), PERCEPT_ERROR_ARGUMENT, "steps: N");
    space_free(space);
}

static percept_status refuse_all(void *user, const double *point, const char **condition, percept_error *error)
{
    (void)user, (void)point, (void)error;
    *condition = "train.momentum > 5";
    return PERCEPT_OK;
}

/* Combinations are counted before conditions are asked: one that takes microseconds would take an hour for all of these. */
static void a_grid_too_large_is_refused_at_once_whatever_its_conditions(void **state)
{
    (void)state;
    static const struct {
        bool refuse;
        const char *steps, *message;
    } cases[] = {
        {true, "1000",
         "none of the 10000 combinations that were drawn meets the conditions; most fail 'train.momentum > 5'"},
        {true, "50",
         "none of the 10000 combinations that were drawn meets the conditions; most fail 'train.momentum > 5'"},
        {false, "1000", "more than 1000000 combinations"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "search: {strategy: grid}\nspace:\n"
                 "  train.learning_rate: {low: 0.1, high: 1, steps: %s}\n"
                 "  train.momentum: {low: 0.1, high: 0.9, steps: %s}\n"
                 "  model.dropout: {low: 0.1, high: 0.9, steps: %s}\n",
                 cases[i].steps, cases[i].steps, cases[i].steps);
        Space *space = make_space(text);
        const Candidates candidates = {.space = space, .refuses = cases[i].refuse ? refuse_all : NULL};
        Strategy *strategy = NULL;
        assert_refused(strategy_create(&candidates, &strategy, error), PERCEPT_ERROR_ARGUMENT, cases[i].message);
        space_free(space);
    }
}

static void a_space_without_an_allowed_point_is_refused(void **state)
{
    (void)state;
    static const char *const strategies[] = {"random", "halving", "tpe"};
    for (size_t s = 0; s < 3; s++) {
        char text[256];
        snprintf(text, sizeof text, "search: {strategy: %s}\nspace: {train.batch_size: [8, 16]}\n", strategies[s]);
        Space *space = make_space(text);
        const Candidates candidates = {.space = space, .refuses = refuse_all};
        Strategy *strategy = NULL;
        Job job;
        double point[4];
        StrategyAnswer answer = STRATEGY_OVER;
        const Ledger none = {0};
        assert_ok(strategy_create(&candidates, &strategy, error));
        assert_refused(strategy_next(strategy, &none, &job, point, &answer, error), PERCEPT_ERROR_ARGUMENT,
                       "meets the conditions; most fail 'train.momentum > 5'");
        strategy_free(strategy);
        space_free(space);
    }
}

static void a_small_space_is_not_tried_twice(void **state)
{
    (void)state;
    Space *space = make_space("search: {strategy: random, trials: 50}\n"
                              "space: {train.batch_size: [8, 16, 32], train.optimizer: [sgd, adam]}\n");
    Strategy *strategy = make_strategy(space);
    History history;
    begin(&history, strategy);
    while (ask(&history) == STRATEGY_JOB) {
    }
    assert_int_equal(history.ledger.trial_count, 6);
    strategy_free(strategy);
    space_free(space);
}

/* ---- Halving ----------------------------------------------------------------------------------------------------- */

#define HALVING                                                                                                        \
    "train.epochs: 9\n"                                                                                                \
    "search: {strategy: halving, trials: 6, halving: {least_epochs: 1, reduction: 3}}\n"                               \
    "space: {train.learning_rate: {low: 0.01, high: 1, scale: log}}\n"

/* Each rung has so many times the epochs of the one before, the last one what the recipe has. */
static void the_last_rung_has_all_epochs(void **state)
{
    (void)state;
    static const size_t expected[] = {2, 6, 18, 20};
    Space *space = make_space("train.epochs: 20\n"
                              "search: {strategy: halving, trials: 6, halving: {least_epochs: 2, reduction: 3}}\n"
                              "space: {train.learning_rate: {low: 0.01, high: 1, scale: log}}\n");
    Strategy *strategy = make_strategy(space);
    assert_int_equal(strategy->rungs, 4);
    assert_memory_equal(strategy->epochs, expected, sizeof expected);
    strategy_free(strategy);
    space_free(space);
}

static void halving_promotes_the_best_in_three(void **state)
{
    (void)state;
    Space *space = make_space(HALVING);
    Strategy *strategy = make_strategy(space);
    History history;
    begin(&history, strategy);
    assert_int_equal(strategy->rungs, 3); /* 1, 3, 9 */
    for (size_t t = 0; t < 3; t++)
        assert_next(&history, t, 0, 1);
    end(&history, 0, JOB_PAUSED, 0.5);
    end(&history, 1, JOB_PAUSED, 0.7);
    assert_next(&history, 3, 0, 1); /* of two none is the best third */
    end(&history, 2, JOB_PAUSED, 0.6);
    assert_next(&history, 1, 1, 3);
    assert_next(&history, 4, 0, 1); /* 1 was promoted, and two of four would be too many */
    end(&history, 3, JOB_DIVERGED, NAN);
    end(&history, 4, JOB_PAUSED, 0.9);
    end(&history, 1, JOB_PAUSED, 0.75);
    assert_next(&history, 4, 1, 3); /* the best of five now */
    assert_next(&history, 5, 0, 1);
    assert_int_equal(ask(&history), STRATEGY_WAIT);
    end(&history, 5, JOB_PAUSED, 0.1);
    assert_int_equal(ask(&history), STRATEGY_WAIT); /* of six two were promoted: 1 and 4 */
    end(&history, 4, JOB_PAUSED, 0.8);
    assert_next(&history, 4, 2, 9); /* all is quiet and nobody has all epochs: the best of the highest rung */
    assert_int_equal(ask(&history), STRATEGY_WAIT);
    end(&history, 4, JOB_FINISHED, 0.85);
    assert_int_equal(ask(&history), STRATEGY_OVER);
    strategy_free(strategy);
    space_free(space);
}

static void late_halving_begins_all_trials_before_it_chooses(void **state)
{
    (void)state;
    Space *space = make_space("train.epochs: 9\n"
                              "search: {strategy: halving, trials: 6, halving: {reduction: 3, promote: late}}\n"
                              "space: {train.learning_rate: {low: 0.01, high: 1, scale: log}}\n");
    Strategy *strategy = make_strategy(space);
    History history;
    begin(&history, strategy);
    for (size_t t = 0; t < 6; t++) {
        assert_next(&history, t, 0, 1);
        end(&history, t, JOB_PAUSED,
            0.5 + 0.1 * (double)(t % 4)); /* the best of the first four is 3, of all 3, then 2 */
    }
    assert_next(&history, 3, 1, 3);
    assert_next(&history, 2, 1, 3);
    assert_int_equal(ask(&history), STRATEGY_WAIT);
    end(&history, 3, JOB_PAUSED, 0.7);
    end(&history, 2, JOB_PAUSED, 0.8);
    assert_next(&history, 2, 2, 9);
    end(&history, 2, JOB_FINISHED, 0.9);
    assert_int_equal(ask(&history), STRATEGY_OVER);
    strategy_free(strategy);
    space_free(space);
}

static void halving_takes_the_next_best_where_the_best_is_lost(void **state)
{
    (void)state;
    Space *space = make_space("train.epochs: 3\nsearch: {strategy: halving, trials: 2, halving: {reduction: 3}}\n"
                              "space: {train.learning_rate: {low: 0.01, high: 1}}\n");
    Strategy *strategy = make_strategy(space);
    History history;
    begin(&history, strategy);
    assert_next(&history, 0, 0, 1);
    assert_next(&history, 1, 0, 1);
    end(&history, 0, JOB_PAUSED, 0.5);
    end(&history, 1, JOB_PAUSED, 0.6);
    assert_next(&history, 1, 1, 3);
    end(&history, 1, JOB_DIVERGED, NAN);
    assert_next(&history, 0, 1, 3);
    end(&history, 0, JOB_FINISHED, 0.7);
    assert_int_equal(ask(&history), STRATEGY_OVER);
    strategy_free(strategy);
    space_free(space);
}

static void halving_ends_where_all_are_lost(void **state)
{
    (void)state;
    Space *space = make_space(HALVING);
    Strategy *strategy = make_strategy(space);
    History history;
    begin(&history, strategy);
    while (ask(&history) == STRATEGY_JOB)
        end(&history, history.ledger.trial_count - 1, JOB_DIVERGED, NAN);
    assert_int_equal(history.ledger.job_count, 6);
    assert_int_equal(ask(&history), STRATEGY_OVER);
    strategy_free(strategy);
    space_free(space);
}

static void halving_refuses_what_makes_no_rungs(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "train.epochs: 4\nsearch: {strategy: halving, halving: {least_epochs: 4}}\nspace: {train.batch_size: [8, 9]}\n",
        "search: {strategy: halving}\nspace: {train.epochs: [8, 9]}\n",
    };
    static const char *const messages[] = {"must be below train.epochs", "leave train.epochs out"};
    for (size_t i = 0; i < 2; i++) {
        Space *space = make_space(texts[i]);
        const Candidates candidates = {.space = space};
        Strategy *strategy = NULL;
        assert_refused(strategy_create(&candidates, &strategy, error), PERCEPT_ERROR_ARGUMENT, messages[i]);
        space_free(space);
    }
}

/* ---- TPE --------------------------------------------------------------------------------------------------------- */

/* A valley with its bottom at a learning rate of 0.03 and a batch of 32, and another optimizer that is worse throughout. */
static double valley(const Space *space, const double *point)
{
    const double rate = log10(point[0] / 0.03), batch = log2(point[1] / 32);
    (void)space;
    return -(rate * rate + 0.1 * batch * batch + (point[2] > 0 ? 0.5 : 0));
}

/* The best score after all trials of a search with this seed. */
static double best_of(const char *strategy_name, unsigned seed)
{
    char text[512];
    snprintf(text, sizeof text,
             "search: {strategy: %s, trials: 60, seed: %u}\n"
             "space:\n"
             "  train.learning_rate: {low: 0.0001, high: 10, scale: log}\n"
             "  train.batch_size: {low: 1, high: 1024, scale: log}\n"
             "  train.optimizer: [sgd, adam]\n",
             strategy_name, seed);
    Space *space = make_space(text);
    Strategy *strategy = make_strategy(space);
    History history;
    double best = -INFINITY;
    begin(&history, strategy);
    while (ask(&history) == STRATEGY_JOB) {
        const size_t last = history.ledger.trial_count - 1;
        const double score = valley(space, history.points + 3 * last);
        best = fmax(best, score);
        end(&history, last, last % 7 == 3 ? JOB_DIVERGED : JOB_FINISHED, last % 7 == 3 ? NAN : score);
    }
    assert_int_equal(history.ledger.trial_count, 60);
    strategy_free(strategy);
    space_free(space);
    return best;
}

static void tpe_finds_the_valley_sooner_than_chance(void **state)
{
    (void)state;
    size_t wins = 0;
    double logs = 0;
    for (unsigned seed = 0; seed < 20; seed++) {
        const double found = best_of("tpe", seed), chance = best_of("random", seed);
        wins += found > chance;
        logs += log(found / chance) / 20;
    }
    /* by the sign test 15 of 20 come by chance once in fifty; a tenth of the height is what was measured */
    if (wins < 14 || !(exp(logs) < 0.3))
        fail_msg("better for %zu of 20 seeds; height above the bottom %g of chance's", wins, exp(logs));
}

static void parzen_estimators_are_densities(void **state)
{
    (void)state;
    static const char *const choices[] = {"a", "b", "c"};
    const Dimension range = {.low = 0.01, .high = 10, .logarithmic = true};
    const Dimension whole = {.low = 1, .high = 40, .integer = true, .logarithmic = true};
    const Dimension list = {.choices = (char **)choices, .choice_count = 3};
    const double values[] = {0.02, 0.5, 0.5, 10}, counts[] = {1, 40, 7}, places[] = {2, 2, 0};
    Parzen parzen = {0};
    double sum = 0;

    assert_ok(parzen_create(&range, values, 4, &parzen, error));
    const double low = log(range.low), step = (log(range.high) - low) / 20000;
    for (size_t i = 0; i < 20000; i++)
        sum += step * exp(parzen_log_density(&parzen, exp(low + ((double)i + 0.5) * step)));
    assert_close(sum, 1, 1e-6); /* the midpoint rule, of a smooth function */
    parzen_clear(&parzen);

    assert_ok(parzen_create(&whole, counts, 3, &parzen, error));
    sum = 0;
    for (size_t i = 1; i <= 40; i++)
        sum += exp(parzen_log_density(&parzen, (double)i));
    assert_close(sum, 1, 1e-12);
    parzen_clear(&parzen);

    assert_ok(parzen_create(&list, places, 3, &parzen, error));
    assert_close(exp(parzen_log_density(&parzen, 0)), 2.0 / 6, 1e-15); /* (1 + count) / (3 + 3) */
    assert_close(exp(parzen_log_density(&parzen, 1)), 1.0 / 6, 1e-15);
    assert_close(exp(parzen_log_density(&parzen, 2)), 3.0 / 6, 1e-15);
    parzen_clear(&parzen);
}

/* A density, or a probability, that was worked out by hand. */
typedef struct Place {
    double value, density;
} Place;

static void expect_densities(const Dimension *dimension, const double *values, size_t count, const Place *places,
                             size_t place_count)
{
    Parzen parzen = {0};
    assert_ok(parzen_create(dimension, values, count, &parzen, error));
    for (size_t i = 0; i < place_count; i++)
        assert_close(exp(parzen_log_density(&parzen, places[i].value)), places[i].density, 1e-13);
    parzen_clear(&parzen);
}

/* Each normal is (center, width), the prior's in the middle of the range and as wide as the range; places are from the
 * mixture's formula, in Python. */
static void parzen_widths_reach_to_the_farther_neighbour(void **state)
{
    (void)state;
    /* (1, 10/6 for 1), (2, 3), prior (5, 10), (6, 10/6 for 1), (6.5, 2.5), (9, 2.5): none is narrower than 10/6 */
    const Dimension range = {.low = 0, .high = 10};
    expect_densities(
        &range, (const double[]){6.5, 1, 9, 2, 6}, 5,
        (const Place[]){
            {0, 0.08621629672289884}, {2, 0.1011355749348735}, {5.5, 0.11440593523027774}, {10, 0.0668152205612653}},
        4);
    /* of the logarithms: (ln 0.02, ln 50), prior (0, ln 10000), (ln 30, ln 30) */
    const Dimension logarithmic = {.low = 0.01, .high = 100, .logarithmic = true};
    expect_densities(&logarithmic, (const double[]){30, 0.02}, 2,
                     (const Place[]){{0.01, 0.0973979575874016}, {0.1, 0.10799741879210663}, {3, 0.11380423489461629}},
                     3);
    /* from 0.5 to 8.5: (1, 3.5), prior (4.5, 8), (7, 8/3 for 2.5); the probability of what is rounded to a number */
    const Dimension whole = {.low = 1, .high = 8, .integer = true};
    expect_densities(&whole, (const double[]){7, 1}, 2,
                     (const Place[]){{1, 0.11520868179320613}, {4, 0.12950150120753204}, {8, 0.11456759771270657}}, 3);
}

/* 150 equal values: the outer two reach to the range's end and to the prior, the others are a hundredth of the range. */
static void parzen_widths_have_a_least_one(void **state)
{
    (void)state;
    const Dimension range = {.low = 0, .high = 10};
    double values[150];
    for (size_t i = 0; i < 150; i++)
        values[i] = 2;
    expect_densities(&range, values, 150, (const Place[]){{2, 3.9135767138662545}, {2.15, 1.2728549606742592}}, 2);
}

/* Trials with these optimizers (places in a list of three), each worse by `step` than the one before, and learning rates
 * that do not matter; the optimizer that TPE then takes. */
static size_t optimizer_after(double step, const size_t *optimizers, size_t count)
{
    Space *space =
        make_space("search: {strategy: tpe, tpe: {startup: 4, gamma: 0.25, candidates: 200}}\n"
                   "space: {train.optimizer: [sgd, adam, rmsprop], train.learning_rate: {low: 0.01, high: 1}}\n");
    Strategy *strategy = make_strategy(space);
    History history;
    begin(&history, strategy);
    for (size_t t = 0; t < count; t++) {
        history.points[2 * t] = (double)optimizers[t];
        history.points[2 * t + 1] = 0.5;
        history.jobs[t] = (Job){.trial = t, .ended = true, .end = JOB_FINISHED, .score = -step * (double)t};
    }
    history.ledger.job_count = history.ledger.trial_count = count;
    assert_int_equal(ask(&history), STRATEGY_JOB);
    const size_t taken = (size_t)history.points[2 * count];
    strategy_free(strategy);
    space_free(space);
    return taken;
}

/* From the fourth result on, (1 + count) / (3 + all) of the good over the same of the others is largest for the optimizer that is taken; one more or
 * one less that counts as good would give another. All three are among 200 draws. */
static void the_good_trials_are_rounded_up(void **state)
{
    (void)state;
    /* 1.25 trials are two: 2/5 : 3/6, 2/5 : 1/6, 1/5 : 2/6; one would be 2/4 : 3/7, 1/4 : 2/7, 1/4 : 2/7 */
    assert_int_equal(optimizer_after(1, (const size_t[]){0, 1, 0, 0, 2}, 5), 1);
    /* one of four is one: 2/4 : 2/6, 1/4 : 2/6, 1/4 : 2/6; two would be 2/5 : 2/5, 2/5 : 1/5, 1/5 : 2/5 */
    assert_int_equal(optimizer_after(1, (const size_t[]){0, 1, 2, 0}, 4), 0);
    /* of equals the earlier are the good ones; the last two would be 2/5 : 3/6, 1/5 : 2/6, 2/5 : 1/6 */
    assert_int_equal(optimizer_after(0, (const size_t[]){0, 1, 0, 0, 2}, 5), 1);
}

/* ---- Around a recipe --------------------------------------------------------------------------------------------- */

static const char *const around_space = "search: {strategy: around, trials: 40, around: {startup: 3, change: 0.3}}\n"
                                        "space:\n"
                                        "  train.batch_size: [8, 16, 32, 64, 128]\n"
                                        "  train.learning_rate: {low: 0.001, high: 0.1, scale: log}\n"
                                        "  model.hidden: {depth: [1, 2], width: {low: 2, high: 90}}\n";

/* The first trials leave every key to the recipe; later ones change one of the best quarter, and a width is there where its
 * layer is. Larger batches are better here, so later trials have them. */
static void trials_around_a_recipe_begin_with_it_and_change_the_best(void **state)
{
    (void)state;
    Space *space = make_space(around_space);
    Strategy *strategy = make_strategy(space);
    History history, again;
    const size_t count = space->count;
    double sums[2] = {0};
    assert_int_equal(count, 5);
    begin(&history, strategy);
    begin(&again, strategy);
    for (size_t t = 0; t < 40; t++) {
        const double *point = history.points + t * count;
        assert_next(&history, t, 0, JOB_TO_THE_END);
        assert_int_equal(ask(&again), STRATEGY_JOB);
        assert_false(differ(point, again.points + t * count, count));
        if (t < 3)
            for (size_t d = 0; d < count; d++)
                assert_true(isnan(point[d]));
        for (size_t l = 1; l <= 2; l++)
            assert_true(isnan(point[2 + l]) == (isnan(point[2]) || point[2] + 1 < (double)l));
        for (size_t other = 0; t >= 3 && other < t; other++)
            assert_true(differ(point, history.points + other * count, count));
        const double score = isnan(point[0]) ? 0 : point[0];
        sums[t < 20] += score;
        end(&history, t, JOB_FINISHED, score);
        end(&again, t, JOB_FINISHED, score);
    }
    assert_int_equal(ask(&history), STRATEGY_OVER);
    assert_true(sums[0] > sums[1]);
    strategy_free(strategy);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grid_has_every_combination_once),
        cmocka_unit_test(a_grid_refuses_ranges_without_steps),
        cmocka_unit_test(a_grid_too_large_is_refused_at_once_whatever_its_conditions),
        cmocka_unit_test(a_space_without_an_allowed_point_is_refused),
        cmocka_unit_test(a_small_space_is_not_tried_twice),
        cmocka_unit_test(the_last_rung_has_all_epochs),
        cmocka_unit_test(halving_promotes_the_best_in_three),
        cmocka_unit_test(late_halving_begins_all_trials_before_it_chooses),
        cmocka_unit_test(halving_takes_the_next_best_where_the_best_is_lost),
        cmocka_unit_test(halving_ends_where_all_are_lost),
        cmocka_unit_test(halving_refuses_what_makes_no_rungs),
        cmocka_unit_test(tpe_finds_the_valley_sooner_than_chance),
        cmocka_unit_test(parzen_estimators_are_densities),
        cmocka_unit_test(parzen_widths_reach_to_the_farther_neighbour),
        cmocka_unit_test(parzen_widths_have_a_least_one),
        cmocka_unit_test(the_good_trials_are_rounded_up),
        cmocka_unit_test(trials_around_a_recipe_begin_with_it_and_change_the_best),
    };
    return cmocka_run_group_tests_name("strategies", tests, NULL, NULL);
}
