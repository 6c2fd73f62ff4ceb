#include "data/scaler.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "data/quartiles.h"

/* n Σx² for bytes may have more than 64 bits. */
__extension__ typedef unsigned __int128 Wide;

/* Rows whose byte sums fit 32 bits: 255² · 65,536 < 2³². */
#define ROWS_AT_ONCE 65536

static const char *const kind_names[] = {[SCALER_NONE] = "none",
                                         [SCALER_STANDARDIZE] = "standardize",
                                         [SCALER_STANDARDIZE_ALL] = "standardize-all",
                                         [SCALER_ROBUST] = "robust",
                                         [SCALER_QUANTILE_NORMAL] = "quantile-normal"};

/* Writes the numbers of example i that are scaled. */
typedef void ReadRow(const percept_dataset *part, size_t i, double *row);

/* The views that a scaler is fitted to. */
typedef struct Parts {
    const percept_dataset *const *views; /* or NULL, each */
    size_t view_count;
    size_t rows; /* of all */
    ReadRow *read;
    const Schema *schema;             /* of the features; NULL for targets */
    const TargetTransform *transform; /* of targets; else NULL */
    const char *what;                 /* "feature" */
} Parts;

#define KINDS (sizeof kind_names / sizeof kind_names[0])

const char *scaler_kind_name(ScalerKind kind)
{
    return kind_names[kind];
}

int scaler_kind_find(const char *name)
{
    for (size_t k = 0; k < KINDS; k++)
        if (strcmp(kind_names[k], name) == 0)
            return (int)k;
    return -1;
}

static void set_feature(Scaler *scaler, size_t j, double mean, double deviation)
{
    scaler->mean[j] = mean;
    scaler->deviation[j] = deviation > 0 ? deviation : 1; /* 0 for equal values, or by underflow */
}

static void set_all(Scaler *scaler, double mean, double deviation)
{
    for (size_t j = 0; j < scaler->width; j++)
        set_feature(scaler, j, mean, deviation);
}

/* ---- Bytes --------------------------------------------------------------------------------------------------- */

/* Σ x and Σ x² of up to ROWS_AT_ONCE examples, per feature. */
static void sum_bytes(const percept_dataset *part, size_t begin, size_t end, uint32_t *sum, uint32_t *squares)
{
    size_t width = part->storage->width;
    memset(sum, 0, width * sizeof *sum);
    memset(squares, 0, width * sizeof *squares);
    for (size_t i = begin; i < end; i++) {
        const uint8_t *row = dataset_row(part, i);
        for (size_t j = 0; j < width; j++) {
            uint32_t x = row[j];
            sum[j] += x;
            squares[j] += x * x;
        }
    }
}

/* Mean and deviation from exact sums over n values: variance = (n Σx² - (Σx)²) / n². */
static void derive_from_bytes(uint64_t n, uint64_t sum, uint64_t squares, double divisor, double *mean,
                              double *deviation)
{
    Wide spread = (Wide)n * squares - (Wide)sum * sum;
    *mean = (double)sum / (double)n / divisor;
    *deviation = sqrt((double)spread) / (double)n / divisor;
}

static void fit_to_sums(Scaler *scaler, uint64_t n, const uint64_t *sum, const uint64_t *squares)
{
    double mean = 0, deviation = 0;
    uint64_t total = 0, total_squares = 0;
    for (size_t j = 0; j < scaler->width; j++) {
        derive_from_bytes(n, sum[j], squares[j], scaler->divisor, &mean, &deviation);
        set_feature(scaler, j, mean, deviation);
        total += sum[j];
        total_squares += squares[j];
    }
    if (scaler->kind != SCALER_STANDARDIZE_ALL)
        return;
    derive_from_bytes(n * scaler->width, total, total_squares, scaler->divisor, &mean, &deviation);
    set_all(scaler, mean, deviation);
}

