/* Dates and times of day: what is read as one, and the numbers it becomes. */
#include <string.h>

#include "unit.h"

#include "data/date_text.h"

typedef struct Case {
    const char *text;
    DateForm form;
    bool either;
    int year, month, day;
    double seconds, offset;
} Case;

static const Case cases[] = {
    {"2024-05-31", DATE_YMD, false, 2024, 5, 31, 0, 0},
    {"2024/5/3", DATE_YMD, false, 2024, 5, 3, 0, 0},
    {"2024.05.31", DATE_YMD, false, 2024, 5, 31, 0, 0},
    {"2024-05", DATE_YMD, false, 2024, 5, 1, 0, 0},
    {" 2024-05-31 ", DATE_YMD, false, 2024, 5, 31, 0, 0},
    {"2013-05-03T10:00:00Z", DATE_YMD, false, 2013, 5, 3, 36000, 0},
    {"2013-05-03 10:00:00.25", DATE_YMD, false, 2013, 5, 3, 36000.25, 0},
    {"2013-05-03T10:00+02:00", DATE_YMD, false, 2013, 5, 3, 36000, 7200},
    {"2013-05-03T10:00:00-0330", DATE_YMD, false, 2013, 5, 3, 36000, -12600},
    {"2013-05-03 10:00 UTC", DATE_YMD, false, 2013, 5, 3, 36000, 0},
    {"1/23/1998 0:00:00", DATE_MDY, false, 1998, 1, 23, 0, 0},
    {"23/1/1998", DATE_DMY, false, 1998, 1, 23, 0, 0},
    {"1/2/1998", DATE_MDY, true, 1998, 1, 2, 0, 0},
    {"1.2.1998", DATE_DMY, true, 1998, 2, 1, 0, 0},
    {"01-02-98", DATE_DMY, true, 1998, 2, 1, 0, 0},
    {"5/31/24, 1:45 PM", DATE_MDY, false, 2024, 5, 31, 49500, 0},
    {"5/31/24 12:05am", DATE_MDY, false, 2024, 5, 31, 300, 0},
    {"5/31/69", DATE_MDY, false, 1969, 5, 31, 0, 0},
    {"5/31/68", DATE_MDY, false, 2068, 5, 31, 0, 0},
    {"31 May 2024", DATE_YMD, false, 2024, 5, 31, 0, 0},
    {"31-MAY-24", DATE_YMD, false, 2024, 5, 31, 0, 0},
    {"31. Sept. 2024", DATE_UNKNOWN, false, 0, 0, 0, 0, 0}, /* September has 30 days */
    {"May 31, 2024", DATE_YMD, false, 2024, 5, 31, 0, 0},
    {"May 31 2024 23:59", DATE_YMD, false, 2024, 5, 31, 86340, 0},
    {"Sept 3, 2024", DATE_YMD, false, 2024, 9, 3, 0, 0},
    {"Fri, 31 May 2024 10:00:00 +0200", DATE_YMD, false, 2024, 5, 31, 36000, 7200},
    {"2024-May-31", DATE_YMD, false, 2024, 5, 31, 0, 0},
    {"May 2024", DATE_YMD, false, 2024, 5, 1, 0, 0},
    {"20240531", DATE_COMPACT, false, 2024, 5, 31, 0, 0},
    {"13:45", DATE_CLOCK, false, 2000, 1, 1, 49500, 0},
    {"9:05:30", DATE_CLOCK, false, 2000, 1, 1, 32730, 0},
    {"1:45 pm", DATE_CLOCK, false, 2000, 1, 1, 49500, 0},
    {"24:00", DATE_CLOCK, false, 2000, 1, 1, 86400, 0},
    {"2024-02-29", DATE_YMD, false, 2024, 2, 29, 0, 0},
};

static const char *const no_dates[] = {"",
                                       "2024-13-01",
                                       "2024-02-30",
                                       "2023-02-29",
                                       "13/13/2024",
                                       "2024.05",
                                       "2024",
                                       "1.2.3",
                                       "10.4.12.7",
                                       "1/2",
                                       "1-2",
                                       "25:00",
                                       "13:5",
                                       "13:45 PM",
                                       "0:30 pm",
                                       "2024-05-31T",
                                       "2024-05-31x",
                                       "2024-05-31 10",
                                       "20241331",
                                       "5/31-2024",
                                       "May",
                                       "Mayor 31, 2024",
                                       "31 2024",
                                       "555-12-3456",
                                       "12/345/24",
                                       "a2024-05-31",
                                       "2024-05-31+",
                                       "99999999999-1-1",
                                       "Friday",
                                       "0000-00-00",
                                       "24:01",
                                       "1,234",
                                       "3 12 2024",
                                       "2024-05-31 10:00 +25:00"};

static void test_usual_forms_are_read(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const Case *want = &cases[c];
        DateText found = {0};
        if (date_scan(want->text, strlen(want->text), &found) != (want->form != DATE_UNKNOWN))
            fail_msg("'%s' is %s a date", want->text, want->form != DATE_UNKNOWN ? "not read as" : "read as");
        const Moment *moment = &found.moment;
        if (want->form != DATE_UNKNOWN &&
            (found.form != want->form || found.either != want->either || moment->year != want->year ||
             moment->month != want->month || moment->day != want->day || moment->seconds != want->seconds ||
             moment->offset != want->offset))
            fail_msg("'%s' is read as %s%s %d-%d-%d, %g s, %g s east", want->text, date_form_name(found.form),
                     found.either ? " or another" : "", moment->year, moment->month, moment->day, moment->seconds,
                     moment->offset);
    }
}

