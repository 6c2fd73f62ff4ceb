/* Ctrl-C and SIGTERM as a question to ask between two steps. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

/* From now on the first SIGINT or SIGTERM is only noted; a second one of its kind kills as usual. */
void interrupt_watch(void);

/* Back to the system's way. */
void interrupt_unwatch(void);

/* The signal that came since interrupt_watch, or 0. */
int interrupt_signal(void);

#endif
