/* A table trains what its file trains, and becomes data for a model that exists. */
#include "tables.h"

static void write_rows(const Rows *rows, const char *path)
{
    char text[MANY * 64];
    size_t used = (size_t)snprintf(text, sizeof text, "town,x,flag,kind,y,class\n");
    for (size_t i = 0; i < rows->count; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s,", rows->town[i] != NULL ? rows->town[i] : "");
        if (!isnan(rows->x[i]))
            used += (size_t)snprintf(text + used, sizeof text - used, "%g", rows->x[i]);
        used += (size_t)snprintf(text + used, sizeof text - used, ",%d,%s,%g,%s\n", rows->flag[i], rows->kind[i],
                                 rows->y[i], rows->label[i]);
    }
    scratch_write(path, text, used);
}

/* `backwards`: in another order than that of the file, with a column that no model knows. */
static percept_table *table_of(const Rows *rows, bool backwards)
{
    percept_table *table = make_table(rows->count);
    for (int c = 0; c < 5; c++)
        switch (backwards ? 4 - c : c) {
        case 0:
            add(table, "town", PERCEPT_CATEGORY, PERCEPT_TEXT, rows->town);
            break;
        case 1:
            add(table, "x", PERCEPT_NUMBER, PERCEPT_FLOAT64, rows->x);
            break;
        case 2:
            add(table, "flag", PERCEPT_NUMBER, PERCEPT_UINT8, rows->flag);
            break;
        case 3:
            add(table, "kind", PERCEPT_CATEGORY, PERCEPT_TEXT, rows->kind);
            break;
        default:
            add(table, "y", PERCEPT_NUMBER, PERCEPT_FLOAT64, rows->y);
        }
    if (backwards)
        add(table, "note", PERCEPT_CATEGORY, PERCEPT_TEXT, rows->label);
    assert_ok(percept_table_set_labels(table, PERCEPT_TEXT, rows->label, 0, 0, NULL, error));
    return table;
}

/* With six hidden units, and two classes or targets. */
static percept_model *train(const percept_data *data)
{
    percept_recipe *recipe = parse("{train.epochs: 3, train.learning_rate: 0.05, threads: 1}");
    char layers[64];
    snprintf(layers, sizeof layers, "%zu-6-2", percept_dataset_width(data->train));
    assert_ok(percept_recipe_set(recipe, "model.layers", layers, error));
    percept_model *model = NULL;
    assert_ok(percept_model_create(recipe, data, &model, error));
    assert_ok(percept_model_train(model, recipe, data, NULL, NULL, NULL, error));
    percept_recipe_free(recipe);
    return model;
}

static void check_equal(const percept_dataset *a, const percept_dataset *b)
{
    double left[8], right[8];
    assert_int_equal(percept_dataset_count(a), percept_dataset_count(b));
    assert_int_equal(percept_dataset_width(a), percept_dataset_width(b));
    for (size_t i = 0; i < percept_dataset_count(a); i++) {
        percept_dataset_features(a, i, left);
        percept_dataset_features(b, i, right);
        for (size_t j = 0; j < percept_dataset_width(a); j++)
            assert_true(left[j] == right[j] || (isnan(left[j]) && isnan(right[j])));
        assert_int_equal(percept_dataset_label(a, i), percept_dataset_label(b, i));
    }
}

/* The data of the file, as percept_data_load reads it. */
static percept_data load(const char *path)
{
    percept_recipe *recipe = parse("{}");
    percept_data data = {0};
    assert_ok(percept_recipe_set(recipe, "data.name", path, error));
    assert_ok(percept_data_load(recipe, &data, error));
    percept_recipe_free(recipe);
    return data;
}

static percept_data split(const Rows *rows)
{
    percept_recipe *recipe = parse("{}");
    percept_data data = {0};
    percept_dataset *dataset = finish(table_of(rows, false));
    assert_ok(percept_data_split(recipe, dataset, &data, error));
    percept_dataset_free(dataset);
    percept_recipe_free(recipe);
    return data;
}