static void test_other_texts_are_no_dates(void **state)
{
    (void)state;
    DateText found;
    for (size_t t = 0; t < sizeof no_dates / sizeof no_dates[0]; t++)
        if (date_scan(no_dates[t], strlen(no_dates[t]), &found))
            fail_msg("'%s' is read as a date", no_dates[t]);
    assert_true(date_scan("2024-05-31, 17", 10, &found)); /* of so many bytes, whatever follows */
}

static bool reads(const char *text, DateForm form, int year, int month, int day)
{
    Moment moment;
    return date_read(text, strlen(text), form, &moment) && moment.year == year && moment.month == month &&
           moment.day == day;
}

static void test_the_form_of_a_column_decides_what_is_the_month(void **state)
{
    (void)state;
    Moment moment;
    assert_true(reads("1/2/1998", DATE_MDY, 1998, 1, 2));
    assert_true(reads("1/2/1998", DATE_DMY, 1998, 2, 1));
    assert_true(reads("1.2.1998", DATE_MDY, 1998, 1, 2));
    assert_true(reads("1998-02-01", DATE_MDY, 1998, 2, 1)); /* clear in any column of dates */
    assert_false(date_read("13/2/1998", 9, DATE_MDY, &moment));
    assert_false(date_read("2/13/1998", 9, DATE_DMY, &moment));
    assert_false(date_read("1/2/1998", 8, DATE_YMD, &moment));
    assert_false(date_read("13:45", 5, DATE_YMD, &moment));
    assert_false(date_read("1998-02-01", 10, DATE_CLOCK, &moment));
    assert_true(reads("19980201", DATE_COMPACT, 1998, 2, 1));
    assert_false(date_read("19980201", 8, DATE_YMD, &moment));
    assert_true(reads("1717156800", DATE_EPOCH, 2024, 5, 31));
    assert_true(reads("1717156800000", DATE_EPOCH, 2024, 5, 31));
    assert_true(reads("-1", DATE_EPOCH, 1969, 12, 31));
    assert_false(date_read("2024-05-31", 10, DATE_EPOCH, &moment));
    assert_false(date_read("1e9", 3, DATE_EPOCH, &moment));
}

static double part_of(const char *text, DatePart part)
{
    DateText found = {0};
    assert_true(date_scan(text, strlen(text), &found));
    return date_part(&found.moment, part);
}

static void test_parts_are_the_calendar_s(void **state)
{
    (void)state;
    static const char text[] = "2024-05-31T13:30:00+02:00";
    assert_true(part_of(text, DATE_YEAR) == 2024);
    assert_true(part_of(text, DATE_MONTH) == 5);
    assert_true(part_of(text, DATE_DAY) == 31);
    assert_true(part_of(text, DATE_WEEKDAY) == 5); /* a Friday */
    assert_true(part_of(text, DATE_HOUR) == 13.5); /* as written */
    assert_true(part_of("2000-01-03T12:00", DATE_TIME) == 2.5);
    assert_true(part_of("2000-01-01T00:00+12:00", DATE_TIME) == -0.5); /* in UTC */
    assert_true(part_of("1970-01-01", DATE_WEEKDAY) == 4);
    assert_true(part_of("1900-01-01", DATE_WEEKDAY) == 1);
    const double hour = part_of("10:20:07", DATE_HOUR);
    assert_true(hour == (double)(float)hour);
}

static void test_seconds_and_moments_are_inverse(void **state)
{
    (void)state;
    Moment moment;
    for (long day = -200000; day < 200000; day += 37) {
        date_of_seconds(86400.0 * (double)day + 12345, &moment);
        assert_true(date_seconds(&moment) == 86400.0 * (double)day + 12345);
        assert_in_range(moment.month, 1, 12);
        assert_in_range(moment.day, 1, 31);
        assert_true(moment.seconds == 12345);
    }
    assert_int_equal(date_days(1970, 1, 1), 0);
    assert_int_equal(date_days(2000, 3, 1), 11017);
}

static void test_forms_and_parts_are_found_by_their_names(void **state)
{
    (void)state;
    for (DateForm form = DATE_YMD; form <= DATE_EPOCH; form++)
        assert_int_equal(date_form_find(date_form_name(form)), form);
    for (DatePart part = DATE_YEAR; part < DATE_PARTS; part++)
        assert_int_equal(date_part_find(date_part_name(part)), part);
    assert_int_equal(date_form_find("us"), DATE_UNKNOWN);
    assert_int_equal(date_part_find("week"), -1);
    assert_null(date_form_name(DATE_UNKNOWN));
    assert_null(date_part_name(DATE_PARTS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_usual_forms_are_read),
        cmocka_unit_test(test_other_texts_are_no_dates),
        cmocka_unit_test(test_the_form_of_a_column_decides_what_is_the_month),
        cmocka_unit_test(test_parts_are_the_calendar_s),
        cmocka_unit_test(test_seconds_and_moments_are_inverse),
        cmocka_unit_test(test_forms_and_parts_are_found_by_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
