/* Batches cut into blocks: the gradient is that of the whole batch but for rounding, and its bits do not depend on how many
 * ranks and threads share the blocks. The ranks are threads of this process, connected by memory. */
#include "unit.h"

#include <pthread.h>
#include <string.h>

#include "engine/block_tree.h"
#include "engine/blocks.h"
#include "engine/kinds.h"
#include "nn/members.h"
#include "stage_cases.h"

enum { EXAMPLES = 37, LAST = 5, STEPS = 3, MOST_RANKS = 9 };

/* ---- The tree ------------------------------------------------------------------------------------------------------ */

static size_t check_node(BlockNode node, BlockNode range, const BlockNode *nodes, size_t next)
{
    if (node.begin >= range.begin && node.end <= range.end) {
        assert_int_equal(nodes[next].begin, node.begin);
        assert_int_equal(nodes[next].end, node.end);
        return next + 1;
    }
    if (node.end <= range.begin || node.begin >= range.end)
        return next;
    const size_t split = block_tree_split(node);
    assert_true(split > node.begin && split < node.end);
    next = check_node((BlockNode){node.begin, split}, range, nodes, next);
    return check_node((BlockNode){split, node.end}, range, nodes, next);
}

static void shares_are_the_largest_nodes_of_the_tree(void **state)
{
    (void)state;
    for (size_t blocks = 1; blocks < 70; blocks++)
        for (size_t ranks = 1; ranks < 75; ranks++) {
            size_t covered = 0;
            for (size_t rank = 0; rank < ranks; rank++) {
                BlockNode nodes[BLOCK_TREE_NODES];
                const BlockNode share = block_tree_share(blocks, ranks, rank);
                assert_int_equal(share.begin, covered);
                covered = share.end;
                const size_t count = block_tree_nodes(blocks, share, nodes);
                assert_true(count <= BLOCK_TREE_NODES);
                assert_int_equal(check_node((BlockNode){0, blocks}, share, nodes, 0), count);
            }
            assert_int_equal(covered, blocks);
        }
}

static void no_share_has_more_nodes_than_there_is_room_for(void **state)
{
    (void)state;
    BlockNode nodes[BLOCK_TREE_NODES];
    const BlockNode worst = {1, BLOCK_TREE_MOST - 1};
    assert_true(block_tree_nodes(BLOCK_TREE_MOST, worst, nodes) <= BLOCK_TREE_NODES);
    assert_int_equal(block_tree_levels((BlockNode){0, 1}), 1);
    assert_int_equal(block_tree_levels((BlockNode){3, 8}), 4);
}

/* ---- Ranks in one process ------------------------------------------------------------------------------------------ */

/* Where ranks meet; each leaves there what it sends. */
typedef struct Meeting {
    pthread_barrier_t barrier;
    const RankMemory *out[MOST_RANKS];
    size_t count;
} Meeting;

/* What all ranks are to do, and one of them. */
typedef struct Work {
    const char *engine;
    percept_type precision;
    const Network *network;
    const percept_dataset *data;
    size_t blocks, threads;
    bool plain;
} Work;

typedef struct Rank {
    const Work *work;
    Meeting *meeting;
    size_t number;
    bool failed; /* what fails in a thread is checked behind it */
    void *parameters, *gradient;
    EngineSums sums[STEPS + 1];
} Rank;

static void meet(void *state, const RankMemory *out, const RankMemory *in)
{
    Rank *rank = state;
    Meeting *meeting = rank->meeting;
    meeting->out[rank->number] = out;
    pthread_barrier_wait(&meeting->barrier);
    for (size_t r = 0; r < meeting->count; r++) {
        const RankMemory *sent = &meeting->out[r][rank->number];
        if (r == rank->number)
            continue;
        rank->failed = rank->failed || sent->size != in[r].size;
        if (!rank->failed && in[r].size > 0)
            memcpy(in[r].bytes, sent->bytes, in[r].size);
    }
    pthread_barrier_wait(&meeting->barrier);
}

