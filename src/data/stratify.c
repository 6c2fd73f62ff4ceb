/* Parts with the same shares of all classes. */
#include <stdlib.h>

#include "base/memory.h"
#include "data/cut.h"

/* Parts are filled in this order; training gets what is left. */
static const uint8_t filled[] = {CUT_PARTS, CUT_TEST, CUT_VALID};
#define FILLED (sizeof filled / sizeof filled[0])

/* A class while rows are dealt. */
typedef struct ClassRows {
    size_t left;         /* rows that no part has taken */
    size_t first;        /* place of its first row in the order */
    uint64_t remainder;  /* of left · size, divided by all that are left */
    size_t take[FILLED]; /* rows for each part that is filled */
} ClassRows;

/* The largest remainder first; of equal ones the class that comes first in the order. */
static int compare(const void *left, const void *right)
{
    const ClassRows *a = *(ClassRows *const *)left, *b = *(ClassRows *const *)right;
    if (a->remainder != b->remainder)
        return a->remainder > b->remainder ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

/* Decides how many rows of each class part number `f` takes, `size` in all or as many as may be taken. `sorted` are the
 * classes that have more than one row, `count` of them. */
static void take(ClassRows **sorted, size_t count, size_t f, size_t size)
{
    size_t total = 0, missing = 0;
    for (size_t c = 0; c < count; c++)
        total += sorted[c]->left;
    missing = size < total - count ? size : total - count;
    const uint64_t wanted = missing;
    for (size_t c = 0; c < count; c++) {
        const uint64_t product = (uint64_t)sorted[c]->left * wanted; /* both are below 2^32 */
        sorted[c]->take[f] = (size_t)(product / total);
        sorted[c]->remainder = product % total;
        missing -= sorted[c]->take[f];
    }
    qsort(sorted, count, sizeof(ClassRows *), compare);
    for (size_t c = 0; missing > 0; c = (c + 1) % count) {
        if (sorted[c]->take[f] + 1 < sorted[c]->left) {
            sorted[c]->take[f]++;
            missing--;
        }
    }
    for (size_t c = 0; c < count; c++)
        sorted[c]->left -= sorted[c]->take[f];
}

/* Counts the classes' rows and decides what each part takes. */
static void decide(const percept_dataset *whole, const uint32_t *order, const size_t sizes[CUT_PARTS],
                   ClassRows *classes, ClassRows **sorted)
{
    const size_t unused = whole->count - sizes[CUT_TRAIN] - sizes[CUT_VALID] - sizes[CUT_TEST];
    for (size_t i = whole->count; i-- > 0;) {
        ClassRows *class = &classes[whole->labels[order[i]]];
        class->left++;
        class->first = i;
    }
    for (size_t f = 0; f < FILLED; f++) {
        size_t count = 0;
        for (size_t c = 0; c < whole->class_count; c++)
            if (classes[c].left > 1)
                sorted[count++] = &classes[c];
        if (count > 0)
            take(sorted, count, f, filled[f] == CUT_PARTS ? unused : sizes[filled[f]]);
    }
}

percept_status stratify_deal(const percept_dataset *whole, const uint32_t *order, const size_t sizes[CUT_PARTS],
                             uint8_t *owner, percept_error *error)
{
    ClassRows *classes = NULL, **sorted = NULL;
    percept_status status = memory_allocate_zeroed(whole->class_count, sizeof *classes, "the classes", &classes, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(whole->class_count, sizeof(ClassRows *), "the classes", &sorted, error);
    if (status == PERCEPT_OK)
        decide(whole, order, sizes, classes, sorted);
    for (size_t i = whole->count; status == PERCEPT_OK && i-- > 0;) {
        ClassRows *class = &classes[whole->labels[order[i]]];
        size_t f = 0;
        while (f < FILLED && class->take[f] == 0)
            f++;
        owner[order[i]] = f < FILLED ? filled[f] : CUT_TRAIN;
        if (f < FILLED)
            class->take[f]--;
    }
    memory_free(classes);
    memory_free(sorted);
    return status;
}
