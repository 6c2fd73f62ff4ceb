#include "engine/cpu/cblas_gate.h"

#include <pthread.h>

/* The one state that is shared by all engines, because the library behind it is. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

void cblas_gate_enter(void)
{
    pthread_mutex_lock(&gate);
}

void cblas_gate_leave(void)
{
    pthread_mutex_unlock(&gate);
}
