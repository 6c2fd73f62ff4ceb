/* Every function of the public header with NULL where it takes a pointer, and with indices out of range: a message or a
 * neutral value, never a crash. */
#include <math.h>
#include <string.h>

#include "unit.h"

/* Refused as an argument, with a message that names the function; and likewise where nobody asks for the message. */
#define assert_null_refused(function, ...)                                                                             \
    do {                                                                                                               \
        percept_error failure = {PERCEPT_OK, ""};                                                                      \
        assert_int_equal(function(__VA_ARGS__, &failure), PERCEPT_ERROR_ARGUMENT);                                     \
        assert_int_equal(failure.status, PERCEPT_ERROR_ARGUMENT);                                                      \
        assert_non_null(strstr(failure.message, #function ": "));                                                      \
        assert_non_null(strstr(failure.message, "must not be NULL"));                                                  \
        assert_int_equal(function(__VA_ARGS__, NULL), PERCEPT_ERROR_ARGUMENT);                                         \
    } while (0)

/* Something of each kind. */
typedef struct Things {
    percept_recipe *recipe;
    percept_data data;
    percept_model *model;
    percept_predictor *predictor;
} Things;

static int make_things(void **state)
{
    static Things things;
    const double features[] = {0, 1, 2, 3, 4, 5, 6, 7};
    things = (Things){0};
    assert_ok(percept_recipe_create(&things.recipe, error));
    assert_ok(percept_recipe_set(things.recipe, "model.layers", "2-3-2", error));
    assert_ok(percept_recipe_set(things.recipe, "train.epochs", "1", error));
    assert_ok(percept_dataset_create(PERCEPT_FLOAT64, 4, 2, features, (const int32_t[]){0, 1, 0, 1}, 2, NULL,
                                     &things.data.train, error));
    assert_ok(percept_model_create(things.recipe, &things.data, &things.model, error));
    assert_ok(percept_predictor_create(things.model, 1, &things.predictor, error));
    *state = &things;
    return 0;
}

static int free_things(void **state)
{
    Things *things = *state;
    percept_predictor_free(things->predictor);
    percept_model_free(things->model);
    percept_data_free(&things->data);
    percept_recipe_free(things->recipe);
    return 0;
}

static void datasets(void **state)
{
    const Things *things = *state;
    percept_dataset *out = NULL;
    const double features[] = {1, 2};
    double row[2] = {8, 9};
    assert_null_refused(percept_dataset_create, PERCEPT_FLOAT64, 1, 2, NULL, NULL, 0, NULL, &out);
    assert_null_refused(percept_dataset_create, PERCEPT_FLOAT64, 1, 2, features, NULL, 0, NULL, NULL);
    percept_dataset_free(NULL);
    assert_int_equal(percept_dataset_count(NULL), 0);
    assert_int_equal(percept_dataset_width(NULL), 0);
    assert_int_equal(percept_dataset_classes(NULL), 0);
    assert_null(percept_dataset_class_name(NULL, 0));
    assert_null(percept_dataset_class_name(things->data.train, 2));
    assert_int_equal(percept_dataset_label(NULL, 0), -1);
    assert_int_equal(percept_dataset_label(things->data.train, 4), -1);
    percept_dataset_features(NULL, 0, row);
    percept_dataset_features(things->data.train, 0, NULL);
    percept_dataset_features(things->data.train, 4, row);
    percept_dataset_copy_features(NULL, row);
    percept_dataset_copy_features(things->data.train, NULL);
    assert_true(row[0] == 8 && row[1] == 9);
}

static void tables(void **state)
{
    const Things *things = *state;
    percept_table *table = NULL;
    percept_dataset *out = NULL;
    percept_data data = {0};
    const double values[] = {1, 2};
    const char *const names[] = {"a"};
    percept_error description;
    assert_int_equal(percept_table_create(1, NULL, &description), PERCEPT_ERROR_ARGUMENT);
    assert_ok(percept_table_create(1, &table, error));
    assert_null_refused(percept_table_set_features, NULL, PERCEPT_FLOAT64, values, 1, 0, 0);
    assert_null_refused(percept_table_set_features, table, PERCEPT_FLOAT64, NULL, 1, 0, 0);
    assert_null_refused(percept_table_borrow_features, NULL, PERCEPT_FLOAT64, values, 1, 0, 0, NULL, NULL);
    assert_null_refused(percept_table_borrow_features, table, PERCEPT_FLOAT64, NULL, 1, 0, 0, NULL, NULL);
    assert_null_refused(percept_table_set_columns, NULL, names, NULL);
    assert_null_refused(percept_table_set_columns, table, NULL, NULL);
    assert_null_refused(percept_table_set_labels, NULL, PERCEPT_INT32, values, 0, 0, NULL);
    assert_null_refused(percept_table_set_labels, table, PERCEPT_INT32, NULL, 0, 0, NULL);
    assert_null_refused(percept_table_set_targets, NULL, PERCEPT_FLOAT64, values, 1, 0, 0, NULL);
    assert_null_refused(percept_table_set_targets, table, PERCEPT_FLOAT64, NULL, 1, 0, 0, NULL);
    assert_null_refused(percept_table_set_weights, NULL, PERCEPT_FLOAT64, values, 0);
    assert_null_refused(percept_table_set_weights, table, PERCEPT_FLOAT64, NULL, 0);
    const percept_column column = {.struct_size = sizeof column, .name = "a", .values = values};
    const percept_column nameless = {.struct_size = sizeof column, .values = values};
    const percept_column empty = {.struct_size = sizeof column, .name = "a"};
    assert_null_refused(percept_table_add_column, NULL, &column);
    assert_null_refused(percept_table_add_column, table, NULL);
    assert_null_refused(percept_table_add_column, table, &nameless);
    assert_null_refused(percept_table_add_column, table, &empty);
    assert_null_refused(percept_table_set_groups, NULL, PERCEPT_INT32, values, 0);
    assert_null_refused(percept_table_set_groups, table, PERCEPT_INT32, NULL, 0);
    assert_null_refused(percept_table_set_times, NULL, PERCEPT_FLOAT64, values, 0);
    assert_null_refused(percept_table_set_times, table, PERCEPT_FLOAT64, NULL, 0);
    assert_null_refused(percept_table_finish_for, NULL, things->model, &out);
    assert_null_refused(percept_table_finish_for, table, NULL, &out);
    assert_null_refused(percept_table_finish_for, table, things->model, NULL);
    assert_null_refused(percept_table_finish_like, NULL, things->data.train, &out);
    assert_null_refused(percept_table_finish_like, table, NULL, &out);
    assert_null_refused(percept_table_finish_like, table, things->data.train, NULL);
    assert_null_refused(percept_table_finish, NULL, &out);
    assert_null_refused(percept_table_finish, table, NULL);
    percept_table_free(table);
    percept_table_free(NULL);
    assert_int_equal(percept_dataset_missing(NULL), 0);
    assert_int_equal(percept_dataset_unknown(NULL, 0), 0);
    assert_null(percept_dataset_note(NULL, 0));
    assert_int_equal(percept_dataset_unknown(things->data.train, 2), 0);
    double numbers[8];
    int32_t classes[4];
    assert_null_refused(percept_predictor_dataset, NULL, things->data.train, PERCEPT_OUTPUTS, numbers);
    assert_null_refused(percept_predictor_dataset, things->predictor, NULL, PERCEPT_OUTPUTS, numbers);
    assert_null_refused(percept_predictor_dataset, things->predictor, things->data.train, PERCEPT_OUTPUTS, NULL);
    assert_null_refused(percept_predictor_dataset_classes, NULL, things->data.train, classes);
    assert_null_refused(percept_predictor_dataset_classes, things->predictor, NULL, classes);
    assert_null_refused(percept_predictor_dataset_classes, things->predictor, things->data.train, NULL);
    assert_null_refused(percept_data_fill, NULL);
    assert_null_refused(percept_data_fill, &data);
    assert_null_refused(percept_dataset_fill, NULL, things->model);
    assert_null_refused(percept_dataset_fill, things->data.train, NULL);
    assert_null_refused(percept_data_split, NULL, things->data.train, &data);
    assert_null_refused(percept_data_split, things->recipe, NULL, &data);
    assert_null_refused(percept_data_split, things->recipe, things->data.train, NULL);
}

static void recipes_and_data(void **state)
{
    const Things *things = *state;
    percept_recipe *recipe = NULL;
    percept_data data;
    percept_error error;
    assert_int_equal(percept_recipe_create(NULL, &error), PERCEPT_ERROR_ARGUMENT);
    assert_int_equal(percept_recipe_create(NULL, NULL), PERCEPT_ERROR_ARGUMENT);
    assert_null_refused(percept_recipe_load, NULL, &recipe);
    assert_null_refused(percept_recipe_load, "recipe.yaml", NULL);
    assert_null_refused(percept_recipe_set, NULL, "seed", "1");
    assert_null_refused(percept_recipe_set, things->recipe, NULL, "1");
    assert_null_refused(percept_recipe_set, things->recipe, "seed", NULL);
    assert_null_refused(percept_recipe_save, NULL, "recipe.yaml");
    assert_null_refused(percept_recipe_save, things->recipe, NULL);
    percept_recipe_free(NULL);
    assert_null_refused(percept_data_load, NULL, &data);
    assert_null_refused(percept_data_load, things->recipe, NULL);
    percept_data_free(NULL);
}

static void models(void **state)
{
    Things *things = *state;
    percept_model *out = NULL;
    const percept_data empty = {0};
    assert_null_refused(percept_model_create, NULL, &things->data, &out);
    assert_null_refused(percept_model_create, things->recipe, NULL, &out);
    assert_null_refused(percept_model_create, things->recipe, &empty, &out);
    assert_null_refused(percept_model_create, things->recipe, &things->data, NULL);
    assert_null_refused(percept_model_train, NULL, things->recipe, &things->data, NULL, NULL, NULL);
    assert_null_refused(percept_model_train, things->model, NULL, &things->data, NULL, NULL, NULL);
    assert_null_refused(percept_model_train, things->model, things->recipe, NULL, NULL, NULL, NULL);
    assert_null_refused(percept_model_train, things->model, things->recipe, &empty, NULL, NULL, NULL);
    assert_null_refused(percept_model_save, NULL, "model.safetensors");
    assert_null_refused(percept_model_save, things->model, NULL);
    assert_null_refused(percept_model_load, NULL, &out);
    assert_null_refused(percept_model_load, "model.safetensors", NULL);
    percept_gradient_check check = {.struct_size = sizeof check};
    assert_null_refused(percept_model_export, NULL, "npz", "model.npz", NULL, NULL);
    assert_null_refused(percept_model_export, things->model, NULL, "model.npz", NULL, NULL);
    assert_null_refused(percept_model_export, things->model, "npz", NULL, NULL, NULL);
    assert_null_refused(percept_model_gradcheck, NULL, things->data.train, 1, 1, 0, &check);
    assert_null_refused(percept_model_gradcheck, things->model, NULL, 1, 1, 0, &check);
    assert_null_refused(percept_model_gradcheck, things->model, things->data.train, 1, 1, 0, NULL);
    percept_model_free(NULL);
    assert_int_equal(percept_model_inputs(NULL), 0);
    assert_int_equal(percept_model_outputs(NULL), 0);
    assert_int_equal(percept_model_parameters(NULL), 0);
    assert_int_equal(percept_model_classes(NULL), 0);
    assert_null(percept_model_class_name(NULL, 0));
    assert_null(percept_model_input_name(NULL, 0));
    assert_null(percept_model_input_name(things->model, 100));
    assert_int_equal(percept_model_categories(NULL, 0), 0);
    assert_null(percept_model_category(NULL, 0, 0));
    assert_null(percept_model_category(things->model, 100, 0));
    assert_true(isnan(percept_model_category_code(NULL, 0, "a")) &&
                isnan(percept_model_category_code(things->model, 0, NULL)));
    assert_null(percept_model_class_name(things->model, 2));
}

static void figures_and_predictions(void **state)
{
    const Things *things = *state;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    percept_report report = {.struct_size = sizeof report};
    percept_predictor *predictor = NULL;
    const double features[] = {1, 2};
    double outputs[] = {8, 9};
    assert_null_refused(percept_model_evaluate, NULL, things->data.train, 1, &metrics);
    assert_null_refused(percept_model_evaluate, things->model, NULL, 1, &metrics);
    assert_null_refused(percept_model_evaluate, things->model, things->data.train, 1, NULL);
    percept_metrics_clear(NULL);
    assert_null_refused(percept_model_report, NULL, things->data.train, 1, &report);
    assert_null_refused(percept_model_report, things->model, NULL, 1, &report);
    assert_null_refused(percept_model_report, things->model, things->data.train, 1, NULL);
    percept_report_clear(NULL);
    assert_null_refused(percept_model_predict, NULL, features, 1, 1, outputs);
    assert_null_refused(percept_model_predict, things->model, NULL, 1, 1, outputs);
    assert_null_refused(percept_model_predict, things->model, features, 1, 1, NULL);
    assert_ok(percept_model_predict(things->model, NULL, 0, 1, NULL, error)); /* of nothing */
    assert_null_refused(percept_predictor_create, NULL, 1, &predictor);
    assert_null_refused(percept_predictor_create, things->model, 1, NULL);
    assert_int_equal(percept_predictor_block(NULL), 0);
    percept_predictor_run(NULL, features, 1, outputs);
    percept_predictor_run(things->predictor, NULL, 1, outputs);
    percept_predictor_run(things->predictor, features, 1, NULL);
    assert_true(outputs[0] == 8 && outputs[1] == 9);
    percept_predictor_free(NULL);
}

static void tensors_and_scales(void **state)
{
    Things *things = *state;
    percept_model *out = NULL;
    double values[8] = {8, 9};
    size_t rows = 3, columns = 3;
    assert_null_refused(percept_model_build, NULL, 2, NULL, &out);
    assert_null_refused(percept_model_build, things->recipe, 2, NULL, NULL);
    assert_int_equal(percept_model_tensors(NULL), 0);
    assert_null(percept_model_tensor_name(NULL, 0));
    assert_null(percept_model_tensor_name(things->model, 4));
    assert_null(percept_model_tensor_role(NULL, 0));
    assert_null(percept_model_tensor_role(things->model, 4));
    assert_int_equal(percept_model_tensor_shape(NULL, 0, &rows, &columns), 0);
    assert_true(rows == 0 && columns == 0);
    assert_int_equal(percept_model_tensor_shape(things->model, 4, NULL, NULL), 0);
    assert_null_refused(percept_model_get_tensor, NULL, "layers.0.bias", PERCEPT_FLOAT64, values, 3);
    assert_null_refused(percept_model_get_tensor, things->model, NULL, PERCEPT_FLOAT64, values, 3);
    assert_null_refused(percept_model_get_tensor, things->model, "layers.0.bias", PERCEPT_FLOAT64, NULL, 3);
    assert_null_refused(percept_model_set_tensor, NULL, "layers.0.bias", PERCEPT_FLOAT64, values, 3);
    assert_null_refused(percept_model_set_tensor, things->model, NULL, PERCEPT_FLOAT64, values, 3);
    assert_null_refused(percept_model_set_tensor, things->model, "layers.0.bias", PERCEPT_FLOAT64, NULL, 3);
    percept_model_get_scale(NULL, values, values);
    percept_model_get_scale(things->model, NULL, NULL);
    percept_model_get_target_scale(NULL, values, values);
    percept_model_get_target_scale(things->model, NULL, NULL);
    assert_true(values[0] == 8 && values[1] == 9);
    assert_null_refused(percept_model_set_scale, NULL, values, values);
    assert_null_refused(percept_model_set_scale, things->model, NULL, values);
    assert_null_refused(percept_model_set_scale, things->model, values, NULL);
    assert_null_refused(percept_model_set_target_scale, NULL, values, values);
    assert_null_refused(percept_model_set_target_scale, things->model, NULL, values);
    assert_null_refused(percept_model_set_target_scale, things->model, values, NULL);
    assert_null_refused(percept_model_set_threshold, NULL, 0.5);
    assert_true(percept_model_threshold(NULL) == 0);
}

static void trainings(void **state)
{
    Things *things = *state;
    percept_training *training = NULL;
    const percept_data empty = {0};
    assert_null_refused(percept_training_begin, NULL, things->recipe, &things->data, &training);
    assert_null_refused(percept_training_begin, things->model, NULL, &things->data, &training);
    assert_null_refused(percept_training_begin, things->model, things->recipe, NULL, &training);
    assert_null_refused(percept_training_begin, things->model, things->recipe, &empty, &training);
    assert_null_refused(percept_training_begin, things->model, things->recipe, &things->data, NULL);
    assert_null_refused(percept_training_resume, NULL, things->recipe, &things->data, "x", &training);
    assert_null_refused(percept_training_resume, things->model, NULL, &things->data, "x", &training);
    assert_null_refused(percept_training_resume, things->model, things->recipe, NULL, "x", &training);
    assert_null_refused(percept_training_resume, things->model, things->recipe, &empty, "x", &training);
    assert_null_refused(percept_training_resume, things->model, things->recipe, &things->data, NULL, &training);
    assert_null_refused(percept_training_resume, things->model, things->recipe, &things->data, "x", NULL);
    assert_null_refused(percept_training_step, NULL);
    assert_null_refused(percept_training_epoch, NULL, NULL, NULL);
    assert_null_refused(percept_training_feed, NULL, things->data.train, NULL);
    assert_null_refused(percept_training_set_learning_rate, NULL, 0.1);
    assert_null_refused(percept_training_save, NULL, "x");
    assert_null_refused(percept_training_finish, NULL, NULL);
    assert_null(percept_training_progress(NULL));
    assert_int_equal(percept_training_is_over(NULL), 1);
    percept_training_free(NULL);
    assert_ok(percept_training_begin(things->model, things->recipe, &things->data, &training, error));
    assert_null_refused(percept_training_feed, training, NULL, NULL);
    assert_null_refused(percept_training_save, training, NULL);
    assert_int_equal(percept_training_epoch(training, NULL, NULL, NULL), PERCEPT_OK);
    percept_training_free(training);
}

static void derivatives_and_texts(void **state)
{
    const Things *things = *state;
    percept_gradient *gradient = NULL;
    percept_recipe *recipe = NULL;
    const double features[] = {1, 2};
    const int32_t label = 0;
    double out[2] = {8, 9};
    int32_t classes[1] = {7};
    char text[8];
    assert_null_refused(percept_gradient_create, NULL, 1, &gradient);
    assert_null_refused(percept_gradient_create, things->model, 1, NULL);
    assert_null_refused(percept_gradient_of_output, NULL, features, 1, 0, out);
    assert_null_refused(percept_gradient_of_loss, NULL, features, 1, &label, NULL, out);
    assert_ok(percept_gradient_create(things->model, 1, &gradient, error));
    assert_null_refused(percept_gradient_of_output, gradient, NULL, 1, 0, out);
    assert_null_refused(percept_gradient_of_output, gradient, features, 1, 0, NULL);
    assert_null_refused(percept_gradient_of_loss, gradient, NULL, 1, &label, NULL, out);
    assert_null_refused(percept_gradient_of_loss, gradient, features, 1, &label, NULL, NULL);
    percept_gradient_free(gradient);
    percept_gradient_free(NULL);
    percept_predictor_logits(NULL, features, 1, out);
    percept_predictor_logits(things->predictor, NULL, 1, out);
    percept_predictor_logits(things->predictor, features, 1, NULL);
    percept_predictor_classes(NULL, features, 1, classes);
    percept_predictor_classes(things->predictor, NULL, 1, classes);
    percept_predictor_classes(things->predictor, features, 1, NULL);
    assert_true(out[0] == 8 && out[1] == 9 && classes[0] == 7);
    assert_null_refused(percept_recipe_parse, NULL, &recipe);
    assert_null_refused(percept_recipe_parse, "seed: 1", NULL);
    assert_null_refused(percept_recipe_get, NULL, "seed", text, sizeof text, NULL);
    assert_null_refused(percept_recipe_get, things->recipe, NULL, text, sizeof text, NULL);
    assert_null_refused(percept_recipe_get, things->recipe, "seed", NULL, sizeof text, NULL);
    assert_null_refused(percept_recipe_text, NULL, text, sizeof text, NULL);
    assert_null_refused(percept_recipe_text, things->recipe, NULL, sizeof text, NULL);
}

/* Every declaration with PERCEPT_API is above or, where it takes no pointer, in test_recipe_keys.c; nor does this one. */
static void the_version_is_there(void **state)
{
    (void)state;
    assert_string_equal(percept_version(), PERCEPT_VERSION);
}

static void two_classes_of_one_name_are_refused(void **state)
{
    (void)state;
    percept_error error = {PERCEPT_OK, ""};
    percept_dataset *out = NULL;
    const double features[] = {1, 2, 3};
    const int32_t labels[] = {0, 1, 2};
    assert_int_equal(percept_dataset_create(PERCEPT_FLOAT64, 3, 1, features, labels, 3,
                                            (const char *const[]){"cat", "dog", "cat"}, &out, &error),
                     PERCEPT_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "two classes are called 'cat'"));
    assert_null(out);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_things, free_things)
    const struct CMUnitTest tests[] = {
        TEST(datasets),
        TEST(tables),
        TEST(recipes_and_data),
        TEST(models),
        TEST(figures_and_predictions),
        TEST(tensors_and_scales),
        TEST(trainings),
        TEST(derivatives_and_texts),
        cmocka_unit_test(the_version_is_there),
        cmocka_unit_test(two_classes_of_one_name_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