/* The same parts, codes, fills and parameters, bit by bit. */
static void a_table_trains_the_model_that_its_file_trains(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    Rows rows;
    fill_rows(&rows, 0, MANY);
    write_rows(&rows, scratch_path(&scratch, "table.csv", path));
    percept_data of_file = load(path), of_memory = split(&rows);
    check_equal(of_file.train, of_memory.train);
    check_equal(of_file.valid, of_memory.valid);
    check_equal(of_file.test, of_memory.test);
    percept_model *models[] = {train(&of_file), train(&of_memory)};
    assert_int_equal(percept_model_parameters(models[0]), percept_model_parameters(models[1]));
    for (size_t j = 0; j < 5; j++) {
        assert_string_equal(percept_model_input_name(models[0], j), percept_model_input_name(models[1], j));
        assert_int_equal(percept_model_categories(models[0], j), percept_model_categories(models[1], j));
    }
    for (size_t t = 0; t < percept_model_tensors(models[0]); t++) {
        static double left[4096], right[4096];
        size_t height = 0, width = 0;
        const char *name = percept_model_tensor_name(models[0], t);
        percept_model_tensor_shape(models[0], t, &height, &width);
        assert_true(height * width <= 4096);
        assert_ok(percept_model_get_tensor(models[0], name, PERCEPT_FLOAT64, left, height * width, error));
        assert_ok(percept_model_get_tensor(models[1], name, PERCEPT_FLOAT64, right, height * width, error));
        assert_memory_equal(left, right, height * width * sizeof *left);
    }
    percept_model_free(models[0]);
    percept_model_free(models[1]);
    percept_data_free(&of_file);
    percept_data_free(&of_memory);
}

static void a_table_for_a_model_finds_columns_codes_fills_and_classes(void **state)
{
    (void)state;
    Rows rows;
    fill_rows(&rows, 0, MANY);
    percept_data data = split(&rows);
    percept_model *model = train(&data);
    percept_predictor *predictor = NULL;
    percept_dataset *later = NULL;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    double probabilities[2 * MANY], outputs[2 * MANY], logits[2 * MANY], row[5], expected[2];
    int32_t classes[MANY];
    size_t right = 0;
    fill_rows(&rows, 1000, 30);
    rows.town[0] = "nowhere";
    rows.label[0] = "yes";
    for (size_t i = 1; i < rows.count; i++) /* one class alone: numbered as in the model nevertheless */
        rows.label[i] = "yes";
    percept_table *table = table_of(&rows, true);
    assert_ok(percept_table_finish_for(table, model, &later, error));
    percept_table_free(table);
    assert_int_equal(percept_dataset_missing(later), 0);
    assert_int_equal(percept_dataset_classes(later), 2);
    assert_string_equal(percept_model_input_name(model, 4), "town"); /* behind kind, which has fewer categories */
    assert_int_equal(percept_dataset_unknown(later, 4), 1);
    assert_int_equal(percept_dataset_unknown(later, 3), 0);
    assert_ok(percept_model_evaluate(model, later, 1, &metrics, error));
    assert_ok(percept_predictor_create(model, 1, &predictor, error));
    assert_ok(percept_predictor_dataset(predictor, later, PERCEPT_PROBABILITIES, probabilities, error));
    assert_ok(percept_predictor_dataset(predictor, later, PERCEPT_OUTPUTS, outputs, error));
    assert_ok(percept_predictor_dataset(predictor, later, PERCEPT_LOGITS, logits, error));
    assert_ok(percept_predictor_dataset_classes(predictor, later, classes, error));
    for (size_t i = 0; i < rows.count; i++) {
        row[0] = rows.x[i];
        row[1] = rows.flag[i];
        row[2] = rows.y[i];
        row[3] = percept_model_category_code(model, 3, rows.kind[i]);
        row[4] = rows.town[i] != NULL ? percept_model_category_code(model, 4, rows.town[i]) : (double)NAN;
        percept_predictor_probabilities(predictor, row, 1, expected);
        assert_close(probabilities[2 * i], expected[0], 1e-6); /* few examples are summed in another order */
        assert_close(probabilities[2 * i + 1], expected[1], 1e-6);
        assert_close(probabilities[2 * i + 1], 1 / (1 + exp(logits[2 * i] - logits[2 * i + 1])), 1e-6);
        assert_int_equal(percept_dataset_label(later, i), 1);
        right += classes[i] == 1 ? 1 : 0;
    }
    assert_memory_equal(outputs, probabilities, 2 * rows.count * sizeof *outputs); /* of softmax */
    assert_close(metrics.accuracy, (double)right / (double)rows.count, 1e-12);
    percept_metrics_clear(&metrics);
    percept_predictor_free(predictor);
    percept_dataset_free(later);
    percept_model_free(model);
    percept_data_free(&data);
}

