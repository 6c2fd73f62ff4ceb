#include "dist/greeting.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bf16.h"
#include "base/crc32.h"
#include "base/file.h"
#include "base/isa.h"
#include "base/memory.h"
#include "dist/words.h"

/* What a rank says about itself. */
typedef struct Greeting {
    char host[HOST_SIZE];
    char version[32];
    uint32_t build;                                    /* CRC-32 of the program */
    uint32_t mathematics;                              /* CRC-32 of values of the C library's functions */
    char arithmetic[32];                               /* the instruction set … */
    char problem[sizeof((percept_error *)0)->message]; /* … or why there is none; "": none */
} Greeting;

void greeting_host(char *host, size_t size)
{
    if (gethostname(host, size) != 0)
        snprintf(host, size, "an unknown host");
    host[size - 1] = '\0';
}

/* The last bits of these depend on the C library, and on the instructions that it finds on a processor. */
static uint32_t mathematics(void)
{
    static double (*const functions[])(double) = {exp, expm1, log1p, tanh, sin, cos, erf};
    static float (*const narrow[])(float) = {expf, expm1f, log1pf, tanhf, erff};
    uint32_t sum = 0;
    for (int i = 1; i <= 400; i++) {
        const double x = 0.0173 * i;
        for (size_t f = 0; f < sizeof functions / sizeof *functions; f++) {
            const double y = functions[f](x);
            sum = crc32_extend(sum, &y, sizeof y);
        }
        for (size_t f = 0; f < sizeof narrow / sizeof *narrow; f++) {
            const float y = narrow[f]((float)x);
            sum = crc32_extend(sum, &y, sizeof y);
        }
        const double pair[] = {log(x), pow(x, 0.37)};
        sum = crc32_extend(sum, pair, sizeof pair);
    }
    return sum;
}

static void introduce(Greeting *own)
{
    percept_error error = {PERCEPT_OK, ""};
    uint8_t *bytes = NULL;
    size_t size = 0, isa = 0;
    *own = (Greeting){.mathematics = mathematics()};
    greeting_host(own->host, sizeof own->host);
    snprintf(own->version, sizeof own->version, "%s", percept_version());
    percept_status status = isa_select(&isa, &error);
    if (status == PERCEPT_OK) {
        snprintf(own->arithmetic, sizeof own->arithmetic, "%s", isa_name(isa));
        status = file_read("/proc/self/exe", &bytes, &size, &error);
    }
    if (status == PERCEPT_OK)
        own->build = crc32_extend(0, bytes, size);
    else
        snprintf(own->problem, sizeof own->problem, "%s", error.message);
    memory_free(bytes);
}

static percept_status compare(const Greeting *first, const Greeting *other, size_t rank, percept_error *error)
{
    if (other->problem[0] != '\0')
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "rank %zu on %s: %s", rank, other->host, other->problem);
    if (strcmp(other->version, first->version) != 0 || other->build != first->build)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "rank %zu on %s runs another build of percept (%s, %08" PRIx32
                         ") than rank 0 on %s (%s, %08" PRIx32 "); install the same one",
                         rank, other->host, other->version, other->build, first->host, first->version, first->build);
    if (strcmp(other->arithmetic, first->arithmetic) != 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "rank %zu on %s computes with %s, rank 0 on %s with %s; set PERCEPT_ISA to one that both have",
                         rank, other->host, other->arithmetic, first->host, first->arithmetic);
    if (other->mathematics != first->mathematics)
        return error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "rank %zu on %s has another exp or log than rank 0 on %s; use machines with the same C library "
            "and similar processors",
            rank, other->host, first->host);
    return PERCEPT_OK;
}

percept_status greeting_check(const World *world, percept_error *error)
{
    const size_t count = world->ranks.count;
    Greeting own, *all = NULL;
    percept_status status = PERCEPT_OK;
    introduce(&own);
    if (world->ranks.rank == 0)
        status = memory_allocate(count, sizeof *all, "the ranks", &all, error);
    if (status != PERCEPT_OK)
        return status;
    world_gather(world, &own, sizeof own, all);
    for (size_t r = 0; r < count && all != NULL && world->launched && status == PERCEPT_OK; r++)
        status = compare(&all[0], &all[r], r, error);
    memory_free(all);
    int64_t verdict = status;
    world_broadcast(world, &verdict, sizeof verdict);
    if (world->ranks.rank > 0 && verdict != PERCEPT_OK)
        return error_set(error, PERCEPT_ERROR_INTERRUPTED, "%s", "");
    return status;
}