/* p ← p - 0.05 g */
static void descend_f64(void *state, size_t first, size_t end, void *parameters, const void *gradient)
{
    (void)state;
    for (size_t p = first; p < end; p++)
        ((double *)parameters)[p] -= 0.05 * ((const double *)gradient)[p];
}

static void descend_f32(void *state, size_t first, size_t end, void *parameters, const void *gradient)
{
    (void)state;
    for (size_t p = first; p < end; p++)
        ((float *)parameters)[p] -= 0.05F * ((const float *)gradient)[p];
}

/* Some steps, the last one of few examples, then a gradient. */
static void take_steps(Rank *rank, Engine *engine)
{
    const Work *work = rank->work;
    const bool narrow = work->precision == PERCEPT_FLOAT32;
    const EngineUpdate update = {0.05, 0.01, work->plain ? NULL : narrow ? descend_f32 : descend_f64, NULL};
    for (int step = 0; step < STEPS; step++) {
        const Batch batch = {.data = work->data, .first = 1, .count = step + 1 < STEPS ? EXAMPLES : LAST};
        engine_step(engine, rank->parameters, &batch, &update, &rank->sums[step]);
    }
    const Batch batch = {.data = work->data, .count = EXAMPLES};
    engine_gradient(engine, rank->parameters, &batch, rank->gradient, NULL, &rank->sums[STEPS]);
}

static void *run_rank(void *context)
{
    Rank *rank = context;
    const Work *work = rank->work;
    const Ranks ranks = {rank->meeting->count, rank->number, meet, rank};
    const BlocksOptions options = {work->blocks, rank->meeting->count > 1 ? &ranks : NULL};
    RandomStream dropout;
    Team *team = NULL;
    Engine *engine = NULL;
    random_default_rng(&dropout, 6);
    rank->failed = team_create(work->threads, &team, NULL) != PERCEPT_OK;
    const EngineConfig config = {.network = work->network,
                                 .precision = work->precision,
                                 .batch_capacity = EXAMPLES,
                                 .training = true,
                                 .team = team,
                                 .dropout = &dropout};
    const EngineKind *kind = engine_kind_find(work->engine);
    rank->failed = rank->failed ||
                   (work->blocks == SIZE_MAX ? engine_create(kind, &config, &engine, NULL)
                                             : blocks_create(kind, &config, &options, &engine, NULL)) != PERCEPT_OK;
    if (!rank->failed)
        take_steps(rank, engine);
    engine_free(engine);
    team_free(team);
    return NULL;
}

/* All ranks; returns the first one's result, whose vectors are released with memory_free. All have the same. */
static Rank run_ranks(const Work *work, size_t count, const double *parameters)
{
    Meeting meeting = {.count = count};
    Rank ranks[MOST_RANKS] = {{.number = 0}};
    pthread_t threads[MOST_RANKS];
    const size_t values = work->network->value_count;
    const size_t real_size = work->precision == PERCEPT_FLOAT32 ? sizeof(float) : sizeof(double);
    const size_t bytes = values * real_size;
    assert_int_equal(pthread_barrier_init(&meeting.barrier, NULL, (unsigned)count), 0);
    for (size_t r = 0; r < count; r++) {
        ranks[r] = (Rank){.work = work, .meeting = &meeting, .number = r};
        assert_ok(memory_allocate_zeroed(bytes, 1, "parameters", &ranks[r].parameters, error));
        assert_ok(memory_allocate_zeroed(bytes, 1, "the gradient", &ranks[r].gradient, error));
        for (size_t p = 0; p < values; p++)
            if (work->precision == PERCEPT_FLOAT32)
                ((float *)ranks[r].parameters)[p] = (float)parameters[p];
            else
                ((double *)ranks[r].parameters)[p] = parameters[p];
    }
    for (size_t r = 0; r < count; r++)
        assert_int_equal(pthread_create(&threads[r], NULL, run_rank, &ranks[r]), 0);
    for (size_t r = 0; r < count; r++)
        pthread_join(threads[r], NULL);
    for (size_t r = 0; r < count; r++) {
        assert_false(ranks[r].failed);
        assert_memory_equal(ranks[r].parameters, ranks[0].parameters, bytes);
        assert_memory_equal(ranks[r].gradient, ranks[0].gradient, work->network->parameter_count * real_size);
        assert_memory_equal(ranks[r].sums, ranks[0].sums, sizeof ranks[0].sums);
    }
    for (size_t r = 1; r < count; r++) {
        memory_free(ranks[r].parameters);
        memory_free(ranks[r].gradient);
    }
    pthread_barrier_destroy(&meeting.barrier);
    return ranks[0];
}

