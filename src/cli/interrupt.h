/* Records SIGINT (Ctrl-C) and SIGTERM, so that a training can check for them between two steps. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

/* From now on the first SIGINT or SIGTERM is only recorded; a second one of its kind kills as usual. */
void interrupt_watch(void);

/* Restores the default handling. */
void interrupt_unwatch(void);

/* The signal received since interrupt_watch, or 0. */
int interrupt_signal(void);

#endif
