#include "engine/block_sums.h"

#include <string.h>

#include "base/memory.h"
#include "engine/blocks_vector.h"

/* Fewer elements are summed by one thread. */
#define SOLO_ELEMENTS ((size_t)1 << 15)

/* Shares of elements begin at multiples of this. */
#define SHARE_UNIT 64

/* ---- Sums -------------------------------------------------------------------------------------------------------- */

/* to += from, both of `count` elements */
typedef struct Addition {
    size_t count, size;
    char *to;
    const char *from;
} Addition;

static void add_range(const Addition *addition, size_t begin, size_t end)
{
    (addition->size == sizeof(float) ? blocks_vector_add_f32 : blocks_vector_add_f64)(begin, end, addition->to,
                                                                                      addition->from);
}

static void add_share(void *context, Team *team, size_t rank)
{
    const Addition *addition = context;
    size_t end = 0;
    const size_t begin = team_share(team, rank, addition->count, &end);
    add_range(addition, begin, end);
}

static void add(const BlockSums *sums, Addition addition)
{
    if (addition.count < SOLO_ELEMENTS)
        add_range(&addition, 0, addition.count);
    else
        team_run(sums->team, add_share, &addition);
}

static void add_sums(EngineSums *to, const EngineSums *from)
{
    to->count += from->count;
    to->weight += from->weight;
    to->loss += from->loss;
    to->correct += from->correct;
}

void block_sums_add(const BlockSums *sums, size_t to, size_t from)
{
    add(sums, (Addition){sums->elements, sums->size, sums->vectors[to], sums->vectors[from]});
    add_sums(&sums->sums[to], &sums->sums[from]);
}

/* ---- Between ranks ------------------------------------------------------------------------------------------------ */

/* Where the share of elements of a rank begins. */
static size_t first_element(const BlockSums *sums, size_t rank)
{
    const size_t units = (sums->elements + SHARE_UNIT - 1) / SHARE_UNIT;
    const size_t first = units * rank / sums->ranks->count * SHARE_UNIT;
    return first < sums->elements ? first : sums->elements;
}

size_t block_sums_own(const BlockSums *sums, size_t *end)
{
    *end = sums->elements;
    if (sums->ranks == NULL)
        return 0;
    *end = first_element(sums, sums->ranks->rank + 1);
    return first_element(sums, sums->ranks->rank);
}

/* Nodes of each rank's share, counted up: *sums->first_node. */
static void count_nodes(BlockSums *sums, size_t blocks)
{
    BlockNode nodes[BLOCK_TREE_NODES];
    sums->first_node[0] = 0;
    for (size_t r = 0; r < sums->ranks->count; r++)
        sums->first_node[r + 1] =
            sums->first_node[r] + block_tree_nodes(blocks, block_tree_share(blocks, sums->ranks->count, r), nodes);
}

static size_t nodes_of(const BlockSums *sums, size_t rank)
{
    return sums->first_node[rank + 1] - sums->first_node[rank];
}

/* Every rank gets the sums of all nodes. */
static void exchange_sums(BlockSums *sums)
{
    const Ranks *ranks = sums->ranks;
    const size_t own = nodes_of(sums, ranks->rank);
    for (size_t r = 0; r < ranks->count; r++) {
        sums->out[r] = (RankMemory){sums->sums, own * sizeof *sums->sums};
        sums->in[r] = (RankMemory){&sums->all_sums[sums->first_node[r]], nodes_of(sums, r) * sizeof *sums->all_sums};
    }
    memcpy(&sums->all_sums[sums->first_node[ranks->rank]], sums->sums, own * sizeof *sums->sums);
    ranks->exchange(ranks->state, sums->out, sums->in);
}

/* Node `number` of each rank that has so many, from each to the owner of the elements. */
static void exchange_node(BlockSums *sums, size_t number, size_t begin, size_t end)
{
    const Ranks *ranks = sums->ranks;
    const size_t bytes = (end - begin) * sums->size;
    const bool sends = number < nodes_of(sums, ranks->rank);
    for (size_t r = 0; r < ranks->count; r++) {
        const size_t first = first_element(sums, r) * sums->size, last = first_element(sums, r + 1) * sums->size;
        const bool receives = number < nodes_of(sums, r);
        sums->out[r] = sends ? (RankMemory){sums->vectors[number] + first, last - first} : (RankMemory){NULL, 0};
        sums->in[r] = (RankMemory){NULL, 0};
        if (!receives)
            continue;
        const size_t node = sums->first_node[r] + number;
        sums->places[node] =
            r == ranks->rank ? sums->vectors[number] + begin * sums->size : sums->arrived + node * bytes;
        sums->in[r] = (RankMemory){sums->places[node], bytes};
    }
    ranks->exchange(ranks->state, sums->out, sums->in);
}

/* The sum of a node, summed from those of all ranks: *next is the next of them. Returns which one now holds it. a + b and b + a
 * have the same bits, so it stays in vector 0 where one of the two is there. */
