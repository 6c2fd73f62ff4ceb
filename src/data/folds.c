#include "data/folds.h"

#include "base/memory.h"
#include "data/group_deal.h"

/* What the folds of n examples are made with. */
typedef struct Deal {
    uint32_t *order; /* n: the permutation, then the rows of a part */
    uint32_t *owner; /* n: the fold of each example */
    size_t *next;    /* a class: how many examples come before its next one, in the order of classes */
} Deal;

static size_t class_of(const percept_dataset *data, size_t row)
{
    return data->labels != NULL ? (size_t)data->labels[row] : 0;
}

static size_t class_count(const percept_dataset *data)
{
    return data->labels != NULL ? data->class_count : 1;
}

/* Gives each example its fold. */
static void deal_out(const percept_dataset *data, size_t folds, const Deal *deal)
{
    for (size_t i = 0; i < data->count; i++)
        deal->next[class_of(data, i) + 1]++;
    for (size_t k = 1; k < class_count(data); k++)
        deal->next[k] += deal->next[k - 1];
    for (size_t i = 0; i < data->count; i++) {
        const uint32_t row = deal->order[i];
        deal->owner[row] = (uint32_t)(deal->next[class_of(data, row)]++ % folds);
    }
}

/* The same for whole groups. */
static percept_status deal_groups(const percept_dataset *data, size_t folds, const Deal *deal, percept_error *error)
{
    size_t *sizes = NULL, groups = 0;
    percept_status status = memory_allocate(folds, sizeof *sizes, "the folds", &sizes, error);
    for (size_t f = 0; status == PERCEPT_OK && f < folds; f++)
        sizes[f] = data->count / folds + (f < data->count % folds ? 1 : 0);
    if (status == PERCEPT_OK)
        status = group_deal(data, deal->order, sizes, folds, true, deal->owner, &groups, error);
    if (status == PERCEPT_OK && groups < folds)
        status =
            error_set(error, PERCEPT_ERROR_ARGUMENT, "data.folds is %zu, but there are only %zu groups", folds, groups);
    memory_free(sizes);
    return status;
}

/* The examples that fold `fold` owns, or all others. */
static percept_status collect(const percept_dataset *data, const Deal *deal, size_t fold, bool owned,
                              percept_dataset **out, percept_error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < data->count; i++)
        if ((deal->owner[i] == fold) == owned)
            deal->order[count++] = (uint32_t)i;
    return dataset_subset(data, deal->order, count, out, error);
}

static percept_status cut(const percept_dataset *whole, size_t folds, size_t fold, RandomStream *stream,
                          percept_dataset *parts[2], percept_error *error)
{
    Deal deal = {NULL, NULL, NULL};
    percept_status status =
        memory_allocate(whole->count, sizeof *deal.order, "the order of the examples", &deal.order, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(whole->count, sizeof *deal.owner, "the folds", &deal.owner, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(class_count(whole) + 1, sizeof *deal.next, "the classes", &deal.next, error);
    if (status == PERCEPT_OK) {
        random_permutation(stream, deal.order, whole->count);
        if (whole->storage->groups != NULL)
            status = deal_groups(whole, folds, &deal, error);
        else
            deal_out(whole, folds, &deal);
    }
    if (status == PERCEPT_OK) {
        status = collect(whole, &deal, fold, false, &parts[0], error);
    }
    if (status == PERCEPT_OK)
        status = collect(whole, &deal, fold, true, &parts[1], error);
    memory_free(deal.order);
    memory_free(deal.owner);
    memory_free(deal.next);
    return status;
}

percept_status folds_cut(percept_dataset **train, percept_dataset **valid, size_t folds, size_t fold,
                         RandomStream *stream, percept_error *error)
{
    percept_dataset *joined = NULL, *parts[2] = {NULL, NULL};
    percept_status status = PERCEPT_OK;
    if (*valid != NULL)
        status = dataset_join(*train, *valid, &joined, error);
    const percept_dataset *whole = joined != NULL ? joined : *train;
    if (status == PERCEPT_OK && whole->count < folds)
        status = error_set(error, PERCEPT_ERROR_ARGUMENT, "data.folds is %zu, but there are only %zu examples", folds,
                           whole->count);
    if (status == PERCEPT_OK)
        status = cut(whole, folds, fold, stream, parts, error);
    percept_dataset_free(joined);
    if (status != PERCEPT_OK) {
        percept_dataset_free(parts[0]);
        return status;
    }
    percept_dataset_free(*train);
    percept_dataset_free(*valid);
    *train = parts[0];
    *valid = parts[1];
    return PERCEPT_OK;
}