static void what_a_model_cannot_take_is_refused(void **state)
{
    (void)state;
    Rows rows;
    percept_error failure;
    percept_dataset *later = NULL;
    percept_predictor *predictor = NULL;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    double out[2 * MANY];
    fill_rows(&rows, 0, MANY);
    percept_data data = split(&rows);
    percept_model *model = train(&data);
    assert_ok(percept_predictor_create(model, 1, &predictor, error));

    percept_table *table = make_table(MANY);
    add(table, "town", PERCEPT_CATEGORY, PERCEPT_TEXT, rows.town);
    add(table, "x", PERCEPT_NUMBER, PERCEPT_FLOAT64, rows.x);
    add(table, "flags", PERCEPT_NUMBER, PERCEPT_UINT8, rows.flag);
    add(table, "kind", PERCEPT_NUMBER, PERCEPT_UINT8, rows.flag);
    refuse(percept_table_finish_for(table, model, &later, &failure), &failure, "no column 'flag', but 'flags'");
    add(table, "flag", PERCEPT_BOOLEAN, PERCEPT_UINT8, rows.flag);
    refuse(percept_table_finish_for(table, model, &later, &failure), &failure, "no column 'y'");
    add(table, "y", PERCEPT_NUMBER, PERCEPT_FLOAT64, rows.y);
    refuse(percept_table_finish_for(table, model, &later, &failure), &failure, "column 'kind' is one of numbers");
    percept_table_free(table);

    rows.label[7] = "perhaps";
    table = table_of(&rows, false);
    refuse(percept_table_finish_for(table, model, &later, &failure), &failure, "perhaps");
    assert_null(later);
    rows.label[7] = "no";
    assert_ok(
        percept_table_set_labels(table, PERCEPT_TEXT, rows.label, 0, 0, NULL, error)); /* the table is as it was */
    assert_ok(percept_table_finish_for(table, model, &later, error));
    percept_table_free(table);
    percept_dataset_free(later);

    rows.town[1] = "nowhere"; /* made without the model: its codes mean other texts */
    later = finish(table_of(&rows, false));
    refuse(percept_predictor_dataset(predictor, later, PERCEPT_OUTPUTS, out, &failure), &failure,
           "percept_table_finish_for");
    refuse(percept_model_evaluate(model, later, 1, &metrics, &failure), &failure, "percept_table_finish_for");
    percept_dataset_free(later);
    later = finish(table_of(&rows, true));
    refuse(percept_predictor_dataset(predictor, later, PERCEPT_OUTPUTS, out, &failure), &failure, "features");
    refuse(percept_predictor_dataset(predictor, data.train, (percept_output_kind)3, out, &failure), &failure, "kind 3");
    percept_dataset_free(later);

    table = make_table(1); /* without names, in the order of training */
    assert_ok(percept_table_set_features(table, PERCEPT_FLOAT64, (const double[]){1, 2, 3, 4}, 4, 0, 0, error));
    refuse(percept_table_finish_for(table, model, &later, &failure), &failure, "4 columns, but the model was trained");
    percept_table_free(table);
    percept_predictor_free(predictor);
    percept_model_free(model);
    percept_data_free(&data);
}

/* Validation data that come apart get the columns and codes of the training data. */
static void a_table_like_a_dataset_shares_its_columns(void **state)
{
    (void)state;
    Rows rows;
    percept_data data = {0};
    fill_rows(&rows, 0, MANY);
    data.train = finish(table_of(&rows, false));
    assert_ok(percept_data_fill(&data, error));
    fill_rows(&rows, 1000, 20);
    rows.town[2] = "nowhere";
    percept_table *table = table_of(&rows, true);
    assert_ok(percept_table_finish_like(table, data.train, &data.valid, error));
    percept_table_free(table);
    assert_int_equal(percept_dataset_width(data.valid), 5);
    assert_int_equal(percept_dataset_missing(data.valid), 0);
    assert_true(isnan(feature(data.valid, 2, 3)));
    assert_true(feature(data.valid, 0, 0) == rows.x[0] && feature(data.valid, 0, 2) == rows.y[0]);
    percept_model *model = train(&data);
    percept_model_free(model);
    percept_data_free(&data);
}

