/* Values of tables: their types, missing ones, labels, encodings. */
#include "csvs.h"

static void test_features_have_the_smallest_type_that_holds_them(void **state)
{
    (void)state;
    static const struct Case {
        const char *text;
        percept_type type;
    } cases[] = {
        {"0,255,a\n17,3.0,b\n", PERCEPT_UINT8},
        {"0,256,a\n", PERCEPT_FLOAT32},
        {"0,-1,a\n", PERCEPT_FLOAT32},
        {"0.5,1,a\n1,2,b\n", PERCEPT_FLOAT32},
        {"1,2,a\n0.1,3,b\n", PERCEPT_FLOAT64},
        {"1,2,a\n0.5,3,b\n", PERCEPT_FLOAT32},
        {"1,2,a\n0.5,2,b\n16777217,3,c\n", PERCEPT_FLOAT64},
        {"1,16777216,a\n", PERCEPT_FLOAT32},
        {"1e-300,1,a\n", PERCEPT_FLOAT64},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        Storage *storage = read_text(cases[c].text, NULL);
        if (storage->type != cases[c].type)
            fail_msg("'%s' became type %d", cases[c].text, (int)storage->type);
        storage_release(storage);
    }
    /* What was read before a wider type was needed is still there. */
    Storage *storage = read_text("1,255,a\n2,0.5,a\n3,0.1,a\n", NULL);
    check(storage, 3, 2, (const double[]){1, 255, 2, 0.5, 3, 0.1}, (const char *const[]){"a", "a", "a"});
    storage_release(storage);
}

static void test_missing_values_are_refused_or_filled(void **state)
{
    (void)state;
    static const char text[] = "a,b,c\n1,,x\n?,NA,y\n3,4,x\n";
    refuse(text, NULL, PERCEPT_ERROR_FORMAT, "table.csv, line 2, column 2 (b): the value is missing");
    refuse("a,b,c\n1,2,x\n?,2,y\n", NULL, PERCEPT_ERROR_FORMAT, "line 3, column 1 (a): the value is missing ('?')");
    Storage *storage = read_text(text, &(SourceOptions){.missing = MISSING_ZERO});
    check(storage, 3, 2, (const double[]){1, 0, 0, 0, 3, 4}, (const char *const[]){"x", "y", "x"});
    assert_int_equal(storage->missing, 0);
    storage_release(storage);
    storage = read_text(text, &(SourceOptions){.missing = MISSING_MEAN});
    assert_int_equal(storage->missing, 3);
    assert_int_equal(storage->type, PERCEPT_FLOAT32);
    assert_true(isnan(feature(storage, 0, 1)) && isnan(feature(storage, 1, 0)) && feature(storage, 2, 1) == 4);
    storage_release(storage);

    static const char *const words[] = {"",     "?",    "NA",   "na",   "N/A", "nan",  "NaN", "-nan",
                                        "null", "None", "#N/A", "\"\"", " ",   "<NA>", ".",   "-"};
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
        char line[64];
        snprintf(line, sizeof line, "1,2,x\n%s,2,x\n", words[w]);
        storage = read_text(line, &(SourceOptions){.missing = MISSING_ZERO});
        assert_true(storage->count == 2 && feature(storage, 1, 0) == 0);
        storage_release(storage);
    }
    /* Other texts, numbers among them, when they are named. */
    const char *const others[] = {"-999", "unknown"};
    storage = read_text("1,5,x\n-999.0,unknown,y\n",
                        &(SourceOptions){.missing = MISSING_ZERO, .missing_tokens = {others, 2}});
    check(storage, 2, 2, (const double[]){1, 5, 0, 0}, (const char *const[]){"x", "y"});
    storage_release(storage);
    refuse("1,5,x\n-999,NA,y\n", &(SourceOptions){.missing = MISSING_ZERO, .missing_tokens = {others, 2}},
           PERCEPT_ERROR_FORMAT, "'NA' is not");
    /* A weight must be there. */
    refuse("a,b,c\n1,NA,x\n", &(SourceOptions){.missing = MISSING_ZERO, .weight = "b"}, PERCEPT_ERROR_FORMAT,
           "a value must be there");
}

