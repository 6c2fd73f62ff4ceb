#include "dist/lead.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "data/checksum.h"
#include "dist/greeting.h"
#include "dist/words.h"

static percept_status load(void *state, const percept_recipe *recipe, percept_error *error)
{
    const Lead *lead = state;
    Buffer text = {0};
    if (!recipe_is_set(recipe, "train.blocks"))
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "this run was started without train.blocks, so processes cannot share its batches; leave mpirun "
            "out");
    percept_status status = recipe_write_text(recipe, &text, error);
    if (status == PERCEPT_OK) {
        uint64_t size = text.size;
        word_say(lead->world, WORD_LOAD);
        world_broadcast(lead->world, &size, sizeof size);
        world_broadcast(lead->world, text.bytes, text.size);
    }
    buffer_clear(&text);
    return status;
}

/* Refuses the first rank that is not ready, or has other data than rank 0. */
static percept_status compare(const Lead *lead, const Readiness *all, percept_error *error)
{
    for (size_t r = 1; r < lead->world->ranks.count; r++) {
        if (all[r].status != PERCEPT_OK)
            return error_set(error, (percept_status)all[r].status, "rank %zu on %s: %s", r, all[r].host,
                             all[r].message);
        const char *part = data_checksum_difference(all[0].checksum, all[r].checksum);
        if (part != NULL)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "rank %zu on %s has other data than rank 0 on %s (the %s); copy the file of rank 0 there",
                             r, all[r].host, all[0].host, part);
    }
    return PERCEPT_OK;
}

static percept_status agree(void *state, percept_status own, const char *checksum, percept_error *error)
{
    Lead *lead = state;
    Readiness mine = {.status = own}, *all = NULL;
    percept_error failure = {PERCEPT_OK, ""};
    snprintf(mine.checksum, sizeof mine.checksum, "%s", checksum != NULL ? checksum : "");
    greeting_host(mine.host, sizeof mine.host);
    percept_status status =
        memory_allocate(lead->world->ranks.count, sizeof *all, "the ranks", &all, own == PERCEPT_OK ? error : &failure);
    if (status != PERCEPT_OK) {
        lead->phase = LEAD_BROKEN;
        return own == PERCEPT_OK ? status : own;
    }
    world_gather(lead->world, &mine, sizeof mine, all);
    if (own == PERCEPT_OK && lead->world->launched)
        status = compare(lead, all, error);
    memory_free(all);
    if (own != PERCEPT_OK || status != PERCEPT_OK)
        word_say(lead->world, WORD_LEAVE);
    else
        lead->phase = LEAD_LOADED;
    return own == PERCEPT_OK ? status : own;
}

static void start(void *state)
{
    Lead *lead = state;
    lead->phase = LEAD_TRAINING;
    lead->stopped = false;
    word_say(lead->world, WORD_TRAIN);
}

static void order(void *state, CrewOrder order)
{
    static const Word words[] = {[CREW_GO] = WORD_GO, [CREW_SAVE] = WORD_SAVE, [CREW_STOP] = WORD_STOP};
    Lead *lead = state;
    lead->stopped = order == CREW_STOP;
    word_say(lead->world, words[order]);
}

/* A training that ended well, diverged or was stopped has ended in all ranks. */
static void end(void *state, percept_status status)
{
    Lead *lead = state;
    const bool everywhere = lead->stopped || status == PERCEPT_OK || status == PERCEPT_ERROR_DIVERGED;
    if (lead->phase == LEAD_LOADED)
        word_say(lead->world, WORD_LEAVE);
    if (lead->phase != LEAD_BROKEN)
        lead->phase = lead->phase == LEAD_TRAINING && !everywhere ? LEAD_BROKEN : LEAD_IDLE;
}

void lead_begin(Lead *lead, const World *world)
{
    *lead = (Lead){.world = world,
                   .crew = {.ranks = &world->ranks,
                            .state = lead,
                            .load = load,
                            .agree = agree,
                            .start = start,
                            .order = order,
                            .end = end},
                   .phase = LEAD_IDLE};
}

void lead_end(const Lead *lead)
{
    if (lead->phase == LEAD_BROKEN)
        world_abort();
    word_say(lead->world, WORD_END);
}
