/* Where things stand in a chart: legends that fit, panels that do not touch, axes with numbers that can be read. */
#include <string.h>

#include "plot/layout.h"
#include "unit.h"

#define CANVAS 900.0

static LegendEntry entry(const char *label, LegendMark mark)
{
    return (LegendEntry){.label = label, .mark = mark, .colour = COLOUR_BLUE};
}

static void a_legend_fits_its_canvas_and_nothing_overlaps(void **state)
{
    (void)state;
    LegendEntry entries[24];
    LegendPlace places[24];
    for (size_t count = 1; count <= 24; count++) {
        for (size_t i = 0; i < count; i++)
            entries[i] = entry(i % 3 == 0 ? "run" : "digits-784-512-10-lr0.001", i % 2 == 0 ? LEGEND_LINE : LEGEND_DOT);
        const size_t rows = legend_layout(entries, count, CANVAS, places);
        assert_int_equal(places[count - 1].row + 1, rows);
        for (size_t i = 0; i < count; i++) {
            assert_true(places[i].x >= 0);
            assert_true(places[i].x + axis_text_width(entries[i].label) <= CANVAS);
            if (i > 0 && places[i].row == places[i - 1].row)
                assert_true(places[i].x > places[i - 1].x + axis_text_width(entries[i - 1].label));
            else if (i > 0)
                assert_int_equal(places[i].row, places[i - 1].row + 1);
        }
    }
    assert_int_equal(legend_layout(entries, 0, CANVAS, NULL), 0);
}

static void a_text_is_cut_between_characters_where_it_does_not_fit(void **state)
{
    (void)state;
    char out[16];
    axis_fit_text("short", 100, out, sizeof out);
    assert_string_equal(out, "short");
    axis_fit_text("äöüäöüäöüäöü", 1000, out, sizeof out);
    assert_string_equal(out, "äöüäö…");
    axis_fit_text("mmmmmmmmmm", 60, out, sizeof out);
    assert_string_equal(out, "mmm…");
}

static void a_row_stands_in_the_middle(void **state)
{
    (void)state;
    const LegendEntry words = {.label = "training", .mark = LEGEND_NONE};
    LegendPlace place;
    assert_int_equal(legend_layout(&words, 1, CANVAS, &place), 1);
    /* Both sides are computed from the same width: equal but for rounding. */
    assert_close(place.x, (CANVAS - axis_text_width("training")) / 2, 1e-12);
}

static void a_name_wider_than_the_canvas_has_a_row_of_its_own(void **state)
{
    (void)state;
    char long_name[200];
    memset(long_name, 'm', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const LegendEntry entries[] = {entry("a", LEGEND_LINE), entry(long_name, LEGEND_LINE), entry("b", LEGEND_LINE)};
    assert_int_equal(legend_layout(entries, 3, CANVAS, NULL), 3);
}

static void panels_do_not_touch_and_stay_on_the_canvas(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 7; count++)
        for (size_t columns = 1; columns <= 3; columns++) {
            Layout layout = {.count = count,
                             .columns = columns,
                             .width = 300,
                             .height = 200,
                             .left = 60,
                             .right = 10,
                             .above = 20,
                             .below = 50,
                             .title = 30,
                             .legend_height = 40};
            layout_finish(&layout);
            for (size_t i = 0; i < count; i++) {
                const Box box = layout_box(&layout, i);
                assert_true(box.left > 0 && box.left < box.right && box.right < 1);
                assert_true(box.bottom > 0 && box.bottom < box.top && box.top < 1);
                assert_true(box.bottom * layout.canvas.height > layout.legend_height);
                for (size_t j = 0; j < i; j++) {
                    const Box other = layout_box(&layout, j);
                    assert_true(box.left >= other.right || box.right <= other.left || box.top <= other.bottom ||
                                box.bottom >= other.top);
                }
            }
        }
}

static void steps_of_an_axis_are_round_and_few(void **state)
{
    (void)state;
    static const double spans[] = {1e-9, 0.03, 0.7, 1, 3.7, 10, 99, 12345, 1e12};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        const double step = axis_step(spans[i], 8, 0), digit = step / pow(10, floor(log10(step) + 1e-9));
        assert_true(spans[i] / step <= 8 * (1 + 1e-12));
        assert_true(spans[i] / step > 2); /* 2.5 · 8 / 10 at least: the next finer step would be too many */
        assert_true(fabs(digit - 1) < 1e-6 || fabs(digit - 2) < 1e-6 || fabs(digit - 5) < 1e-6);
    }
    assert_close(axis_step(3, 10, 1), 1, 0);
}

static void every_axis_has_a_length(void **state)
{
    (void)state;
    static const Range ranges[] = {{INFINITY, -INFINITY}, {0, 0}, {5, 5}, {-3, -3}, {1e300, 1e300}, {1e-300, 1e-300}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        const Range axis = axis_widen(ranges[i], false);
        assert_true(isfinite(axis.low) && isfinite(axis.high) && axis.low < axis.high);
    }
    const Range log = axis_widen((Range){1e-5, 1e-5}, true);
    assert_true(log.low > 0 && log.low < 1e-5 && log.high > 1e-5);
    assert_close(axis_widen((Range){0.1, 1}, false).low, 0.046, 1e-12); /* 6 % of the span below */
    assert_true(axis_widen((Range){0, 1}, false).low == 0);             /* what is never negative */
}

static void a_range_takes_only_what_can_be_drawn(void **state)
{
    (void)state;
    Range range = RANGE_EMPTY;
    range_add(&range, NAN, false);
    range_add(&range, INFINITY, false);
    range_add(&range, 0, true);
    range_add(&range, -1, true);
    assert_true(range_is_empty(range));
    range_add(&range, -1, false);
    range_add(&range, 2, true);
    assert_true(range.low == -1 && range.high == 2);
    assert_true(axis_spans_decades((Range){0.001, 0.1}));
    assert_false(axis_spans_decades((Range){50, 500}));
    assert_false(axis_spans_decades((Range){0, 500}));
}

static void colours_of_series_differ(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 30; count++)
        for (size_t i = 0; i < count; i++) {
            char colour[AXIS_COLOUR_SIZE], other[AXIS_COLOUR_SIZE];
            axis_colour(i, count, colour);
            assert_int_equal(strspn(colour, "#0123456789ABCDEF"), 7);
            for (size_t j = 0; j < i; j++) {
                axis_colour(j, count, other);
                assert_string_not_equal(colour, other);
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_legend_fits_its_canvas_and_nothing_overlaps),
        cmocka_unit_test(a_text_is_cut_between_characters_where_it_does_not_fit),
        cmocka_unit_test(a_row_stands_in_the_middle),
        cmocka_unit_test(a_name_wider_than_the_canvas_has_a_row_of_its_own),
        cmocka_unit_test(panels_do_not_touch_and_stay_on_the_canvas),
        cmocka_unit_test(steps_of_an_axis_are_round_and_few),
        cmocka_unit_test(every_axis_has_a_length),
        cmocka_unit_test(a_range_takes_only_what_can_be_drawn),
        cmocka_unit_test(colours_of_series_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
