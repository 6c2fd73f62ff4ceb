/* What the soname promises (docs/development.md): the public functions keep their types, the public structs their layout,
 * and the enumerators their values. A test that fails here asks for another soname, not for another number. */
#include "unit.h"

/* ---- Functions: another type than the header's does not compile -------------------------------------------------- */

/* NOLINTBEGIN(readability-redundant-declaration): that is what compares them */
const char *percept_version(void);
percept_status percept_dataset_create(percept_type type, size_t count, size_t width, const void *features,
                                      const int32_t *labels, size_t class_count, const char *const *class_names,
                                      percept_dataset **out, percept_error *error);
void percept_dataset_free(percept_dataset *dataset);
size_t percept_dataset_count(const percept_dataset *dataset);
size_t percept_dataset_width(const percept_dataset *dataset);
size_t percept_dataset_classes(const percept_dataset *dataset);
const char *percept_dataset_class_name(const percept_dataset *dataset, size_t k);
int32_t percept_dataset_label(const percept_dataset *dataset, size_t i);
void percept_dataset_features(const percept_dataset *dataset, size_t i, double *features);
percept_status percept_recipe_create(percept_recipe **out, percept_error *error);
percept_status percept_recipe_load(const char *path, percept_recipe **out, percept_error *error);
percept_status percept_recipe_set(percept_recipe *recipe, const char *key, const char *value, percept_error *error);
percept_status percept_recipe_save(const percept_recipe *recipe, const char *path, percept_error *error);
void percept_recipe_free(percept_recipe *recipe);
percept_status percept_data_load(const percept_recipe *recipe, percept_data *out, percept_error *error);
void percept_data_free(percept_data *data);
percept_status percept_model_create(percept_recipe *recipe, const percept_data *data, percept_model **out,
                                    percept_error *error);
void percept_model_free(percept_model *model);
percept_status percept_model_train(percept_model *model, const percept_recipe *recipe, const percept_data *data,
                                   percept_callback *callback, void *user, percept_result *result,
                                   percept_error *error);
percept_status percept_model_evaluate(const percept_model *model, const percept_dataset *data, size_t threads,
                                      percept_metrics *out, percept_error *error);
void percept_metrics_clear(percept_metrics *metrics);
percept_status percept_model_report(const percept_model *model, const percept_dataset *data, size_t threads,
                                    percept_report *out, percept_error *error);
void percept_report_clear(percept_report *report);
percept_status percept_model_predict(const percept_model *model, const double *features, size_t count, size_t threads,
                                     double *outputs, percept_error *error);
percept_status percept_predictor_create(const percept_model *model, size_t threads, percept_predictor **out,
                                        percept_error *error);
size_t percept_predictor_block(const percept_predictor *predictor);
void percept_predictor_run(percept_predictor *predictor, const double *features, size_t count, double *outputs);
void percept_predictor_probabilities(percept_predictor *predictor, const double *features, size_t count,
                                     double *probabilities);
void percept_predictor_free(percept_predictor *predictor);
size_t percept_model_inputs(const percept_model *model);
size_t percept_model_outputs(const percept_model *model);
size_t percept_model_parameters(const percept_model *model);
size_t percept_model_classes(const percept_model *model);
const char *percept_model_class_name(const percept_model *model, size_t k);
percept_status percept_model_save(const percept_model *model, const char *path, percept_error *error);
percept_status percept_model_load(const char *path, percept_model **out, percept_error *error);
/* NOLINTEND(readability-redundant-declaration) */

/* ---- Structs, where pointers have 64 bits ------------------------------------------------------------------------- */

typedef struct Place {
    const char *what;
    size_t now, promised;
} Place;

#define SIZE(type) #type, sizeof(type)
#define MEMBER(type, member) #type "." #member, offsetof(type, member)

