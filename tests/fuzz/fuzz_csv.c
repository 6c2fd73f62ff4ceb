/* A table as text, plain or gzip, in one file or two. The first two bytes of an input say how it is read (the tables
 * below); if it is two files, the next two bytes say how long the first is. */
#include "data/csv.h"

#include "fuzz.h"

static const char *const labels[] = {NULL, "first", "last", "none", "2", "species", "", "99"};
static const char *const delimiters[] = {NULL, NULL, ",", ";", "tab", "space", "|", "x"};
static const char *const columns[] = {"1", "width"};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const uint8_t way = fuzz_take_byte(&bytes, &size), choice = fuzz_take_byte(&bytes, &size);
    const uint8_t *first = bytes;
    const size_t parts = way & 0x80 ? 2 : 1;
    size_t first_size = size, counts[2] = {0, 0};
    FuzzFile files[2];
    percept_error error = {PERCEPT_OK, ""};
    Storage *storage = NULL;
    const SourceOptions options = {
        .missing = (MissingKind)((way & 3) % 3),
        .header = (HeaderKind)((way >> 2 & 3) % 3),
        .delimiter = delimiters[way >> 4 & 7],
        .decimal_comma = (choice & 1) != 0,
        .label = labels[choice >> 1 & 7],
        .targets = columns,
        .target_count = choice & 0x10 ? 1 : 0,
        .weight = choice & 0x20 ? columns[1] : NULL,
        .drop = columns,
        .drop_count = choice >> 6 & 1,
    };

    if (parts == 2)
        fuzz_split(&bytes, &size, &first, &first_size);
    (void)csv_recognize((const char *)first, first_size);
    fuzz_file_open(&files[0], first, first_size);
    fuzz_file_open(&files[1], bytes, size);
    const char *const paths[2][SOURCE_FILES] = {{files[0].path}, {files[1].path}};
    const percept_status status = csv_read(paths, parts, &options, choice & 0x80 ? 3 : 0, &storage, counts, &error);
    fuzz_check_storage(status, &error, storage, counts, parts);
    fuzz_file_close(&files[0]);
    fuzz_file_close(&files[1]);
    return 0;
}
