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
void percept_dataset_copy_features(const percept_dataset *dataset, double *features);
void percept_data_free(percept_data *data);
percept_status percept_table_create(size_t count, percept_table **out, percept_error *error);
void percept_table_free(percept_table *table);
percept_status percept_table_set_features(percept_table *table, percept_type type, const void *values, size_t width,
                                          ptrdiff_t row_stride, ptrdiff_t column_stride, percept_error *error);
percept_status percept_table_borrow_features(percept_table *table, percept_type type, const void *values, size_t width,
                                             ptrdiff_t row_stride, ptrdiff_t column_stride, void (*release)(void *user),
                                             void *user, percept_error *error);
percept_status percept_table_set_columns(percept_table *table, const char *const *names,
                                         const percept_column_kind *kinds, percept_error *error);
percept_status percept_table_set_labels(percept_table *table, percept_type type, const void *values, ptrdiff_t stride,
                                        size_t class_count, const char *const *class_names, percept_error *error);
percept_status percept_table_set_targets(percept_table *table, percept_type type, const void *values, size_t width,
                                         ptrdiff_t row_stride, ptrdiff_t column_stride, const char *const *names,
                                         percept_error *error);
percept_status percept_table_set_weights(percept_table *table, percept_type type, const void *values, ptrdiff_t stride,
                                         percept_error *error);
percept_status percept_table_add_column(percept_table *table, const percept_column *column, percept_error *error);
percept_status percept_table_set_groups(percept_table *table, percept_type type, const void *values, ptrdiff_t stride,
                                        percept_error *error);
percept_status percept_table_set_times(percept_table *table, percept_type type, const void *values, ptrdiff_t stride,
                                       percept_error *error);
percept_status percept_table_finish(percept_table *table, percept_dataset **out, percept_error *error);
percept_status percept_table_finish_for(percept_table *table, const percept_model *model, percept_dataset **out,
                                        percept_error *error);
percept_status percept_table_finish_like(percept_table *table, const percept_dataset *like, percept_dataset **out,
                                         percept_error *error);
size_t percept_dataset_missing(const percept_dataset *dataset);
size_t percept_dataset_unknown(const percept_dataset *dataset, size_t j);
const char *percept_dataset_note(const percept_dataset *dataset, size_t i);
percept_status percept_predictor_dataset(percept_predictor *predictor, const percept_dataset *data,
                                         percept_output_kind kind, double *out, percept_error *error);
percept_status percept_predictor_dataset_classes(percept_predictor *predictor, const percept_dataset *data,
                                                 int32_t *classes, percept_error *error);
percept_status percept_data_split(const percept_recipe *recipe, percept_dataset *dataset, percept_data *out,
                                  percept_error *error);
percept_status percept_data_fill(percept_data *data, percept_error *error);
percept_status percept_dataset_fill(percept_dataset *dataset, const percept_model *model, percept_error *error);
percept_status percept_recipe_create(percept_recipe **out, percept_error *error);
percept_status percept_recipe_load(const char *path, percept_recipe **out, percept_error *error);
percept_status percept_recipe_parse(const char *yaml, percept_recipe **out, percept_error *error);
percept_status percept_recipe_set(percept_recipe *recipe, const char *key, const char *value, percept_error *error);
percept_status percept_recipe_get(const percept_recipe *recipe, const char *key, char *text, size_t size,
                                  size_t *length, percept_error *error);
percept_status percept_recipe_text(const percept_recipe *recipe, char *text, size_t size, size_t *length,
                                   percept_error *error);
percept_status percept_recipe_save(const percept_recipe *recipe, const char *path, percept_error *error);
void percept_recipe_free(percept_recipe *recipe);
size_t percept_key_count(void);
const char *percept_key_name(size_t i);
const char *percept_key_help(size_t i);
percept_key_type percept_key_type_of(size_t i);
int percept_key_is_list(size_t i);
const char *percept_key_choice(size_t i, size_t choice);
const char *percept_key_default(size_t i);
const char *percept_key_default_rule(size_t i);
void percept_key_range(size_t i, double *low, double *high, int *low_excluded, int *high_excluded);
percept_status percept_data_load(const percept_recipe *recipe, percept_data *out, percept_error *error);
percept_status percept_model_create(percept_recipe *recipe, const percept_data *data, percept_model **out,
                                    percept_error *error);
