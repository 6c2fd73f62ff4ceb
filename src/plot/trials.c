/* What the pictures of trials share. */
#include "plot/trials.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t trials_count(const TrialsPicture *picture, TrialsTone tone)
{
    size_t count = 0;
    for (size_t t = 0; t < picture->count; t++)
        count += picture->tones[t] == tone;
    return count;
}

void trials_legend(const TrialsPicture *picture, bool lines, TrialsLegend *out)
{
    static const struct {
        const char *words, *colour, *line_colour;
        LegendMark line;
        int shape;
    } looks[TRIAL_TONES] = {
        [TRIAL_LOST] = {"diverged or failed", COLOUR_BLACK, COLOUR_GREY, LEGEND_DOTTED, 2},
        [TRIAL_STOPPED] = {"stopped before the last epoch", COLOUR_GREY, COLOUR_GREY, LEGEND_LINE, 6},
        [TRIAL_FINISHED] = {"finished", COLOUR_BLUE, "#27808E", LEGEND_LINE, 7}, /* the middle of the scale */
        [TRIAL_BEST] = {"the best", COLOUR_ORANGE, COLOUR_ORANGE, LEGEND_LINE, 13},
    };
    out->count = 0;
    for (size_t tone = TRIAL_TONES; tone-- > 0;) {
        const size_t count = trials_count(picture, (TrialsTone)tone);
        LegendEntry *entry = &out->entries[out->count];
        if (count == 0)
            continue;
        if (tone == TRIAL_BEST)
            snprintf(out->labels[out->count], sizeof out->labels[0], "%s", looks[tone].words);
        else
            snprintf(out->labels[out->count], sizeof out->labels[0], "%zu %s", count, looks[tone].words);
        *entry = (LegendEntry){.label = out->labels[out->count],
                               .mark = lines ? looks[tone].line : LEGEND_DOT,
                               .shape = looks[tone].shape};
        memcpy(entry->colour, lines ? looks[tone].line_colour : looks[tone].colour, AXIS_COLOUR_SIZE);
        out->count++;
    }
}

const char *trials_label(const char *key)
{
    const char *dot = strrchr(key, '.');
    return dot != NULL ? dot + 1 : key;
}

Range trials_range(const TrialsAxis *axis, size_t count)
{
    Range range = RANGE_EMPTY;
    if (axis->name_count > 0)
        return (Range){-0.5, (double)axis->name_count - 0.5};
    for (size_t t = 0; t < count; t++)
        range_add(&range, axis->values[t], axis->logarithmic);
    if (range_is_empty(range))
        return (Range){0, 1};
    if (!(range.low < range.high)) {
        range.low -= 0.05 * fabs(range.low) + 1e-9;
        range.high += 0.05 * fabs(range.high) + 1e-9;
    }
    return range;
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

size_t trials_few_values(const TrialsAxis *axis, size_t count, double values[TRIALS_FEW])
{
    size_t found = 0;
    for (size_t t = 0; t < count; t++) {
        size_t i = 0;
        while (i < found && values[i] != axis->values[t])
            i++;
        if (!isfinite(axis->values[t]) || i < found)
            continue;
        if (found == TRIALS_FEW)
            return 0;
        values[found++] = axis->values[t];
    }
    qsort(values, found, sizeof *values, compare);
    return found;
}

/* Multiples of the golden ratio lie nowhere close together. */
double trials_spread(const TrialsAxis *axis, size_t count, size_t trial)
{
    double values[TRIALS_FEW] = {0};
    const double turn = 0.61803398874989485 * (double)trial;
    const bool meet = axis->name_count > 0 || trials_few_values(axis, count, values) > 0;
    return meet ? turn - floor(turn) - 0.5 : 0;
}
