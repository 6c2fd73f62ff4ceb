/* Explanations without memory: each allocation that fails is reported, and nothing is kept. */
#include "failing_memory.h"

#include "explain_models.h"

#include "explain/dependence.h"
#include "explain/importance.h"
#include "explain/shapley.h"

#define COLUMNS 5
#define ROWS 30

/* One way to explain a model, from nothing; all that it makes is released. */
typedef percept_status Way(const percept_model *model, const ExplainRows *rows, percept_error *error);

static percept_status importances(const percept_model *model, const ExplainRows *rows, percept_error *error)
{
    ExplainSubject subject = {0};
    ExplainImportance importance = {0};
    const ExplainMetric *metric = NULL;
    percept_status status = explain_subject_create(model, false, 1, &subject, error);
    if (status == PERCEPT_OK)
        status = explain_metric_find(&subject, "rmse", &metric, error);
    if (status == PERCEPT_OK)
        status = explain_importance(&subject, rows, metric, 2, 0, &importance, error);
    explain_importance_clear(&importance);
    explain_subject_clear(&subject);
    return status;
}

static percept_status dependence(const percept_model *model, const ExplainRows *rows, percept_error *error)
{
    ExplainSubject subject = {0};
    ExplainDependence result = {0};
    percept_status status = explain_subject_create(model, false, 1, &subject, error);
    if (status == PERCEPT_OK)
        status = explain_dependence(&subject, rows, 1, 7, &result, error);
    explain_dependence_clear(&result);
    explain_subject_clear(&subject);
    return status;
}

static percept_status shapley(const percept_model *model, const ExplainRows *rows, size_t exact_most,
                              percept_error *error)
{
    ExplainSubject subject = {0};
    ExplainRows background = {0};
    ExplainShapley values = {0};
    ExplainShapleyOptions options = explain_shapley_defaults();
    options.exact_most = exact_most;
    percept_status status = explain_subject_create(model, false, 1, &subject, error);
    if (status == PERCEPT_OK)
        status = explain_rows_sample(rows, 8, 0, &background, error);
    if (status == PERCEPT_OK)
        status = explain_shapley_create(&subject, &background, &options, &values, error);
    if (status == PERCEPT_OK)
        explain_shapley_row(&values, rows->features);
    explain_shapley_clear(&values);
    explain_rows_clear(&background);
    explain_subject_clear(&subject);
    return status;
}

static percept_status exact(const percept_model *model, const ExplainRows *rows, percept_error *error)
{
    return shapley(model, rows, COLUMNS, error);
}

static percept_status sampled(const percept_model *model, const ExplainRows *rows, percept_error *error)
{
    return shapley(model, rows, 0, error);
}

static void each_allocation_that_fails_is_reported(void **state)
{
    static Way *const ways[] = {importances, dependence, exact, sampled};
    percept_model *model = random_model(COLUMNS, 1, 1);
    ExplainRows rows = make_rows(ROWS, COLUMNS, 2);
    ExplainSubject subject;
    (void)state;
    assert_ok(explain_subject_create(model, false, 1, &subject, error));
    answer_rows(&subject, &rows);
    explain_subject_clear(&subject);
    for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++) {
        percept_error why = {PERCEPT_OK, ""};
        percept_status status = PERCEPT_ERROR_MEMORY;
        long allocations = 0;
        for (; status != PERCEPT_OK && allocations < 1000; allocations++) {
            memory_left = allocations;
            status = ways[way](model, &rows, &why);
            memory_left = -1;
            assert_true(status == PERCEPT_OK || status == PERCEPT_ERROR_MEMORY);
            assert_true(status == PERCEPT_OK || why.message[0] != '\0');
        }
        assert_true(status == PERCEPT_OK && allocations > 10);
    }
    explain_rows_clear(&rows);
    percept_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_allocation_that_fails_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
