#include "cli/ranks.h"

#include "cli/message.h"
#include "dist/greeting.h"

#define HOST_SIZE 256

void ranks_give_up(const World *world, const percept_error *error)
{
    char host[HOST_SIZE];
    greeting_host(host, sizeof host);
    complain("rank %zu on %s: %s", world->ranks.rank, host, error->message);
    world_abort();
}

int ranks_run(int argc, char **argv, int (*lead)(const World *world, int argc, char **argv),
              percept_status (*follow)(const World *world, percept_error *error))
{
    World world;
    percept_error error = {PERCEPT_OK, ""};
    int status = STATUS_DONE;
    if (world_join(&world, &error) != PERCEPT_OK)
        return fail(&error);
    const bool ready = !world.launched || greeting_check(&world, &error) == PERCEPT_OK;
    if (ready && world.ranks.rank > 0 && follow(&world, &error) != PERCEPT_OK)
        ranks_give_up(&world, &error);
    if (world.ranks.rank == 0)
        status = ready ? lead(&world, argc, argv) : fail(&error);
    world_leave(&world);
    return status;
}
