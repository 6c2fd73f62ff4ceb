/* Runs a fuzz target without a fuzzer: over the files named, over all files of the folders named, or over standard input
 * where nothing is named. So the seeds are tried with every compiler, and AFL++ has a program to call. */
#include <dirent.h>

#include "fuzz.h"

static void run_stream(FILE *stream, const char *name)
{
    uint8_t *bytes = NULL;
    size_t size = 0, room = 0, got = 0;
    do {
        if (size == room) {
            room = room == 0 ? 65536 : 2 * room;
            uint8_t *wider = realloc(bytes, room);
            if (wider == NULL) {
                fprintf(stderr, "%s: not enough memory\n", name);
                exit(2);
            }
            bytes = wider;
        }
        got = fread(bytes + size, 1, room - size, stream);
        size += got;
    } while (got > 0);
    if (ferror(stream)) {
        perror(name);
        exit(2);
    }
    /* As many bytes as there are, so that reading one too far is seen. */
    uint8_t *exact = malloc(size > 0 ? size : 1);
    fuzz_assert(exact != NULL);
    memcpy(exact, bytes, size);
    free(bytes);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static size_t run_file(const char *path)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        perror(path);
        exit(2);
    }
    run_stream(stream, path);
    (void)fclose(stream);
    return 1;
}

/* A file, or the files of a folder; how many. */
static size_t run_path(const char *path)
{
    size_t count = 0;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return run_file(path);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char name[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        count += run_file(name);
    }
    closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    size_t count = 0;
    if (argc == 1)
        run_stream(stdin, "standard input");
    for (int i = 1; i < argc; i++)
        count += run_path(argv[i]);
    if (argc > 1)
        printf("%zu inputs\n", count);
    return argc > 1 && count == 0;
}
