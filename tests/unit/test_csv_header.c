/* Which first line is names, and which is a row; what stands before a table; columns that hold no feature. */
#include "in_scratch.h"

#include "base/memory.h"
#include "data/csv.h"

static Storage *read_text(const char *text, const SourceOptions *options)
{
    static const SourceOptions automatic = {0};
    char path[SCRATCH_PATH];
    const char *const paths[1][SOURCE_FILES] = {{scratch_path(&scratch, "table.csv", path)}};
    size_t count = 0;
    Storage *storage = NULL;
    scratch_write(path, text, strlen(text));
    assert_ok(csv_read(paths, 1, options != NULL ? options : &automatic, 0, &storage, &count, error));
    return storage;
}

static void refuse(const char *text, const SourceOptions *options, const char *message)
{
    static const SourceOptions automatic = {0};
    char path[SCRATCH_PATH];
    const char *const paths[1][SOURCE_FILES] = {{scratch_path(&scratch, "table.csv", path)}};
    size_t count = 0;
    Storage *storage = NULL;
    scratch_write(path, text, strlen(text));
    assert_refused(csv_read(paths, 1, options != NULL ? options : &automatic, 0, &storage, &count, error),
                   PERCEPT_ERROR_FORMAT, message);
}

static double feature(const Storage *storage, size_t i, size_t j)
{
    return storage_value(storage, i, j);
}

static void expect_note(const Storage *storage, NoteKind kind, const char *text)
{
    for (size_t n = 0; n < storage->notes.count; n++)
        if (storage->notes.list[n].kind == kind && strstr(storage->notes.list[n].text, text) != NULL)
            return;
    for (size_t n = 0; n < storage->notes.count; n++)
        print_message("note: %s\n", storage->notes.list[n].text);
    fail_msg("no note has '%s'", text);
}

/* ---- Names or a row ------------------------------------------------------------------------------------------- */

typedef struct Case {
    const char *text;
    size_t rows;
} Case;

static void check_rows(const Case *cases, size_t count, const SourceOptions *options)
{
    for (size_t c = 0; c < count; c++) {
        Storage *storage = read_text(cases[c].text, options);
        if (storage->count != cases[c].rows)
            fail_msg("'%s': %zu rows, not %zu", cases[c].text, storage->count, cases[c].rows);
        storage_release(storage);
    }
}

static void test_names_that_are_numbers_are_names(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"0,1,2\n5.1,3.5,0\n4.9,3.0,0\n6.2,2.9,1\n", 3},                            /* pandas' to_csv(index=False) */
        {",0,1,2\n0,5.1,3.5,0\n1,4.9,3.0,1\n", 2},                                  /* and with its index */
        {"0,1,2,3\n1,0,1,0\n0,1,1,1\n3,3,3,0\n", 3},                                /* four that count */
        {"0,1,species\n5.1,3.5,setosa\n4.9,3.0,setosa\n6.2,2.9,virginica\n", 3},    /* a word over words */
        {"400,402,404,grain\n.11,.2,.31,rye\n.12,.21,.33,rye\n.3,.4,.5,oats\n", 3}, /* wavelengths */
        {"4000,3998,3996,y\n.11,.2,.31,1\n.12,.21,.33,2\n.3,.4,.5,1\n", 3},         /* wavenumbers fall */
        {"402.1,404.5,407.2,409\n.1,.2,.3,0\n.12,.21,.33,1\n.3,.4,.5,1\n", 3},      /* uneven ones */
        {"\"5\",\"7\",\"4\"\n1,2,0\n3,4,1\n", 2},                                   /* R's quotes */
        {"a,7,b,5,c\n1,2,3,4,x\n1,2,3,4,y\n", 2},                                   /* two words over numbers */
        {"x,y\nno,1\nyes,0\n", 2},
    };
    check_rows(cases, sizeof cases / sizeof cases[0], NULL);
}

