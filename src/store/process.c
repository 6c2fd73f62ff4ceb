#include "store/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The beginning of a small file of /proc as text; false if there is none. */
static bool read_text(const char *path, char *text, size_t size)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const ssize_t length = read(file, text, size - 1);
    close(file);
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

static void read_boot(char boot[PROCESS_BOOT_SIZE])
{
    if (!read_text("/proc/sys/kernel/random/boot_id", boot, PROCESS_BOOT_SIZE))
        boot[0] = '\0';
    boot[strcspn(boot, "\n")] = '\0';
}

/* State and start of a process: the first and the 20th word after its name, which is in parentheses and may contain any
 * byte (proc(5)). */
static bool read_stat(int64_t pid, char *state, int64_t *start)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    if (!read_text(path, text, sizeof text))
        return false;
    const char *at = strrchr(text, ')');
    if (at == NULL || at[1] != ' ')
        return false;
    *state = at[2];
    for (int word = 0; word < 20 && at != NULL; word++)
        at = strchr(at + 1, ' ');
    if (at == NULL)
        return false;
    *start = strtoll(at, NULL, 10);
    return true;
}

void process_self(Process *out)
{
    char state = '\0';
    *out = (Process){.pid = getpid()};
    read_boot(out->boot);
    (void)read_stat(out->pid, &state, &out->start);
}

bool process_alive(int64_t pid, int64_t start, const char *boot)
{
    char now[PROCESS_BOOT_SIZE], state = '\0';
    int64_t found = 0;
    read_boot(now);
    if (pid <= 0 || pid > INT32_MAX || strcmp(now, boot) != 0)
        return false;
    if (start == 0) /* no /proc then, so probably none now */
        return kill((pid_t)pid, 0) == 0 || errno == EPERM;
    return read_stat(pid, &state, &found) && found == start && state != 'Z' && state != 'X';
}
