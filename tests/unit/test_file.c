/* Files appear whole or not at all, and are read as they are. */
#include "scratch.h"

#include "base/file.h"
#include "base/memory.h"

static void check_content(const char *path, const void *bytes, size_t size)
{
    uint8_t *read = NULL;
    size_t got = 0;
    assert_ok(file_read(path, &read, &got, error));
    assert_int_equal(got, size);
    assert_memory_equal(read, bytes, size);
    memory_free(read);
}

static void test_what_is_written_is_read(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    scratch_open(&scratch);
    static uint8_t bytes[200003]; /* more than one step of the reader, no round number */
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 31 >> 3);
    static const size_t sizes[] = {0, 1, 2, 65535, 65536, sizeof bytes};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        assert_ok(file_write(scratch_path(&scratch, "file", path), bytes, sizes[s], error));
        check_content(path, bytes, sizes[s]);
    }
    assert_int_equal(scratch_count(scratch.folder), 1);
    scratch_remove(scratch.folder);
}

static void test_text_and_bytes_come_in_order(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    FileWriter *writer = NULL;
    scratch_open(&scratch);
    assert_ok(file_writer_open(scratch_path(&scratch, "log.csv", path), &writer, error));
    file_writer_print(writer, "%s,%d\n", "epoch", 7);
    file_writer_write(writer, "end", 3);
    assert_false(file_exists(path));
    assert_ok(file_writer_commit(writer, error));
    check_content(path, "epoch,7\nend", 11);
    scratch_remove(scratch.folder);
}

static void test_an_abandoned_file_leaves_the_old_one(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    FileWriter *writer = NULL;
    scratch_open(&scratch);
    scratch_write(scratch_path(&scratch, "model", path), "old", 3);
    assert_ok(file_writer_open(path, &writer, error));
    file_writer_write(writer, "new", 3);
    file_writer_abandon(writer);
    file_writer_abandon(NULL);
    check_content(path, "old", 3);
    assert_int_equal(scratch_count(scratch.folder), 1);
    scratch_remove(scratch.folder);
}

static void test_two_writers_of_one_file_do_not_mix(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    FileWriter *first = NULL, *second = NULL;
    scratch_open(&scratch);
    assert_ok(file_writer_open(scratch_path(&scratch, "model", path), &first, error));
    assert_ok(file_writer_open(path, &second, error));
    file_writer_print(first, "first");
    file_writer_print(second, "second");
    assert_ok(file_writer_commit(first, error));
    check_content(path, "first", 5);
    assert_ok(file_writer_commit(second, error));
    check_content(path, "second", 6);
    assert_int_equal(scratch_count(scratch.folder), 1);
    scratch_remove(scratch.folder);
}

static void test_a_symbolic_link_stays(void **state)
{
    (void)state;
    Scratch scratch;
    char link[SCRATCH_PATH], target[SCRATCH_PATH];
    struct stat facts;
    scratch_open(&scratch);
    scratch_path(&scratch, "link", link);
    scratch_write(scratch_path(&scratch, "target", target), "old", 3);
    assert_int_equal(symlink("target", link), 0);
    assert_ok(file_write(link, "new", 3, error));
    check_content(target, "new", 3);
    assert_int_equal(lstat(link, &facts), 0);
    assert_true(S_ISLNK(facts.st_mode));
    assert_int_equal(unlink(target), 0);
    assert_refused(file_write(link, "new", 3, error), PERCEPT_ERROR_IO, "symbolic link to nothing");
    scratch_remove(scratch.folder);
}