static void test_rows_are_not_taken_for_names(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"0,1,0\n1,0,1\n1,1,0\n0,0,0\n", 4},         /* truth table */
        {"0,1\n1,0\n0,0\n1,1\n", 4},                 /* 0 and 1 are in both columns */
        {"0,1,2,3\n4,5,6,7\n8,9,10,11\n", 3},        /* all rows count */
        {"1,2,x\n3,4,y\n5,6,y\n7,8,x\n", 4},         /* the word comes again */
        {"5.1,3.5,x\n4.9,3.0,y\n6.2,2.9,y\n", 3},    /* it does not, but the numbers are like the others */
        {"5,6,x\n50,60,y\n51,61,y\n52,65,y\n", 4},   /* nor here: near enough */
        {"n,y,rep\ny,n,dem\nn,y,rep\ny,y,dem\n", 4}, /* words that all come again */
        {"True,2,a\nFalse,3,b\n", 2},
    };
    check_rows(cases, sizeof cases / sizeof cases[0], NULL);
}

static void test_what_is_told_wins(void **state)
{
    (void)state;
    static const Case with[] = {{"4,5,x\n4,6,y\n", 1}}, without[] = {{"0,1,2\n5.1,3.5,0\n4.9,3.0,0\n6.2,2.9,1\n", 4}};
    check_rows(with, 1, &(SourceOptions){.header = HEADER_YES});
    check_rows(without, 1, &(SourceOptions){.header = HEADER_NO});
}

/* A model's names are looked for, whatever the rule would say; and numbers alone are a row to a model without. */
static void test_a_model_knows_its_names(void **state)
{
    (void)state;
    char *names[] = {"0", "1"};
    const Schema named = {.width = 2, .names = names}, unnamed = {.width = 2};
    static const Case header[] = {{"0,1\n1,0\n0,0\n", 2}, {"1,0\n1,0\n0,0\n", 2}};
    static const Case row[] = {{"0,1\n50,60\n51,60\n", 3}};
    check_rows(header, 2, &(SourceOptions){.schema = &named, .label = "none"});
    check_rows(row, 1, &(SourceOptions){.schema = &unnamed, .label = "none"});
}

static void test_a_text_in_a_column_of_a_model_is_not_answered_with_advice_for_training(void **state)
{
    (void)state;
    char *names[] = {"a", "b"};
    const Schema schema = {.width = 2, .names = names};
    refuse("a,b\n1,maybe\n", &(SourceOptions){.schema = &schema, .label = "none"},
           "line 2, column 2 (b): 'maybe' is not a number, as the model takes here; --missing-tokens 'maybe'");
}

/* Nothing tells which of two columns of one name is the model's. */
static void test_a_name_that_is_there_more_or_less_often_than_in_a_model_is_refused(void **state)
{
    (void)state;
    char *one[] = {"a", "b"}, *two[] = {"a", "a"};
    const Schema single = {.width = 2, .names = one}, twice = {.width = 2, .names = two};
    const SourceOptions singly = {.schema = &single, .label = "none"}, doubly = {.schema = &twice, .label = "none"};
    static const Case same[] = {{"a,a\n1,2\n", 1}};
    refuse(
        "a,b,a\n1,2,3\n", &singly,
        "has 2 columns 'a', but the model was trained on 1 of this name; drop the wrong one by its number: --drop 3");
    refuse("b,a\n1,2\n", &doubly, "has 1 column 'a', but the model was trained on 2 of this name");
    check_rows(same, 1, &doubly);
}

/* ---- Before the table ----------------------------------------------------------------------------------------- */

