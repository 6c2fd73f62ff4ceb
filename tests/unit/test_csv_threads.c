/* A table that several threads read, cut into blocks anywhere, is the one that a single thread reads in one piece: values to the
 * bit, their packing, labels, notes, and the message about the first bad line. */
#include "csvs.h"

#define MOST_THREADS 3

static void print_doubles(FILE *stream, const char *what, const double *values, size_t count)
{
    fprintf(stream, "%s:", what);
    for (size_t i = 0; values != NULL && i < count; i++)
        fprintf(stream, " %a", values[i]);
    fputc('\n', stream);
}

static void print_columns(FILE *stream, const Storage *storage)
{
    const Schema *schema = &storage->schema;
    for (size_t j = 0; j < storage->width; j++) {
        const PackedColumn *packed = storage_is_packed(storage) ? &storage->packing.columns[j] : NULL;
        fprintf(stream, "feature %zu %s: form %d power %g", j, schema->names != NULL ? schema->names[j] : "",
                packed != NULL ? (int)packed->form : -1, packed != NULL ? packed->power : 0);
        for (size_t k = 0; schema->vocabularies != NULL && k < schema->vocabularies[j].count; k++)
            fprintf(stream, " '%s'", schema->vocabularies[j].values[k]);
        for (size_t i = 0; i < storage->count; i++)
            fprintf(stream, " %a", storage_value(storage, i, j));
        fputc('\n', stream);
    }
}

/* All of a storage as text. */
static void print_storage(FILE *stream, const Storage *storage)
{
    const size_t count = storage->count;
    fprintf(stream, "%zu × %zu, type %d, row of %zu, missing %zu\n", count, storage->width, (int)storage->type,
            storage_row_size(storage), storage->missing);
    print_columns(stream, storage);
    for (size_t i = 0; storage->labels != NULL && i < count; i++)
        fprintf(stream, "class '%s'\n", storage->class_names[storage->labels[i]]);
    print_doubles(stream, "targets", storage->targets, count * storage->target_width);
    print_doubles(stream, "weights", storage->weights, count);
    print_doubles(stream, "times", storage->times, count);
    for (size_t i = 0; storage->groups != NULL && i < count; i++)
        fprintf(stream, "group %d\n", (int)storage->groups[i]);
    for (size_t j = 0; storage->unknown != NULL && j < storage->width; j++)
        fprintf(stream, "unknown %zu\n", storage->unknown[j]);
    for (size_t n = 0; n < storage->notes.count; n++)
        fprintf(stream, "note %d: %s\n", (int)storage->notes.list[n].kind, storage->notes.list[n].text);
}

/* What is read from a text, or the message; released with free. */
static char *read_as(const char *text, const SourceOptions *options, size_t threads, size_t block)
{
    SourceOptions reading = options != NULL ? *options : (SourceOptions){0};
    Storage *storage = NULL;
    char *printed = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&printed, &size);
    reading.threads = threads;
    reading.block = block;
    percept_error failure;
    const percept_status status = read_bytes(text, strlen(text), &reading, &storage, &failure);
    if (status == PERCEPT_OK)
        print_storage(stream, storage);
    else
        fprintf(stream, "status %d: %s\n", (int)status, failure.message);
    fclose(stream);
    storage_release(storage);
    return printed;
}

/* For every size of a block up to `most`, and numbers of threads. Returns what was read, released with free. */
static char *check_blocks(const char *text, const SourceOptions *options, size_t most)
{
    char *expected = read_as(text, options, 1, 0);
    for (size_t threads = 1; threads <= MOST_THREADS; threads++)
        for (size_t block = 1; block <= most; block += threads) {
            char *found = read_as(text, options, threads, block);
            if (strcmp(found, expected) != 0)
                fail_msg("%zu threads, blocks of %zu bytes:\n%s\nnot:\n%s", threads, block, found, expected);
            free(found);
        }
    return expected;
}

static void check_all(const char *text, const SourceOptions *options)
{
    free(check_blocks(text, options, strlen(text) + 2));
}

static void refuse_all(const char *text, const SourceOptions *options, const char *message)
{
    char *found = check_blocks(text, options, strlen(text) + 2);
    if (strstr(found, message) == NULL)
        fail_msg("'%s' is not in: %s", message, found);
    free(found);
}

/* ---- Records ----------------------------------------------------------------------------------------------------- */

