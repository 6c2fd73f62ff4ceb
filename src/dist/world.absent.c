#include <stdlib.h>

#include "dist/launcher.h"
#include "dist/world.h"

percept_status world_join(World *out, percept_error *error)
{
    *out = (World){.ranks = {.count = 1}};
    if (launcher_size() > 1)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "this percept was built without MPI and cannot share work with the %zu processes of mpirun; "
                         "install libopenmpi-dev and build again, or leave mpirun out",
                         launcher_size());
    return PERCEPT_OK;
}

void world_leave(World *world)
{
    (void)world;
}

void world_broadcast(const World *world, void *bytes, size_t size)
{
    (void)world, (void)bytes, (void)size;
}

void world_gather(const World *world, const void *own, size_t size, void *all)
{
    (void)world, (void)own, (void)size, (void)all;
}

void world_send(const World *world, size_t rank, size_t lane, const void *bytes, size_t size)
{
    (void)world, (void)rank, (void)lane, (void)bytes, (void)size;
}

percept_status world_receive(const World *world, size_t rank, size_t lane, Buffer *message, bool *arrived,
                             percept_error *error)
{
    (void)world, (void)rank, (void)lane, (void)message, (void)error;
    *arrived = false;
    return PERCEPT_OK;
}

void world_abort(void)
{
    exit(EXIT_FAILURE);
}