/* sums: Σx of each feature, then Σx² of each; `partial` has room for as many. */
static void add_bytes(const percept_dataset *part, uint64_t *sums, uint32_t *partial)
{
    const size_t width = part->storage->width;
    for (size_t begin = 0; begin < part->count; begin += ROWS_AT_ONCE) {
        size_t left = part->count - begin;
        sum_bytes(part, begin, begin + (left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE), partial, partial + width);
        for (size_t j = 0; j < 2 * width; j++)
            sums[j] += partial[j];
    }
}

static percept_status fit_bytes(Scaler *scaler, const Parts *parts, percept_error *error)
{
    size_t width = scaler->width;
    uint64_t *sums = NULL;
    uint32_t *partial = NULL;
    percept_status status = memory_allocate_zeroed(width, 2 * sizeof *sums, "a scaler", &sums, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(width, 2 * sizeof *partial, "a scaler", &partial, error);
    for (size_t p = 0; status == PERCEPT_OK && p < parts->view_count; p++)
        if (parts->views[p] != NULL)
            add_bytes(parts->views[p], sums, partial);
    if (status == PERCEPT_OK)
        fit_to_sums(scaler, parts->rows, sums, sums + width);
    memory_free(sums);
    memory_free(partial);
    return status;
}

/* ---- Floating point ------------------------------------------------------------------------------------------ */

/* Reads example i; categories become 0, so that they are left as they are: mean 0, deviation 1. */
static void read_row(const Parts *parts, const percept_dataset *part, size_t i, double *row)
{
    dataset_fetch(part, i + DATASET_AHEAD);
    parts->read(part, i, row);
    for (size_t j = 0; parts->transform != NULL && j < part->storage->target_width; j++)
        row[j] = target_transform(parts->transform, j, row[j]);
    for (size_t j = 0; parts->schema != NULL && parts->schema->kinds != NULL && j < parts->schema->width; j++)
        if (schema_is_category(parts->schema, j))
            row[j] = 0;
}

/* What the first pass learns of each column, and a place for one example. Examples of weight 0 are passed over. */
typedef struct Survey {
    double *row, *sum, *low, *high; /* width values each, all in row's block */
    size_t rows;                    /* seen so far */
    double weight;                  /* Σ w of them */
} Survey;

static void divide(size_t width, double divisor, double *row)
{
    for (size_t j = 0; divisor != 1 && j < width; j++)
        row[j] /= divisor;
}

static void survey_row(size_t width, double w, const double *restrict x, double *restrict sum, double *restrict low,
                       double *restrict high)
{
    for (size_t j = 0; j < width; j++) {
        sum[j] += w * x[j];
        low[j] = x[j] < low[j] ? x[j] : low[j];
        high[j] = x[j] > high[j] ? x[j] : high[j];
    }
}

static void survey_part(const Parts *parts, const percept_dataset *part, const Scaler *scaler, Survey *survey)
{
    const size_t width = scaler->width;
    for (size_t i = 0; i < part->count; i++) {
        const double w = dataset_weight(part, i);
        if (!(w > 0))
            continue;
        read_row(parts, part, i, survey->row);
        divide(width, scaler->divisor, survey->row);
        if (survey->rows == 0) {
            memcpy(survey->low, survey->row, width * sizeof *survey->low);
            memcpy(survey->high, survey->row, width * sizeof *survey->high);
        }
        survey_row(width, w, survey->row, survey->sum, survey->low, survey->high);
        survey->rows++;
        survey->weight += w;
    }
}

static void first_pass(const Parts *parts, const Scaler *scaler, Survey *survey)
{
    for (size_t p = 0; p < parts->view_count; p++)
        if (parts->views[p] != NULL)
            survey_part(parts, parts->views[p], scaler, survey);
}

static void square_row(size_t width, double w, const double *restrict x, const double *restrict mean,
                       double *restrict sum)
{
    for (size_t j = 0; j < width; j++)
        sum[j] += w * ((x[j] - mean[j]) * (x[j] - mean[j]));
}

/* sum_j += Σ_i w_i (x_ij - mean_j)² */
static void add_squares(const Parts *parts, const percept_dataset *part, const Scaler *scaler, Survey *survey)
{
    for (size_t i = 0; i < part->count; i++) {
        const double w = dataset_weight(part, i);
        if (!(w > 0))
            continue;
        read_row(parts, part, i, survey->row);
        divide(scaler->width, scaler->divisor, survey->row);
        square_row(scaler->width, w, survey->row, scaler->mean, survey->sum);
    }
}

static void second_pass(const Parts *parts, const Scaler *scaler, Survey *survey)
{
    memset(survey->sum, 0, scaler->width * sizeof *survey->sum);
    for (size_t p = 0; p < parts->view_count; p++)
        if (parts->views[p] != NULL)
            add_squares(parts, parts->views[p], scaler, survey);
}

/* The deviation of n values, 0 where it is no larger than rounding makes of equal ones: scikit-learn's rule, variance ≤
 * n ε variance + (n ε mean)². */
static double real_deviation(double mean, double variance, double n)
{
    const double lost = n * DBL_EPSILON * mean;
    return variance <= n * DBL_EPSILON * variance + lost * lost ? 0 : sqrt(variance);
}

static void fit_each(Scaler *scaler, const Parts *parts, Survey *survey)
{
    const double n = survey->weight;
    for (size_t j = 0; j < scaler->width; j++)
        scaler->mean[j] = survey->low[j] == survey->high[j] ? survey->low[j] : survey->sum[j] / n;
    second_pass(parts, scaler, survey);
    for (size_t j = 0; j < scaler->width; j++)
        set_feature(scaler, j, scaler->mean[j],
                    real_deviation(scaler->mean[j], survey->sum[j] / n, (double)survey->rows));
}

static void fit_all(Scaler *scaler, const Parts *parts, Survey *survey)
{
    const double n = survey->weight * (double)scaler->width;
    double low = survey->low[0], high = survey->high[0], total = 0;
    for (size_t j = 0; j < scaler->width; j++) {
        low = survey->low[j] < low ? survey->low[j] : low;
        high = survey->high[j] > high ? survey->high[j] : high;
        total += survey->sum[j];
    }
    set_all(scaler, low == high ? low : total / n, 1);
    second_pass(parts, scaler, survey);
    total = 0;
    for (size_t j = 0; j < scaler->width; j++)
        total += survey->sum[j];
    set_all(scaler, scaler->mean[0],
            real_deviation(scaler->mean[0], total / n, (double)survey->rows * (double)scaler->width));
}

static percept_status check_finite(const Scaler *scaler, const Parts *parts, const char *what, const double *values,
                                   percept_error *error)
{
    for (size_t j = 0; j < scaler->width; j++)
        if (!isfinite(values[j]))
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "%s %zu of the training part cannot be standardized: its %s is not finite", parts->what, j,
                             what);
    return PERCEPT_OK;
}

