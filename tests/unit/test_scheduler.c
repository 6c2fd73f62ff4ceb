/* Virtual time: what is given out, and in which order results count, does not depend on the order in which real results
 * come, nor on how many are worked at at once. */
#include "spaces.h"

#include "search/scheduler.h"

#define MOST 512

/* Work that is done by nobody: jobs that were given out and not reported yet. */
typedef struct Work {
    Scheduler *scheduler;
    const Space *space;
    size_t open[MOST], open_count;
    size_t begun[MOST], ended[MOST]; /* jobs, in their order */
    size_t begun_count, ended_count;
    bool at_once; /* report before begin returns, as a resumed search does */
} Work;

/* A result that follows from the job alone: some diverge early, some stop early. */
static void result_of(const Ledger *ledger, size_t job, double cost_of_epoch, JobEnd *end, double *score, double *cost,
                      double *most)
{
    const Job *row = &ledger->jobs[job];
    const double x = ledger->points[row->trial * 2], epochs = row->to == JOB_TO_THE_END ? 9 : (double)row->to;
    *most = epochs * cost_of_epoch;
    *end = x > 0.7 ? JOB_DIVERGED : row->to < 9 ? JOB_PAUSED : JOB_FINISHED;
    *cost = x > 0.7 ? 0 : x < 0.02 ? *most / 2 : *most;
    *score = x > 0.7 ? NAN : -fabs(log(x / 0.1)) + 0.01 * epochs;
}

static void report(Work *work, size_t job)
{
    const Ledger *ledger = scheduler_ledger(work->scheduler);
    const double unit = 10 + ledger->points[ledger->jobs[job].trial * 2 + 1];
    JobEnd end = JOB_FAILED;
    double score = NAN, cost = 0, most = 0;
    result_of(ledger, job, unit, &end, &score, &cost, &most);
    scheduler_report(work->scheduler, job, end, score, cost);
}

static percept_status begin_job(void *user, const Scheduler *scheduler, size_t job, double *most, percept_error *error)
{
    Work *work = user;
    const Ledger *ledger = scheduler_ledger(scheduler);
    JobEnd end = JOB_FAILED;
    double score = NAN, cost = 0;
    (void)error;
    result_of(ledger, job, 10 + ledger->points[ledger->jobs[job].trial * 2 + 1], &end, &score, &cost, most);
    assert_true(work->begun_count < MOST);
    work->begun[work->begun_count++] = job;
    if (work->at_once)
        report(work, job);
    else
        work->open[work->open_count++] = job;
    return PERCEPT_OK;
}

static percept_status end_job(void *user, const Scheduler *scheduler, size_t job, percept_error *error)
{
    Work *work = user;
    (void)scheduler, (void)error;
    work->ended[work->ended_count++] = job;
    return PERCEPT_OK;
}

/* Does all there is, taking open jobs at random; `jobs`: of so many that end first. */
static void work_through(Work *work, const Strategy *strategy, size_t jobs, uint64_t seed, bool progress)
{
    const SchedulerHooks hooks = {begin_job, end_job, work};
    RandomStream stream;
    random_default_rng(&stream, seed);
    work->space = strategy->candidates.space;
    assert_ok(scheduler_create(strategy, 4, &hooks, &work->scheduler, error));
    assert_ok(scheduler_advance(work->scheduler, error));
    while (!scheduler_is_over(work->scheduler)) {
        assert_true(work->open_count > 0); /* there is always something to do */
        const size_t choice = (size_t)random_below(&stream, work->open_count < jobs ? work->open_count : jobs);
        const size_t job = work->open[choice];
        work->open[choice] = work->open[--work->open_count];
        if (progress && work->open_count > 0)
            scheduler_progress(work->scheduler, work->open[0], 5);
        report(work, job);
        assert_ok(scheduler_advance(work->scheduler, error));
    }
    assert_int_equal(work->open_count, 0);
}

static void assert_same_work(const Work *a, const Work *b)
{
    const Ledger *first = scheduler_ledger(a->scheduler), *second = scheduler_ledger(b->scheduler);
    assert_int_equal(first->job_count, second->job_count);
    assert_int_equal(first->trial_count, second->trial_count);
    for (size_t j = 0; j < first->job_count; j++) {
        assert_int_equal(first->jobs[j].trial, second->jobs[j].trial);
        assert_int_equal(first->jobs[j].to, second->jobs[j].to);
    }
    assert_memory_equal(first->points, second->points, first->trial_count * 2 * sizeof(double));
    assert_int_equal(a->ended_count, b->ended_count);
    assert_memory_equal(a->ended, b->ended, a->ended_count * sizeof *a->ended);
}