/* All of them are the table x,y,kind with three rows. */
static void test_lines_before_a_table_are_no_rows(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool names;
    } cases[] = {
        {"# x,y,kind\n1,2,0\n3,4,1\n5,6,1\n", true}, /* numpy.savetxt(header=...) */
        {"# made by hand\n#\n# in 2020\nx,y,kind\n1,2,0\n3,4,1\n5,6,1\n", true},
        {"% a, b, c\nx,y,kind\n1,2,0\n3,4,1\n5,6,1\n", true}, /* names below it win */
        {"// note\n\n1,2,0\n3,4,1\n5,6,1\n", false},
        {"#x\ty\tkind\n1\t2\t0\n3\t4\t1\n5\t6\t1\n", true},
        {"sep=;\nx;y;kind\n1;2;0\n3;4;1\n5;6;1\n", true}, /* Excel */
        {"\xEF\xBB\xBF\"sep=;\"\r\nx;y;kind\r\n1;2;0\r\n3;4;1\r\n5;6;1\r\n", true},
        {"|1x3 Cross validator\n1,2,0\n3,4,1\n5,6,1\n", false}, /* UCI */
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        Storage *storage = read_text(cases[c].text, NULL);
        if (storage->count != 3 || storage->width != 2 || feature(storage, 2, 1) != 6)
            fail_msg("'%s': %zu × %zu", cases[c].text, storage->count, storage->width);
        assert_int_equal(storage->schema.names != NULL, cases[c].names);
        if (storage->schema.names != NULL)
            assert_string_equal(storage->schema.names[1], "y");
        storage_release(storage);
    }
    Storage *storage = read_text("|a|b\n0|5|x\n1|6|y\n", NULL); /* no comment: the others have bars, too */
    assert_int_equal(storage->count, 2);
    storage_release(storage);
    storage = read_text("x,y\n#N/A,1\n2,1\n", &(SourceOptions){.missing = MISSING_ZERO});
    assert_int_equal(storage->count, 2);
    storage_release(storage);
    refuse("# 1\n# 2\n", NULL, "");
    refuse("# one\nx,y\n1,2\nz,2\n", NULL, "line 4, column 1 (x)"); /* lines are those of the file */
    refuse("My table\nx,y\n1,2\n", NULL, "line 1: has 1 value, but the next line has 2; is it no part");
}

static void test_labels_of_a_file_with_a_bar_lose_their_dots(void **state)
{
    (void)state;
    Storage *storage = read_text("|1x3 Cross validator\n1,<=50K.\n2,>50K.\n3,<=50K.\n", NULL);
    assert_int_equal(storage->class_count, 2);
    assert_string_equal(storage->class_names[0], "<=50K");
    expect_note(storage, NOTE_TAKEN, "dot");
    storage_release(storage);
    storage = read_text("|1x3\n1,a.\n2,b\n", NULL); /* not all have one */
    assert_string_equal(storage->class_names[0], "a.");
    storage_release(storage);
    storage = read_text("1,a.\n2,b.\n", NULL); /* no bar */
    assert_string_equal(storage->class_names[0], "a.");
    storage_release(storage);
}

static void test_a_line_of_counts_names_the_classes(void **state)
{
    (void)state;
    Storage *storage = read_text("150,4,setosa,versicolor,virginica\n5.1,3.5,1.4,0.2,0\n6.3,3.3,6,2.5,2\n", NULL);
    assert_true(storage->count == 2 && storage->width == 4 && storage->class_count == 2);
    assert_string_equal(storage->class_names[0], "setosa");
    assert_string_equal(storage->class_names[1], "virginica");
    expect_note(storage, NOTE_TAKEN, "names of 3 classes");
    storage_release(storage);
    storage = read_text("569,2,malignant,benign\n17.99,10.38,0\n13.54,14.36,1\n", NULL);
    assert_true(storage->count == 2 && storage->width == 2);
    assert_string_equal(storage->class_names[1], "benign");
    storage_release(storage);
}

/* ---- Columns that hold no feature ------------------------------------------------------------------------------ */

