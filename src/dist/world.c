#include "dist/world.h"

#include <mpi.h>
#include <stdlib.h>

#include "base/memory.h"
#include "dist/launcher.h"

/* MPI counts bytes in an int: more go in several pieces. */
#define PIECE ((size_t)1 << 30)

/* The piece that begins at `done` of `size` bytes. */
static int piece_of(size_t size, size_t done)
{
    const size_t left = size > done ? size - done : 0;
    return (int)(left < PIECE ? left : PIECE);
}

/* Ranks.exchange; the state has room for two requests for each rank. */
static void exchange(void *state, const RankMemory *out, const RankMemory *in)
{
    MPI_Request *requests = state;
    int self = 0, count = 0, pending = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &self);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    size_t done = 0;
    do {
        pending = 0;
        for (int i = 1; i < count; i++) { /* each begins with its neighbour, so that not all send to one at once */
            const int from = (self + count - i) % count, to = (self + i) % count;
            if (piece_of(in[from].size, done) > 0)
                MPI_Irecv((char *)in[from].bytes + done, piece_of(in[from].size, done), MPI_BYTE, from, 0,
                          MPI_COMM_WORLD, &requests[pending++]);
            if (piece_of(out[to].size, done) > 0)
                MPI_Isend((const char *)out[to].bytes + done, piece_of(out[to].size, done), MPI_BYTE, to, 0,
                          MPI_COMM_WORLD, &requests[pending++]);
        }
        MPI_Waitall(pending, requests, MPI_STATUSES_IGNORE);
        done += PIECE;
    } while (pending > 0);
}

percept_status world_join(World *out, percept_error *error)
{
    int provided = 0, rank = 0, count = 1;
    MPI_Request *requests = NULL;
    *out = (World){.ranks = {.count = 1}};
    if (!launcher_present())
        return PERCEPT_OK;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    out->launched = true;
    out->ranks = (Ranks){.count = (size_t)count, .rank = (size_t)rank, .exchange = exchange};
    const percept_status status =
        memory_allocate(2 * (size_t)count, sizeof(MPI_Request), "the ranks", &requests, error);
    out->ranks.state = requests;
    return status;
}

void world_leave(World *world)
{
    if (!world->launched)
        return;
    MPI_Finalize();
    memory_free(world->ranks.state);
    *world = (World){.ranks = {.count = 1}};
}

void world_broadcast(const World *world, void *bytes, size_t size)
{
    for (size_t done = 0; done < size && world->launched; done += PIECE)
        MPI_Bcast((char *)bytes + done, piece_of(size, done), MPI_BYTE, 0, MPI_COMM_WORLD);
}

void world_gather(const World *world, const void *own, size_t size, void *all)
{
    if (world->launched)
        MPI_Gather(own, (int)size, MPI_BYTE, all, (int)size, MPI_BYTE, 0, MPI_COMM_WORLD);
}

void world_abort(void)
{
    MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
    exit(EXIT_FAILURE);
}