static percept_status fit_reals(Scaler *scaler, const Parts *parts, percept_error *error)
{
    size_t width = scaler->width;
    Survey survey = {0};
    percept_status status = memory_allocate_zeroed(width, 4 * sizeof *survey.row, "a scaler", &survey.row, error);
    if (status != PERCEPT_OK)
        return status;
    survey.sum = survey.row + width;
    survey.low = survey.row + 2 * width;
    survey.high = survey.row + 3 * width;
    first_pass(parts, scaler, &survey);
    if (!(survey.weight > 0))
        status = error_set(error, PERCEPT_ERROR_ARGUMENT,
                           "every example of the training part has weight 0; give some of them a weight above 0");
    if (status == PERCEPT_OK)
        status = check_finite(scaler, parts, "sum", survey.sum, error);
    if (status == PERCEPT_OK) {
        if (scaler->kind == SCALER_STANDARDIZE_ALL)
            fit_all(scaler, parts, &survey);
        else
            fit_each(scaler, parts, &survey);
        status = check_finite(scaler, parts, "mean", scaler->mean, error);
    }
    if (status == PERCEPT_OK)
        status = check_finite(scaler, parts, "deviation", scaler->deviation, error);
    memory_free(survey.row);
    return status;
}

/* ---- The scaler ---------------------------------------------------------------------------------------------- */

