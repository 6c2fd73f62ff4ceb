#include "plot/gnuplot.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/leftovers.h"

#define NAME_SIZE 64
/* The exit status if the program could not be found (POSIX, posix_spawn) and the call itself did not report it. */
#define NOT_FOUND 127

#define FILE_NAME_SIZE (NAME_SIZE + 48) /* with an ending, or as an unfinished file */

/* How much of gnuplot's complaint is kept. */
#define WORDS_SIZE 600

/* Each %s is the name of the chart, each pair of %u the size of the canvas. Standalone, the script draws the SVG; Percept
 * sets `kind` and `target` for each of its two runs. The PNG has twice the pixels, so that it is sharp on any screen. */
static const char house_style[] =
    "# Drawn by Percept. Change what you like, then: gnuplot %s.gp\n"
    "if (!exists(\"kind\")) kind = \"svg\"\n"
    "if (!exists(\"target\")) target = \"%s.\" . kind\n"
    "if (kind eq \"png\") {\n"
    "    set terminal pngcairo size %u,%u font \"DejaVu Sans,20\" pointscale 2 linewidth 2 background \"white\" "
    "noenhanced\n"
    "} else {\n"
    "    set terminal svg size %u,%u dynamic font \"sans-serif,14\" linewidth 1.2 background \"white\" noenhanced\n"
    "}\n"
    "dot = kind eq \"png\" ? 1 : 0.7 # makes points as large in the one as in the other\n"
    "set output target\n"
    "set encoding utf8\n"
    "set border 3 linecolor \"#888888\" linewidth 1\n"
    "set tics nomirror out scale 0.6 textcolor \"#444444\"\n"
    "if (kind eq \"svg\") set xtics offset 0,0.5 # its lines of text are higher\n"
    "set grid linecolor \"#E4E4E4\" linetype 1 linewidth 1\n"
    "set title textcolor \"#222222\"\n"
    "set xlabel textcolor \"#222222\"\n"
    "set ylabel textcolor \"#222222\"\n"
    "set key textcolor \"#222222\"\n"
    "\n";

static percept_status check_name(const char *name, percept_error *error)
{
    bool good = name[0] != '\0' && strlen(name) < NAME_SIZE;
    for (const char *c = name; *c != '\0'; c++)
        good = good && (isalnum((unsigned char)*c) || *c == '-' || *c == '_');
    return good ? PERCEPT_OK : error_set(error, PERCEPT_ERROR_ARGUMENT, "'%s' cannot be the name of a chart", name);
}

/* gnuplot's complaint in one line: its lines joined, without those that only point at a place. */
static void join_lines(char *words)
{
    char *to = words;
    for (char *line = words; line != NULL;) {
        char *end = strchr(line, '\n');
        size_t length = end != NULL ? (size_t)(end - line) : strlen(line);
        char *next = end != NULL ? end + 1 : NULL;
        while (length > 0 && isspace((unsigned char)*line)) {
            line++;
            length--;
        }
        if (length > 0 && strspn(line, " \t^") < length) {
            if (to != words)
                *to++ = ' ';
            memmove(to, line, length);
            to += length;
        }
        line = next;
    }
    *to = '\0';
}

/* Reads to the end, so that the writer never waits; keeps the beginning. */
static void read_words(int file, char words[WORDS_SIZE])
{
    char rest[512] = "";
    size_t kept = 0;
    for (;;) {
        const bool full = kept == WORDS_SIZE - 1;
        const ssize_t got = read(file, full ? rest : words + kept, full ? sizeof rest : WORDS_SIZE - 1 - kept);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        if (got > 0 && !full)
            kept += (size_t)got;
    }
    words[kept] = '\0';
    join_lines(words);
}

/* Starts the process inside `folder`, nothing to read, what it says going to `complaints`. */
static int spawn(const char *folder, char *const *arguments, int complaints, pid_t *process)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int reason = posix_spawn_file_actions_init(&actions);
    if (reason != 0)
        return reason;
    reason = posix_spawnattr_init(&attributes);
    if (reason != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return reason;
    }
    sigemptyset(&none);
    reason = posix_spawn_file_actions_addchdir_np(&actions, folder);
    if (reason == 0)
        reason = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (reason == 0)
        reason = posix_spawn_file_actions_adddup2(&actions, complaints, STDERR_FILENO);
    if (reason == 0)
        reason = posix_spawn_file_actions_adddup2(&actions, complaints, STDOUT_FILENO);
    if (reason == 0)
        reason = posix_spawnattr_setsigmask(&attributes, &none);
    if (reason == 0)
        reason = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    if (reason == 0)
        reason = posix_spawnp(process, arguments[0], &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return reason;
}

/* Runs a process to its end. *good: it ended well. Where the program ignores its children, their end cannot be learned
 * and counts as good. Returns an errno if it could not be started. */