static void test_rows_without_an_answer_are_refused_or_dropped(void **state)
{
    (void)state;
    const char *const y[] = {"y"};
    const char labels[] = "a,y\n1,0\n2,1\n3,NA\n4,?\n5,\" \"\n6,1\n7,\n", numbers[] = "a,y\n1,nan\n2,0.5\n3,.\n";
    const SourceOptions drop = {.missing_label = UNANSWERED_DROP};
    const SourceOptions regression = {.targets = y, .target_count = 1};
    const SourceOptions both = {.targets = y, .target_count = 1, .missing_label = UNANSWERED_DROP};
    refuse(labels, NULL, PERCEPT_ERROR_FORMAT,
           "4 of 7 rows have no label (column y), the first in line 4; --missing-label drop");
    Storage *storage = read_text(labels, &drop);
    check(storage, 3, 1, (const double[]){1, 2, 6}, (const char *const[]){"0", "1", "1"});
    assert_int_equal(storage->class_count, 2);
    bool noted = false;
    for (size_t n = 0; n < storage->notes.count; n++)
        noted |= strstr(storage->notes.list[n].text, "4 of 7 rows have no label (column y) and were left out") != NULL;
    assert_true(noted);
    storage_release(storage);
    refuse(numbers, &regression, PERCEPT_ERROR_FORMAT, "2 of 3 rows have no target, the first in line 2");
    storage = read_text(numbers, &both);
    assert_true(storage->count == 1 && storage->targets[0] == 0.5 && feature(storage, 0, 0) == 2);
    storage_release(storage);
    refuse("a,y\n1,\n2,NA\n", &drop, PERCEPT_ERROR_FORMAT, "none of the 2 rows has a label (column y)");
    /* Blood groups: a minus is a class. */
    storage = read_text("a,rhesus\n1,+\n2,-\n", NULL);
    assert_int_equal(storage->class_count, 2);
    storage_release(storage);
    /* Tokens of one's own, in place of the usual ones. */
    const char *const tokens[] = {"unknown"};
    refuse("1,NA\n2,EU\n3,Unknown\n", &(SourceOptions){.missing_tokens = {tokens, 1}}, PERCEPT_ERROR_FORMAT,
           "1 of 3 rows has no label (column 2), the first in line 3");
    storage = read_text("1,NA\n2,EU\n", &(SourceOptions){.missing_tokens = {tokens, 1}});
    check(storage, 2, 1, (const double[]){1, 2}, (const char *const[]){"NA", "EU"});
    storage_release(storage);
}

static void test_labels_become_classes_in_order(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 4};
    Storage *storage = read_text("1,b\n2,B\n3,a\n4,b\n", NULL);
    check(storage, 4, 1, x, (const char *const[]){"b", "B", "a", "b"});
    assert_string_equal(storage->class_names[0], "B"); /* by bytes */
    assert_string_equal(storage->class_names[1], "a");
    storage_release(storage);
    storage = read_text("1,10\n2,9\n3,9.0\n4,+10\n", NULL);
    check(storage, 4, 1, x, (const char *const[]){"10", "9", "9", "10"});
    assert_int_equal(storage->class_count, 2);
    assert_string_equal(storage->class_names[0], "9"); /* by value */
    storage_release(storage);
    storage = read_text("1,10\n2,9\n3,9.5x\n4,10\n", NULL); /* not all are numbers */
    assert_string_equal(storage->class_names[0], "10");
    storage_release(storage);
    refuse("1,10\n2,9.5\n", NULL, PERCEPT_ERROR_FORMAT,
           "column 2 holds decimals such as 9.5, not classes; for regression add --targets 2");
    refuse("a,the y\n1,1e1\n2,0.5\n", NULL, PERCEPT_ERROR_FORMAT, "--targets \"the y\"");
}

static void check_classes(const char *text, const char *const *names, size_t count)
{
    Storage *storage = read_text(text, NULL);
    assert_int_equal(storage->class_count, count);
    for (size_t k = 0; k < count; k++)
        assert_string_equal(storage->class_names[k], names[k]);
    storage_release(storage);
}