static void test_what_is_no_file_is_refused(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    uint8_t *bytes = NULL;
    size_t size = 0;
    scratch_open(&scratch);
    assert_refused(file_write(scratch.folder, "x", 1, error), PERCEPT_ERROR_IO, "it is a folder");
    assert_refused(file_write("/dev/null", "x", 1, error), PERCEPT_ERROR_IO, "a device or a pipe");
    assert_refused(file_write("", "x", 1, error), PERCEPT_ERROR_ARGUMENT, "file name is missing");
    assert_refused(file_write(scratch_path(&scratch, "none/file", path), "x", 1, error), PERCEPT_ERROR_IO, "none");
    assert_refused(file_read(path, &bytes, &size, error), PERCEPT_ERROR_IO, path);
    assert_refused(file_read(scratch.folder, &bytes, &size, error), PERCEPT_ERROR_IO, "directory");
    assert_null(bytes);
    assert_int_equal(scratch_count(scratch.folder), 0);
    scratch_remove(scratch.folder);
}

static void test_a_folder_without_permission_is_named(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    if (geteuid() == 0) {
        print_message("skipped: the superuser may write everywhere\n");
        skip();
    }
    scratch_open(&scratch);
    assert_int_equal(chmod(scratch.folder, 0500), 0);
    assert_refused(file_write(scratch_path(&scratch, "file", path), "x", 1, error), PERCEPT_ERROR_IO, scratch.folder);
    assert_int_equal(chmod(scratch.folder, 0700), 0);
    scratch_remove(scratch.folder);
}

static void test_a_failure_on_the_way_is_told_at_the_end(void **state)
{
    (void)state;
    FileWriter *writer = NULL;
    Scratch scratch;
    char path[SCRATCH_PATH];
    scratch_open(&scratch);
    assert_ok(file_writer_open(scratch_path(&scratch, "file", path), &writer, error));
    /* The folder goes away, and with it the place to rename to. */
    scratch_remove(scratch.folder);
    file_writer_write(writer, "x", 1);
    assert_refused(file_writer_commit(writer, error), PERCEPT_ERROR_IO, path);
}

static void test_pipes_are_read_to_their_end(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH];
    int ends[2];
    size_t hint = 1;
    scratch_open(&scratch);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "through a pipe", 14), 14);
    assert_int_equal(close(ends[1]), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_ok(file_size_hint(path, &hint, error));
    assert_int_equal(hint, 0);
    check_content(path, "through a pipe", 14);
    assert_int_equal(close(ends[0]), 0);
    scratch_remove(scratch.folder);
}

static void test_folders_are_made_with_their_parents(void **state)
{
    (void)state;
    Scratch scratch;
    char path[SCRATCH_PATH], file[SCRATCH_PATH], below[SCRATCH_PATH];
    scratch_open(&scratch);
    scratch_path(&scratch, "a//b/c/", path);
    assert_ok(file_make_folder(path, error));
    assert_true(file_exists(path));
    assert_ok(file_make_folder(path, error));
    scratch_write(scratch_path(&scratch, "a/file", file), "", 0);
    assert_refused(file_make_folder(file, error), PERCEPT_ERROR_IO, "a file of that name is there");
    assert_refused(file_make_folder(scratch_path(&scratch, "a/file/x", below), error), PERCEPT_ERROR_IO, file);
    scratch_remove(scratch.folder);
}

static void test_paths_are_joined_by_one_slash(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"/", "b", "/b"}, {"", "b", "b"}, {"a", "", "a"}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char *joined = NULL;
        assert_ok(file_join(cases[c][0], cases[c][1], &joined, error));
        assert_string_equal(joined, cases[c][2]);
        memory_free(joined);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_read),
        cmocka_unit_test(test_text_and_bytes_come_in_order),
        cmocka_unit_test(test_an_abandoned_file_leaves_the_old_one),
        cmocka_unit_test(test_two_writers_of_one_file_do_not_mix),
        cmocka_unit_test(test_a_symbolic_link_stays),
        cmocka_unit_test(test_what_is_no_file_is_refused),
        cmocka_unit_test(test_a_folder_without_permission_is_named),
        cmocka_unit_test(test_a_failure_on_the_way_is_told_at_the_end),
        cmocka_unit_test(test_pipes_are_read_to_their_end),
        cmocka_unit_test(test_folders_are_made_with_their_parents),
        cmocka_unit_test(test_paths_are_joined_by_one_slash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
