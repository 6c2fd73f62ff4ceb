/* Tables from text, for tests. */
#ifndef TESTS_CSVS_H
#define TESTS_CSVS_H

#include "in_scratch.h"

#include "base/memory.h"
#include "data/csv.h"

/* Reads bytes as a file. */
static inline percept_status read_bytes(const char *bytes, size_t size, const SourceOptions *options, Storage **out,
                                        percept_error *error)
{
    static const SourceOptions automatic = {0};
    char path[SCRATCH_PATH];
    const char *const paths[1][SOURCE_FILES] = {{scratch_path(&scratch, "table.csv", path)}};
    size_t count = 0;
    scratch_write(path, bytes, size);
    percept_status status = csv_read(paths, 1, options != NULL ? options : &automatic, 0, out, &count, error);
    if (status == PERCEPT_OK)
        assert_int_equal(count, (*out)->count);
    return status;
}

static inline Storage *read_text(const char *text, const SourceOptions *options)
{
    Storage *storage = NULL;
    assert_ok(read_bytes(text, strlen(text), options, &storage, error));
    return storage;
}

/* The text is refused, with this in the message. */
static inline void refuse(const char *text, const SourceOptions *options, percept_status status, const char *message)
{
    Storage *storage = NULL;
    assert_refused(read_bytes(text, strlen(text), options, &storage, error), status, message);
    assert_null(storage);
}

/* A note of the kind has this text in it. */
static inline void expect_note(const Storage *storage, NoteKind kind, const char *text)
{
    for (size_t n = 0; n < storage->notes.count; n++)
        if (storage->notes.list[n].kind == kind && strstr(storage->notes.list[n].text, text) != NULL)
            return;
    for (size_t n = 0; n < storage->notes.count; n++)
        print_message("note: %s\n", storage->notes.list[n].text);
    fail_msg("no note has '%s'", text);
}

static inline double feature(const Storage *storage, size_t i, size_t j)
{
    return storage_value(storage, i, j);
}

/* The storage holds these features, row by row, and each row's class is called so. */
static inline void check(const Storage *storage, size_t count, size_t width, const double *features,
                         const char *const *classes)
{
    assert_int_equal(storage->count, count);
    assert_int_equal(storage->width, width);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < width; j++)
            if (feature(storage, i, j) != features[i * width + j])
                fail_msg("row %zu, feature %zu: %.17g, not %.17g", i, j, feature(storage, i, j),
                         features[i * width + j]);
        assert_string_equal(storage->class_names[storage->labels[i]], classes[i]);
    }
}

#endif
