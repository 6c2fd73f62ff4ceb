/* Muon: products of matrices, directions near orthogonal, and the same bits for any number of threads. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "engine/kinds.h"
#include "networks.h"
#include "train/matrix.h"
#include "trainings.h"

#define LARGEST 45 /* more than a tile in each direction */

static void fill(RandomStream *stream, size_t count, double *to)
{
    for (size_t i = 0; i < count; i++)
        to[i] = random_uniform(stream, -1, 1);
}

/* Element (i, j) in plain loops. */
static double expected(const MatrixProduct *p, bool gram, size_t i, size_t j)
{
    const double *A = p->A, *B = gram ? p->A : p->B, *D = p->D;
    const size_t columns = gram ? p->rows : p->columns;
    double sum = 0;
    for (size_t k = 0; k < p->depth; k++)
        sum += A[i * p->depth + k] * (gram ? B[j * p->depth + k] : B[k * p->columns + j]);
    return (D != NULL ? p->alpha * D[i * columns + j] : 0) + p->beta * sum;
}

static void expect_product(const MatrixProduct *p, MatrixKernel *kernel, bool gram)
{
    const size_t columns = gram ? p->rows : p->columns;
    const double *C = p->C;
    for (size_t band = 0; band < matrix_bands(p->rows); band++)
        kernel(p, band);
    for (size_t i = 0; i < p->rows; i++)
        for (size_t j = 0; j < columns; j++) /* a rounding of each of up to 45 terms of size 1 */
            assert_close(C[i * columns + j], expected(p, gram, i, j), 45 * 45 * 1e-16);
}

static void products_are_those_of_plain_loops(void **state)
{
    (void)state;
    static double A[LARGEST * LARGEST], B[LARGEST * LARGEST], C[LARGEST * LARGEST], D[LARGEST * LARGEST];
    RandomStream stream;
    random_default_rng(&stream, 1);
    for (size_t isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_supported(isa))
            continue;
        const MatrixKernels kernels = matrix_kernels(isa, false);
        for (size_t trial = 0; trial < 200; trial++) {
            MatrixProduct p = {.rows = 1 + random_below(&stream, LARGEST),
                               .columns = 1 + random_below(&stream, LARGEST),
                               .depth = 1 + random_below(&stream, LARGEST),
                               .A = A,
                               .B = B,
                               .C = C,
                               .alpha = -2,
                               .beta = 0.5};
            fill(&stream, LARGEST * LARGEST, A);
            fill(&stream, LARGEST * LARGEST, B);
            fill(&stream, LARGEST * LARGEST, D);
            expect_product(&p, kernels.gram, true);
            expect_product(&p, kernels.multiply, false);
            p.D = D;
            expect_product(&p, kernels.multiply, false);
            for (size_t i = 0; i < p.rows; i++)
                for (size_t j = 0; j < i; j++)
                    D[i * p.rows + j] = D[j * p.rows + i];
            expect_product(&p, kernels.gram, true);
        }
    }
}

/* ---- Steps --------------------------------------------------------------------------------------------------------- */

enum { LOW = 24, HIGH = 40 };

static const Shape wide = {{12, HIGH, LOW, 3}, 4, "tanh", "softmax", "cross-entropy", 0, 0, false};
static const Shape high = {{12, LOW, HIGH, 3}, 4, "tanh", "softmax", "cross-entropy", 0, 0, false};

/* The change of the hidden matrix by one step, in units of its learning rate. */
static void take_step(const Shape *shape, double change[LOW * HIGH])
{
    Setting *setting = make_setting_of(shape, 60, 7);
    const Layer *layer = &setting->model->network.layers[1];
    const double *W = (const double *)setting->model->parameters + layer->weights;
    double before[LOW * HIGH];
    TrainingOptions options = make_options("muon");
    options.schedule_options.base = 0.02;
    options.batch_size = 60;
    options.epochs = 1;
    memcpy(before, W, sizeof before);
    assert_ok(train_run(setting->model, setting->train, NULL, &options, setting->team, NULL, NULL, NULL, error));
    for (size_t i = 0; i < LOW * HIGH; i++)
        change[i] = (before[i] - W[i]) / 0.02;
    clear_setting(setting);
}

/* Singular values between 0.7 and 1.2: no vector is stretched by more, and their squares add up to that of a matrix whose
 * singular values are 1, or a little less. */
