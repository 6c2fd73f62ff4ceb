/* The process that a run belongs to, so that others can see whether it still exists. Process numbers are reused, so a
 * process is identified by its number, its start time, and the boot of the system. */
#ifndef STORE_PROCESS_H
#define STORE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#define PROCESS_BOOT_SIZE 40

typedef struct Process {
    int64_t pid;
    int64_t start;                /* clock ticks since the boot; 0 if /proc does not have it */
    char boot[PROCESS_BOOT_SIZE]; /* the boot's id; "" if /proc does not have it */
} Process;

/* The calling process. */
void process_self(Process *out);

/* False for a process that has ended, also if its parent has not waited for it yet, and for one that this process
 * cannot see, for example in another container. */
bool process_alive(int64_t pid, int64_t start, const char *boot);

#endif