void percept_model_free(percept_model *model);
percept_status percept_model_build(percept_recipe *recipe, size_t class_count, const char *const *class_names,
                                   percept_model **out, percept_error *error);
size_t percept_model_tensors(const percept_model *model);
const char *percept_model_tensor_name(const percept_model *model, size_t i);
const char *percept_model_tensor_role(const percept_model *model, size_t i);
size_t percept_model_tensor_shape(const percept_model *model, size_t i, size_t *rows, size_t *columns);
percept_status percept_model_get_tensor(const percept_model *model, const char *name, percept_type type, void *values,
                                        size_t count, percept_error *error);
percept_status percept_model_set_tensor(percept_model *model, const char *name, percept_type type, const void *values,
                                        size_t count, percept_error *error);
void percept_model_get_scale(const percept_model *model, double *mean, double *deviation);
percept_status percept_model_set_scale(percept_model *model, const double *mean, const double *deviation,
                                       percept_error *error);
void percept_model_get_target_scale(const percept_model *model, double *mean, double *deviation);
percept_status percept_model_set_target_scale(percept_model *model, const double *mean, const double *deviation,
                                              percept_error *error);
double percept_model_threshold(const percept_model *model);
percept_status percept_model_set_threshold(percept_model *model, double threshold, percept_error *error);
percept_status percept_model_train(percept_model *model, const percept_recipe *recipe, const percept_data *data,
                                   percept_callback *callback, void *user, percept_result *result,
                                   percept_error *error);
percept_status percept_training_begin(percept_model *model, const percept_recipe *recipe, const percept_data *data,
                                      percept_training **out, percept_error *error);
percept_status percept_training_resume(percept_model *model, const percept_recipe *recipe, const percept_data *data,
                                       const char *path, percept_training **out, percept_error *error);
percept_status percept_training_step(percept_training *training, percept_error *error);
percept_status percept_training_epoch(percept_training *training, percept_callback *callback, void *user,
                                      percept_error *error);
int percept_training_is_over(const percept_training *training);
percept_status percept_training_feed(percept_training *training, const percept_dataset *examples, double *loss,
                                     percept_error *error);
percept_status percept_training_set_learning_rate(percept_training *training, double rate, percept_error *error);
const percept_progress *percept_training_progress(const percept_training *training);
percept_status percept_training_save(percept_training *training, const char *path, percept_error *error);
percept_status percept_training_finish(percept_training *training, percept_result *result, percept_error *error);
void percept_training_free(percept_training *training);
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
void percept_predictor_classes(percept_predictor *predictor, const double *features, size_t count, int32_t *classes);
void percept_predictor_logits(percept_predictor *predictor, const double *features, size_t count, double *logits);
void percept_predictor_free(percept_predictor *predictor);
percept_status percept_gradient_create(const percept_model *model, size_t threads, percept_gradient **out,
                                       percept_error *error);
percept_status percept_gradient_of_output(percept_gradient *gradient, const double *features, size_t count,
                                          size_t output, double *out, percept_error *error);
percept_status percept_gradient_of_loss(percept_gradient *gradient, const double *features, size_t count,
                                        const int32_t *labels, const double *targets, double *out,
                                        percept_error *error);
void percept_gradient_free(percept_gradient *gradient);
size_t percept_model_inputs(const percept_model *model);
size_t percept_model_outputs(const percept_model *model);
size_t percept_model_parameters(const percept_model *model);
size_t percept_model_classes(const percept_model *model);
const char *percept_model_class_name(const percept_model *model, size_t k);
const char *percept_model_input_name(const percept_model *model, size_t j);
size_t percept_model_categories(const percept_model *model, size_t j);
const char *percept_model_category(const percept_model *model, size_t j, size_t code);
double percept_model_category_code(const percept_model *model, size_t j, const char *text);
percept_status percept_model_save(const percept_model *model, const char *path, percept_error *error);
percept_status percept_model_load(const char *path, percept_model **out, percept_error *error);
percept_status percept_model_export(const percept_model *model, const char *format, const char *path,
                                    const percept_export_options *options, percept_export_check *check,
                                    percept_error *error);
