/* Exports and gradient checks, as programs call them. */
#include "in_scratch.h"

#include <string.h>

#include "base/file.h"
#include "percept/percept.h"

#define COUNT 40

typedef struct Subject {
    percept_dataset *data;
    percept_model *model;
} Subject;

static Subject make_subject(void)
{
    float X[2 * COUNT];
    int32_t labels[COUNT];
    Subject subject = {0};
    percept_recipe *recipe = NULL;
    for (size_t i = 0; i < COUNT; i++) {
        X[2 * i] = (float)(i % 7) - 3;
        X[2 * i + 1] = (float)(i % 5) - 2;
        labels[i] = i % 3 == 0;
    }
    assert_ok(percept_dataset_create(PERCEPT_FLOAT32, COUNT, 2, X, labels, 2, NULL, &subject.data, error));
    assert_ok(percept_recipe_create(&recipe, error));
    assert_ok(percept_recipe_set(recipe, "model.layers", "2-5-2", error));
    assert_ok(percept_model_create(recipe, &(percept_data){.train = subject.data}, &subject.model, error));
    percept_recipe_free(recipe);
    return subject;
}

static void subject_clear(Subject *subject)
{
    percept_model_free(subject->model);
    percept_dataset_free(subject->data);
}

static void every_listed_format_is_written_and_compared(void **state)
{
    (void)state;
    char path[SCRATCH_PATH], name[32];
    Subject subject = make_subject();
    const double rows[] = {0.5, -1, 2, 0};
    const percept_export_options options = {.struct_size = sizeof options, .rows = rows, .row_count = 2};
    size_t formats = 0;
    for (; percept_export_format(formats) != NULL; formats++) {
        percept_export_check check = {.struct_size = sizeof check};
        snprintf(name, sizeof name, "model.%s", percept_export_extension(formats));
        assert_ok(percept_model_export(subject.model, percept_export_format(formats),
                                       scratch_path(&scratch, name, path), &options, &check, error));
        assert_int_equal(check.rows, 2);
        assert_true(check.skipped || check.difference < 1e-5);
        assert_true(percept_export_help(formats)[0] != '\0');
    }
    assert_true(formats >= 3);
    assert_null(percept_export_extension(formats));
    assert_null(percept_export_help(formats));
    assert_ok(percept_model_export(subject.model, "npz", scratch_path(&scratch, "drawn.npz", path), NULL, NULL, error));
    subject_clear(&subject);
}

static void a_caller_of_an_earlier_release_gets_what_it_knows(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    Subject subject = make_subject();
    percept_export_check check = {.struct_size = offsetof(percept_export_check, difference), .difference = 7};
    assert_ok(
        percept_model_export(subject.model, "npz", scratch_path(&scratch, "model.npz", path), NULL, &check, error));
    assert_true(check.rows > 0 && check.difference == 7);
    percept_gradient_check gradient = {.struct_size = offsetof(percept_gradient_check, equal), .equal = 7};
    assert_ok(percept_model_gradcheck(subject.model, subject.data, 0, 0, 0, &gradient, error));
    assert_true(gradient.checked > 0 && gradient.equal == 7);
    subject_clear(&subject);
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    percept_error failure;
    Subject subject = make_subject();
    scratch_path(&scratch, "model.npz", path);
    assert_int_equal(percept_model_export(subject.model, "pdf", path, NULL, NULL, &failure), PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(failure.message, "npz"));
    percept_export_options options = {0};
    assert_int_equal(percept_model_export(subject.model, "npz", path, &options, NULL, &failure),
                     PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(failure.message, "struct_size"));
    options = (percept_export_options){.struct_size = sizeof options, .precision = PERCEPT_INT64};
    assert_int_equal(percept_model_export(subject.model, "npz", path, &options, NULL, &failure),
                     PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(failure.message, "precision"));
    percept_export_check check = {0};
    assert_int_equal(percept_model_export(subject.model, "npz", path, NULL, &check, &failure), PERCEPT_ERROR_ARGUMENT);
    percept_gradient_check gradient = {0};
    assert_int_equal(percept_model_gradcheck(subject.model, subject.data, 0, 0, 0, &gradient, &failure),
                     PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(scratch_count(scratch.folder), 0);
    subject_clear(&subject);
}

static void the_gradient_is_the_derivative_of_the_loss(void **state)
{
    (void)state;
    Subject subject = make_subject();
    percept_gradient_check all = {.struct_size = sizeof all}, few = {.struct_size = sizeof few};
    assert_ok(percept_model_gradcheck(subject.model, subject.data, 1000, 0, 0, &all, error));
    assert_int_equal(all.checked, percept_model_parameters(subject.model));
    assert_int_equal(all.wrong, 0);
    assert_int_equal(all.equal + all.kinks + all.small, all.checked);
    assert_true(all.loss > 0);
    assert_ok(percept_model_gradcheck(subject.model, subject.data, 4, 2, 1, &few, error));
    assert_int_equal(few.checked, 2 * percept_model_tensors(subject.model));
    subject_clear(&subject);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(every_listed_format_is_written_and_compared),
        IN_SCRATCH(a_caller_of_an_earlier_release_gets_what_it_knows),
        IN_SCRATCH(wrong_options_are_refused),
        cmocka_unit_test(the_gradient_is_the_derivative_of_the_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
