/* Tables as people write them: every dialect gives the same numbers, every fault its line. */
#include "csvs.h"

/* ---- Dialects ------------------------------------------------------------------------------------------------- */

static const double three[] = {1.5, -2, 3, 0.25, 1e3, 7};
static const char *const cats[] = {"cat", "dog", "cat"};

/* One table of three rows in many dialects: the same storage from all. */
static void test_every_dialect_gives_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "x,y,kind\n1.5,-2,cat\n3,0.25,dog\n1e3,7,cat\n",                /* plain */
        "x,y,kind\r\n1.5,-2,cat\r\n3,0.25,dog\r\n1e3,7,cat\r\n",        /* CRLF */
        "x,y,kind\r1.5,-2,cat\r3,0.25,dog\r1e3,7,cat\r",                /* CR */
        "x,y,kind\n1.5,-2,cat\n3,0.25,dog\n1e3,7,cat",                  /* no last line end */
        "\xEF\xBB\xBFx,y,kind\n1.5,-2,cat\n3,0.25,dog\n1e3,7,cat\n",    /* BOM */
        "x;y;kind\n1.5;-2;cat\n3;0.25;dog\n1e3;7;cat\n",                /* semicolons */
        "x\ty\tkind\n1.5\t-2\tcat\n3\t0.25\tdog\n1e3\t7\tcat\n",        /* tabs */
        "x|y|kind\n1.5|-2|cat\n3|0.25|dog\n1e3|7|cat\n",                /* bars */
        "1.5 -2 cat\n3  0.25\tdog\n 1e3 7 cat \n",                      /* spaces, no header */
        "1.5,-2,cat\n3,0.25,dog\n1e3,7,cat\n",                          /* no header */
        "\n\nx,y,kind\n  \n1.5,-2,cat\n\r\n3,0.25,dog\n1e3,7,cat\n\n",  /* blank lines */
        " x , y , kind \n 1.5 , -2 , cat \n 3, 0.25 ,dog\n1e3,7,cat\n", /* padding */
        "\"x\",\"y\",\"kind\"\n\"1.5\",\"-2\",\"cat\"\n\"3\",\"0.25\",\"dog\"\n\" 1e3 \",\"7\",\"cat\"\n", /* quotes */
        "x,y,kind\n+1.50,-2.,cat\n3.0e0,.25,dog\n1E+3,007,cat\n",                    /* other ways to write numbers */
        "\"x\ny\",\"a \"\"y\"\", or so\",kind\n1.5,-2,cat\n3,0.25,dog\n1e3,7,cat\n", /* names over two lines */
        "0,1,kind\n1.5,-2,cat\n3,0.25,dog\n1e3,7,cat\n",                             /* names that count */
    };
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        /* Texts stand over texts in the last one: only being told makes it a header. */
        const SourceOptions options = {.header = t == 15 ? HEADER_YES : HEADER_AUTO};
        Storage *storage = read_text(texts[t], &options);
        check(storage, 3, 2, three, cats);
        assert_int_equal(storage->class_count, 2);
        assert_true(storage->table && storage->divisor == 1);
        storage_release(storage);
    }
}

static void test_decimal_commas(void **state)
{
    (void)state;
    const SourceOptions comma = {.decimal_comma = true};
    Storage *storage = read_text("x;y;kind\n1,5;-2;cat\n3;0,25;dog\n1e3;7,0;cat\n", &comma);
    check(storage, 3, 2, three, cats);
    storage_release(storage);
    refuse("x;y;kind\n1,5;-2;cat\n3;0,25;dog\n", NULL, PERCEPT_ERROR_FORMAT, "--decimal comma");
    refuse("x,y,kind\n", &(SourceOptions){.decimal_comma = true, .delimiter = ","}, PERCEPT_ERROR_ARGUMENT,
           "a comma cannot be both");
}

