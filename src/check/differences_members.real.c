#include "base/real.h"
#include "check/differences.h"

#if PERCEPT_REAL != F32

#include <string.h>

#include "base/memory.h"
#include "nn/members.h"

/* A member's entries: those of its parameters, then those of the features. */
typedef struct Entries {
    uint8_t *chosen;
    double *up, *down;
} Entries;

static void entries_clear(Entries *entries)
{
    memory_free(entries->chosen);
    memory_free(entries->up);
    memory_free(entries->down);
}

static percept_status entries_create(size_t count, Entries *out, percept_error *error)
{
    percept_status status = memory_allocate(count, 1, "the list of what to check", &out->chosen, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *out->up, "differences", &out->up, error);
    return status == PERCEPT_OK ? memory_allocate(count, sizeof *out->down, "differences", &out->down, error) : status;
}

/* A member's differences: its own numbers are copied, those of the features are added up to the mean over the members. */
static void take(const Differences *whole, const Network *member, size_t offset, const double *own, double *all)
{
    const size_t trained = member->parameter_count, first = whole->network->parameter_count;
    const size_t features = differences_count(member, whole->batch->count, whole->inputs) - trained;
    const uint8_t *chosen = whole->chosen;
    double *parameters = all + offset;
    for (size_t p = 0; p < trained; p++)
        if (chosen[offset + p])
            parameters[p] = own[p];
    for (size_t i = 0; i < features; i++)
        if (chosen[first + i])
            all[first + i] = (offset > 0 ? all[first + i] : 0) + own[trained + i] / (double)whole->network->members;
}

/* All members' differences, and their mean loss. */
typedef struct Whole {
    const Differences *differences;
    double loss;
} Whole;

/* MemberVisit */
static percept_status differ(void *context, const Network *member, size_t offset, percept_error *error)
{
    Whole *all = context;
    const Differences *whole = all->differences;
    const size_t trained = member->parameter_count;
    const size_t count = differences_count(member, whole->batch->count, whole->inputs);
    double loss = 0;
    Entries entries = {0};
    percept_status status = entries_create(count, &entries, error);
    if (status == PERCEPT_OK) {
        Differences own = *whole;
        memcpy(entries.chosen, whole->chosen + offset, trained);
        if (whole->inputs)
            memcpy(entries.chosen + trained, whole->chosen + whole->network->parameter_count, count - trained);
        own.network = member;
        own.parameters += offset;
        own.chosen = entries.chosen;
        own.up = whole->up != NULL ? entries.up : NULL;
        own.down = whole->down != NULL ? entries.down : NULL;
        status = REAL(differences)(&own, &loss, error);
    }
    if (status == PERCEPT_OK && whole->up != NULL)
        take(whole, member, offset, entries.up, whole->up);
    if (status == PERCEPT_OK && whole->down != NULL)
        take(whole, member, offset, entries.down, whole->down);
    entries_clear(&entries);
    all->loss += loss / (double)whole->network->members;
    return status;
}

percept_status REAL(differences_members)(const Differences *differences, double *loss, percept_error *error)
{
    Whole all = {.differences = differences};
    const percept_status status = network_each_member(differences->network, differ, &all, error);
    if (status == PERCEPT_OK && loss != NULL)
        *loss = all.loss;
    return status;
}

#endif
