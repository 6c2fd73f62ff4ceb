#include "cli/message.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/quote.h"
#include "cli/shell.h"
#include "cli/text.h"

static void say(const char *kind, const char *format, va_list arguments)
{
    TextPlain text;
    fflush(stdout);
    fputs("percept: ", stderr);
    fputs(kind, stderr);
    vsnprintf(text.text, sizeof text.text, format, arguments);
    for (char *line = text.text, *end = NULL; line != NULL; line = end) {
        end = strchr(line, '\n');
        if (end != NULL)
            *end++ = '\0';
        fputs(text_make_plain(line), stderr);
        fputc('\n', stderr);
    }
}

void complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say("", format, arguments);
    va_end(arguments);
}

void warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say("warning: ", format, arguments);
    va_end(arguments);
}

void warn_changed(const char *run, const char *part, const char *data)
{
    warn("the data of '%s' have changed since it was trained (the %s of '%s'): metrics may include examples that it "
         "was trained on",
         run, part, data);
}

/* A message of the library may end in a command of the program, which here gets the name it was called by. */
int fail(const percept_error *error)
{
    static const char command[] = "run: percept ";
    const TextPlain message = text_plain(error->message);
    const char *found = strstr(message.text, command);
    if (found == NULL) {
        complain("%s", error->message);
        return STATUS_FAILED;
    }
    fflush(stdout);
    fprintf(stderr, "percept: %.*srun: ", (int)(found - message.text), message.text);
    shell_print_program(stderr);
    fprintf(stderr, " %s\n", found + strlen(command));
    return STATUS_FAILED;
}

int fail_usage(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say("", format, arguments);
    va_end(arguments);
    fputs("Try: ", stderr);
    shell_print_program(stderr);
    fprintf(stderr, "%s --help\n", command + strcspn(command, " "));
    return STATUS_USAGE;
}

int fail_argument(const char *command, const percept_error *error)
{
    return error->status == PERCEPT_ERROR_MEMORY ? fail(error) : fail_usage(command, "%s", error->message);
}

bool output_unwanted(void)
{
    struct pollfd end = {.fd = STDOUT_FILENO, .events = POLLOUT};
    struct stat facts;
    return ferror(stdout) && fstat(STDOUT_FILENO, &facts) == 0 &&
           (S_ISFIFO(facts.st_mode) || S_ISSOCK(facts.st_mode)) && poll(&end, 1, 0) == 1 &&
           (end.revents & (POLLERR | POLLHUP)) != 0;
}

bool output_arrived(void)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    int reason = errno; /* 0 if it was an earlier write that failed */
    if (output_unwanted())
        return false;
    if (reason == 0 && (fputc('\n', stdout) == EOF || fflush(stdout) != 0)) /* one more byte fails as that one did */
        reason = errno;
    fprintf(stderr, "percept: standard output could not be written%s%s\n", reason != 0 ? ": " : "",
            reason != 0 ? strerror(reason) : "");
    return false;
}