static void test_columns_of_row_names_are_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *text, *note;
    } cases[] = {
        {"\"x\" \"z\" \"label\"\n\"1\" 1.5 2 \"yes\"\n\"2\" 2.5 3 \"no\"\n", "names of the rows"}, /* R's write.table */
        {"x\tz\tlabel\nr 1\t1.5\t2\tyes\nr 2\t2.5\t3\tno\n", "names of the rows"},
        {"\"\",\"x\",\"z\",\"label\"\n\"Mazda RX4\",1.5,2,\"yes\"\n\"Datsun\",2.5,3,\"no\"\n", "names of the rows"},
        {",x,z,label\n0,1.5,2,yes\n1,2.5,3,no\n", "column 1, which has no name and numbers the rows"}, /* pandas */
        {",x,z,label\n17,1.5,2,yes\n4,2.5,3,no\n", "numbers the rows"},                                /* shuffled */
        {",x,z,label\n0,1.5,2,yes\n1,2.5,3,no\n2,1,1,no\n3,1,1,no\n0,1,1,no\n1,1,1,no\n",
         "numbers the rows"}, /* joined */
        {"Unnamed: 0,x,z,label\n0,1.5,2,yes\n1,2.5,3,no\n", "column 1 (Unnamed: 0)"},
        {"x,z,label,\n1.5,2,yes,\n2.5,3,no,\n", "neither a name nor values"}, /* a spreadsheet's empty column */
        {"x,z,label\n1.5,2,yes,\n2.5,3,no,\n", "neither a name nor values"},  /* a delimiter at each line's end */
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        Storage *storage = read_text(cases[c].text, NULL);
        if (storage->width != 2 || storage->class_count != 2 || feature(storage, 1, 0) != 2.5 ||
            feature(storage, 1, 1) != 3)
            fail_msg("'%s': %zu features", cases[c].text, storage->width);
        assert_string_equal(storage->schema.names[0], "x");
        expect_note(storage, NOTE_TAKEN, cases[c].note);
        storage_release(storage);
    }
    /* It stays where it is asked for, where it is no number of the row, and where nothing else is left. */
    Storage *storage = read_text(",x,y\n0,1.5,1\n1,2.5,0\n",
                                 &(SourceOptions){.targets = (const char *const[]){"1"}, .target_count = 1});
    assert_true(storage->width == 2 && storage->targets[1] == 1);
    storage_release(storage);
    storage = read_text(",x,y\n0.5,1.5,1\n1,2.5,0\n", NULL);
    assert_int_equal(storage->width, 2);
    expect_note(storage, NOTE_WARNING, "column 1 has no name; if it is an index, leave it out: --drop 1");
    storage_release(storage);
    storage = read_text(",x,y\n0,1.5,1\n1,2.5,0\n0,3,1\n0,4,1\n1,2.5,0\n", NULL);
    assert_int_equal(storage->width, 2);
    storage_release(storage);
    storage = read_text(",y\n0,1\n1,0\n", NULL);
    assert_int_equal(storage->width, 1);
    storage_release(storage);
}

/* The numbers 0 to count - 1 in an order of its own, times `step`; and something that depends on the row. */
static const char *make_numbered(const char *name, size_t count, size_t step, char text[8192])
{
    size_t size = (size_t)sprintf(text, "%s,x,y\n", name);
    for (size_t i = 0; i < count; i++)
        size += (size_t)sprintf(text + size, "%zu,%zu.5,%zu\n", i * 37 % count * step, i * i % 5, i % 2);
    return text;
}

static void test_columns_that_count_or_stay_the_same_are_left_out(void **state)
{
    (void)state;
    static char text[8192];
    Storage *storage = read_text("id,x,unit,y\n1,.5,7,a\n2,.6,7,b\n3,.1,7,a\n4,.2,7,b\n", NULL);
    assert_int_equal(storage->width, 1);
    assert_string_equal(storage->schema.names[0], "x");
    expect_note(storage, NOTE_TAKEN, "left out, numbers the rows (--columns NAME=number keeps it): column 1 (id)");
    expect_note(storage, NOTE_TAKEN, "left out, constant: column 3 (unit)");
    storage_release(storage);
    /* As if the column had not been there: its numbers need float64. */
    storage = read_text("rowID,x,y\n900000001,1,a\n900000005,2,b\n900000003,1,a\n900000009,2,b\n", NULL);
    assert_true(storage->width == 1 && storage->type == PERCEPT_UINT8 && feature(storage, 3, 0) == 2);
    storage_release(storage);
    storage = read_text("year,x,y\n1000,.5,a\n1001,.6,b\n1002,.1,a\n1003,.2,b\n", NULL);
    assert_int_equal(storage->width, 2); /* may be a feature */
    expect_note(storage, NOTE_WARNING, "column 1 (year) counts the rows");
    storage_release(storage);
    storage = read_text(make_numbered("order", 100, 1, text), NULL);
    assert_int_equal(storage->width, 1); /* rows that were shuffled */
    expect_note(storage, NOTE_TAKEN, "left out, integers that identify rows");
    storage_release(storage);
    storage = read_text(make_numbered("area", 100, 1000, text), NULL); /* by chance all different */
    assert_int_equal(storage->width, 2);
    storage_release(storage);
    storage = read_text(make_numbered("houseId", 100, 1000, text), NULL);
    assert_int_equal(storage->width, 1);
    storage_release(storage);
}