static void test_labels_are_texts_unless_all_are_plain_whole_numbers(void **state)
{
    (void)state;
    check_classes("1,01\n2,1\n3,007\n4,7\n", (const char *const[]){"007", "01", "1", "7"}, 4);
    check_classes("1,1E1\n2,10\n3,1E2\n4,100\n", (const char *const[]){"10", "100", "1E1", "1E2"}, 4);
    check_classes("1,1.0\n2,1\n3,01\n", (const char *const[]){"01", "1", "1.0"}, 3);
    /* pandas writes a column of whole numbers with a gap as floats */
    check_classes("1,2.0\n2,1\n3,2\n4,-1.00\n5,+2\n6,0\n7,-0\n", (const char *const[]){"-1", "0", "1", "2"}, 4);
    /* neighbours that float64 cannot tell apart, and more than 64 bits */
    check_classes(
        "1,9007199254740993\n2,9007199254740992\n3,123456789012345678901\n4,123456789012345678900\n",
        (const char *const[]){"9007199254740992", "9007199254740993", "123456789012345678900", "123456789012345678901"},
        4);
    check_classes("1,-123456789012345678901\n2,-123456789012345678900\n3,0\n",
                  (const char *const[]){"-123456789012345678901", "-123456789012345678900", "0"}, 3);
    /* a whole file by numpy.savetxt; next to another notation, texts */
    check_classes("1,1.200000000000000000e+01\n2,2.000000000000000000e+00\n", (const char *const[]){"2", "12"}, 2);
    check_classes("1,1.2e+01\n2,12\n", (const char *const[]){"1.2e+01", "12"}, 2);
}

static void test_text_is_utf8_or_told_otherwise(void **state)
{
    (void)state;
    const SourceOptions latin1 = {.encoding = ENCODING_LATIN1, .header = HEADER_YES};
    refuse("a,y\n1,the\n2,th\xe9\n", NULL, PERCEPT_ERROR_FORMAT,
           "line 3, column y: the label is not UTF-8; if the file is in Latin-1, add --encoding latin1");
    refuse("a,gr\xf6\xdf"
           "e,y\n1,2,the\n",
           &(SourceOptions){.header = HEADER_YES}, PERCEPT_ERROR_FORMAT, "the name of column 2 is not UTF-8");
    Storage *storage = read_text("gr\xf6\xdf"
                                 "e,y\n1,the\n2,th\xe9\n",
                                 &latin1);
    check(storage, 2, 1, (const double[]){1, 2}, (const char *const[]){"the", "th\xc3\xa9"});
    assert_string_equal(storage->schema.names[0], "gr\xc3\xb6\xc3\x9f"
                                                  "e");
    storage_release(storage);
    /* A column that is not used may be in any encoding. */
    const char *const drop[] = {"2"};
    storage = read_text("1,th\xe9,x\n2,caf\xe9,y\n", &(SourceOptions){.drop = drop, .drop_count = 1});
    assert_int_equal(storage->class_count, 2);
    storage_release(storage);
}

/* Bytes become two wherever blocks of the file meet, and where a line is as long as the buffer. */
static void test_latin1_is_read_across_blocks(void **state)
{
    (void)state;
    enum { ROWS = 7, LONG = 300001 };
    static char text[ROWS * (LONG + 8)];
    char *at = text;
    for (size_t r = 0; r < ROWS; r++) {
        at += sprintf(at, "%zu,", r);
        memset(at, 0xe0 + (int)(r % 3), LONG);
        at += LONG;
        *at++ = '\n';
    }
    Storage *storage = NULL;
    const SourceOptions latin1 = {.encoding = ENCODING_LATIN1, .header = HEADER_NO};
    assert_ok(read_bytes(text, (size_t)(at - text), &latin1, &storage, error));
    assert_true(storage->count == ROWS && storage->class_count == 3);
    for (size_t k = 0; k < 3; k++) {
        const char letter[] = {'\xc3', (char)(0xa0 + k), '\0'};
        assert_int_equal(strlen(storage->class_names[k]), 2 * LONG);
        for (size_t i = 0; i < LONG; i++)
            assert_memory_equal(storage->class_names[k] + 2 * i, letter, 2);
    }
    storage_release(storage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_features_have_the_smallest_type_that_holds_them),
        cmocka_unit_test(test_missing_values_are_refused_or_filled),
        cmocka_unit_test(test_rows_without_an_answer_are_refused_or_dropped),
        cmocka_unit_test(test_labels_become_classes_in_order),
        cmocka_unit_test(test_labels_are_texts_unless_all_are_plain_whole_numbers),
        cmocka_unit_test(test_text_is_utf8_or_told_otherwise),
        cmocka_unit_test(test_latin1_is_read_across_blocks),
    };
    return cmocka_run_group_tests(tests, open_scratch, remove_scratch);
}