static void release(Rank *rank)
{
    memory_free(rank->parameters);
    memory_free(rank->gradient);
}

/* ---- Networks of all kinds ------------------------------------------------------------------------------------------ */

static bool can_be_cut(const StageCase *c)
{
    for (size_t s = 0; s < c->stage_count; s++)
        if (strcmp(c->stages[s].kind, "batch-norm") == 0)
            return false;
    return true;
}

typedef void CaseCheck(const Work *work, const double *parameters);

/* Calls the check for each case that has no batch norm, with dropout and weights, with and without members. */
static void each_case(CaseCheck *check, const char *engine, percept_type precision)
{
    for (size_t s = 0; s < STAGE_CASES; s++) {
        const StageCase *c = &stage_cases[s];
        if (!can_be_cut(c))
            continue;
        const Extras extras = {.dropout = 0.2,
                               .stages = c->stages,
                               .stage_count = c->stage_count,
                               .members = 1 + s % 2,
                               .weights = s % 3 == 0,
                               .targets = strcmp(c->shape.output, "identity") == 0};
        RandomStream stream;
        random_default_rng(&stream, 3 + s);
        Network network = make_network_with(&c->shape, &extras);
        double *parameters = make_parameters(&network, &stream);
        for (size_t m = 1; m < network.members; m++)
            network_copy_member(&network, parameters, 0, &network, parameters, m, sizeof *parameters);
        percept_dataset *data = make_data(&network, EXAMPLES + 1, &stream);
        add_extras(data, &network, &extras, &stream);
        for (int plain = 0; plain < 2; plain++)
            check(&(Work){.engine = engine,
                          .precision = precision,
                          .network = &network,
                          .data = data,
                          .blocks = 5,
                          .threads = 1,
                          .plain = plain == 1},
                  parameters);
        percept_dataset_free(data);
        memory_free(parameters);
        network_clear(&network);
    }
}

static void check_whole(const Work *work, const double *parameters)
{
    Work whole = *work;
    whole.blocks = SIZE_MAX;
    Rank cut = run_ranks(work, 1, parameters), uncut = run_ranks(&whole, 1, parameters);
    for (size_t p = 0; p < work->network->parameter_count; p++) {
        assert_close(((double *)cut.parameters)[p], ((double *)uncut.parameters)[p], 1e-12);
        assert_close(((double *)cut.gradient)[p], ((double *)uncut.gradient)[p], 1e-12);
    }
    for (int step = 0; step <= STEPS; step++) {
        assert_int_equal(cut.sums[step].count, uncut.sums[step].count);
        if (work->network->members == 1) /* of several it is a rounded mean, block by block */
            assert_int_equal(cut.sums[step].correct, uncut.sums[step].correct);
        assert_close(cut.sums[step].weight, uncut.sums[step].weight, 1e-14);
        assert_close(cut.sums[step].loss, uncut.sums[step].loss, 1e-12);
        assert_close(cut.sums[step].penalty, uncut.sums[step].penalty, 1e-12);
    }
    release(&cut);
    release(&uncut);
}

static void the_sum_over_blocks_is_the_gradient_of_the_batch(void **state)
{
    (void)state;
    each_case(check_whole, "reference", PERCEPT_FLOAT64);
    each_case(check_whole, "cpu", PERCEPT_FLOAT64);
}

static void check_same(const Work *work, const Rank *one, size_t ranks, size_t threads, const double *parameters)
{
    Work shared = *work;
    shared.threads = threads;
    Rank many = run_ranks(&shared, ranks, parameters);
    const size_t size = work->precision == PERCEPT_FLOAT32 ? sizeof(float) : sizeof(double);
    assert_memory_equal(many.parameters, one->parameters, work->network->value_count * size);
    assert_memory_equal(many.gradient, one->gradient, work->network->parameter_count * size);
    assert_memory_equal(many.sums, one->sums, sizeof many.sums);
    release(&many);
}

