/* Messages on standard error, and exit statuses. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <stdbool.h>

#include "base/error.h"

/* Exit statuses; 128 + the signal's number after an interrupt. */
enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_SIGNAL = 128 };

/* "percept: <text>" on standard error, after flushing standard output. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a problem that does not stop the work: "percept: warning: <text>". */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Warns that the data of a run have changed since training. */
void warn_changed(const char *run, const char *part, const char *data);

/* Prints the error's message and returns STATUS_FAILED. */
int fail(const percept_error *error);

/* Prints the message, points to `command --help` and returns STATUS_USAGE. */
int fail_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* fail_usage for an argument that was refused; fail if memory was short. */
int fail_argument(const char *command, const percept_error *error);

/* Flushes standard output; if output could not be written (a full disk), prints a message and returns false. Silent if
 * the reader closed the pipe. */
bool output_arrived(void);

/* Whether the reader of standard output has closed the pipe before it received all output. */
bool output_unwanted(void);

#endif