static void test_what_is_left_out_stays_where_it_is_asked_for_or_alone(void **state)
{
    (void)state;
    static const char text[] = "id,x,unit,y\n1,.5,7,a\n2,.6,7,b\n3,.1,7,a\n4,.2,7,b\n";
    const char *const told[] = {"id=number", "unit:number"};
    Storage *storage = read_text(text, &(SourceOptions){.columns = told, .column_count = 2});
    assert_int_equal(storage->width, 3);
    storage_release(storage);
    storage = read_text(strchr(text, '\n') + 1, NULL); /* without names a model could not find the others */
    assert_int_equal(storage->width, 3);
    expect_note(storage, NOTE_TAKEN, "constant: column 3");
    storage_release(storage);
    storage = read_text("1,2024-05-31,,a\n2,2024-05-31,,b\n5,2024-05-31,,a\n1,2024-05-31,,b\n",
                        &(SourceOptions){.missing = MISSING_MEAN});
    assert_int_equal(schema_columns(&storage->schema), 3);
    assert_int_equal(storage->width, 3);
    storage_release(storage);
    storage = read_text("id,y\n1,a\n2,b\n3,a\n4,b\n", NULL);
    assert_int_equal(storage->width, 1);
    expect_note(storage, NOTE_WARNING, "column 1 (id) counts the rows");
    storage_release(storage);
    static char pixels[8192]; /* where places count */
    size_t size = 0;
    for (size_t j = 0; j < 64; j++)
        size += (size_t)sprintf(pixels + size, "p%zu,", j);
    size += (size_t)sprintf(pixels + size, "y\n");
    for (size_t i = 0; i < 8; i++) {
        for (size_t j = 0; j < 64; j++)
            size += (size_t)sprintf(pixels + size, "%zu,", j < 8 ? 0 : i * j % 256);
        size += (size_t)sprintf(pixels + size, "%zu\n", i % 2);
    }
    storage = read_text(pixels, NULL);
    assert_int_equal(storage->width, 64);
    storage_release(storage);
}

static void test_columns_without_any_value_are_left_out(void **state)
{
    (void)state;
    const SourceOptions fill = {.missing = MISSING_MEAN};
    Storage *storage = read_text("a,b,c,y\n1,,2,x\n3,NA,,z\n", &fill);
    assert_true(storage->width == 2 && storage->schema.width == 2 && storage->missing == 1);
    assert_string_equal(storage->schema.names[1], "c");
    assert_true(feature(storage, 0, 1) == 2 && feature(storage, 1, 0) == 3 && isnan(feature(storage, 1, 1)));
    expect_note(storage, NOTE_TAKEN, "all values missing: column 2 (b)");
    storage_release(storage);
    refuse("a,y\n,x\n,z\n", &fill, "all features are missing");
}

/* ---- Cells ---------------------------------------------------------------------------------------------------- */

static void test_true_and_false_are_1_and_0(void **state)
{
    (void)state;
    Storage *storage = read_text("a,b,c,d,y\nTrue,FALSE,yes,t,x\nFalse,TRUE,No,F,x\n1,true,no,T,z\n", NULL);
    const double wanted[] = {1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1};
    for (size_t k = 0; k < 12; k++)
        assert_true(feature(storage, k / 4, k % 4) == wanted[k]);
    assert_int_equal(storage->type, PERCEPT_UINT8);
    for (size_t j = 0; j < 4; j++)
        assert_int_equal(storage->schema.kinds[j], FEATURE_BOOLEAN);
    storage_release(storage);
    storage = read_text("a,b,y\nTrue,5,x\nNA,6,z\n", &(SourceOptions){.missing = MISSING_MEAN});
    assert_true(storage->schema.kinds[0] == FEATURE_BOOLEAN && storage->schema.kinds[1] == FEATURE_NUMBER);
    storage_release(storage);
    storage = read_text("a,y\non,x\nOFF,z\n0,x\n", NULL);
    assert_true(feature(storage, 0, 0) == 1 && feature(storage, 1, 0) == 0);
    storage_release(storage);
    refuse("a,y\n5,x\nTrue,z\n", NULL, "line 3, column 1 (a): true or false in a column that also has 5");
    storage = read_text("a,y\n1,True\n2,False\n", NULL); /* as a label they are texts */
    assert_string_equal(storage->class_names[1], "True");
    storage_release(storage);
}

