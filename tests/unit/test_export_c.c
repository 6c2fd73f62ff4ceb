/* The pieces of exported C: texts from outside cannot leave their comment or string, numbers keep all their digits, and what C
 * is not known for is refused by name. */
#include "in_scratch.h"

#include <stdlib.h>
#include <string.h>

#include "export/c_text.h"
#include "export/formats.h"
#include "exports.h"

/* What a function puts for a text. */
static const char *put(void (*function)(CText *, const char *), const char *words, char *out, size_t size)
{
    percept_error failure;
    CText text = {.error = &failure};
    function(&text, words);
    assert_int_equal(text.status, PERCEPT_OK);
    assert_true(text.buffer.size < size);
    if (text.buffer.size > 0)
        memcpy(out, text.buffer.bytes, text.buffer.size);
    out[text.buffer.size] = '\0';
    buffer_clear(&text.buffer);
    return out;
}

static void comments_cannot_be_left(void **state)
{
    (void)state;
    char out[80];
    assert_string_equal(put(c_put_comment, "plain (cm)", out, sizeof out), "plain (cm)");
    assert_string_equal(put(c_put_comment, "a*/b", out, sizeof out), "a* /b");
    assert_string_equal(put(c_put_comment, "**//**/", out, sizeof out), "** // ** /");
    assert_string_equal(put(c_put_comment, "a/*b", out, sizeof out), "a/ *b");
    assert_string_equal(put(c_put_comment, "one\ntwo\\", out, sizeof out), "one?two?");
    assert_string_equal(put(c_put_comment, "trigraph?\?/", out, sizeof out), "trigraph? ?/");
    assert_string_equal(put(c_put_comment, "gr\xC3\xBC\xC3\x9F", out, sizeof out), "gr\xC3\xBC\xC3\x9F");
    const char turned[] = {'a', (char)0xE2, (char)0x80, (char)0xAE, 'b', '\0'}; /* U+202E turns what follows */
    assert_string_equal(put(c_put_comment, turned, out, sizeof out), "a?b");
    assert_string_equal(put(c_put_comment, "no UTF-8 \xFF", out, sizeof out), "no UTF-8 ?");
}

static void strings_are_ascii(void **state)
{
    (void)state;
    char out[80];
    assert_string_equal(put(c_put_string, "", out, sizeof out), "\"\"");
    assert_string_equal(put(c_put_string, "so\"uth\\", out, sizeof out), "\"so\\\"uth\\\\\"");
    assert_string_equal(put(c_put_string,
                            "\xC3\xB6"
                            "1\n",
                            out, sizeof out),
                        "\"\\303\\2661\\012\"");
    assert_string_equal(put(c_put_string, "?\?/", out, sizeof out), "\"\\?\\?/\"");
    assert_string_equal(put(c_put_name, "a-b.c\xC3\xB6", out, sizeof out), "a_b_c__");
}

static void numbers_keep_their_digits(void **state)
{
    (void)state;
    static const double values[] = {0, -0.0, 1, -2, 0.1, 1.0 / 3, 1e-40, 3.4e38, 123456789, -1e-7, 0x1.fffffep-3};
    char literal[C_NUMBER_SIZE];
    assert_string_equal(c_number(false, 1, literal), "1.0f");
    assert_string_equal(c_number(true, -2, literal), "-2.0");
    assert_string_equal(c_number(false, (double)0.1F, literal), "0.100000001f");
    assert_string_equal(c_number(true, 0.1, literal), "0.10000000000000001");
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const float narrow = (float)values[i];
        const float read = strtof(c_number(false, (double)narrow, literal), NULL);
        assert_memory_equal(&read, &narrow, sizeof read);
        const double wide = strtod(c_number(true, values[i], literal), NULL);
        assert_memory_equal(&wide, &values[i], sizeof wide);
        assert_non_null(strpbrk(literal, ".e"));
    }
}

#define CHECK(model, ...) export_format_find("c")->check(model, __VA_ARGS__, error)

static void what_c_cannot_hold_is_refused_by_name(void **state)
{
    (void)state;
    percept_model *model = make_export_model(&stage_cases[1], PERCEPT_FLOAT32, 1, 1);
    const ExportOptions options = {.precision = PERCEPT_FLOAT32};
    assert_ok(CHECK(model, &options));

    const StageKind *kind = model->network.stages[0].kind;
    StageKind other = *kind;
    other.name = "convolution";
    model->network.stages[0].kind = &other;
    assert_refused(CHECK(model, &options), PERCEPT_ERROR_ARGUMENT, "convolution");
    model->network.stages[0].kind = kind;

    ((float *)model->parameters)[3] = INFINITY;
    assert_refused(CHECK(model, &options), PERCEPT_ERROR_ARGUMENT, "layers.0.weight");
    ((float *)model->parameters)[3] = 0;

    static const char *const prefixes[] = {"", "2nd", "a-b", "_x", "\xC3\xB6l"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        assert_refused(CHECK(model, &(ExportOptions){.precision = PERCEPT_FLOAT32, .prefix = prefixes[i]}),
                       PERCEPT_ERROR_ARGUMENT, "--prefix");
    assert_ok(CHECK(model, &(ExportOptions){.precision = PERCEPT_FLOAT32, .prefix = "a_2"}));

    const ExportRows none = {0};
    assert_refused(CHECK(model, &(ExportOptions){.precision = PERCEPT_FLOAT32, .int8 = true, .rows = &none}),
                   PERCEPT_ERROR_ARGUMENT, "--examples");

    /* Sums that 32 bits might not hold. */
    const ExportOptions int8 = {.precision = PERCEPT_FLOAT32, .int8 = true, .rows = &(ExportRows){.given = 1}};
    const size_t inputs = model->network.layers[0].inputs;
    assert_ok(CHECK(model, &int8));
    model->network.layers[0].inputs = 132105;
    assert_refused(CHECK(model, &int8), PERCEPT_ERROR_ARGUMENT, "layer 0 has 132105 inputs");
    model->network.layers[0].inputs = inputs;
    percept_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_cannot_be_left),
        cmocka_unit_test(strings_are_ascii),
        cmocka_unit_test(numbers_keep_their_digits),
        cmocka_unit_test(what_c_cannot_hold_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