static void test_a_delimiter_can_be_told(void **state)
{
    (void)state;
    Storage *storage = read_text("1.5:-2:cat\n3:0.25:dog\n1e3:7:cat\n", &(SourceOptions){.delimiter = ":"});
    check(storage, 3, 2, three, cats);
    storage_release(storage);
    storage = read_text("1.5\t-2\tcat\n3\t0.25\tdog\n1e3\t7\tcat\n", &(SourceOptions){.delimiter = "tab"});
    check(storage, 3, 2, three, cats);
    storage_release(storage);
    storage = read_text("1.5 -2\tcat\n3 0.25 dog\n1e3 7 cat\n", &(SourceOptions){.delimiter = "space"});
    check(storage, 3, 2, three, cats);
    storage_release(storage);
    refuse("1,2\n", &(SourceOptions){.delimiter = "ab"}, PERCEPT_ERROR_ARGUMENT, "data.delimiter is 'ab'");
    refuse("1,2\n", &(SourceOptions){.delimiter = "1"}, PERCEPT_ERROR_ARGUMENT, "no number has");
}

/* Semicolons in commas' cells, and commas in semicolons' cells, do not mislead. */
static void test_the_delimiter_is_the_one_that_fits_most_records(void **state)
{
    (void)state;
    const double one[] = {1, 2};
    Storage *storage = read_text("a,b,c\n1,1,\"x; y\"\n2,1,x\n", NULL);
    assert_int_equal(storage->width, 2);
    storage_release(storage);
    storage = read_text("a;c\n1;\"x, y, z\"\n2;\"x, y, z\"\n", NULL);
    check(storage, 2, 1, one, (const char *const[]){"x, y, z", "x, y, z"});
    storage_release(storage);
}

static void test_quotes_hold_what_they_enclose(void **state)
{
    (void)state;
    const double one[] = {1, 2, 3};
    Storage *storage =
        read_text("a,name\n1,\"Smith, J.\"\n2,\"said \"\"no\"\"\"\n3,\"two\r\nlines\"\n", &(SourceOptions){0});
    check(storage, 3, 1, one, (const char *const[]){"Smith, J.", "said \"no\"", "two\r\nlines"});
    storage_release(storage);
    /* A doubled quote does not end the cell, so neither does a line break or delimiter behind it. */
    storage = read_text("a,name\n1,\"said \"\"no\"\"\nand went\"\n2,\"\"\"\n\"\"\"\n3,\"a\"\"\n,\"\"\n\"\n", NULL);
    check(storage, 3, 1, one, (const char *const[]){"said \"no\"\nand went", "\"\n\"", "a\"\n,\"\n"});
    storage_release(storage);
    /* A quote within a cell is one. */
    storage = read_text("a,name\n1,5\" disk\n2,x\n3,x\n", NULL);
    check(storage, 3, 1, one, (const char *const[]){"5\" disk", "x", "x"});
    storage_release(storage);
}

/* ---- Headers -------------------------------------------------------------------------------------------------- */

static void test_a_header_is_told_from_rows(void **state)
{
    (void)state;
    static const struct Case {
        const char *text;
        HeaderKind header;
        size_t rows;
    } cases[] = {
        {"a,b\n1,2\n", HEADER_AUTO, 1},
        {"1,2\n3,4\n", HEADER_AUTO, 2},
        {"0,1,target\n5,6,1\n", HEADER_AUTO, 1}, /* names that programs give */
        {"3,4,x\n5,6,y\n", HEADER_AUTO, 2},      /* a text over a text */
        {"1,2,x\n5,6,7\n", HEADER_AUTO, 1},
        {"5,9,x\n5,6,7\n", HEADER_AUTO, 2},
        {"?,NA,x\n5,6,7\n", HEADER_AUTO, 1},
        {"1,2\n3,4\n", HEADER_YES, 1},
        {"a,b,c\n", HEADER_NO, 1},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const SourceOptions options = {.header = cases[c].header, .missing = MISSING_ZERO};
        Storage *storage = NULL;
        if (c == 8) {
            refuse(cases[c].text, &options, PERCEPT_ERROR_FORMAT, "line 1, column 1: 'a' is not a number");
            continue;
        }
        storage = read_text(cases[c].text, &options);
        if (storage->count != cases[c].rows)
            fail_msg("'%s': %zu rows", cases[c].text, storage->count);
        storage_release(storage);
    }
    refuse("a,b\n", NULL, PERCEPT_ERROR_FORMAT, "has no rows");
    refuse("", NULL, PERCEPT_ERROR_FORMAT, "is empty");
    refuse("\n \n", NULL, PERCEPT_ERROR_FORMAT, "is empty");
}