/* Rows never shift in a table of one column; in others blank lines hold no row. */
static void test_blank_lines(void **state)
{
    (void)state;
    const SourceOptions alone = {.label = "none", .missing = MISSING_MEAN};
    Storage *storage = read_text("x\n1\n\n3\n\n", &alone);
    assert_true(storage->count == 4 && storage->missing == 2 && isnan(feature(storage, 1, 0)));
    assert_true(feature(storage, 2, 0) == 3);
    storage_release(storage);
    storage = read_text("x,y\n1,2\n\n \n3,4\n\n\n", NULL);
    assert_int_equal(storage->count, 2);
    expect_note(storage, NOTE_WARNING, "2 blank lines between rows, the first of them line 3");
    storage_release(storage);
}

static void test_quotes_are_no_part_of_a_cell_between_blanks(void **state)
{
    (void)state;
    Storage *storage = read_text("\"x 1\" z \"kind\"\n1.5 \"2\" \"a b\"\n2.5 3   c\n", NULL);
    assert_true(storage->width == 2 && feature(storage, 0, 1) == 2);
    assert_string_equal(storage->schema.names[0], "x 1");
    assert_string_equal(storage->class_names[0], "a b");
    storage_release(storage);
}

static void test_text_columns_are_listed(void **state)
{
    (void)state;
    refuse("name,sex,port of call,y\nAnn,f,Cork,1\nBob,m,Cobh,0\n", NULL,
           "line 2, column 1 (name): 'Ann' is not a number; leave out the 3 text columns: --drop name,sex,3");
    refuse("sex,y\nf,1\nm,0\n", NULL, "line 3, column 1 (sex): 'm' is not a number; --drop sex leaves the column out");
    Storage *storage = read_text("name,age,sex,port of call,y\nAnn,5,f,Cork,1\nBob,6,m,Cobh,0\n", NULL);
    assert_int_equal(storage->width, 1);
    expect_note(storage, NOTE_TAKEN, "all different: column 1 (name), column 3 (sex), column 4 (port of call)");
    storage_release(storage);
}

/* Lines that are no rows are refused as such, not by advice to leave out columns of numbers. */
static void test_lines_that_are_no_rows_are_refused_as_such(void **state)
{
    (void)state;
    refuse("temp,pressure,y\ndegC,hPa,-\n1,2,a\n3,4,b\n", NULL,
           "line 2, column 1 (temp): 'degC' is not a number; is the line no row?");
    refuse("x,x,y,y\na,b,a,label\n1,2,2,s\n3,4,5,t\n", NULL,
           "line 2, column 1 (x): 'a' is not a number; is the line no row");
    refuse("a,b,y\n1,2,s\n3,4,t\na,b,y\n1,2,s\n3,4,t\n", NULL,
           "line 4, column 1 (a): 'a' is not a number; is the line no row");
    refuse("a,b,y\n1,\\N,s\n3,4,t\n2,5,t\n", NULL, "column 2 (b): '\\N' is not a number; is the line no row");
}

