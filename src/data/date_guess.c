#include "data/date_guess.h"

#include <math.h>

/* A part of a date varies if more than one of so many values are different from the usual one. */
#define OTHERS_OF 1000

bool date_guess_read(DateGuess *guess, const char *text, size_t length, Moment *out, bool *pending)
{
    DateText found;
    if (guess->form == DATE_EPOCH || guess->form == DATE_COMPACT || guess->form == DATE_CLOCK)
        return date_read(text, length, guess->form, out);
    if (!date_scan(text, length, &found) || found.form == DATE_COMPACT || found.form == DATE_CLOCK)
        return false;
    const bool ordered = found.form != DATE_YMD;
    guess->fixed = ordered && !found.either;
    guess->either = guess->either || found.either;
    if (guess->form == DATE_UNKNOWN || guess->fixed || (ordered && guess->form == DATE_YMD))
        guess->form = found.form;
    *pending = found.either;
    *out = found.moment;
    if (*pending && found.form == DATE_DMY)
        date_exchange(out);
    return true;
}

bool date_guess_varies(double (*at)(const void *of, size_t i), const void *of, size_t count)
{
    double majority = NAN;
    size_t lead = 0, present = 0, others = 0;
    for (size_t i = 0; i < count; i++) { /* finds the value of more than half of the rows, if there is one */
        const double x = at(of, i);
        if (isnan(x))
            continue;
        present++;
        majority = lead == 0 ? x : majority;
        lead = lead == 0 || x == majority ? lead + 1 : lead - 1;
    }
    for (size_t i = 0; i < count; i++) {
        const double x = at(of, i);
        others += !isnan(x) && x != majority;
    }
    return OTHERS_OF * others > present;
}

void date_guess_drop(DateForm form, const bool vary[DATE_PARTS], bool dropped[DATE_PARTS])
{
    const bool clock = form == DATE_CLOCK;
    const bool only_years = !vary[DATE_MONTH] && !vary[DATE_DAY] && !vary[DATE_HOUR];
    for (size_t p = 0; p < DATE_PARTS; p++)
        dropped[p] = !vary[p] || (clock && p != DATE_HOUR) || p == DATE_DAY || (p == DATE_WEEKDAY && !vary[DATE_DAY]) ||
                     (p == DATE_TIME && only_years);
}

const char *date_guess_words(DateForm form)
{
    static const char *const words[] = {
        [DATE_UNKNOWN] = "dates",
        [DATE_YMD] = "dates",
        [DATE_MDY] = "dates with the month first",
        [DATE_DMY] = "dates with the day first",
        [DATE_COMPACT] = "dates",
        [DATE_CLOCK] = "times of day",
        [DATE_EPOCH] = "seconds or milliseconds since 1970",
    };
    return words[form];
}
