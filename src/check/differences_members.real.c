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
static void take(const Differences *whole, const Network *member, size_t m, const double *own, double *all)
{
    const size_t trained = member->parameter_count, first = whole->network->parameter_count;
    const size_t features = differences_count(member, whole->batch->count, whole->inputs) - trained;
    const uint8_t *chosen = whole->chosen;
    double *parameters = all + network_member_offset(whole->network, m);
    for (size_t p = 0; p < trained; p++)
        if (chosen[network_member_offset(whole->network, m) + p])
            parameters[p] = own[p];
    for (size_t i = 0; i < features; i++)
        if (chosen[first + i])
            all[first + i] = (m > 0 ? all[first + i] : 0) + own[trained + i] / (double)whole->network->members;
}

static percept_status differ(const Differences *whole, const Network *member, size_t m, double *loss,
                             percept_error *error)
{
    const size_t trained = member->parameter_count, offset = network_member_offset(whole->network, m);
    const size_t count = differences_count(member, whole->batch->count, whole->inputs);
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
        status = REAL(differences)(&own, loss, error);
    }
    if (status == PERCEPT_OK && whole->up != NULL)
        take(whole, member, m, entries.up, whole->up);
    if (status == PERCEPT_OK && whole->down != NULL)
        take(whole, member, m, entries.down, whole->down);
    entries_clear(&entries);
    return status;
}

percept_status REAL(differences_members)(const Differences *differences, double *loss, percept_error *error)
{
    const size_t count = differences->network->members;
    double sum = 0;
    for (size_t m = 0; m < count; m++) {
        Network member;
        double own = 0;
        percept_status status = network_member(differences->network, m, &member, error);
        if (status != PERCEPT_OK)
            return status;
        status = differ(differences, &member, m, &own, error);
        network_clear(&member);
        if (status != PERCEPT_OK)
            return status;
        sum += own / (double)count;
    }
    if (loss != NULL)
        *loss = sum;
    return PERCEPT_OK;
}

#endif