static size_t sum_node(const BlockSums *sums, size_t blocks, BlockNode node, size_t count, size_t *next)
{
    const size_t ranks = sums->ranks->count;
    size_t owner = 0;
    while (block_tree_share(blocks, ranks, owner).end <= node.begin)
        owner++;
    if (node.end <= block_tree_share(blocks, ranks, owner).end)
        return (*next)++;
    const size_t split = block_tree_split(node);
    const size_t left = sum_node(sums, blocks, (BlockNode){node.begin, split}, count, next);
    const size_t right = sum_node(sums, blocks, (BlockNode){split, node.end}, count, next);
    const bool swap = right == sums->first_node[sums->ranks->rank] && nodes_of(sums, sums->ranks->rank) > 0;
    const size_t to = swap ? right : left, from = swap ? left : right;
    add(sums, (Addition){count, sums->size, sums->places[to], sums->places[from]});
    add_sums(&sums->all_sums[to], &sums->all_sums[from]);
    return to;
}

void block_sums_reduce(BlockSums *sums, size_t blocks, EngineSums *total)
{
    if (sums->ranks != NULL) {
        size_t end = 0, most = 0, next = 0;
        const size_t begin = block_sums_own(sums, &end);
        count_nodes(sums, blocks);
        for (size_t r = 0; r < sums->ranks->count; r++)
            most = nodes_of(sums, r) > most ? nodes_of(sums, r) : most;
        exchange_sums(sums);
        for (size_t number = 0; number < most; number++)
            exchange_node(sums, number, begin, end);
        const size_t found = sum_node(sums, blocks, (BlockNode){0, blocks}, end - begin, &next);
        char *own = sums->vectors[0] + begin * sums->size;
        if (end > begin && sums->places[found] != own)
            memcpy(own, sums->places[found], (end - begin) * sums->size);
        sums->sums[0] = sums->all_sums[found];
    }
    *total = sums->sums[0];
}

void block_sums_spread(BlockSums *sums, void *vector)
{
    const Ranks *ranks = sums->ranks;
    size_t end = 0;
    if (ranks == NULL)
        return;
    const size_t begin = block_sums_own(sums, &end);
    for (size_t r = 0; r < ranks->count; r++) {
        const size_t first = first_element(sums, r), last = first_element(sums, r + 1);
        sums->out[r] = (RankMemory){(char *)vector + begin * sums->size, (end - begin) * sums->size};
        sums->in[r] = (RankMemory){(char *)vector + first * sums->size, (last - first) * sums->size};
    }
    ranks->exchange(ranks->state, sums->out, sums->in);
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/* Vectors that this rank needs, and nodes of all ranks, for a batch of so many blocks. */
static void count_needed(const Ranks *ranks, size_t blocks, size_t *vectors, size_t *nodes)
{
    const size_t count = ranks != NULL ? ranks->count : 1, self = ranks != NULL ? ranks->rank : 0;
    BlockNode of_rank[BLOCK_TREE_NODES];
    *vectors = 1;
    *nodes = 0;
    for (size_t r = 0; r < count; r++) {
        const size_t found = block_tree_nodes(blocks, block_tree_share(blocks, count, r), of_rank);
        for (size_t n = 0; n < found && r == self; n++)
            *vectors = n + block_tree_levels(of_rank[n]) > *vectors ? n + block_tree_levels(of_rank[n]) : *vectors;
        *nodes += found;
    }
}

static percept_status create_exchange(BlockSums *sums, size_t nodes, percept_error *error)
{
    const size_t ranks = sums->ranks->count;
    size_t end = 0;
    const size_t begin = block_sums_own(sums, &end);
    percept_status status = memory_allocate_zeroed(ranks, sizeof *sums->out, "the ranks", &sums->out, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(ranks, sizeof *sums->in, "the ranks", &sums->in, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(ranks + 1, sizeof *sums->first_node, "the ranks", &sums->first_node, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(nodes, sizeof *sums->all_sums, "the ranks", &sums->all_sums, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(nodes, sizeof *sums->places, "the ranks", &sums->places, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(nodes, (end - begin) * sums->size, "the gradients of the ranks", &sums->arrived,
                                        error);
    return status;
}

percept_status block_sums_create(const EngineConfig *config, size_t blocks, const Ranks *ranks, BlockSums *out,
                                 percept_error *error)
{
    size_t most_nodes = 0;
    *out = (BlockSums){.ranks = ranks,
                       .team = config->team,
                       .elements = config->network->parameter_count,
                       .size = config->precision == PERCEPT_FLOAT32 ? sizeof(float) : sizeof(double)};
    for (size_t b = 1; b <= blocks; b++) {
        size_t vectors = 0, nodes = 0;
        count_needed(ranks, b, &vectors, &nodes);
        out->vector_count = vectors > out->vector_count ? vectors : out->vector_count;
        most_nodes = nodes > most_nodes ? nodes : most_nodes;
    }
    percept_status status =
        memory_allocate_zeroed(out->vector_count, sizeof *out->vectors, "the gradients", &out->vectors, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(out->vector_count, sizeof *out->sums, "the gradients", &out->sums, error);
    for (size_t v = 0; v < out->vector_count && status == PERCEPT_OK; v++)
        status = memory_allocate_zeroed(out->elements, out->size, "the gradients of blocks", &out->vectors[v], error);
    return status == PERCEPT_OK && ranks != NULL ? create_exchange(out, most_nodes, error) : status;
}

void block_sums_clear(BlockSums *sums)
{
    for (size_t v = 0; v < sums->vector_count && sums->vectors != NULL; v++)
        memory_free(sums->vectors[v]);
    memory_free(sums->vectors);
    memory_free(sums->sums);
    memory_free(sums->out);
    memory_free(sums->in);
    memory_free(sums->first_node);
    memory_free(sums->all_sums);
    memory_free(sums->places);
    memory_free(sums->arrived);
    *sums = (BlockSums){0};
}
