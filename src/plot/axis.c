#include "plot/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Stops of a scale that everybody sees rising in lightness, and most in hue (viridis by S. van der Walt, N. Smith, E. Firing,
 * CC0), without its lightest end, which white paper swallows. */
static const unsigned char scale[][3] = {{68, 1, 84},    {70, 50, 126},  {54, 92, 141},  {39, 127, 142},
                                         {31, 161, 135}, {74, 193, 109}, {140, 208, 60}, {216, 208, 30}};

static const char *const colours[] = {COLOUR_BLUE, COLOUR_ORANGE, COLOUR_GREEN, COLOUR_PURPLE,
                                      COLOUR_SKY,  COLOUR_YELLOW, COLOUR_BLACK, COLOUR_GREY};

void range_add(Range *range, double value, bool log)
{
    if (!isfinite(value) || (log && value <= 0))
        return;
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
}

bool range_is_empty(Range range)
{
    return !(range.low <= range.high);
}

double axis_step(double span, double steps, double least)
{
    const double power = pow(10, floor(log10(fmax(span / steps, least))));
    for (int i = 0; i < 3; i++) {
        const double step = power * (const double[]){1, 2, 5}[i];
        if (span <= step * steps && step >= least)
            return step;
    }
    return 10 * power;
}

/* What spans less than a power of ten has none to be written beside a logarithmic axis. */
static bool is_logarithmic(Range range, bool log)
{
    return log && range.low > 0 && range.high / range.low >= 10;
}

Range axis_widen(Range range, bool log)
{
    if (range_is_empty(range))
        return log ? (Range){0.1, 1} : (Range){0, 1};
    if (is_logarithmic(range, log)) {
        const double ratio = fmax(pow(range.high / range.low, 0.06), 1.1);
        return (Range){range.low / ratio, range.high * ratio};
    }
    const double span = range.high - range.low, size = fmax(fabs(range.low), fabs(range.high));
    const double margin = span > 1e-6 * size ? 0.06 * span : size > 0 ? 0.05 * size : 1;
    return (Range){range.low >= 0 ? fmax(range.low - margin, 0) : range.low - margin, range.high + margin};
}

void axis_add_range(Script *script, const char *axis, Range range)
{
    script_add(script, "set %srange [", axis);
    script_add_number(script, range.low);
    script_add(script, ":");
    script_add_number(script, range.high);
    script_add(script, "]\n");
}

static void add_linear(Script *script, const char *axis, Range range, double steps)
{
    const double step = axis_step(range.high - range.low, steps, 0), decimals = fmax(0, -floor(log10(step)));
    if (decimals <= 4 && fmax(fabs(range.low), fabs(range.high)) < 1e5)
        script_add(script, "set %stics %.*f\nset format %s \"%%.%.0ff\"\n", axis, (int)decimals, step, axis, decimals);
    else
        script_add(script, "set %stics autofreq\nset format %s \"%%g\"\n", axis, axis);
}

/* Powers of ten, or where there is hardly one of them 1, 2, 5 of each. */
static void add_log(Script *script, const char *axis, Range range)
{
    const int first = (int)floor(log10(range.low)), last = (int)ceil(log10(range.high));
    const double decades = log10(range.high) - log10(range.low);
    const int every = (int)axis_step(decades, 8, 1);
    bool begun = false;
    script_add(script, "set logscale %s\nset format %s \"%%g\"\nset %stics (", axis, axis, axis);
    for (int power = first; power <= last; power++)
        for (int i = 0; i < 3; i++) {
            const double value = pow(10, power) * (const double[]){1, 2, 5}[i];
            const bool wanted = i == 0 ? (power - first) % every == 0 : decades < 2.5;
            if (!wanted || value < range.low || value > range.high)
                continue;
            script_add(script, "%s%g", begun ? ", " : "", value);
            begun = true;
        }
    script_add(script, ")\n");
    if (!begun)
        script_add(script, "set %stics autofreq\n", axis);
}

void axis_add(Script *script, const char *axis, Range range, bool log, double steps)
{
    script_add(script, "unset logscale %s\n", axis);
    if (is_logarithmic(range, log))
        add_log(script, axis, range);
    else
        add_linear(script, axis, range, steps);
    axis_add_range(script, axis, range);
}

void axis_add_whole(Script *script, const char *axis, Range range, double steps)
{
    if (range_is_empty(range))
        range = (Range){0, 0};
    const double span = range.high - range.low, margin = span > 0 ? 0.02 * span : 0.5;
    const double step = axis_step(span, range.high < 1000 ? steps : steps / 2, 1);
    script_add(script, "unset logscale %s\n", axis);
    axis_add_range(script, axis, (Range){range.low - margin, range.high + margin});
    script_add(script, "set %stics %.0f\nset format %s \"%%.0f\"\n", axis, step, axis);
}

bool axis_spans_decades(Range range)
{
    return range.low > 0 && range.high / range.low >= 30;
}

void axis_colour(size_t i, size_t count, char colour[AXIS_COLOUR_SIZE])
{
    enum { OWN = sizeof colours / sizeof *colours, STOPS = sizeof scale / sizeof *scale };
    if (count <= OWN) {
        snprintf(colour, AXIS_COLOUR_SIZE, "%s", colours[i]);
        return;
    }
    const double place = (double)i / (double)(count - 1) * (STOPS - 1);
    const size_t stop = place < STOPS - 1 ? (size_t)place : STOPS - 2;
    unsigned mixed[3];
    for (size_t c = 0; c < 3; c++)
        mixed[c] = (unsigned)lround(scale[stop][c] + (place - (double)stop) * (scale[stop + 1][c] - scale[stop][c]));
    snprintf(colour, AXIS_COLOUR_SIZE, "#%02X%02X%02X", mixed[0] & 255, mixed[1] & 255, mixed[2] & 255);
}

void axis_tone(double place, char colour[AXIS_COLOUR_SIZE])
{
    static const unsigned char ends[][3] = {{0, 114, 178}, {165, 105, 168}, {213, 94, 0}};
    const size_t half = place < 0.5 ? 0 : 1;
    unsigned mixed[3];
    for (size_t c = 0; c < 3; c++)
        mixed[c] = (unsigned)lround(ends[half][c] + (2 * place - (double)half) * (ends[half + 1][c] - ends[half][c]));
    snprintf(colour, AXIS_COLOUR_SIZE, "#%02X%02X%02X", mixed[0] & 255, mixed[1] & 255, mixed[2] & 255);
}

static double character_width(char c)
{
    return strchr("il.,:;|!' ", c) != NULL ? 4.5 : strchr("mwMW%@", c) != NULL ? 12.5 : 8.4;
}

double axis_text_width(const char *text)
{
    double width = 0;
    for (const char *c = text; *c != '\0'; c++)
        if (((unsigned char)*c & 0xC0) != 0x80)
            width += character_width(*c);
    return width;
}

void axis_fit_text(const char *text, double width, char *out, size_t size)
{
    const size_t all = strlen(text), end = strlen("…");
    double taken = 0;
    size_t kept = 0;
    if (all < size && axis_text_width(text) <= width) {
        memcpy(out, text, all + 1);
        return;
    }
    for (size_t i = 0; i < all; i++) {
        const bool begins = ((unsigned char)text[i] & 0xC0) != 0x80;
        if (!begins)
            continue;
        kept = i + end < size ? i : kept;
        taken += character_width(text[i]);
        if (taken + character_width('m') > width || i + end + 4 >= size) /* 4: the longest character */
            break;
    }
    memcpy(out, text, kept);
    memcpy(out + kept, "…", end + 1);
}
