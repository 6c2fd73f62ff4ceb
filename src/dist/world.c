#include "dist/world.h"

#include <mpi.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "dist/launcher.h"

/* MPI counts bytes in an int: more go in several pieces. */
#define PIECE ((size_t)1 << 30)

/* Tags of messages are those of lanes, behind that of exchanges. */
#define FIRST_LANE 1

/* MPI allows calls from one thread at a time (MPI_THREAD_SERIALIZED). */
struct WorldLock {
    pthread_mutex_t mutex;
};

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
    MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    out->launched = true;
    out->ranks = (Ranks){.count = (size_t)count, .rank = (size_t)rank, .exchange = exchange};
    percept_status status = memory_allocate(2 * (size_t)count, sizeof(MPI_Request), "the ranks", &requests, error);
    out->ranks.state = requests;
    if (status == PERCEPT_OK)
        status = memory_allocate(1, sizeof *out->lock, "the ranks", &out->lock, error);
    if (status == PERCEPT_OK)
        pthread_mutex_init(&out->lock->mutex, NULL);
    return status;
}

void world_leave(World *world)
{
    if (!world->launched)
        return;
    MPI_Finalize();
    memory_free(world->ranks.state);
    if (world->lock != NULL)
        pthread_mutex_destroy(&world->lock->mutex);
    memory_free(world->lock);
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

/* The other end may be sending, too, so no thread waits in MPI. */
void world_send(const World *world, size_t rank, size_t lane, const void *bytes, size_t size)
{
    static const struct timespec nap = {.tv_nsec = 20000};
    MPI_Request request;
    int sent = 0;
    pthread_mutex_lock(&world->lock->mutex);
    MPI_Isend(bytes, (int)size, MPI_BYTE, (int)rank, FIRST_LANE + (int)lane, MPI_COMM_WORLD, &request);
    MPI_Test(&request, &sent, MPI_STATUS_IGNORE);
    while (!sent) {
        pthread_mutex_unlock(&world->lock->mutex);
        nanosleep(&nap, NULL);
        pthread_mutex_lock(&world->lock->mutex);
        MPI_Test(&request, &sent, MPI_STATUS_IGNORE);
    }
    MPI_Wait(&request, MPI_STATUS_IGNORE); /* at once */
    pthread_mutex_unlock(&world->lock->mutex);
}

percept_status world_receive(const World *world, size_t rank, size_t lane, Buffer *message, bool *arrived,
                             percept_error *error)
{
    int flag = 0, size = 0;
    MPI_Status found;
    percept_status status = PERCEPT_OK;
    *arrived = false;
    pthread_mutex_lock(&world->lock->mutex);
    MPI_Iprobe((int)rank, FIRST_LANE + (int)lane, MPI_COMM_WORLD, &flag, &found);
    if (flag) {
        MPI_Get_count(&found, MPI_BYTE, &size);
        message->size = 0;
        status = buffer_reserve(message, (size_t)size, "a message", error);
    }
    if (flag && status == PERCEPT_OK) {
        MPI_Recv(message->bytes, size, MPI_BYTE, (int)rank, FIRST_LANE + (int)lane, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        message->size = (size_t)size;
        *arrived = true;
    }
    pthread_mutex_unlock(&world->lock->mutex);
    return status;
}

void world_abort(void)
{
    MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
    exit(EXIT_FAILURE);
}
