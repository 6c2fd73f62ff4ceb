/* What the pictures of trials share. */
#include "plot/trials.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

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
        [TRIAL_FINISHED] = {"finished", COLOUR_BLUE, COLOUR_BLUE, LEGEND_SCALE, 7},
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
            snprintf(out->labels[out->count], sizeof out->labels[0], "%zu %s%s", count, looks[tone].words,
                     lines && tone == TRIAL_FINISHED ? ", from the worst to the best" : "");
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

/* Fewer scores have no useful quartiles; a range that would hardly shrink is not cut. */
#define FIGURES_LEAST 8
#define FENCE 2.0
#define WORTH_CUTTING 0.6

/* The position along the axis; better is larger. */
static double along(const TrialsPicture *picture, double figure)
{
    const double place = picture->figure.logarithmic ? log(figure) : figure;
    return picture->larger_better ? place : -place;
}

Range trials_figure_range(const TrialsPicture *picture, size_t *beyond)
{
    const Range all = trials_range(&picture->figure, picture->count);
    double *places = NULL;
    size_t count = 0;
    *beyond = 0;
    if (memory_allocate(picture->count, sizeof *places, "the figures", &places, NULL) != PERCEPT_OK)
        return all; /* a picture that is less clear */
    for (size_t t = 0; t < picture->count; t++)
        if (isfinite(picture->figure.values[t]) && !(picture->figure.logarithmic && picture->figure.values[t] <= 0))
            places[count++] = along(picture, picture->figure.values[t]);
    qsort(places, count, sizeof *places, compare);
    const double lower = count > 0 ? places[count / 4] : 0, upper = count > 0 ? places[3 * count / 4] : 0;
    size_t kept = 0;
    while (kept < count && places[kept] < lower - FENCE * (upper - lower))
        kept++;
    const bool cut = count >= FIGURES_LEAST && kept > 0 && upper > lower &&
                     places[count - 1] - places[kept] < WORTH_CUTTING * (places[count - 1] - places[0]);
    const double end = cut ? (picture->larger_better ? places[kept] : -places[kept]) : 0;
    memory_free(places);
    if (!cut)
        return all;
    *beyond = kept;
    const double value = picture->figure.logarithmic ? exp(end) : end;
    return picture->larger_better ? (Range){value, all.high} : (Range){all.low, value};
}

/* Multiples of the golden ratio lie nowhere close together. */
double trials_spread(const TrialsAxis *axis, size_t count, size_t trial)
{
    double values[TRIALS_FEW] = {0};
    const double turn = 0.61803398874989485 * (double)trial;
    const bool meet = axis->name_count > 0 || trials_few_values(axis, count, values) > 0;
    return meet ? turn - floor(turn) - 0.5 : 0;
}
