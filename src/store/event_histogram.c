#include "store/event_histogram.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define LEAST_LIMIT 1e-12
#define GROWTH 1.1

/* Field numbers of HistogramProto in TensorFlow's summary.proto. */
enum { FIELD_MIN = 1, FIELD_MAX, FIELD_NUM, FIELD_SUM, FIELD_SUM_SQUARES, FIELD_BUCKET_LIMIT, FIELD_BUCKET };

void event_histogram_init(EventHistogram *histogram)
{
    double limit = LEAST_LIMIT;
    *histogram = (EventHistogram){0};
    double *middle = histogram->limits + HISTOGRAM_SIDE;
    for (size_t k = 1; k < HISTOGRAM_SIDE; k++) {
        middle[k] = limit;
        *(middle - k) = -limit;
        limit *= GROWTH;
    }
    middle[HISTOGRAM_SIDE] = DBL_MAX;
    histogram->limits[0] = -DBL_MAX;
}

/* The first bucket whose limit is above x; the last one, whose limit is the largest double, where there is none. */
static size_t find_bucket(const EventHistogram *histogram, double x)
{
    size_t first = 0, last = HISTOGRAM_BUCKETS - 1;
    while (first < last) {
        const size_t middle = (first + last) / 2;
        if (histogram->limits[middle] > x)
            last = middle;
        else
            first = middle + 1;
    }
    return first;
}

static void add(EventHistogram *histogram, double x)
{
    if (!isfinite(x)) {
        histogram->not_finite++;
        return;
    }
    histogram->counts[find_bucket(histogram, x)]++;
    histogram->least = histogram->count == 0 || x < histogram->least ? x : histogram->least;
    histogram->most = histogram->count == 0 || x > histogram->most ? x : histogram->most;
    histogram->sum += x;
    histogram->sum_of_squares += x * x;
    histogram->count++;
}

void event_histogram_count(EventHistogram *histogram, percept_type type, const void *values, size_t count)
{
    memset(histogram->counts, 0, sizeof histogram->counts);
    histogram->least = histogram->most = histogram->sum = histogram->sum_of_squares = 0;
    histogram->count = histogram->not_finite = 0;
    for (size_t i = 0; i < count; i++)
        add(histogram, type == PERCEPT_FLOAT32 ? (double)((const float *)values)[i] : ((const double *)values)[i]);
}

/* Limits and counts that are written, and their number. */
static size_t join_empty(const EventHistogram *histogram, double limits[HISTOGRAM_BUCKETS],
                         double counts[HISTOGRAM_BUCKETS])
{
    size_t size = 0;
    if (histogram->count == 0)
        return 0;
    const size_t last = find_bucket(histogram, histogram->most);
    for (size_t b = find_bucket(histogram, histogram->least); b <= last; b++) {
        const bool joins = size > 0 && counts[size - 1] == 0 && histogram->counts[b] == 0;
        size += joins ? 0 : 1;
        limits[size - 1] = histogram->limits[b];
        counts[size - 1] = histogram->counts[b];
    }
    return size;
}

void event_histogram_write(const EventHistogram *histogram, ProtoWriter *writer, uint32_t field)
{
    double limits[HISTOGRAM_BUCKETS], counts[HISTOGRAM_BUCKETS];
    const size_t size = join_empty(histogram, limits, counts);
    const size_t message = proto_begin(writer, field);
    proto_double(writer, FIELD_MIN, histogram->least);
    proto_double(writer, FIELD_MAX, histogram->most);
    proto_double(writer, FIELD_NUM, (double)histogram->count);
    proto_double(writer, FIELD_SUM, histogram->sum);
    proto_double(writer, FIELD_SUM_SQUARES, histogram->sum_of_squares);
    proto_doubles(writer, FIELD_BUCKET_LIMIT, limits, size);
    proto_doubles(writer, FIELD_BUCKET, counts, size);
    proto_end(writer, message);
}
