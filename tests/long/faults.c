/* Preloaded into a program, makes one of the allocations between the beginning and the end of main() fail, and counts what
 * is not released. Its environment:
 *
 *   FAULTS_AT=N       the N-th allocation fails (from 1); 0 or nothing: none
 *   FAULTS_FROM=N     all from the N-th on fail: memory is really used up
 *   FAULTS_REPORT=F   as main() returns, F receives "ALLOCATIONS OUTSTANDING"
 *
 * Children of the program run without it. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* glibc's own allocator, behind the names that are replaced here. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool armed;
static unsigned long count, at, from;

/* ---- What is outstanding ----------------------------------------------------------------------------------------- */

/* An open table of the blocks that were had since main() began. */
#define SLOTS (1u << 20)
#define GONE ((void *)1)
static void *blocks[SLOTS];
static unsigned long outstanding;

static size_t slot_of(const void *block)
{
    return (size_t)((uintptr_t)block >> 4) * 0x9e3779b97f4a7c15u >> 44;
}

static void note(void *block)
{
    size_t slot = slot_of(block);
    while (blocks[slot] != NULL && blocks[slot] != GONE)
        slot = (slot + 1) % SLOTS;
    blocks[slot] = block;
    outstanding++;
}

static void forget(const void *block)
{
    for (size_t slot = slot_of(block); blocks[slot] != NULL; slot = (slot + 1) % SLOTS)
        if (blocks[slot] == block) {
            blocks[slot] = GONE;
            outstanding--;
            return;
        }
}

/* ---- The allocator ------------------------------------------------------------------------------------------------ */

/* Counts an allocation; true if it is one that fails. */
static bool fails(void)
{
    if (!armed)
        return false;
    count++;
    if (count != at && (from == 0 || count < from))
        return false;
    errno = ENOMEM;
    return true;
}

static void *given(void *block)
{
    if (armed && block != NULL)
        note(block);
    return block;
}

void *malloc(size_t size)
{
    pthread_mutex_lock(&mutex);
    void *block = fails() ? NULL : given(__libc_malloc(size));
    pthread_mutex_unlock(&mutex);
    return block;
}

void *calloc(size_t items, size_t size)
{
    pthread_mutex_lock(&mutex);
    void *block = fails() ? NULL : given(__libc_calloc(items, size));
    pthread_mutex_unlock(&mutex);
    return block;
}

void *realloc(void *old, size_t size)
{
    void *block = NULL;
    pthread_mutex_lock(&mutex);
    if (!fails()) {
        block = __libc_realloc(old, size);
        if (old != NULL && (block != NULL || size == 0))
            forget(old);
        given(block);
    }
    pthread_mutex_unlock(&mutex);
    return block;
}

void *memalign(size_t alignment, size_t size)
{
    pthread_mutex_lock(&mutex);
    void *block = fails() ? NULL : given(__libc_memalign(alignment, size));
    pthread_mutex_unlock(&mutex);
    return block;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *block = memalign(alignment, size);
    if (block == NULL)
        return ENOMEM;
    *out = block;
    return 0;
}

void free(void *block)
{
    const int kept = errno;
    if (block == NULL)
        return;
    pthread_mutex_lock(&mutex);
    forget(block);
    __libc_free(block);
    pthread_mutex_unlock(&mutex);
    errno = kept;
}

/* ---- Around main -------------------------------------------------------------------------------------------------- */

typedef int Main(int argc, char **argv, char **environment);
typedef int StartMain(Main *main, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*loader_fini)(void), void *stack_end);

StartMain __libc_start_main;

static Main *real_main;

static unsigned long number_of(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? strtoul(text, NULL, 10) : 0;
}

static void report(const char *path, unsigned long made, unsigned long left)
{
    char line[64];
    const int length = snprintf(line, sizeof line, "%lu %lu\n", made, left);
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file >= 0 && write(file, line, (size_t)length) == length)
        close(file);
}

static int armed_main(int argc, char **argv, char **environment)
{
    static char output[BUFSIZ]; /* or the first line printed would allocate it, for good */
    const char *path = getenv("FAULTS_REPORT");
    setvbuf(stdout, output, _IOFBF, sizeof output);
    unsetenv("LD_PRELOAD");
    at = number_of("FAULTS_AT");
    from = number_of("FAULTS_FROM");
    armed = true;
    const int status = real_main(argc, argv, environment);
    fflush(stdout);
    armed = false;
    if (path != NULL)
        report(path, count, outstanding);
    return status;
}

int __libc_start_main(Main *main, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*loader_fini)(void), void *stack_end)
{
    StartMain *start = NULL;
    void *symbol = dlsym(RTLD_NEXT, "__libc_start_main");
    memcpy(&start, &symbol, sizeof start);
    real_main = main;
    return start(armed_main, argc, argv, init, fini, loader_fini, stack_end);
}
