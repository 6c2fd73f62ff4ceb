/* Arrays in, a loop of one's own, weights out: learns which points lie inside a circle. */
#include <math.h>
#include <percept/percept.h>
#include <stdio.h>

enum { COUNT = 2000 };

static float points[COUNT][2]; /* x, y in -1 … 1 */
static int64_t inside[COUNT];

int main(void)
{
    percept_error error;
    percept_table *table = NULL;
    percept_dataset *dataset = NULL;
    percept_recipe *recipe = NULL;
    percept_data data = {0};
    percept_model *model = NULL;
    percept_training *training = NULL;
    percept_result result = {.struct_size = sizeof result};
    double weights[16][2];

    for (int i = 0; i < COUNT; i++) {
        points[i][0] = 2 * fmodf(0.7548777f * (float)i, 1) - 1; /* even over the square */
        points[i][1] = 2 * fmodf(0.5698403f * (float)i, 1) - 1;
        inside[i] = points[i][0] * points[i][0] + points[i][1] * points[i][1] < 0.5f;
    }
    int failed = percept_table_create(COUNT, &table, &error) ||
                 percept_table_set_features(table, PERCEPT_FLOAT32, points, 2, 0, 0, &error) ||
                 percept_table_set_columns(table, (const char *const[]){"x", "y"}, NULL, &error) ||
                 percept_table_set_labels(table, PERCEPT_INT64, inside, 0, 0, NULL, &error) ||
                 percept_table_finish(table, &dataset, &error) ||
                 percept_recipe_parse("{model.layers: [2, 16, 2], train.epochs: 30, train.learning_rate: 0.01}",
                                      &recipe, &error) ||
                 percept_data_split(recipe, dataset, &data, &error) ||
                 percept_model_create(recipe, &data, &model, &error) ||
                 percept_training_begin(model, recipe, &data, &training, &error);
    while (!failed && !percept_training_is_over(training)) {
        failed = percept_training_step(training, &error) != PERCEPT_OK;
        const percept_progress *now = percept_training_progress(training);
        if (now->epoch_done && now->epoch % 10 == 9)
            printf("epoch %zu: loss %.3f, validation accuracy %.3f\n", now->epoch, now->train_loss,
                   now->valid_accuracy);
    }
    failed = failed || percept_training_finish(training, &result, &error) ||
             percept_model_get_tensor(model, "layers.0.weight", PERCEPT_FLOAT64, weights, 32, &error);
    if (failed)
        fprintf(stderr, "%s\n", error.message);
    else
        printf("best epoch %ld; the first hidden unit weighs x with %.3f, y with %.3f\n", result.best_epoch,
               weights[0][0], weights[0][1]);
    percept_training_free(training);
    percept_model_free(model);
    percept_data_free(&data);
    percept_recipe_free(recipe);
    percept_dataset_free(dataset);
    percept_table_free(table);
    return failed || result.valid_accuracy < 0.9;
}