static void the_order_of_real_results_changes_nothing(void **state)
{
    (void)state;
    static const char *const strategies[] = {"halving", "tpe", "random"};
    for (size_t s = 0; s < 3; s++) {
        char text[512];
        snprintf(text, sizeof text,
                 "train.epochs: 9\n"
                 "search: {strategy: %s, trials: 40, halving: {reduction: 3}, tpe: {startup: 5}}\n"
                 "space: {train.learning_rate: {low: 0.01, high: 1, scale: log}, train.batch_size: [8, 16, 32]}\n",
                 strategies[s]);
        Space *space = make_space(text);
        Strategy *strategy = make_strategy(space);
        static Work first, other;
        first = (Work){.at_once = true};
        work_through(&first, strategy, 1, 0, false);
        assert_int_equal(scheduler_ledger(first.scheduler)->trial_count, 40);
        for (uint64_t seed = 0; seed < 12; seed++) {
            other = (Work){0};
            work_through(&other, strategy, 1 + seed % 6, seed, seed % 2 == 1);
            assert_same_work(&first, &other);
            scheduler_free(other.scheduler);
        }
        scheduler_free(first.scheduler);
        strategy_free(strategy);
        space_free(space);
    }
}

static void workers_are_as_many_as_are_asked_for(void **state)
{
    (void)state;
    Space *space = make_space("train.epochs: 9\nsearch: {strategy: halving, trials: 30}\n"
                              "space: {train.learning_rate: {low: 0.01, high: 1}, train.batch_size: [8, 16]}\n");
    Strategy *strategy = make_strategy(space);
    static Work work;
    work = (Work){0};
    const SchedulerHooks hooks = {begin_job, end_job, &work};
    assert_ok(scheduler_create(strategy, 3, &hooks, &work.scheduler, error));
    assert_ok(scheduler_advance(work.scheduler, error));
    assert_int_equal(work.open_count, 3);
    scheduler_free(work.scheduler);
    strategy_free(strategy);
    space_free(space);
}

static void a_decision_waits_for_what_may_end_earlier(void **state)
{
    (void)state;
    Space *space = make_space("train.epochs: 9\nsearch: {strategy: halving, trials: 9}\n"
                              "space: {train.learning_rate: {low: 0.02, high: 0.6}, train.batch_size: [8, 16]}\n");
    Strategy *strategy = make_strategy(space);
    static Work work;
    work = (Work){0};
    const SchedulerHooks hooks = {begin_job, end_job, &work};
    assert_ok(scheduler_create(strategy, 2, &hooks, &work.scheduler, error));
    assert_ok(scheduler_advance(work.scheduler, error));
    report(&work, 0); /* its end is known, but job 1 may have ended before it */
    assert_ok(scheduler_advance(work.scheduler, error));
    assert_int_equal(work.ended_count, 0);
    scheduler_progress(work.scheduler, 1, 1000); /* that cannot be any more */
    assert_ok(scheduler_advance(work.scheduler, error));
    assert_int_equal(work.ended_count, 1);
    assert_int_equal(work.begun_count, 3);
    scheduler_free(work.scheduler);
    strategy_free(strategy);
    space_free(space);
}

static void of_jobs_that_end_at_once_the_earlier_trial_s_is_first(void **state)
{
    (void)state;
    Space *space = make_space("train.epochs: 9\nsearch: {strategy: halving, trials: 9}\n"
                              "space: {train.learning_rate: {low: 0.02, high: 0.6}, train.batch_size: [8, 16]}\n");
    Strategy *strategy = make_strategy(space);
    static Work work;
    work = (Work){0};
    const SchedulerHooks hooks = {begin_job, end_job, &work};
    assert_ok(scheduler_create(strategy, 3, &hooks, &work.scheduler, error));
    assert_ok(scheduler_advance(work.scheduler, error));
    for (size_t job = 3; job-- > 0;)
        scheduler_report(work.scheduler, job, JOB_PAUSED, 0.5, 100);
    assert_ok(scheduler_advance(work.scheduler, error));
    assert_int_equal(work.ended_count, 3);
    for (size_t job = 0; job < 3; job++)
        assert_int_equal(work.ended[job], job);
    scheduler_free(work.scheduler);
    strategy_free(strategy);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_real_results_changes_nothing),
        cmocka_unit_test(workers_are_as_many_as_are_asked_for),
        cmocka_unit_test(a_decision_waits_for_what_may_end_earlier),
        cmocka_unit_test(of_jobs_that_end_at_once_the_earlier_trial_s_is_first),
    };
    return cmocka_run_group_tests_name("virtual time", tests, NULL, NULL);
}