/* ---- Columns -------------------------------------------------------------------------------------------------- */

#define MANY "id,height,class,width,w\n1,10,a,20,1\n2,11,b,21,0.5\n"

static void test_columns_have_the_roles_that_are_told(void **state)
{
    (void)state;
    const char *const drop[] = {"id", "5"};
    const char *const targets[] = {"width", "height"};
    const double sizes[] = {10, 20, 11, 21};
    SourceOptions options = {.drop = drop, .drop_count = 2};
    Storage *storage = read_text(MANY, &options); /* class is found by its name */
    check(storage, 2, 2, sizes, (const char *const[]){"a", "b"});
    assert_null(storage->weights);
    storage_release(storage);

    options = (SourceOptions){.drop = drop, .drop_count = 1, .weight = "w", .label = "3"};
    storage = read_text(MANY, &options);
    check(storage, 2, 2, sizes, (const char *const[]){"a", "b"});
    assert_true(storage->weights[0] == 1 && storage->weights[1] == 0.5);
    storage_release(storage);

    const char *const away[] = {"class", "w"};
    options = (SourceOptions){.drop = away, .drop_count = 2, .targets = targets, .target_count = 2};
    storage = read_text(MANY, &options);
    assert_int_equal(storage->width, 1);
    assert_int_equal(storage->class_count, 0);
    assert_null(storage->labels);
    assert_int_equal(storage->target_width, 2);
    assert_true(storage->targets[0] == 20 && storage->targets[1] == 10 && storage->targets[3] == 11);
    storage_release(storage);

    storage = read_text("1,2\n3,4\n", &(SourceOptions){.label = "none"});
    assert_int_equal(storage->width, 2);
    assert_null(storage->labels);
    storage_release(storage);
    storage = read_text("b,1\na,2\n", &(SourceOptions){.label = "first", .header = HEADER_NO});
    check(storage, 2, 1, (const double[]){1, 2}, (const char *const[]){"b", "a"});
    storage_release(storage);
    storage = read_text("first,x\n1,5\n2,6\n", &(SourceOptions){.label = "first"}); /* a name wins over a word */
    check(storage, 2, 1, (const double[]){5, 6}, (const char *const[]){"1", "2"});
    storage_release(storage);
}

static void test_columns_that_cannot_be_are_refused(void **state)
{
    (void)state;
    const char *const heigth[] = {"heigth"}, *const height[] = {"height"}, *const six[] = {"6"};
    const char *const all[] = {"1", "2", "4", "5"};
    refuse(MANY, &(SourceOptions){.drop = heigth, .drop_count = 1}, PERCEPT_ERROR_ARGUMENT, "did you mean 'height'?");
    refuse(MANY, &(SourceOptions){.drop = six, .drop_count = 1}, PERCEPT_ERROR_ARGUMENT, "no column '6'");
    refuse("1,2\n", &(SourceOptions){.label = "x"}, PERCEPT_ERROR_ARGUMENT, "has no header");
    refuse(MANY, &(SourceOptions){.drop = height, .drop_count = 1, .label = "height"}, PERCEPT_ERROR_ARGUMENT,
           "column 2 (height)");
    refuse(MANY, &(SourceOptions){.drop = all, .drop_count = 4}, PERCEPT_ERROR_ARGUMENT, "none is left for features");
    refuse(MANY, &(SourceOptions){.targets = height, .target_count = 1, .label = "class"}, PERCEPT_ERROR_ARGUMENT,
           "both given");
    refuse("a,a,b\n1,2,3\n", &(SourceOptions){.label = "a"}, PERCEPT_ERROR_ARGUMENT, "two columns 'a', 1 and 2");
    refuse("5\n6\n", NULL, PERCEPT_ERROR_ARGUMENT, "is --delimiter right");
}

/* ---- Faults --------------------------------------------------------------------------------------------------- */

