#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

/* The one variable of the program outside its functions: a signal handler can reach nothing else. */
static volatile sig_atomic_t noted_signal;

static void note(int signal_number)
{
    noted_signal = signal_number;
}

void interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    noted_signal = 0;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void interrupt_unwatch(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int interrupt_signal(void)
{
    return noted_signal;
}
