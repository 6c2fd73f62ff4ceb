/* The process that a run belongs to, so that others can see whether it still exists. Process numbers are used again, so a
 * process is known by its number, when it was started, and the boot of the system that it was started in. */
#ifndef STORE_PROCESS_H
#define STORE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#define PROCESS_BOOT_SIZE 40

typedef struct Process {
    int64_t pid;
    int64_t start;                /* clock ticks since the boot; 0 where /proc does not tell */
    char boot[PROCESS_BOOT_SIZE]; /* the boot's id; "" where /proc does not tell */
} Process;

/* The process that calls. */
void process_self(Process *out);

/* False for one that has ended, also if nobody has waited for it yet, and for one that this process cannot see, such as one
 * in another container. */
bool process_alive(int64_t pid, int64_t start, const char *boot);

#endif