static void check_ranks(const Work *work, const double *parameters)
{
    Rank one = run_ranks(work, 1, parameters);
    const size_t most = RUNNING_ON_VALGRIND ? 3 : MOST_RANKS; /* which runs one thread at a time */
    for (size_t ranks = 2; ranks <= most; ranks += ranks < 3 ? 1 : 2)
        check_same(work, &one, ranks, 1, parameters);
    release(&one);
}

static void ranks_do_not_change_bits(void **state)
{
    (void)state;
    each_case(check_ranks, "reference", PERCEPT_FLOAT64);
    each_case(check_ranks, "cpu", PERCEPT_FLOAT32);
}

/* Large enough for threads to share sums and updates, and for the fast way of large networks. */
static void threads_and_ranks_do_not_change_bits_of_large_networks(void **state)
{
    (void)state;
    static const Shape shape = {{150, 260, 40, 10}, 4, "relu", "softmax", "cross-entropy", 1e-4, 1e-3, false};
    RandomStream stream;
    random_default_rng(&stream, 11);
    Network network = make_network_with(&shape, &(Extras){.dropout = 0.3});
    double *parameters = make_parameters(&network, &stream);
    percept_dataset *data = make_data(&network, EXAMPLES + 1, &stream);
    const size_t counts[] = {4, 1, 7, 64}, tried = RUNNING_ON_VALGRIND ? 1 : sizeof counts / sizeof *counts;
    for (size_t b = 0; b < tried; b++) {
        const Work work = {"cpu", PERCEPT_FLOAT32, &network, data, counts[b], 1, false};
        Rank one = run_ranks(&work, 1, parameters);
        check_same(&work, &one, 1, 3, parameters);
        check_same(&work, &one, 2, 2, parameters);
        check_same(&work, &one, 3, 1, parameters);
        release(&one);
    }
    percept_dataset_free(data);
    memory_free(parameters);
    network_clear(&network);
}

/* ---- Counts and refusals --------------------------------------------------------------------------------------------- */

static void blocks_follow_from_the_size_of_the_batch(void **state)
{
    (void)state;
    const BlocksOptions open = {0, NULL}, seven = {7, NULL};
    assert_int_equal(blocks_of_batch(&open, 1), 1);
    assert_int_equal(blocks_of_batch(&open, 20), 2);
    assert_int_equal(blocks_of_batch(&open, 256), 2);
    assert_int_equal(blocks_of_batch(&open, 257), 3);
    assert_int_equal(blocks_of_batch(&open, 1024), 8);
    assert_int_equal(blocks_of_batch(&open, 100000), 64);
    assert_int_equal(blocks_of_batch(&seven, 128), 7);
    assert_int_equal(blocks_of_batch(&seven, 3), 3);
}

static void batch_norm_is_refused(void **state)
{
    (void)state;
    for (size_t s = 0; s < STAGE_CASES; s++) {
        const StageCase *c = &stage_cases[s];
        Network network = make_network_with(&c->shape, &(Extras){.stages = c->stages, .stage_count = c->stage_count});
        percept_error error;
        const percept_status status = blocks_check(&network, &error);
        assert_int_equal(status, can_be_cut(c) ? PERCEPT_OK : PERCEPT_ERROR_ARGUMENT);
        if (status != PERCEPT_OK)
            assert_non_null(strstr(error.message, "batch-norm needs whole ones"));
        network_clear(&network);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_the_largest_nodes_of_the_tree),
        cmocka_unit_test(no_share_has_more_nodes_than_there_is_room_for),
        cmocka_unit_test(the_sum_over_blocks_is_the_gradient_of_the_batch),
        cmocka_unit_test(ranks_do_not_change_bits),
        cmocka_unit_test(threads_and_ranks_do_not_change_bits_of_large_networks),
        cmocka_unit_test(blocks_follow_from_the_size_of_the_batch),
        cmocka_unit_test(batch_norm_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
