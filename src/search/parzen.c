#include "search/parzen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define MOST_NARROW 100

/* Draws outside the range are repeated; after this many the nearest end of the range is taken. */
#define MOST_DRAWS 100

static double square(double x)
{
    return x * x;
}

/* Φ((x - center) / width) */
static double normal_below(double x, double center, double width)
{
    return 0.5 * erfc((center - x) / (width * sqrt(2)));
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

static void count_values(Parzen *parzen, const double *values, size_t count)
{
    const double total = (double)(count + parzen->count);
    for (size_t i = 0; i < parzen->count; i++)
        parzen->mass[i] = 1 / total;
    for (size_t i = 0; i < count; i++)
        parzen->mass[(size_t)values[i]] += 1 / total;
}

/* ---- Ranges ------------------------------------------------------------------------------------------------------ */

static void place_normals(Parzen *parzen, const double *values, size_t count)
{
    const Dimension *dimension = parzen->dimension;
    const double low = dimension_lowest(dimension), high = dimension_highest(dimension), range = high - low;
    const double narrow = range / fmin(MOST_NARROW, 1 + (double)count);
    for (size_t i = 0; i < count; i++)
        parzen->center[i] = dimension_to_scale(dimension, values[i]);
    parzen->center[count] = low + range / 2; /* the prior's */
    qsort(parzen->center, parzen->count, sizeof *parzen->center, compare);
    bool prior = true; /* the first normal in the middle is it */
    for (size_t i = 0; i < parzen->count; i++) {
        const double center = parzen->center[i];
        const double before = center - (i > 0 ? parzen->center[i - 1] : low);
        const double behind = (i + 1 < parzen->count ? parzen->center[i + 1] : high) - center;
        const bool is_prior = prior && center >= low + range / 2;
        prior = prior && !is_prior;
        parzen->width[i] = is_prior ? range : fmin(fmax(fmax(before, behind), narrow), range);
        parzen->mass[i] = normal_below(high, center, parzen->width[i]) - normal_below(low, center, parzen->width[i]);
    }
}

/* ------------------------------------------------------------------------------------------------------------------ */

percept_status parzen_create(const Dimension *dimension, const double *values, size_t count, Parzen *out,
                             percept_error *error)
{
    const bool list = dimension->choices != NULL;
    Parzen parzen = {.dimension = dimension, .count = list ? dimension->choice_count : count + 1};
    percept_status status =
        memory_allocate(3 * parzen.count, sizeof(double), "a Parzen estimator", &parzen.block, error);
    if (status != PERCEPT_OK)
        return status;
    parzen.mass = parzen.block;
    parzen.center = parzen.mass + parzen.count;
    parzen.width = parzen.center + parzen.count;
    if (list)
        count_values(&parzen, values, count);
    else
        place_normals(&parzen, values, count);
    *out = parzen;
    return PERCEPT_OK;
}

void parzen_clear(Parzen *parzen)
{
    memory_free(parzen->block);
    *parzen = (Parzen){0};
}

static double draw_choice(const Parzen *parzen, RandomStream *stream)
{
    double left = random_unit(stream);
    size_t i = 0;
    while (i + 1 < parzen->count && left >= parzen->mass[i])
        left -= parzen->mass[i++];
    return (double)i;
}

double parzen_draw(const Parzen *parzen, RandomStream *stream)
{
    const Dimension *dimension = parzen->dimension;
    if (dimension->choices != NULL)
        return draw_choice(parzen, stream);
    const double low = dimension_lowest(dimension), high = dimension_highest(dimension);
    const size_t i = (size_t)random_below(stream, parzen->count);
    double place = parzen->center[i];
    for (size_t draw = 0; draw < MOST_DRAWS; draw++) {
        place = random_normal(stream, parzen->center[i], parzen->width[i]);
        if (place >= low && place <= high)
            break;
    }
    return dimension_from_scale(dimension, fmin(fmax(place, low), high));
}

double parzen_log_density(const Parzen *parzen, double value)
{
    const Dimension *dimension = parzen->dimension;
    double sum = 0;
    if (dimension->choices != NULL)
        return log(parzen->mass[(size_t)value]);
    const double x = dimension_to_scale(dimension, value);
    const double below = dimension->integer ? dimension_to_scale(dimension, value - 0.5) : 0;
    const double above = dimension->integer ? dimension_to_scale(dimension, value + 0.5) : 0;
    for (size_t i = 0; i < parzen->count; i++) {
        const double center = parzen->center[i], width = parzen->width[i];
        const double part = dimension->integer ? normal_below(above, center, width) - normal_below(below, center, width)
                                               : exp(-square((x - center) / width) / 2) / (width * sqrt(2 * M_PI));
        sum += part / parzen->mass[i];
    }
    return log(sum / (double)parzen->count);
}
