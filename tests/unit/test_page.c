/* A page of a report: names cannot break out of it, pictures are in it, and the first failure is told at the end. */
#include <sys/stat.h>

#include "report/html.h"
#include "report/page.h"
#include "scratch.h"

static Scratch scratch;
static char path[SCRATCH_PATH];
static Page *page;

static int open_page(void **state)
{
    (void)state;
    scratch_open(&scratch);
    scratch_path(&scratch, "page.html", path);
    assert_ok(page_create("A & B", "x < \"y\"", &page, error));
    return 0;
}

static int remove_page(void **state)
{
    (void)state;
    page_free(page);
    scratch_remove(scratch.folder);
    return 0;
}

/* The page, written. */
static const char *written(void)
{
    static char text[1 << 18];
    assert_ok(page_write(page, path, error));
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static size_t occurrences(const char *text, const char *wanted)
{
    size_t count = 0;
    for (const char *at = strstr(text, wanted); at != NULL; at = strstr(at + 1, wanted))
        count++;
    return count;
}

static void expect(const char *wanted)
{
    if (strstr(written(), wanted) == NULL)
        fail_msg("the page lacks %s", wanted);
}

static void put(const char *name, const char *text)
{
    char file[SCRATCH_PATH];
    scratch_write(scratch_path(&scratch, name, file), text, strlen(text));
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

static void text_stays_text_wherever_it_stands(void **state)
{
    static const char evil[] = "</title></style><script>alert(1)</script>\" onload='x'";
    const char *cells[] = {evil};
    const uint64_t counts[] = {1};
    (void)state;
    page_heading(page, evil);
    page_subheading(page, evil);
    page_text(page, evil);
    page_text_format(page, "%s", evil);
    page_notice(page, PAGE_BAD, evil);
    page_code(page, evil);
    page_details_begin(page, evil);
    page_details_end(page);
    page_facts_begin(page);
    page_fact(page, evil, evil);
    page_facts_end(page);
    page_tiles_begin(page);
    page_tile(page, evil, evil, evil, PAGE_GOOD);
    page_tiles_end(page);
    page_table_begin(page, evil, cells, 1, NULL);
    page_table_row(page, cells);
    page_table_end(page);
    page_matrix(page, evil, cells, 1, counts);
    put("evil.svg", "<svg viewBox=\"0 0 1 1\"/>");
    page_picture(page, scratch.folder, "evil", evil);
    const char *text = written();
    assert_int_equal(occurrences(text, "<script"), 0);
    assert_int_equal(occurrences(text, "onload='"), 0);
    assert_int_equal(occurrences(text, "</title>"), 1);
    assert_int_equal(occurrences(text, "</style>"), 1);
    assert_int_equal(occurrences(text, "&lt;script&gt;"), 21); /* each of the above, and labels */
    expect("<title>A &amp; B</title>");
    expect("x &lt; &quot;y&quot;");
}

/* What no text may hold: a lone continuation, an overlong '/', a surrogate, a cut sequence, controls; U+0085 is one. */
static void what_is_no_text_is_marked(void **state)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"a\x80z", "<p>a\xEF\xBF\xBDz</p>"},
        {"a\xC0\xAFz", "<p>a\xEF\xBF\xBD\xEF\xBF\xBDz</p>"},
        {"a\xED\xA0\x80z", "<p>a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz</p>"},
        {"a\xE2\x82", "<p>a\xEF\xBF\xBD\xEF\xBF\xBD</p>"},
        {"a\x01\x7F\xC2\x85z", "<p>a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz</p>"},
        {"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x99\x82\n\t'", "<p>\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x99\x82\n\t&#39;</p>"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        page_text(page, cases[i].from);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect(cases[i].to);
}

static void contents_are_listed_where_there_are_many(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        page_heading(page, "part");
    assert_int_equal(occurrences(written(), "<nav"), 0);
    page_heading(page, "last & least");
    assert_int_equal(occurrences(written(), "<nav"), 1);
    expect("<a href=\"#section-4\">last &amp; least</a>");
    expect("<h2 id=\"section-4\">last &amp; least</h2>");
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

static void marks_are_more_than_colour(void **state)
{
    const char *columns[] = {"figure", "ours"}, *cells[] = {"loss", "0.3"}, *half[] = {"loss", NULL};
    const bool numeric[] = {false, true};
    const PageTone marks[] = {PAGE_PLAIN, PAGE_BAD};
    (void)state;
    page_table_begin(page, NULL, columns, 2, numeric);
    page_table_row_marked(page, cells, PAGE_GOOD, NULL);
    page_table_row_marked(page, cells, PAGE_PLAIN, marks);
    page_table_row(page, half);
    page_table_end(page);
    const char *text = written();
    assert_int_equal(occurrences(text, "\xE2\x9C\x93</span>"), 1);
    assert_int_equal(occurrences(text, "\xE2\x9C\x97</span>"), 1);
    expect("<td class=\"bad number\">");
    expect("<td class=\"plain number\"></td>");
}

static void a_matrix_is_shaded_by_the_share_of_its_row(void **state)
{
    const char *names[] = {"a", "b"};
    const uint64_t counts[] = {3, 1, 0, 0};
    (void)state;
    page_matrix(page, "m", names, 2, counts);
    expect("<td class=\"right\" style=\"--share:0.750\">3</td><td class=\"wrong\" style=\"--share:0.250\">1</td>");
    expect("<td class=\"none\" style=\"--share:0.000\">0</td><td class=\"none\" style=\"--share:0.000\">0</td>");
}

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

/* RFC 4648, section 10. */
static void bytes_become_base64(void **state)
{
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Html html = {0};
        html_base64(&html, (const uint8_t *)cases[i][0], strlen(cases[i][0]));
        html_write(&html, "", 1);
        assert_string_equal((const char *)html.buffer.bytes, cases[i][1]);
        html_clear(&html);
    }
}

static void a_picture_is_in_the_page_sharp_if_it_can_be(void **state)
{
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x20\0\0\0\x10";
    char file[SCRATCH_PATH];
    (void)state;
    put("both.svg", "<svg viewBox=\"0 0 900 420\"/>");
    put("both.png", "not looked at");
    scratch_write(scratch_path(&scratch, "only.png", file), png, sizeof png - 1);
    assert_true(page_picture_exists(scratch.folder, "both"));
    assert_true(page_picture_exists(scratch.folder, "only"));
    assert_false(page_picture_exists(scratch.folder, "none"));
    page_picture(page, scratch.folder, "both", "the \"first\"");
    page_picture(page, scratch.folder, "only", NULL);
    expect("<img alt=\"the &quot;first&quot;\" width=\"900\" height=\"420\" src=\"data:image/svg+xml;base64,PHN2ZyB2");
    expect("<figcaption>the &quot;first&quot;</figcaption>");
    expect("<img alt=\"only\" width=\"32\" height=\"16\" src=\"data:image/png;base64,iVBORw0KGgo");
}

static void a_huge_svg_gives_way_to_a_smaller_png(void **state)
{
    static char svg[(1 << 20) + 200];
    (void)state;
    memset(svg, ' ', sizeof svg - 1);
    memcpy(svg, "<svg>", 5);
    put("large.svg", svg);
    put("large.png", "small");
    page_picture(page, scratch.folder, "large", "large");
    expect("data:image/png;base64,c21hbGw=");
}

static void a_missing_picture_is_told_when_the_page_is_written(void **state)
{
    percept_error error;
    (void)state;
    page_text(page, "before");
    page_picture(page, scratch.folder, "none", "none");
    page_text(page, "after");
    page_picture(page, scratch.folder, "second", NULL);
    assert_int_equal(page_write(page, path, &error), PERCEPT_ERROR_IO);
    assert_non_null(strstr(error.message, "none.svg"));
    assert_int_equal(scratch_count(scratch.folder), 0);
}

static void a_page_that_cannot_be_written_is_told(void **state)
{
    percept_error error;
    char nowhere[SCRATCH_PATH];
    (void)state;
    assert_int_equal(page_write(page, scratch_path(&scratch, "none/page.html", nowhere), &error), PERCEPT_ERROR_IO);
    assert_non_null(strstr(error.message, nowhere));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_stays_text_wherever_it_stands, open_page, remove_page),
        cmocka_unit_test_setup_teardown(what_is_no_text_is_marked, open_page, remove_page),
        cmocka_unit_test_setup_teardown(contents_are_listed_where_there_are_many, open_page, remove_page),
        cmocka_unit_test_setup_teardown(marks_are_more_than_colour, open_page, remove_page),
        cmocka_unit_test_setup_teardown(a_matrix_is_shaded_by_the_share_of_its_row, open_page, remove_page),
        cmocka_unit_test(bytes_become_base64),
        cmocka_unit_test_setup_teardown(a_picture_is_in_the_page_sharp_if_it_can_be, open_page, remove_page),
        cmocka_unit_test_setup_teardown(a_huge_svg_gives_way_to_a_smaller_png, open_page, remove_page),
        cmocka_unit_test_setup_teardown(a_missing_picture_is_told_when_the_page_is_written, open_page, remove_page),
        cmocka_unit_test_setup_teardown(a_page_that_cannot_be_written_is_told, open_page, remove_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