const char *percept_export_format(size_t i);
const char *percept_export_extension(size_t i);
const char *percept_export_help(size_t i);
percept_status percept_model_gradcheck(const percept_model *model, const percept_dataset *data, size_t examples,
                                       size_t each, uint64_t seed, percept_gradient_check *out, percept_error *error);
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
    {SIZE(percept_column), 72},
    {MEMBER(percept_column, struct_size), 0},
    {MEMBER(percept_column, name), 8},
    {MEMBER(percept_column, kind), 16},
    {MEMBER(percept_column, type), 20},
    {MEMBER(percept_column, values), 24},
    {MEMBER(percept_column, stride), 32},
    {MEMBER(percept_column, vocabulary), 40},
    {MEMBER(percept_column, vocabulary_count), 48},
    {MEMBER(percept_column, validity), 56},
    {MEMBER(percept_column, validity_offset), 64},
    {SIZE(percept_progress), 216},
    {MEMBER(percept_progress, struct_size), 0},
    {MEMBER(percept_progress, epoch), 8},
    {MEMBER(percept_progress, epochs), 16},
    {MEMBER(percept_progress, step), 24},
    {MEMBER(percept_progress, steps), 32},
    {MEMBER(percept_progress, examples), 40},
    {MEMBER(percept_progress, epoch_done), 48},
    {MEMBER(percept_progress, best), 52},
    {MEMBER(percept_progress, learning_rate), 56},
    {MEMBER(percept_progress, train_loss), 64},
    {MEMBER(percept_progress, train_accuracy), 72},
    {MEMBER(percept_progress, valid_loss), 80},
    {MEMBER(percept_progress, valid_accuracy), 88},
    {MEMBER(percept_progress, seconds), 96},
    {MEMBER(percept_progress, test_loss), 104},
    {MEMBER(percept_progress, test_accuracy), 112},
    {MEMBER(percept_progress, train_loss_sum), 120},
    {MEMBER(percept_progress, valid_loss_sum), 128},
    {MEMBER(percept_progress, test_loss_sum), 136},
    {MEMBER(percept_progress, train_loss_naive), 144},
    {MEMBER(percept_progress, valid_loss_naive), 152},
    {MEMBER(percept_progress, test_loss_naive), 160},
    {MEMBER(percept_progress, valid_rmse), 168},
    {MEMBER(percept_progress, valid_mae), 176},
    {MEMBER(percept_progress, valid_r2), 184},
    {MEMBER(percept_progress, test_rmse), 192},
    {MEMBER(percept_progress, test_mae), 200},
    {MEMBER(percept_progress, test_r2), 208},
    {SIZE(percept_export_options), 64},
    {MEMBER(percept_export_options, struct_size), 0},
    {MEMBER(percept_export_options, precision), 8},
    {MEMBER(percept_export_options, rows), 16},
    {MEMBER(percept_export_options, row_count), 24},
    {MEMBER(percept_export_options, columns), 32},
    {MEMBER(percept_export_options, opset), 40},
    {MEMBER(percept_export_options, prefix), 48},
    {MEMBER(percept_export_options, with_main), 56},
    {MEMBER(percept_export_options, no_libm), 60},
    {SIZE(percept_export_check), 304},
    {MEMBER(percept_export_check, struct_size), 0},
    {MEMBER(percept_export_check, rows), 8},
    {MEMBER(percept_export_check, difference), 16},
    {MEMBER(percept_export_check, rounding), 24},
    {MEMBER(percept_export_check, labels), 32},
    {MEMBER(percept_export_check, skipped), 40},
    {MEMBER(percept_export_check, reason), 44},
    {SIZE(percept_gradient_check), 64},
    {MEMBER(percept_gradient_check, struct_size), 0},
    {MEMBER(percept_gradient_check, checked), 8},
    {MEMBER(percept_gradient_check, equal), 16},
    {MEMBER(percept_gradient_check, kinks), 24},
    {MEMBER(percept_gradient_check, small), 32},
    {MEMBER(percept_gradient_check, wrong), 40},
    {MEMBER(percept_gradient_check, loss), 48},
    {MEMBER(percept_gradient_check, largest_error), 56},
    {SIZE(percept_result), 120},
    {MEMBER(percept_result, struct_size), 0},
    {MEMBER(percept_result, epochs), 8},
    {MEMBER(percept_result, best_epoch), 16},
    {MEMBER(percept_result, stopped_early), 24},
    {MEMBER(percept_result, train_loss), 32},
    {MEMBER(percept_result, train_accuracy), 40},
    {MEMBER(percept_result, valid_loss), 48},
    {MEMBER(percept_result, valid_accuracy), 56},
    {MEMBER(percept_result, seconds), 64},
    {MEMBER(percept_result, examples_per_second), 72},
    {MEMBER(percept_result, temperature), 80},
    {MEMBER(percept_result, log_loss_before), 88},
    {MEMBER(percept_result, log_loss_after), 96},
    {MEMBER(percept_result, calibration_error_before), 104},
    {MEMBER(percept_result, calibration_error_after), 112},
    {SIZE(percept_metrics), 48},
    {MEMBER(percept_metrics, struct_size), 0},
    {MEMBER(percept_metrics, count), 8},
    {MEMBER(percept_metrics, loss), 16},
    {MEMBER(percept_metrics, accuracy), 24},
    {MEMBER(percept_metrics, classes), 32},
    {MEMBER(percept_metrics, confusion), 40},
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
    {SIZE(percept_interval_report), 16},
    {MEMBER(percept_interval_report, coverage), 0},
    {MEMBER(percept_interval_report, mean_width), 8},
    {SIZE(percept_calibration_bin), 24},
    {MEMBER(percept_calibration_bin, count), 0},
    {MEMBER(percept_calibration_bin, confidence), 8},
    {MEMBER(percept_calibration_bin, accuracy), 16},
    {SIZE(percept_report), 552},
    {MEMBER(percept_report, struct_size), 0},
    {MEMBER(percept_report, metrics), 8},
    {MEMBER(percept_report, classes), 16},
    {MEMBER(percept_report, macro), 24},
    {MEMBER(percept_report, weighted), 72},
    {MEMBER(percept_report, calibration_error), 120},
    {MEMBER(percept_report, brier), 128},
    {MEMBER(percept_report, calibration), 136},
    {MEMBER(percept_report, target_count), 496},
    {MEMBER(percept_report, targets), 504},
    {MEMBER(percept_report, overall), 512},
    {MEMBER(percept_report, interval_level), 536},
    {MEMBER(percept_report, intervals), 544},
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
    assert_int_equal(PERCEPT_INT32, 3);
    assert_int_equal(PERCEPT_INT64, 4);
    assert_int_equal(PERCEPT_INT8, 5);
    assert_int_equal(PERCEPT_INT16, 6);
    assert_int_equal(PERCEPT_UINT16, 7);
    assert_int_equal(PERCEPT_UINT32, 8);
    assert_int_equal(PERCEPT_UINT64, 9);
    assert_int_equal(PERCEPT_TEXT, 10);
    assert_int_equal(PERCEPT_NUMBER, 0);
    assert_int_equal(PERCEPT_BOOLEAN, 1);
    assert_int_equal(PERCEPT_CATEGORY, 2);
    assert_int_equal(PERCEPT_DATE, 3);
    assert_int_equal(PERCEPT_ANY, 4);
    assert_int_equal(PERCEPT_OUTPUTS, 0);
    assert_int_equal(PERCEPT_PROBABILITIES, 1);
    assert_int_equal(PERCEPT_LOGITS, 2);
    assert_int_equal(PERCEPT_KEY_NONE, 0);
    assert_int_equal(PERCEPT_KEY_TEXT, 1);
    assert_int_equal(PERCEPT_KEY_CHOICE, 2);
    assert_int_equal(PERCEPT_KEY_INTEGER, 3);
    assert_int_equal(PERCEPT_KEY_NUMBER, 4);
    assert_int_equal(PERCEPT_KEY_BOOLEAN, 5);
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
