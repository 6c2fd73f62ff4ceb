#include "dist/lanes.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/team.h"
#include "dist/greeting.h"
#include "dist/words.h"
#include "search/message.h"
#include "search/serve.h"

/* What rank 0 says in place of a number of lanes. */
#define NO_WORK (-1)

typedef struct LaneEnd {
    size_t rank, lane;
    char where[HOST_SIZE + 32];
} LaneEnd;

/* A rank. */
typedef struct Crewman {
    int64_t lanes;
    char host[HOST_SIZE];
} Crewman;

/* ---- The crew ------------------------------------------------------------------------------------------------------ */

/* Where a lane leads to; in the ranks that train all lead to rank 0, and have their numbers there. */
static LaneEnd end_of(const Lanes *lanes, size_t lane)
{
    return lanes->ends != NULL ? lanes->ends[lane] : (LaneEnd){.rank = 0, .lane = lane};
}

static void send(void *state, size_t lane, const void *bytes, size_t size)
{
    const Lanes *lanes = state;
    const LaneEnd end = end_of(lanes, lane);
    world_send(lanes->world, end.rank, end.lane, bytes, size);
}

static percept_status receive(void *state, size_t lane, Buffer *message, bool *arrived, percept_error *error)
{
    const Lanes *lanes = state;
    const LaneEnd end = end_of(lanes, lane);
    return world_receive(lanes->world, end.rank, end.lane, message, arrived, error);
}

static const char *where(void *state, size_t lane)
{
    const Lanes *lanes = state;
    return lanes->ends != NULL ? lanes->ends[lane].where : "rank 0";
}

static SearchCrew crew_of(Lanes *lanes, size_t count)
{
    return (SearchCrew){.lanes = count, .state = lanes, .send = send, .receive = receive, .where = where};
}

/* ---- Rank 0 -------------------------------------------------------------------------------------------------------- */

static percept_status make_ends(Lanes *lanes, const Crewman *crew, percept_error *error)
{
    const size_t ranks = lanes->world->ranks.count;
    size_t count = 0;
    for (size_t r = 1; r < ranks; r++)
        count += (size_t)crew[r].lanes;
    const percept_status status = memory_allocate(count, sizeof *lanes->ends, "the lanes", &lanes->ends, error);
    if (status != PERCEPT_OK)
        return status;
    lanes->crew = crew_of(lanes, count);
    count = 0;
    for (size_t r = 1; r < ranks; r++)
        for (size_t lane = 0; lane < (size_t)crew[r].lanes; lane++) {
            LaneEnd *end = &lanes->ends[count++];
            *end = (LaneEnd){.rank = r, .lane = lane};
            snprintf(end->where, sizeof end->where, "rank %zu on %s", r, crew[r].host);
        }
    return PERCEPT_OK;
}

percept_status lanes_open(Lanes *lanes, const World *world, size_t jobs, percept_error *error)
{
    const Crewman own = {.lanes = 0};
    Crewman *crew = NULL;
    int64_t each = (int64_t)jobs;
    *lanes = (Lanes){.world = world};
    percept_status status = memory_allocate(world->ranks.count, sizeof *crew, "the ranks", &crew, error);
    if (status != PERCEPT_OK) {
        lanes_refuse(world);
        return status;
    }
    world_broadcast(world, &each, sizeof each);
    world_gather(world, &own, sizeof own, crew);
    if (world->launched)
        status = make_ends(lanes, crew, error);
    memory_free(crew);
    return status;
}

void lanes_close(Lanes *lanes)
{
    for (size_t lane = 0; lane < lanes->crew.lanes; lane++)
        message_say(&lanes->crew, lane, MESSAGE_LEAVE, 0);
    memory_free(lanes->ends);
    *lanes = (Lanes){.world = lanes->world};
}

void lanes_refuse(const World *world)
{
    int64_t none = NO_WORK;
    world_broadcast(world, &none, sizeof none);
}

/* ---- The other ranks ----------------------------------------------------------------------------------------------- */

typedef struct Hand {
    const SearchCrew *crew;
    SharedData *shared;
    size_t lane;
    const World *world;
    void (*give_up)(const World *world, const percept_error *error);
    pthread_t thread;
} Hand;

static void *serve(void *context)
{
    const Hand *hand = context;
    percept_error error;
    if (serve_lane(hand->crew, hand->lane, hand->shared, &error) != PERCEPT_OK)
        hand->give_up(hand->world, &error);
    return NULL;
}

static percept_status start_hands(const Hand *pattern, Hand *hands, percept_error *error)
{
    for (size_t lane = 0; lane < pattern->crew->lanes; lane++) {
        hands[lane] = *pattern;
        hands[lane].lane = lane;
        if (pthread_create(&hands[lane].thread, NULL, serve, &hands[lane]) != 0)
            return error_set(error, PERCEPT_ERROR_MEMORY, "cannot start thread %zu of %zu", lane + 1,
                             pattern->crew->lanes);
    }
    return PERCEPT_OK;
}

/* After a failure the process ends, whatever its threads do. */
static percept_status serve_all(Hand *pattern, percept_error *error)
{
    const size_t count = pattern->crew->lanes;
    Hand *hands = NULL;
    percept_status status = memory_allocate(count, sizeof *hands, "the threads", &hands, error);
    if (status == PERCEPT_OK)
        status = shared_data_create(&pattern->shared, error);
    if (status == PERCEPT_OK)
        status = start_hands(pattern, hands, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t lane = 0; lane < count; lane++)
        pthread_join(hands[lane].thread, NULL);
    shared_data_free(pattern->shared);
    memory_free(hands);
    return PERCEPT_OK;
}

percept_status lanes_serve(const World *world, void (*give_up)(const World *world, const percept_error *error),
                           percept_error *error)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN}; /* rank 0 decides when all end */
    Lanes lanes = {.world = world};
    Crewman own = {.lanes = 0};
    int64_t each = NO_WORK;
    sigaction(SIGINT, &ignore, NULL);
    sigaction(SIGTERM, &ignore, NULL);
    world_broadcast(world, &each, sizeof each);
    if (each == NO_WORK)
        return PERCEPT_OK;
    own.lanes = each > 0 ? each : (int64_t)team_cores();
    greeting_host(own.host, sizeof own.host);
    world_gather(world, &own, sizeof own, NULL);
    lanes.crew = crew_of(&lanes, (size_t)own.lanes);
    Hand pattern = {.crew = &lanes.crew, .world = world, .give_up = give_up};
    return serve_all(&pattern, error);
}