static void directions_are_nearly_orthogonal(void **state)
{
    (void)state;
    double change[LOW * HIGH];
    RandomStream stream;
    random_default_rng(&stream, 2);
    for (int turned = 0; turned < 2; turned++) {
        take_step(turned ? &high : &wide, change);
        const double scale = turned ? sqrt((double)HIGH / LOW) : 1;
        double square = 0;
        for (size_t i = 0; i < LOW * HIGH; i++)
            square += change[i] * change[i] / (scale * scale);
        assert_true(square > 0.4 * LOW && square < 1.5 * LOW);
        for (int trial = 0; trial < 100; trial++) {
            double v[LOW], stretched = 0, length = 0;
            fill(&stream, LOW, v);
            for (size_t i = 0; i < LOW; i++)
                length += v[i] * v[i];
            for (size_t j = 0; j < HIGH; j++) {
                double sum = 0;
                for (size_t i = 0; i < LOW; i++)
                    sum += v[i] * change[turned ? j * LOW + i : i * HIGH + j] / scale;
                stretched += sum * sum;
            }
            assert_true(stretched < 1.2 * 1.2 * length);
        }
    }
}

static percept_model *train_with(size_t threads, percept_type precision)
{
    static const Shape shape = {{30, 130, 70, 150, 3}, 5, "relu", "softmax", "cross-entropy", 0, 0, false};
    Setting *setting = make_setting_of(&shape, 60, 7);
    TrainingOptions options = make_options("muon");
    percept_model *model = setting->model;
    options.engine = engine_kind_find("cpu");
    options.optimizer_options.momentum = 0.95;
    options.optimizer_options.nesterov = true;
    options.weight_decay = 0.1;
    options.clip_norm = 0.5;
    options.epochs = 2;
    if (precision == PERCEPT_FLOAT32) {
        float *rounded = model->parameters;
        for (size_t p = 0; p < model->network.parameter_count; p++)
            rounded[p] = (float)((const double *)model->parameters)[p];
        model->precision = PERCEPT_FLOAT32;
    }
    team_free(setting->team);
    assert_ok(team_create(threads, &setting->team, error));
    assert_ok(run(setting, &options, NULL, error));
    setting->model = NULL;
    clear_setting(setting);
    return model;
}

static void results_do_not_depend_on_threads(void **state)
{
    (void)state;
    const percept_type precisions[] = {PERCEPT_FLOAT64, PERCEPT_FLOAT32};
    for (size_t i = 0; i < 2; i++) {
        percept_model *one = train_with(1, precisions[i]);
        for (size_t threads = 2; threads <= 3; threads++) {
            percept_model *other = train_with(threads, precisions[i]);
            assert_memory_equal(one->parameters, other->parameters,
                                one->network.parameter_count * model_real_size(one));
            percept_model_free(other);
        }
        percept_model_free(one);
    }
}

/* Rounding alone, which ten steps of Newton and Schulz enlarge: their derivative at small values is 3.4⁵. */
static void instruction_sets_agree(void **state)
{
    (void)state;
    percept_model *best = train_with(1, PERCEPT_FLOAT64);
    for (size_t isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_supported(isa))
            continue;
        assert_int_equal(setenv("PERCEPT_ISA", isa_name(isa), 1), 0);
        percept_model *other = train_with(1, PERCEPT_FLOAT64);
        for (size_t p = 0; p < best->network.parameter_count; p++)
            assert_close(((const double *)other->parameters)[p], ((const double *)best->parameters)[p], 1e-7);
        percept_model_free(other);
    }
    unsetenv("PERCEPT_ISA");
    percept_model_free(best);
}

static void networks_without_a_hidden_matrix_are_refused(void **state)
{
    (void)state;
    percept_error reason;
    Setting *setting = make_setting(10, 7);
    const TrainingOptions options = make_options("muon");
    assert_int_equal(run(setting, &options, NULL, &reason), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(reason.message, "between hidden layers"));
    clear_setting(setting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_those_of_plain_loops),
        cmocka_unit_test(directions_are_nearly_orthogonal),
        cmocka_unit_test(results_do_not_depend_on_threads),
        cmocka_unit_test(instruction_sets_agree),
        cmocka_unit_test(networks_without_a_hidden_matrix_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