static percept_status allocate_features(Scaler *scaler, percept_error *error)
{
    percept_status status = memory_allocate(scaler->width, sizeof *scaler->mean, "a scaler", &scaler->mean, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(scaler->width, sizeof *scaler->deviation, "a scaler", &scaler->deviation, error);
    if (status != PERCEPT_OK)
        scaler_clear(scaler);
    return status;
}

/* Codes are no quantities, so that nothing can be done to all columns alike where some hold codes. */
static percept_status check_categories(const Schema *schema, ScalerKind kind, double divisor, percept_error *error)
{
    char name[SCHEMA_NAME_SIZE];
    size_t j = 0;
    while (j < schema->width && !schema_is_category(schema, j))
        j++;
    if (j == schema->width || (kind != SCALER_STANDARDIZE_ALL && divisor == 1))
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "%s changes all columns alike, but %.48s is a category; leave the key out, or drop the column",
                     divisor != 1 ? "data.divisor" : "data.scale standardize-all",
                     schema_feature_name(schema, j, name));
}

percept_status scaler_fit(Scaler *scaler, ScalerKind kind, double divisor, const percept_dataset *const *parts,
                          size_t part_count, percept_error *error)
{
    if ((size_t)kind >= KINDS)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no kind %d of scaling", (int)kind);
    if (!(divisor > 0 && isfinite(divisor)))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "features cannot be divided by %g; give a positive number",
                         divisor);
    Scaler fitted = {.kind = kind, .width = parts[0]->storage->width, .divisor = divisor};
    Parts all = {.views = parts,
                 .view_count = part_count,
                 .read = percept_dataset_features,
                 .schema = &parts[0]->storage->schema,
                 .what = "feature"};
    bool bytes = true;
    percept_status status = PERCEPT_OK;
    for (size_t p = 0; p < part_count; p++) {
        if (parts[p] != NULL && parts[p]->storage->width != fitted.width)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "the training part has %zu features, another part %zu; give both the same", fitted.width,
                             parts[p]->storage->width);
        all.rows += parts[p] != NULL ? parts[p]->count : 0;
        bytes = bytes &&
                (parts[p] == NULL || (parts[p]->storage->type == PERCEPT_UINT8 && parts[p]->storage->weights == NULL));
    }
    status = check_categories(all.schema, kind, divisor, error);
    if (status == PERCEPT_OK && kind != SCALER_NONE) {
        status = allocate_features(&fitted, error);
        if (status == PERCEPT_OK)
            status = kind == SCALER_ROBUST || kind == SCALER_QUANTILE_NORMAL
                         ? quartiles_fit(parts, part_count, divisor, fitted.mean, fitted.deviation, error)
                     : bytes ? fit_bytes(&fitted, &all, error)
                             : fit_reals(&fitted, &all, error);
    }
    if (status != PERCEPT_OK)
        scaler_clear(&fitted);
    else
        *scaler = fitted;
    return status;
}

static void read_targets(const percept_dataset *part, size_t i, double *row)
{
    const size_t width = part->storage->target_width;
    memcpy(row, part->storage->targets + part->rows[i] * width, width * sizeof *row);
}

percept_status scaler_fit_targets(Scaler *scaler, const percept_dataset *train, percept_error *error)
{
    Scaler fitted = {.kind = SCALER_STANDARDIZE, .width = train->storage->target_width, .divisor = 1};
    const Parts all = {.views = &train,
                       .view_count = 1,
                       .rows = train->count,
                       .read = read_targets,
                       .transform = &scaler->transform,
                       .what = "target"};
    percept_status status = allocate_features(&fitted, error);
    if (status == PERCEPT_OK)
        status = fit_reals(&fitted, &all, error);
    fitted.transform = scaler->transform;
    if (status != PERCEPT_OK) {
        fitted.transform = (TargetTransform){0};
        scaler_clear(&fitted);
    } else {
        *scaler = fitted;
    }
    return status;
}

void scaler_clear(Scaler *scaler)
{
    target_transform_clear(&scaler->transform);
    memory_free(scaler->mean);
    memory_free(scaler->deviation);
    *scaler = (Scaler){.kind = SCALER_NONE, .divisor = 1};
}