static void test_records_with_quotes_and_line_ends_in_them(void **state)
{
    (void)state;
    check_all("a,\"b\nc\",y\n1,\"2\",x\n\"3\",4,\"u\nv\"\n5,6,\"say \"\"no\"\"\"\n7,8,x\n", NULL);
    check_all("a,b,y\n1,2,\"\n\"\n3,4,\"\r\n,\"\n5,6,\"\"\n7,8,x\n", NULL);
    check_all(
        "text,b,y\n\"one, two\",2,x\n\"one\n\n\ntwo\",4,x\n\"one, two\",6,z\n\"one, two\",8,z\n\"one, two\",9,z\n",
        NULL);
}

static void test_other_line_ends_and_a_last_line_without_one(void **state)
{
    (void)state;
    check_all("a,b,y\r\n1,2,x\r\n3,4,z\r\n5,6,x", NULL);
    check_all("a,b,y\r1,2,x\r3,4,z\r5,6,x\r", NULL);
    check_all("a,b,y\n1,2,x\n3,4,z\n5,6,x", NULL);
    check_all("\xEF\xBB\xBF"
              "a;b;y\n1,5;2;x\n3;4,25;z\n",
              &(SourceOptions){.decimal_comma = true});
    check_all("1 2 x\n 3  4\tz\n5 6 x \n", NULL);
}

static void test_blank_lines_and_lines_before_the_table(void **state)
{
    (void)state;
    check_all("# made by hand\n\na,b,y\n1,2,x\n\n3,4,z\n   \n5,6,x\n\n\n", NULL);
    check_all("a\n1\n\n2\n\n3\n", &(SourceOptions){.label = "none"});
}

/* ---- Columns ----------------------------------------------------------------------------------------------------- */

static void test_columns_whose_forms_depend_on_earlier_rows(void **state)
{
    (void)state;
    /* Bytes, shorts, decimals of more and more places, float32, float64; a gap; -0. */
    check_all(
        "a,b,c,d,y\n1,1,0.5,1,x\n2,300,0.25,2,z\n,70000,1e-3,0.1,x\n-0,1,12345.678,1e-30,z\n4,0.1234567891,NA,1e38,x\n",
        NULL);
    check_all("a,b,c,d,y\n1,2,3,4,x\n255,254,3,4,z\n0,0,0,0,x\n1,2,3,4,z\n", NULL);
}

static void test_categories_keep_their_codes(void **state)
{
    (void)state;
    check_all("town,n,y\nRome,1,x\nOslo,2,z\nRome,3,x\n\"Oslo\",4,z\n,5,x\n\"New \"\"York\"\"\",6,z\nRome,7,x\n"
              "\"New \"\"York\"\"\",8,z\nNA,9,x\nRome,10,z\nOslo,11,x\nRome,12,z\n",
              NULL);
}

static void test_dates_find_their_form_in_a_late_row(void **state)
{
    (void)state;
    check_all("day,n,y\n1/2/2024,1,x\n3/4/2024,2,z\n5/6/2024,3,x\n7/8/2024,4,z\n,5,x\n9/10/2024,5,z\n25/12/2024,6,x\n"
              "nothing,7,z\n1/3/2024,8,x\n2/3/2024,8,x\n",
              NULL);
}

static void test_booleans_labels_weights_groups_and_times(void **state)
{
    (void)state;
    check_all("a,b,y\n1,2,x\ntrue,3,z\n0,no,x\n1,4,z\nfalse,YES,x\n", NULL);
    check_all("a,w,g,t,y\n1,1,p,3,0.5\n2,2,q,1,1.5\n3,0,\"p\",2,2.5\n4,1,\"q\"\"q\",9,3.5\n",
              &(SourceOptions){.weight = "w", .group = "g", .time = "t"});
    const char *const targets[] = {"y", "z"};
    check_all("a,y,z\n1,2,3\n4,5,6\n7,,8\n9,10,11\n",
              &(SourceOptions){.targets = targets, .target_count = 2, .missing_label = UNANSWERED_DROP});
    check_all("a,y\n1,x\n2,\n3,NA\n4,z\n5,x\n", &(SourceOptions){.missing_label = UNANSWERED_DROP});
}

static void test_numbers_as_they_are_in_the_wild(void **state)
{
    (void)state;
    check_all("a,b,c,y\n+1, 2 ,.5,x\n1.,0001,-.25,z\n1e5,1E-5,123456789012345678901234567890,x\n"
              "0.1234567890123456789012345,4.35,9007199254740993,z\n\" 7 "
              "\",\"8\",-0.0,x\n2.2250738585072011e-308,1e-320,5e-324,z\n",
              NULL);
}