static void targets_are_found_by_name(void **state)
{
    (void)state;
    const double x[4] = {0, 1, 2, 3}, y[8] = {10, 0, 11, 1, 12, 2, 13, 3};
    const char *const names[] = {"ten", "one"}, *const swapped[] = {"one", "ten"}, *const other[] = {"one", "two"};
    percept_error failure;
    percept_data data = {0};
    percept_metrics metrics = {.struct_size = sizeof metrics}, again = metrics;
    percept_table *table = make_table(4);
    add(table, "x", PERCEPT_NUMBER, PERCEPT_FLOAT64, x);
    assert_ok(percept_table_set_targets(table, PERCEPT_FLOAT64, y, 2, 0, 0, names, error));
    data.train = finish(table);
    percept_model *model = train(&data);
    assert_ok(percept_model_evaluate(model, data.train, 1, &metrics, error));
    table = make_table(4);
    add(table, "x", PERCEPT_NUMBER, PERCEPT_FLOAT64, x);
    assert_ok(percept_table_set_targets(table, PERCEPT_FLOAT64, y, 1, 2 * sizeof *y, 0, NULL, error));
    refuse(percept_table_finish_for(table, model, &data.test, &failure), &failure, "1 targets, but the model");
    assert_ok(percept_table_set_targets(table, PERCEPT_FLOAT64, y + 1, 2, 2 * sizeof *y, -(ptrdiff_t)sizeof *y, other,
                                        error));
    refuse(percept_table_finish_for(table, model, &data.test, &failure), &failure, "no target 'ten'");
    assert_ok(percept_table_set_targets(table, PERCEPT_FLOAT64, y + 1, 2, 2 * sizeof *y, -(ptrdiff_t)sizeof *y, swapped,
                                        error));
    assert_ok(percept_table_finish_for(table, model, &data.test, error));
    percept_table_free(table);
    assert_ok(percept_model_evaluate(model, data.test, 1, &again, error));
    assert_true(metrics.loss == again.loss);
    percept_model_free(model);
    percept_data_free(&data);
}

static void count_call(void *user)
{
    ++*(int *)user;
}

/* A matrix whose columns are those of the model, in its order, is borrowed for a model, too; else it is copied. */
static void a_borrowed_matrix_stays_borrowed_where_it_fits(void **state)
{
    (void)state;
    float X[8] = {0, 1, 1, 0, 1, 1, 0, 0};
    int calls = 0;
    percept_dataset *later = NULL;
    percept_data data = {0};
    for (int swapped = -1; swapped < 2; swapped++) {
        percept_table *table = make_table(4);
        const char *const names[] = {swapped == 1 ? "b" : "a", swapped == 1 ? "a" : "b"};
        assert_ok(percept_table_borrow_features(table, PERCEPT_FLOAT32, X, 2, 0, 0, count_call, &calls, error));
        assert_ok(percept_table_set_columns(table, names, NULL, error));
        assert_ok(percept_table_set_labels(table, PERCEPT_INT8, "\0\1\0\1", 0, 0, NULL, error));
        if (swapped == -1) {
            data.train = finish(table);
            continue;
        }
        percept_model *model = train(&data);
        calls = 0;
        assert_ok(percept_table_finish_for(table, model, &later, error));
        percept_table_free(table);
        assert_int_equal(calls, swapped);
        assert_true(feature(later, 0, 0) == (swapped == 1 ? 1 : 0));
        percept_dataset_free(later);
        assert_int_equal(calls, 1);
        percept_model_free(model);
    }
    percept_data_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_table_trains_the_model_that_its_file_trains),
        cmocka_unit_test(a_table_for_a_model_finds_columns_codes_fills_and_classes),
        cmocka_unit_test(what_a_model_cannot_take_is_refused),
        cmocka_unit_test(a_table_like_a_dataset_shares_its_columns),
        cmocka_unit_test(targets_are_found_by_name),
        cmocka_unit_test(a_borrowed_matrix_stays_borrowed_where_it_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