/* What people write for people: what to do stands in the message, which is short. */
static void test_cells_that_are_no_numbers_are_refused_with_advice(void **state)
{
    (void)state;
    refuse("a,b,c\n\"1,200\",2,x\n\"3,400,500.5\",4,y\n", NULL, "'1,200' is not a number; write it without commas");
    refuse("a,b,c\n\"3,400,500.25\",4,y\n", NULL, "write it without commas");
    refuse("a,b,c\n12%,2,x\n", NULL, "'12%' is not a number; write it without its sign");
    refuse("a,b,c\n1,$12.50,x\n", NULL, "column 2 (b): '$12.50' is not a number; write it without its sign");
    refuse("a,b,c\n12.5 %,2,x\n", NULL, "'12.5 %' is not a number; write it without its sign, or --drop a");
    refuse("a,b,c\nUSD 5,2,x\n", NULL, "'USD 5' is not a number; write it without its sign");
    refuse("a,b,c\n1 200,2,x\n", NULL, "'1 200' is not a number; write it without spaces between thousands");
    refuse("a,b,c\n-1\xC2\xA0"
           "200.5,2,x\n",
           NULL, "write it without spaces between thousands");
    refuse("a,b,c\n1'234'500,2,x\n", NULL, "write it without apostrophes between thousands");
    refuse("a;b\n4.081,84;x\n", NULL, "write it without points between thousands, and add --decimal comma");
    /* Not: a telephone, groups of other lengths, a currency alone. */
    static const char *const texts[] = {"a,b,c\n0171 234 567,2,x\n", "a,b,c\n12 34,2,x\n", "a,b,c\nEUR,2,x\n"};
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        Storage *storage = read_text(texts[t], NULL);
        expect_note(storage, NOTE_TAKEN, "column 1 (a)");
        storage_release(storage);
    }
    refuse("a;b\n1,5;x\n", NULL, "--decimal comma");
    refuse("a;b\n1.234,5;x\n", &(SourceOptions){.decimal_comma = true},
           "'1.234,5' is not a number; write it without points");
    refuse("a;b\n1,234.5;x\n", NULL, "'1,234.5' is not a number; write it without commas");
    refuse("a,b\n\xE2\x88\x92"
           "1.5,x\n",
           NULL, "is not a number; its minus is U+2212, write '-'");
    refuse("a,b\n1,x\n2,y\nTotal,z\n", NULL, "line 4, column 1 (a): 'Total' is not a number; is the line no row");
    refuse("a,b\n1,x\n-inf,y\n", NULL, "'-inf' is not a finite number");
    refuse("a,b\n1,x\n1.8e308,y\n", NULL, "'1.8e308' is not a finite number");
    refuse("Report, 2020\na,b,c\n1,2,x\n3,4,y\n", NULL, "line 1: has 2 values, but the next line has 3");
    refuse("a,b,c\n1,2,x\n3,4,5,x\n", NULL, "line 3: has 4 values, but the first line has 3; put cells");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_that_are_numbers_are_names),
        cmocka_unit_test(test_rows_are_not_taken_for_names),
        cmocka_unit_test(test_what_is_told_wins),
        cmocka_unit_test(test_a_model_knows_its_names),
        cmocka_unit_test(test_a_text_in_a_column_of_a_model_is_not_answered_with_advice_for_training),
        cmocka_unit_test(test_a_name_that_is_there_more_or_less_often_than_in_a_model_is_refused),
        cmocka_unit_test(test_lines_before_a_table_are_no_rows),
        cmocka_unit_test(test_labels_of_a_file_with_a_bar_lose_their_dots),
        cmocka_unit_test(test_a_line_of_counts_names_the_classes),
        cmocka_unit_test(test_columns_of_row_names_are_left_out),
        cmocka_unit_test(test_columns_that_count_or_stay_the_same_are_left_out),
        cmocka_unit_test(test_what_is_left_out_stays_where_it_is_asked_for_or_alone),
        cmocka_unit_test(test_columns_without_any_value_are_left_out),
        cmocka_unit_test(test_true_and_false_are_1_and_0),
        cmocka_unit_test(test_blank_lines),
        cmocka_unit_test(test_quotes_are_no_part_of_a_cell_between_blanks),
        cmocka_unit_test(test_text_columns_are_listed),
        cmocka_unit_test(test_lines_that_are_no_rows_are_refused_as_such),
        cmocka_unit_test(test_cells_that_are_no_numbers_are_refused_with_advice),
    };
    return cmocka_run_group_tests(tests, open_scratch, remove_scratch);
}