static void test_faults_name_their_place(void **state)
{
    (void)state;
    refuse("a,b,c\n1,2,x\n1,2\n", NULL, PERCEPT_ERROR_FORMAT,
           "table.csv, line 3: has 2 values, but the first line has 3");
    refuse("a,b,c\n1,2,x\n1,2,x,\n", NULL, PERCEPT_ERROR_FORMAT, "line 3: has 4 values");
    refuse("a,b,c\n\n1,2,x\n2,3,y\n\n1,Paris,x\n", NULL, PERCEPT_ERROR_FORMAT,
           "line 6, column 2 (b): 'Paris' is not a number; is the line no row?");
    refuse("a,b\n1,\"x\ny\"\n1e999,x\n", NULL, PERCEPT_ERROR_FORMAT, "line 4, column 1 (a): '1e999'");
    refuse("1,2,x\n0x10,2,x\n", NULL, PERCEPT_ERROR_FORMAT, "line 2, column 1: '0x10' is not");
    refuse("1,2,x\n1 2,2,x\n", NULL, PERCEPT_ERROR_FORMAT, "'1 2' is not");
    refuse("1,2,x\n1.2.3,2,x\n", NULL, PERCEPT_ERROR_FORMAT, "'1.2.3' is not");
    refuse("1,2,x\ninf,2,x\n", NULL, PERCEPT_ERROR_FORMAT, "'inf' is not a finite");
    refuse("a,b,c\n1,2,x\n1,\"2\" ,x\n1,\"2\"3,x\n", NULL, PERCEPT_ERROR_FORMAT, "line 4, column 2 (b): the quotes");
    refuse("a,b,c\n1,2,x\n1,\"2,x\n1,2,x\n", NULL, PERCEPT_ERROR_FORMAT, "line 3: a quoted cell begins");
    refuse("a,w,c\n1,-2,x\n", &(SourceOptions){.weight = "w"}, PERCEPT_ERROR_FORMAT, "the weight -2 is negative");
}

static void test_bytes_that_are_no_text_are_refused(void **state)
{
    (void)state;
    Storage *storage = NULL;
    static const char wide[] = "a\0,\0b\0\n\0001\0,\0002\0\n";
    assert_refused(read_bytes("1,2,x\n1,\0002,x\n", 13, NULL, &storage, error), PERCEPT_ERROR_FORMAT, "byte 8 is 0");
    assert_refused(read_bytes(wide, sizeof wide, NULL, &storage, error), PERCEPT_ERROR_FORMAT,
                   "is text in UTF-16; to convert it: iconv");
    /* Noise, of any length, ends with a message. */
    uint8_t noise[4096];
    uint32_t word = 1;
    for (size_t length = 0; length < sizeof noise; length += 1 + length / 4) {
        for (size_t i = 0; i < length; i++)
            noise[i] = (uint8_t)((word = word * 1664525 + 1013904223) >> 24 | 1);
        percept_error error = {PERCEPT_OK, ""};
        assert_int_not_equal(read_bytes((const char *)noise, length, NULL, &storage, &error), PERCEPT_OK);
        assert_true(error.message[0] != '\0');
    }
    assert_false(csv_recognize("\x01,2", 3));
    assert_false(csv_recognize("1,2\0", 4));
    assert_true(csv_recognize("1,2", 3));
    assert_false(csv_recognize("", 0));
}

/* ---- Size ----------------------------------------------------------------------------------------------------- */

