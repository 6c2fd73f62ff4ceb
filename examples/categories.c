/* A data frame: columns of numbers and of texts in, the classes of new rows out. Learns who comes by bike. */
#include <percept/percept.h>
#include <stdio.h>

enum { COUNT = 600, LATER = 3 };

static double kilometres[COUNT];
static const char *weather[COUNT]; /* NULL: unknown */
static int8_t towns[COUNT];        /* codes, as Arrow and pandas have them */
static const char *answers[COUNT];

static const char *const town_names[] = {"Oslo", "Rome", "Lima"};

static percept_status add(percept_table *table, const char *name, percept_column_kind kind, percept_type type,
                          const void *values, percept_error *error)
{
    percept_column column = {.struct_size = sizeof column, .name = name, .kind = kind, .type = type, .values = values};
    if (type == PERCEPT_INT8) {
        column.vocabulary = town_names;
        column.vocabulary_count = 3;
    }
    return percept_table_add_column(table, &column, error);
}

/* New rows: columns in any order, a town that was never seen, and no answers. */
static int predict(const percept_model *model, percept_error *error)
{
    static const char *const places[LATER] = {"Rome", "Lima", "Paris"}, *const skies[LATER] = {"sun", "rain", NULL};
    static const double ways[LATER] = {2, 4, 19};
    percept_table *table = NULL;
    percept_dataset *rows = NULL;
    percept_predictor *predictor = NULL;
    int32_t classes[LATER];
    double probabilities[LATER][2];
    int failed = percept_table_create(LATER, &table, error) ||
                 add(table, "weather", PERCEPT_CATEGORY, PERCEPT_TEXT, skies, error) ||
                 add(table, "town", PERCEPT_CATEGORY, PERCEPT_TEXT, places, error) ||
                 add(table, "km", PERCEPT_NUMBER, PERCEPT_FLOAT64, ways, error) ||
                 percept_table_finish_for(table, model, &rows, error) ||
                 percept_predictor_create(model, 1, &predictor, error) ||
                 percept_predictor_dataset(predictor, rows, PERCEPT_PROBABILITIES, probabilities[0], error) ||
                 percept_predictor_dataset_classes(predictor, rows, classes, error);
    for (int i = 0; !failed && i < LATER; i++)
        printf("%g km in %s: %s (%.2f)\n", ways[i], places[i], percept_model_class_name(model, (size_t)classes[i]),
               probabilities[i][classes[i]]);
    percept_predictor_free(predictor);
    percept_dataset_free(rows);
    percept_table_free(table);
    return failed;
}

/* All rows as a dataset. Each of 60 people answered on ten days; the split is by person, or by day. */
static percept_status make_dataset(int by_person, percept_dataset **out, percept_error *error)
{
    static int64_t people[COUNT], days[COUNT];
    percept_table *table = NULL;
    for (int i = 0; i < COUNT; i++) {
        people[i] = i % 60;
        days[i] = i / 60;
    }
    percept_status status = percept_table_create(COUNT, &table, error);
    if (status == PERCEPT_OK)
        status = add(table, "town", PERCEPT_CATEGORY, PERCEPT_INT8, towns, error);
    if (status == PERCEPT_OK)
        status = add(table, "km", PERCEPT_NUMBER, PERCEPT_FLOAT64, kilometres, error);
    if (status == PERCEPT_OK)
        status = add(table, "weather", PERCEPT_CATEGORY, PERCEPT_TEXT, weather, error);
    if (status == PERCEPT_OK)
        status = percept_table_set_labels(table, PERCEPT_TEXT, answers, 0, 0, NULL, error);
    if (status == PERCEPT_OK && by_person)
        status = percept_table_set_groups(table, PERCEPT_INT64, people, 0, error);
    if (status == PERCEPT_OK && !by_person)
        status = percept_table_set_times(table, PERCEPT_INT64, days, 0, error);
    if (status == PERCEPT_OK)
        status = percept_table_finish(table, out, error);
    percept_table_free(table);
    return status;
}

/* Trains on some of the rows and tests on others: people, or days, that the model has not seen. */
static int learn(int by_person, percept_error *error)
{
    percept_dataset *dataset = NULL;
    percept_data data = {0};
    percept_recipe *recipe = NULL;
    percept_model *model = NULL;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    int failed =
        make_dataset(by_person, &dataset, error) ||
        percept_recipe_parse("{train.epochs: 60, train.learning_rate: 0.01, train.optimizer: adam}", &recipe, error) ||
        percept_data_split(recipe, dataset, &data, error) || percept_model_create(recipe, &data, &model, error) ||
        percept_model_train(model, recipe, &data, NULL, NULL, NULL, error) ||
        percept_model_evaluate(model, data.test, 0, &metrics, error);
    if (!failed) {
        printf("accuracy on other %s: %.2f\n", by_person ? "people" : "days", metrics.accuracy);
        failed = predict(model, error);
    }
    percept_metrics_clear(&metrics);
    percept_model_free(model);
    percept_recipe_free(recipe);
    percept_data_free(&data);
    percept_dataset_free(dataset);
    return failed;
}

int main(void)
{
    percept_error error;
    for (int i = 0; i < COUNT; i++) {
        kilometres[i] = 0.1 * (i * 37 % 200);
        towns[i] = (int8_t)(i % 3);
        weather[i] = i % 10 == 7 ? NULL : i % 4 < 2 ? "sun" : "rain";
        answers[i] = kilometres[i] < (i % 4 < 2 ? 12 : 3) + 3 * (i % 3 == 1) ? "bike" : "bus";
    }
    if (!learn(0, &error) && !learn(1, &error))
        return 0;
    fprintf(stderr, "%s\n", error.message);
    return 1;
}