/* ---- Bad lines ----------------------------------------------------------------------------------------------------- */

static void test_the_first_bad_line_is_named(void **state)
{
    (void)state;
    const char *const columns[] = {"b=number"};
    const SourceOptions numbers = {.columns = columns, .column_count = 1};
    refuse_all("a,b,y\n1,2,x\n3,4,z\n5,oops,x\n7,8\n9,bad,z\n", &numbers, "line 4");
    refuse_all("a,b,y\n1,2,x\n3,4,z\n5,6\n7,oops,x\n", &numbers, "line 4");
    refuse_all("a,b,y\n1,2,x\n\n3,4,\"u\nv\"\n5,6,7,8\n7,oops,x\n", &numbers, "line 6");
    refuse_all("a,b,y\n1,2,x\n3,4,z\n5,6,\"open\n7,8,x\n9,oops,x\n", &numbers, "line 4");
    refuse_all("a,b,y\n1,2,x\n3,4,z\n5,1e400,x\n", &numbers, "line 4");
    refuse_all("a,b,y\n1,2,x\n3,,z\n", &(SourceOptions){.missing = MISSING_REFUSE}, "line 3");
    refuse_all("a,y\n1,x\n2,\n3,z\n4,\n", NULL, "line 3");
}

static void test_a_bad_row_wins_over_an_open_quote_behind_it(void **state)
{
    (void)state;
    const char *const columns[] = {"b=number"};
    const SourceOptions numbers = {.columns = columns, .column_count = 1};
    refuse_all("a,b,y\n1,2,x\n3,4,z\n5,oops,x\n7,8,\"open\n9,10,x\n", &numbers, "line 4");
}

static void test_texts_that_are_not_utf8_are_refused_in_order(void **state)
{
    (void)state;
    refuse_all("town,n,y\nRome,1,x\nOslo,2,z\nRome,3,x\nOslo,3,x\nRome,3,x\nK\xF8"
               "ge,4,\xF8\nOslo,oops,x\n",
               NULL, "line 7");
    refuse_all("a,b,y\n1,2,x\n3,4,z\n5,6,\xF8\n7,oops,x\n", NULL, "line 4");
}

/* ---- Sizes --------------------------------------------------------------------------------------------------------- */

/* More pieces than slots, and lines longer than a block. */
static void test_many_rows_and_long_lines(void **state)
{
    (void)state;
    enum { ROWS = 3000, ROW_SIZE = 64, LONG = 5000 };
    char *text = NULL;
    assert_ok(memory_allocate((size_t)ROWS * ROW_SIZE + (size_t)2 * LONG, 1, "text", &text, error));
    size_t used = (size_t)sprintf(text, "a,b,c,y\n");
    for (int i = 0; i < ROWS; i++) {
        used += (size_t)sprintf(text + used, "%d,%.3f,%s,", i, (double)i / 7, i % 3 == 0 ? "red" : "blue");
        const int length = i == ROWS / 2 ? LONG : 1;
        used += (size_t)sprintf(text + used, "%0*d\n", length, i % 2);
    }
    static const size_t blocks[] = {1, 100, 1000, 10000};
    char *expected = read_as(text, NULL, 1, 0);
    for (size_t threads = 1; threads <= MOST_THREADS; threads++)
        for (size_t b = 0; b < sizeof blocks / sizeof blocks[0]; b++) {
            char *found = read_as(text, NULL, threads, blocks[b]);
            assert_true(strcmp(found, expected) == 0);
            free(found);
        }
    free(expected);
    memory_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(test_records_with_quotes_and_line_ends_in_them),
        IN_SCRATCH(test_other_line_ends_and_a_last_line_without_one),
        IN_SCRATCH(test_blank_lines_and_lines_before_the_table),
        IN_SCRATCH(test_columns_whose_forms_depend_on_earlier_rows),
        IN_SCRATCH(test_categories_keep_their_codes),
        IN_SCRATCH(test_dates_find_their_form_in_a_late_row),
        IN_SCRATCH(test_booleans_labels_weights_groups_and_times),
        IN_SCRATCH(test_numbers_as_they_are_in_the_wild),
        IN_SCRATCH(test_the_first_bad_line_is_named),
        IN_SCRATCH(test_a_bad_row_wins_over_an_open_quote_behind_it),
        IN_SCRATCH(test_texts_that_are_not_utf8_are_refused_in_order),
        IN_SCRATCH(test_many_rows_and_long_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
