#include "train/line_search.h"

#include <math.h>

#define DECREASE 1e-4
#define CURVATURE 0.9

/* How much longer a step may be than the one before it, and the part of an interval at each end that is not tried. */
#define LARGEST_GROWTH 10
#define MARGIN 0.1

/* Where an interval is no longer worth cutting. */
#define SHORTEST 1e-14

typedef struct Point {
    double alpha, value, slope;
} Point;

typedef struct Progress {
    const LineSearch *search;
    size_t left; /* evaluations */
} Progress;

static Point evaluate(Progress *progress, double alpha)
{
    Point point = {alpha, 0, 0};
    point.value = progress->search->function(progress->search->context, alpha, &point.slope);
    progress->left--;
    if (!isfinite(point.value) || !isfinite(point.slope))
        point = (Point){alpha, INFINITY, 0};
    return point;
}

static bool is_too_high(const Progress *progress, const Point *point)
{
    const LineSearch *search = progress->search;
    return !(point->value <= search->value + DECREASE * point->alpha * search->slope);
}

static bool is_flat_enough(const Progress *progress, const Point *point)
{
    return fabs(point->slope) <= -CURVATURE * progress->search->slope;
}

/* Where the cubic through both points, with their slopes, is least (eq. 3.59); NaN where there is none. */
static double cubic_minimum(const Point *a, const Point *b)
{
    const double d1 = a->slope + b->slope - 3 * (a->value - b->value) / (a->alpha - b->alpha);
    const double d2 = copysign(sqrt(d1 * d1 - a->slope * b->slope), b->alpha - a->alpha);
    return b->alpha - (b->alpha - a->alpha) * ((b->slope + d2 - d1) / (b->slope - a->slope + 2 * d2));
}

/* Within the interval, away from its ends; its middle where the cubic says nothing. */
static double cut(const Point *low, const Point *high)
{
    const double length = high->alpha - low->alpha, middle = low->alpha + length / 2;
    const double best = cubic_minimum(low, high), part = (best - low->alpha) / length;
    if (!isfinite(best))
        return middle;
    return low->alpha + length * fmin(fmax(part, MARGIN), 1 - MARGIN);
}

/* Algorithm 3.6: `low` has the least value of those that decrease enough, and the interval holds a point that is wanted. */
static double zoom(Progress *progress, Point low, Point high)
{
    while (progress->left > 0 && fabs(high.alpha - low.alpha) > SHORTEST * fmax(fabs(low.alpha), fabs(high.alpha))) {
        const Point point = evaluate(progress, cut(&low, &high));
        if (is_too_high(progress, &point) || point.value >= low.value) {
            high = point;
            continue;
        }
        if (is_flat_enough(progress, &point))
            return point.alpha;
        if (point.slope * (high.alpha - low.alpha) >= 0)
            high = low;
        low = point;
    }
    return low.alpha;
}

/* Algorithm 3.5 */
double line_search(const LineSearch *search)
{
    Progress progress = {search, search->most};
    Point last = {0, search->value, search->slope};
    double alpha = search->first;
    while (progress.left > 0) {
        const Point point = evaluate(&progress, alpha);
        if (is_too_high(&progress, &point) || (last.alpha > 0 && point.value >= last.value))
            return zoom(&progress, last, point);
        if (is_flat_enough(&progress, &point))
            return alpha;
        if (point.slope >= 0)
            return zoom(&progress, point, last);
        const double longer = cubic_minimum(&last, &point), least = 2 * alpha - last.alpha;
        last = point;
        alpha = isfinite(longer) ? fmin(fmax(longer, least), LARGEST_GROWTH * alpha) : LARGEST_GROWTH * alpha;
    }
    return last.alpha;
}
