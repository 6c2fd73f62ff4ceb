#include "data/group_deal.h"

#include <stdlib.h>

#include "base/memory.h"

/* A group of the view: `count` rows from `begin` on in the rows sorted by group. */
typedef struct Group {
    size_t first, begin, count; /* first: place of its first row in the order */
} Group;

typedef struct Deal {
    const percept_dataset *data;
    const size_t *sizes;
    size_t parts, classes, empty; /* empty: parts that want rows and have none */
    Group *groups;
    size_t group_count;
    uint32_t *rows;     /* sorted by group */
    double *have, *all; /* parts × classes rows dealt; classes rows in all */
    size_t *total;      /* parts: rows dealt */
    double *of_group;   /* classes rows of one group */
} Deal;

static size_t class_of(const Deal *deal, size_t row)
{
    return deal->classes > 1 ? (size_t)deal->data->labels[row] : 0;
}

/* The largest group first; of equal ones the one that comes first in the order. */
static int compare(const void *left, const void *right)
{
    const Group *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

static percept_status allocate(Deal *deal, percept_error *error)
{
    static const char what[] = "the groups";
    const size_t n = deal->data->count, cells = deal->parts * deal->classes;
    percept_status status =
        memory_allocate_zeroed(deal->data->storage->group_count, sizeof *deal->groups, what, &deal->groups, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(n, sizeof *deal->rows, what, &deal->rows, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(cells, sizeof *deal->have, what, &deal->have, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(deal->classes, sizeof *deal->all, what, &deal->all, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(deal->parts, sizeof *deal->total, what, &deal->total, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(deal->classes, sizeof *deal->of_group, what, &deal->of_group, error);
    return status;
}

/* Sorts the rows by group, and the groups by size; those without a row fall away. */
static void sort(Deal *deal, const uint32_t *order)
{
    const percept_dataset *data = deal->data;
    const int32_t *group_of = data->storage->groups;
    const size_t groups = data->storage->group_count;
    size_t begin = 0;
    for (size_t i = data->count; i-- > 0;) {
        Group *group = &deal->groups[group_of[data->rows[order[i]]]];
        group->first = i;
        group->count++;
    }
    for (size_t g = 0; g < groups; g++) {
        deal->groups[g].begin = begin;
        begin += deal->groups[g].count;
        deal->groups[g].count = 0;
    }
    for (size_t i = 0; i < data->count; i++) {
        Group *group = &deal->groups[group_of[data->rows[order[i]]]];
        deal->rows[group->begin + group->count++] = order[i];
        deal->all[class_of(deal, order[i])]++;
    }
    qsort(deal->groups, groups, sizeof *deal->groups, compare);
    while (deal->group_count < groups && deal->groups[deal->group_count].count > 0)
        deal->group_count++;
}

/* By how much the sum grows if the group goes to part p: Σ (2g(have − want) + g²)/want over its classes. */
static double cost(const Deal *deal, const Group *group, size_t p)
{
    double sum = 0;
    for (size_t i = 0; i < group->count; i++) {
        const size_t c = class_of(deal, deal->rows[group->begin + i]);
        const double want = deal->all[c] * (double)deal->sizes[p] / (double)deal->data->count;
        /* Each of the g rows of the class adds its part of the term. */
        sum += (2 * (deal->have[p * deal->classes + c] - want) + deal->of_group[c]) / want;
    }
    return sum;
}

static void deal_group(Deal *deal, const Group *group, size_t left, uint32_t *owner)
{
    size_t best = deal->parts;
    double least = 0;
    for (size_t i = 0; i < group->count; i++)
        deal->of_group[class_of(deal, deal->rows[group->begin + i])]++;
    for (size_t p = 0; p < deal->parts; p++) {
        if (deal->sizes[p] == 0 || (left <= deal->empty && deal->total[p] > 0))
            continue;
        const double sum = cost(deal, group, p);
        if (best == deal->parts || sum < least) {
            best = p;
            least = sum;
        }
    }
    deal->empty -= deal->total[best] == 0 ? 1 : 0;
    deal->total[best] += group->count;
    for (size_t i = 0; i < group->count; i++) {
        const uint32_t row = deal->rows[group->begin + i];
        owner[row] = (uint32_t)best;
        deal->have[best * deal->classes + class_of(deal, row)]++;
        deal->of_group[class_of(deal, row)] = 0;
    }
}

percept_status group_deal(const percept_dataset *data, const uint32_t *order, const size_t *sizes, size_t parts,
                          bool by_class, uint32_t *owner, size_t *used, percept_error *error)
{
    Deal deal = {.data = data, .sizes = sizes, .parts = parts, .classes = 1};
    if (by_class && data->labels != NULL)
        deal.classes = data->class_count;
    percept_status status = allocate(&deal, error);
    if (status == PERCEPT_OK) {
        sort(&deal, order);
        for (size_t p = 0; p < parts; p++)
            deal.empty += sizes[p] > 0 ? 1 : 0;
        for (size_t g = 0; g < deal.group_count; g++)
            deal_group(&deal, &deal.groups[g], deal.group_count - g, owner);
        *used = deal.group_count;
    }
    memory_free(deal.groups);
    memory_free(deal.rows);
    memory_free(deal.have);
    memory_free(deal.all);
    memory_free(deal.total);
    memory_free(deal.of_group);
    return status;
}