static int run(const char *folder, char *const *arguments, char words[WORDS_SIZE], bool *good)
{
    int ends[2];
    pid_t process = 0;
    int state = 0;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return errno;
    int reason = spawn(folder, arguments, ends[1], &process);
    close(ends[1]);
    if (reason == 0) {
        read_words(ends[0], words);
        pid_t ended = -1;
        do
            ended = waitpid(process, &state, 0);
        while (ended < 0 && errno == EINTR);
        *good = ended < 0 || (WIFEXITED(state) && WEXITSTATUS(state) == 0);
        if (ended >= 0 && WIFEXITED(state) && WEXITSTATUS(state) == NOT_FOUND)
            reason = ENOENT;
    }
    close(ends[0]);
    return reason;
}

static percept_status report(int reason, const char *picture, const char *words, percept_error *error)
{
    if (reason == ENOENT)
        return error_set(error, PERCEPT_ERROR_IO,
                         "cannot draw '%s': gnuplot is missing; install the package gnuplot-nox", picture);
    if (reason != 0)
        return error_set(error, PERCEPT_ERROR_IO, "cannot draw '%s': gnuplot does not start: %s", picture,
                         strerror(reason));
    return error_set(error, PERCEPT_ERROR_IO, "cannot draw '%s': gnuplot says: %s", picture,
                     words[0] != '\0' ? words : "nothing");
}

/* Draws the picture folder/NAME.KIND by way of an unfinished file beside it. */
static percept_status draw_kind(const char *folder, const char *name, const char *kind, percept_error *error)
{
    char settings[2 * FILE_NAME_SIZE], script[FILE_NAME_SIZE], finished[FILE_NAME_SIZE], unfinished[FILE_NAME_SIZE];
    char words[WORDS_SIZE] = "", *from = NULL, *to = NULL;
    bool good = false;
    snprintf(script, sizeof script, "%s.gp", name);
    snprintf(finished, sizeof finished, "%s.%s", name, kind);
    snprintf(unfinished, sizeof unfinished, ".percept-%ld-%s.%s.tmp", (long)getpid(), name, kind); /* leftovers.h */
    snprintf(settings, sizeof settings, "kind = '%s'; target = '%s'", kind, unfinished);
    char *arguments[] = {(char[]){"gnuplot"}, (char[]){"-d"}, (char[]){"-e"}, settings, script, NULL};
    percept_status status = file_join(folder, unfinished, &from, error);
    if (status == PERCEPT_OK)
        status = file_join(folder, finished, &to, error);
    if (status == PERCEPT_OK) {
        const int reason = run(folder, arguments, words, &good);
        if (reason != 0 || !good || rename(from, to) != 0) {
            status = report(reason, to, words, error);
            (void)unlink(from);
        }
    }
    memory_free(from);
    memory_free(to);
    return status;
}

static percept_status write_script(const char *folder, const char *name, Canvas canvas, const char *script,
                                   percept_error *error)
{
    char file[FILE_NAME_SIZE], *path = NULL;
    FileWriter *writer = NULL;
    snprintf(file, sizeof file, "%s.gp", name);
    percept_status status = file_join(folder, file, &path, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, &writer, error);
    if (status == PERCEPT_OK) {
        file_writer_print(writer, house_style, name, name, 2 * canvas.width, 2 * canvas.height, canvas.width,
                          canvas.height);
        file_writer_write(writer, script, strlen(script));
        status = file_writer_commit(writer, error);
    }
    memory_free(path);
    return status;
}

/* gnuplot does not say how the images that it embeds in an SVG are to be enlarged; browsers then blur them. */
static percept_status sharpen_images(const char *folder, const char *name, percept_error *error)
{
    static const char sharp[] = "<style>image { image-rendering: pixelated; }</style>\n";
    char file[FILE_NAME_SIZE], *path = NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    FileWriter *writer = NULL;
    snprintf(file, sizeof file, "%s.svg", name);
    percept_status status = file_join(folder, file, &path, error);
    if (status == PERCEPT_OK)
        status = file_read(path, &bytes, &size, error);
    const uint8_t *place = status == PERCEPT_OK ? memmem(bytes, size, "<desc>", strlen("<desc>")) : NULL;
    if (place != NULL) {
        status = file_writer_open(path, &writer, error);
        if (status == PERCEPT_OK) {
            const size_t before = (size_t)(place - bytes);
            file_writer_write(writer, bytes, before);
            file_writer_write(writer, sharp, strlen(sharp));
            file_writer_write(writer, place, size - before);
            status = file_writer_commit(writer, error);
        }
    }
    memory_free(bytes);
    memory_free(path);
    return status;
}

percept_status gnuplot_draw_on(const char *folder, const char *name, Canvas canvas, const char *script,
                               percept_error *error)
{
    percept_status status = check_name(name, error);
    if (status == PERCEPT_OK)
        status = leftovers_clear(folder, false, error);
    if (status == PERCEPT_OK)
        status = write_script(folder, name, canvas, script, error);
    if (status == PERCEPT_OK)
        status = draw_kind(folder, name, "svg", error);
    if (status == PERCEPT_OK && canvas.pixels)
        status = sharpen_images(folder, name, error);
    if (status == PERCEPT_OK)
        status = draw_kind(folder, name, "png", error);
    return status;
}

percept_status gnuplot_draw(const char *folder, const char *name, const char *script, percept_error *error)
{
    return gnuplot_draw_on(folder, name, (Canvas){CANVAS_WIDTH, CANVAS_HEIGHT, false}, script, error);
}