/* Tables larger than a block, with cells across its ends, plain and gzip, have every row. */
static void test_long_tables_are_whole(void **state)
{
    (void)state;
    enum { ROWS = 60000 };
    char path[SCRATCH_PATH];
    char *text = malloc(64 * ROWS);
    size_t size = 0, packed_size = 0;
    assert_non_null(text);
    for (size_t i = 0; i < ROWS; i++)
        size += (size_t)sprintf(text + size, "%zu,\"%zu.25\",\"class\n%zu\"\r\n", i, i * i, i % 7);
    uint8_t *packed = scratch_gzip(text, size, &packed_size);
    const char *const paths[2][SOURCE_FILES] = {{scratch_path(&scratch, "long.csv", path)}, {path}};
    for (int gzip = 0; gzip < 2; gzip++) {
        const SourceOptions options = {0};
        Storage *storage = NULL;
        size_t counts[2] = {0, 0};
        scratch_write(path, gzip ? (const void *)packed : text, gzip ? packed_size : size);
        assert_ok(csv_read(paths, 2, &options, 0, &storage, counts, error)); /* the same file is both parts */
        assert_true(counts[0] == ROWS && counts[1] == ROWS && storage->count == 2 * ROWS);
        assert_int_equal(storage->class_count, 7);
        for (size_t i = 0; i < 2 * ROWS; i++) {
            const size_t n = i % ROWS;
            if (feature(storage, i, 0) != (double)n || feature(storage, i, 1) != (double)(n * n) + 0.25 ||
                (size_t)storage->labels[i] != n % 7)
                fail_msg("row %zu is wrong", i);
        }
        storage_release(storage);
    }
    /* A damaged archive is told. */
    packed[packed_size / 2] ^= 0x55;
    scratch_write(path, packed, packed_size);
    Storage *storage = NULL;
    size_t count = 0;
    assert_refused(csv_read(paths, 1, &(SourceOptions){0}, 0, &storage, &count, error), PERCEPT_ERROR_FORMAT,
                   "long.csv");
    scratch_write(path, packed, packed_size / 3);
    assert_refused(csv_read(paths, 1, &(SourceOptions){0}, 0, &storage, &count, error), PERCEPT_ERROR_FORMAT,
                   "corrupt");
    free(packed);
    free(text);
}

/* A row of a hundred thousand numbers is longer than a block. */
static void test_wide_tables_are_whole(void **state)
{
    (void)state;
    enum { COLUMNS = 100000, ROWS = 3 };
    char *text = malloc(ROWS * COLUMNS * 8);
    size_t size = 0;
    assert_non_null(text);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++)
            size += (size_t)sprintf(text + size, "%zu%c", j + i, j + 1 < COLUMNS ? ',' : '\n');
    Storage *storage = NULL;
    assert_ok(read_bytes(text, size, &(SourceOptions){.label = "none"}, &storage, error));
    assert_true(storage->count == ROWS && storage->width == COLUMNS);
    assert_true(feature(storage, 2, COLUMNS - 1) == COLUMNS + 1);
    storage_release(storage);
    free(text);
}

static void test_parts_must_have_the_same_columns(void **state)
{
    (void)state;
    char first[SCRATCH_PATH], second[SCRATCH_PATH];
    const char *const paths[2][SOURCE_FILES] = {{scratch_path(&scratch, "train.csv", first)},
                                                {scratch_path(&scratch, "test.csv", second)}};
    const SourceOptions options = {0};
    Storage *storage = NULL;
    size_t counts[2] = {0, 0};
    scratch_write(first, "1,2,a\n3,4,b\n", 12);
    scratch_write(second, "1,2,c\n", 6);
    assert_ok(csv_read(paths, 2, &options, 0, &storage, counts, error));
    assert_true(counts[0] == 2 && counts[1] == 1 && storage->class_count == 3);
    storage_release(storage);
    storage = NULL;
    assert_refused(csv_read(paths, 2, &options, 5, &storage, counts, error), PERCEPT_ERROR_FORMAT,
                   "3 classes instead of 5");
    scratch_write(second, "1,2\n", 4);
    assert_refused(csv_read(paths, 2, &options, 0, &storage, counts, error), PERCEPT_ERROR_FORMAT,
                   "has 2 columns, but");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_dialect_gives_the_same),
        cmocka_unit_test(test_decimal_commas),
        cmocka_unit_test(test_a_delimiter_can_be_told),
        cmocka_unit_test(test_the_delimiter_is_the_one_that_fits_most_records),
        cmocka_unit_test(test_quotes_hold_what_they_enclose),
        cmocka_unit_test(test_a_header_is_told_from_rows),
        cmocka_unit_test(test_columns_have_the_roles_that_are_told),
        cmocka_unit_test(test_columns_that_cannot_be_are_refused),
        cmocka_unit_test(test_faults_name_their_place),
        cmocka_unit_test(test_bytes_that_are_no_text_are_refused),
        cmocka_unit_test(test_long_tables_are_whole),
        cmocka_unit_test(test_wide_tables_are_whole),
        cmocka_unit_test(test_parts_must_have_the_same_columns),
    };
    return cmocka_run_group_tests(tests, open_scratch, remove_scratch);
}
