#include "export/c_run.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* The exit status if a program could not be found, or may not be run (POSIX, shells), where the call itself did not report
 * it. */
#define NOT_FOUND 127
#define NOT_RUN 126

#define FOLDER_SIZE 4096
#define PATH_SIZE (FOLDER_SIZE + 16)
#define WORDS_SIZE 120

/* ---- The folder -------------------------------------------------------------------------------------------------- */

/* The files of the check. */
typedef enum File { SOURCE, PROGRAM, ROWS, ANSWERS, WORDS, FILES } File;

typedef struct Place {
    char folder[FOLDER_SIZE];
    char paths[FILES][PATH_SIZE];
} Place;

static percept_status create_place(Place *place, percept_error *error)
{
    static const char *const names[FILES] = {"check.c", "check", "rows", "answers", "words"};
    const char *base = getenv("TMPDIR");
    if (base == NULL || base[0] == '\0' || strlen(base) > FOLDER_SIZE - 32)
        base = "/tmp";
    snprintf(place->folder, sizeof place->folder, "%.*s/percept-XXXXXX", FOLDER_SIZE - 32, base);
    if (mkdtemp(place->folder) == NULL) {
        place->folder[0] = '\0';
        return error_set(error, PERCEPT_ERROR_IO, "cannot create a temporary folder in %s: %s", base, strerror(errno));
    }
    for (size_t f = 0; f < FILES; f++)
        snprintf(place->paths[f], PATH_SIZE, "%s/%s", place->folder, names[f]);
    return PERCEPT_OK;
}

static void remove_place(const Place *place)
{
    if (place->folder[0] == '\0')
        return;
    for (size_t f = 0; f < FILES; f++)
        unlink(place->paths[f]);
    rmdir(place->folder);
}

/* ---- Programs ---------------------------------------------------------------------------------------------------- */

/* Starts a program that reads the file `in` and writes to the file `out`, with its complaints in the file `words`, and
 * waits. Returns its exit status, or -1. */
static int start(const char *const *arguments, const char *in, const char *out, const char *words)
{
    posix_spawn_file_actions_t actions;
    pid_t process = 0;
    int status = 0;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    int failed = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, in, O_RDONLY, 0);
    if (failed == 0)
        failed = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (failed == 0)
        failed = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, words, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (failed == 0)
        failed = posix_spawnp(&process, arguments[0], &actions, NULL, (char *const *)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        return failed == ENOENT ? NOT_FOUND : failed == EACCES ? NOT_RUN : -1;
    while (waitpid(process, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The compiler's first line that names an error. */
static void first_words(const Place *place, char words[WORDS_SIZE])
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_error ignored;
    words[0] = '\0';
    if (file_read(place->paths[WORDS], &bytes, &size, &ignored) != PERCEPT_OK)
        return;
    const char *at = size > 0 ? memmem(bytes, size, "error", strlen("error")) : NULL;
    if (at != NULL) {
        const size_t rest = (size_t)((const char *)bytes + size - at);
        snprintf(words, WORDS_SIZE, "%.*s", (int)(rest < WORDS_SIZE ? rest : WORDS_SIZE - 1), at);
        words[strcspn(words, "\n")] = '\0';
    }
    memory_free(bytes);
}

/* ---- The steps --------------------------------------------------------------------------------------------------- */

/* The program around the file: it reads rows of doubles and writes answers as doubles. */
static percept_status write_program(CSource *source, const Place *place, percept_error *error)
{
    CText text = {.error = error};
    c_expand(source, source->model->class_count > 0 ? "check_classes" : "check_targets", &text);
    percept_status status = text.status;
    if (status == PERCEPT_OK)
        status = file_write(place->paths[SOURCE], text.buffer.bytes, text.buffer.size, error);
    buffer_clear(&text.buffer);
    return status;
}

/* The file and the program as one source. Features are doubles here, so that none is rounded before the file takes it; a
 * main of the file gets another name. */
static percept_status compile(const CSource *source, const Place *place, const char *path, ExportReason *skipped,
                              percept_error *error)
{
    char value[C_NAME_SIZE + 24], words[WORDS_SIZE];
    snprintf(value, sizeof value, "-D%s=double", source->value);
    const char *const arguments[] = {"cc",
                                     "-std=c99",
                                     "-O1",
                                     value,
                                     "-Dmain=main_of_file",
                                     "-include",
                                     path,
                                     "-o",
                                     place->paths[PROGRAM],
                                     place->paths[SOURCE],
                                     "-lm",
                                     NULL};
    const int status = start(arguments, "/dev/null", "/dev/null", place->paths[WORDS]);
    if (status == NOT_FOUND) {
        snprintf(skipped->text, sizeof skipped->text, "there is no C compiler (cc) to compile it with");
        return PERCEPT_OK;
    }
    if (status == 0)
        return PERCEPT_OK;
    first_words(place, words);
    return error_set(error, PERCEPT_ERROR_FORMAT, "cc cannot compile the exported file: %s; nothing was written",
                     words[0] != '\0' ? words : "it gives no reason");
}

static percept_status answer(const Place *place, const ExportRows *rows, size_t inputs, size_t width, double *answers,
                             ExportReason *skipped, percept_error *error)
{
    const char *const arguments[] = {place->paths[PROGRAM], NULL};
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status =
        file_write(place->paths[ROWS], rows->values, rows->count * inputs * sizeof *rows->values, error);
    if (status != PERCEPT_OK)
        return status;
    const int end = start(arguments, place->paths[ROWS], place->paths[ANSWERS], place->paths[WORDS]);
    if (end == NOT_RUN) { /* a folder that is mounted noexec */
        snprintf(skipped->text, sizeof skipped->text,
                 "programs must not be run in %.160s; set TMPDIR to a folder where they may", place->folder);
        return PERCEPT_OK;
    }
    status = file_read(place->paths[ANSWERS], &bytes, &size, error);
    if (status == PERCEPT_OK && (end != 0 || size != rows->count * width * sizeof *answers))
        status =
            error_set(error, PERCEPT_ERROR_FORMAT,
                      "the exported file was compiled, but its program failed (status %d); nothing was written", end);
    if (status == PERCEPT_OK && size > 0)
        memcpy(answers, bytes, size);
    memory_free(bytes);
    return status;
}

percept_status c_run(CSource *source, const char *path, const ExportRows *rows, size_t width, double *answers,
                     ExportReason *skipped, percept_error *error)
{
    Place place = {0};
    const size_t inputs = network_inputs(&source->model->network);
    percept_status status = create_place(&place, error);
    if (status == PERCEPT_OK)
        status = write_program(source, &place, error);
    if (status == PERCEPT_OK)
        status = compile(source, &place, path, skipped, error);
    if (status == PERCEPT_OK && skipped->text[0] == '\0')
        status = answer(&place, rows, inputs, width, answers, skipped, error);
    remove_place(&place);
    return status;
}
