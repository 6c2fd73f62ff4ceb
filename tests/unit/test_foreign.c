/* Files of other programs are named as what they are, with the line that converts them. */
#include "in_scratch.h"

#include "data/foreign.h"
#include "data/source.h"

#define BYTES(text) (text), sizeof(text) - 1

static const struct Case {
    const char *name, *bytes;
    size_t size;
    const char *what, *command;
} cases[] = {
    {"f.parquet", BYTES("PAR1\x15\x04\0"), "a Parquet file",
     "pandas.read_parquet('f.parquet').to_csv('f.csv', index=False)"},
    {"f.csv", BYTES("PAR1\x15\x04\0"), "a Parquet file", "read_parquet('f.csv')"}, /* whatever its name says */
    {"f.feather", BYTES("ARROW1\0\0"), "a Feather file", "read_feather"},
    {"f.xlsx", BYTES("PK\3\4\x14\0\6\0[Content_Types].xml"), "an Excel workbook", "pandas.read_excel('f.xlsx')"},
    {"f.xls", BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0"), "an Excel workbook", "pandas.read_excel('f.xls')"},
    {"f.ods", BYTES("PK\3\4\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), "spreadsheet", "read_excel"},
    {"f.zip", BYTES("PK\3\4\x14\0\0\0train.csv"), "a zip archive", "unzip f.zip"},
    {"f.json", BYTES("[{\"a\": 1}, {\"a\": 2}]"), "a JSON file", "read_json('f.json')"},
    {"f.csv", BYTES("{\n \"a\": [1, 2]}"), "a JSON file", "read_json('f.csv')"},
    {"f.jsonl", BYTES("{\"a\": 1}\n{\"a\": 2}\n"), "JSON lines", "lines=True"},
    {"f.arff", BYTES("% iris\n@RELATION iris\n@ATTRIBUTE a REAL\n"), "an ARFF file", "f.arff > f.csv"},
    {"f.pkl", BYTES("\x80\4\x95\0\0"), "a pickle", "read_pickle"},
    {"f.sas7bdat", BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\xC2\xEA\x81\x60\xB3\x14\x11\xCF"), "a SAS file", "read_sas"},
    {"f.xpt", BYTES("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"), "SAS transport", "read_sas"},
    {"f.sav", BYTES("$FL2@(#) SPSS\0\2"), "an SPSS file", "read_spss"},
    {"f.dta", BYTES("<stata_dta><header>"), "a Stata file", "read_stata"},
    {"f.mat", BYTES("MATLAB 5.0 MAT-file\0\1IM"), "a MATLAB file", "loadmat('f.mat')"},
    {"f.h5", BYTES("\x89HDF\r\n\x1a\n\0"), "an HDF5 file", "h5py"},
    {"f.rds", BYTES("X\n\0\0\0\3\0\4\2"), "an R data file", "readRDS('f.rds')"},
    {"f.RData", BYTES("RDX3\nX\n\0\0\0\3"), "an R workspace", "load('f.RData')"},
    {"f.db", BYTES("SQLite format 3\0\x10"), "an SQLite database", "sqlite3 -header -csv f.db"},
    {"f.pdf", BYTES("%PDF-1.7\n"), "a PDF", "pdftotext"},
    {"f.csv", BYTES("\n<!DOCTYPE html>\n<html>"), "a web page", "read_html"},
    {"f.csv.bz2", BYTES("BZh91AY&SY\0\1"), "bzip2", "bunzip2 f.csv.bz2"},
    {"f.csv.xz",
     BYTES("\xFD"
           "7zXZ\0\0\4"),
     "xz", "unxz f.csv.xz"},
    {"f.csv.zst", BYTES("\x28\xB5\x2F\xFD\4\0"), "zstd", "unzstd f.csv.zst"},
    {"f.csv",
     BYTES("\xFF\xFE"
           "a\0,\0b\0\n\0"),
     "UTF-16", "iconv -f UTF-16 -t UTF-8 f.csv > f-utf8.csv"},
    {"f.csv",
     BYTES("a\0,\0b\0\n\0"
           "1\0,\0"),
     "UTF-16", "iconv"},
    {"f.csv", BYTES("version https://git-lfs.github.com/spec/v1\noid"), "Git LFS", "git lfs pull"},
    {"f.sav", BYTES("\1\2\3\4"), "an SPSS file", "read_spss"}, /* by its name alone */
    {"f.safetensors", BYTES("\x40\0\0\0\0\0\0\0{"), "a model, not data", "percept evaluate f.safetensors"},
};

static void test_each_is_named_with_what_converts_it(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char path[SCRATCH_PATH];
        percept_dataset *train = NULL, *test = NULL;
        percept_error failure = {PERCEPT_OK, ""};
        scratch_path(&scratch, cases[c].name, path);
        scratch_write(path, cases[c].bytes, cases[c].size);
        assert_int_not_equal(source_open(path, NULL, NULL, &train, &test, &failure), PERCEPT_OK);
        if (strstr(failure.message, cases[c].what) == NULL || strstr(failure.message, cases[c].command) == NULL)
            fail_msg("case %zu, %s: %s", c, cases[c].name, failure.message);
        if (strlen(failure.message) > 200)
            fail_msg("%zu characters: %s", strlen(failure.message), failure.message);
    }
}

static void test_a_long_name_leaves_the_message_short(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        percept_error failure = {PERCEPT_OK, ""};
        char path[128];
        snprintf(path, sizeof path, "/somewhere/a very long name that people give to their files %s", cases[c].name);
        if (foreign_refuse_content(path, cases[c].bytes, cases[c].size, &failure) == PERCEPT_OK)
            assert_int_not_equal(foreign_refuse_name(path, &failure), PERCEPT_OK);
        if (strlen(failure.message) > 200)
            fail_msg("%zu characters: %s", strlen(failure.message), failure.message);
    }
}

static void test_tables_are_not_taken_for_them(void **state)
{
    (void)state;
    static const char *const texts[] = {"ORC,b\n1,2\n",
                                        "MATLAB ,x\n1,2\n",
                                        "BZh,RDX\n1,2\n",
                                        "PAR1,PAR2\n1,2\n",
                                        "[a],{b}\n1,2\n",
                                        "{a},b\n1,2\n",
                                        "$FL,x\n1,2\n",
                                        "id,html\n1,2\n",
                                        "7z,X\n1,\xC3\xA4\n",
                                        "a\n",
                                        ""};
    percept_error failure = {PERCEPT_OK, ""};
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
        if (foreign_refuse_content("f.csv", texts[t], strlen(texts[t]), &failure) != PERCEPT_OK)
            fail_msg("'%s': %s", texts[t], failure.message);
    assert_ok(foreign_refuse_name("f.csv", error));
    assert_ok(foreign_refuse_name("parquet", error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_is_named_with_what_converts_it),
        cmocka_unit_test(test_a_long_name_leaves_the_message_short),
        cmocka_unit_test(test_tables_are_not_taken_for_them),
    };
    return cmocka_run_group_tests(tests, open_scratch, remove_scratch);
}