static const Place places[] = {
    {SIZE(percept_error), 1028},
    {MEMBER(percept_error, status), 0},
    {MEMBER(percept_error, message), 4},
    {SIZE(percept_data), 24},
    {MEMBER(percept_data, train), 0},
    {MEMBER(percept_data, valid), 8},
    {MEMBER(percept_data, test), 16},
    {SIZE(percept_progress), 208},
    {MEMBER(percept_progress, epoch), 0},
    {MEMBER(percept_progress, epochs), 8},
    {MEMBER(percept_progress, step), 16},
    {MEMBER(percept_progress, steps), 24},
    {MEMBER(percept_progress, examples), 32},
    {MEMBER(percept_progress, epoch_done), 40},
    {MEMBER(percept_progress, best), 44},
    {MEMBER(percept_progress, learning_rate), 48},
    {MEMBER(percept_progress, train_loss), 56},
    {MEMBER(percept_progress, train_accuracy), 64},
    {MEMBER(percept_progress, valid_loss), 72},
    {MEMBER(percept_progress, valid_accuracy), 80},
    {MEMBER(percept_progress, seconds), 88},
    {MEMBER(percept_progress, test_loss), 96},
    {MEMBER(percept_progress, test_accuracy), 104},
    {MEMBER(percept_progress, train_loss_sum), 112},
    {MEMBER(percept_progress, valid_loss_sum), 120},
    {MEMBER(percept_progress, test_loss_sum), 128},
    {MEMBER(percept_progress, train_loss_naive), 136},
    {MEMBER(percept_progress, valid_loss_naive), 144},
    {MEMBER(percept_progress, test_loss_naive), 152},
    {MEMBER(percept_progress, valid_rmse), 160},
    {MEMBER(percept_progress, valid_mae), 168},
    {MEMBER(percept_progress, valid_r2), 176},
    {MEMBER(percept_progress, test_rmse), 184},
    {MEMBER(percept_progress, test_mae), 192},
    {MEMBER(percept_progress, test_r2), 200},
    {SIZE(percept_result), 72},
    {MEMBER(percept_result, epochs), 0},
    {MEMBER(percept_result, best_epoch), 8},
    {MEMBER(percept_result, stopped_early), 16},
    {MEMBER(percept_result, train_loss), 24},
    {MEMBER(percept_result, train_accuracy), 32},
    {MEMBER(percept_result, valid_loss), 40},
    {MEMBER(percept_result, valid_accuracy), 48},
    {MEMBER(percept_result, seconds), 56},
    {MEMBER(percept_result, examples_per_second), 64},
    {SIZE(percept_metrics), 40},
    {MEMBER(percept_metrics, count), 0},
    {MEMBER(percept_metrics, loss), 8},
    {MEMBER(percept_metrics, accuracy), 16},
    {MEMBER(percept_metrics, classes), 24},
    {MEMBER(percept_metrics, confusion), 32},
    {SIZE(percept_class_report), 48},
    {MEMBER(percept_class_report, support), 0},
    {MEMBER(percept_class_report, predicted), 8},
    {MEMBER(percept_class_report, precision), 16},
    {MEMBER(percept_class_report, recall), 24},
    {MEMBER(percept_class_report, f1), 32},
    {MEMBER(percept_class_report, auc), 40},
    {SIZE(percept_target_report), 24},
    {MEMBER(percept_target_report, r2), 0},
    {MEMBER(percept_target_report, mean_absolute_error), 8},
    {MEMBER(percept_target_report, root_mean_squared_error), 16},
    {SIZE(percept_calibration_bin), 24},
    {MEMBER(percept_calibration_bin, count), 0},
    {MEMBER(percept_calibration_bin, confidence), 8},
    {MEMBER(percept_calibration_bin, accuracy), 16},
    {SIZE(percept_report), 560},
    {MEMBER(percept_report, metrics), 0},
    {MEMBER(percept_report, classes), 40},
    {MEMBER(percept_report, macro), 48},
    {MEMBER(percept_report, weighted), 96},
    {MEMBER(percept_report, calibration_error), 144},
    {MEMBER(percept_report, brier), 152},
    {MEMBER(percept_report, calibration), 160},
    {MEMBER(percept_report, target_count), 520},
    {MEMBER(percept_report, targets), 528},
    {MEMBER(percept_report, overall), 536},
};

static void test_structs_keep_their_layout(void **state)
{
    (void)state;
    if (sizeof(void *) != 8)
        return;
    for (size_t p = 0; p < sizeof places / sizeof places[0]; p++)
        if (places[p].now != places[p].promised)
            fail_msg("%s: %zu bytes, not %zu", places[p].what, places[p].now, places[p].promised);
}

/* ---- Enumerators -------------------------------------------------------------------------------------------------- */

static void test_enumerators_keep_their_values(void **state)
{
    (void)state;
    const int values[] = {PERCEPT_OK,           PERCEPT_ERROR_ARGUMENT, PERCEPT_ERROR_MEMORY,     PERCEPT_ERROR_IO,
                          PERCEPT_ERROR_FORMAT, PERCEPT_ERROR_DIVERGED, PERCEPT_ERROR_INTERRUPTED};
    for (int v = 0; v < (int)(sizeof values / sizeof values[0]); v++)
        assert_int_equal(values[v], v);
    assert_int_equal(PERCEPT_UINT8, 0);
    assert_int_equal(PERCEPT_FLOAT32, 1);
    assert_int_equal(PERCEPT_FLOAT64, 2);
    assert_int_equal(PERCEPT_CALIBRATION_BINS, 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_structs_keep_their_layout),
        cmocka_unit_test(test_enumerators_keep_their_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
