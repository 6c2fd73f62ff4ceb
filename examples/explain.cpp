// Percept in C++: a network whose weights come from elsewhere, its logits and classes, and the derivatives of an output.
#include <percept/percept.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <vector>

// Objects that free themselves, and failures as exceptions.
template <typename T, void (*release)(T *)> struct Release {
    void operator()(T *object) const { release(object); }
};
using Recipe = std::unique_ptr<percept_recipe, Release<percept_recipe, percept_recipe_free>>;
using Model = std::unique_ptr<percept_model, Release<percept_model, percept_model_free>>;
using Predictor = std::unique_ptr<percept_predictor, Release<percept_predictor, percept_predictor_free>>;
using Gradient = std::unique_ptr<percept_gradient, Release<percept_gradient, percept_gradient_free>>;

static percept_error error;

static void check(percept_status status)
{
    if (status != PERCEPT_OK)
        throw std::runtime_error(error.message);
}

static Model build()
{
    percept_recipe *recipe = nullptr;
    percept_model *model = nullptr;
    const char *const names[] = {"no", "yes"};
    check(percept_recipe_create(&recipe, &error));
    const Recipe owner(recipe);
    check(percept_recipe_set(recipe, "model.layers", "2-2-2", &error));
    check(percept_recipe_set(recipe, "model.activation", "tanh", &error));
    check(percept_recipe_set(recipe, "precision", "float64", &error));
    check(percept_model_build(recipe, 2, names, &model, &error));
    return Model(model);
}

int main()
{
    try {
        const Model model = build();
        for (size_t i = 0; i < percept_model_tensors(model.get()); i++) {
            size_t rows = 0, columns = 0;
            percept_model_tensor_shape(model.get(), i, &rows, &columns);
            std::vector<float> values(rows * columns);
            for (size_t v = 0; v < values.size(); v++)
                values[v] = 0.25f * static_cast<float>(v + 1) * (v % 2 == 0 ? 1.0f : -1.0f);
            const char *name = percept_model_tensor_name(model.get(), i);
            check(percept_model_set_tensor(model.get(), name, PERCEPT_FLOAT32, values.data(), values.size(), &error));
            std::printf("%s (%s): %zu x %zu\n", name, percept_model_tensor_role(model.get(), i), rows, columns);
        }
        percept_predictor *predictor_made = nullptr;
        percept_gradient *gradient_made = nullptr;
        check(percept_predictor_create(model.get(), 1, &predictor_made, &error));
        const Predictor predictor(predictor_made);
        check(percept_gradient_create(model.get(), 1, &gradient_made, &error));
        const Gradient gradient(gradient_made);

        const double x[2] = {0.5, -1}, h = 1e-6;
        double logits[2], low[2], high[2], derivative[2];
        int32_t chosen = -1;
        percept_predictor_classes(predictor.get(), x, 1, &chosen);
        percept_predictor_logits(predictor.get(), x, 1, logits);
        check(percept_gradient_of_output(gradient.get(), x, 1, 1, derivative, &error));
        std::printf("class %s; logits %.4f, %.4f\n", percept_model_class_name(model.get(), static_cast<size_t>(chosen)),
                    logits[0], logits[1]);
        for (int j = 0; j < 2; j++) {
            double below[2] = {x[0], x[1]}, above[2] = {x[0], x[1]};
            below[j] -= h;
            above[j] += h;
            percept_predictor_logits(predictor.get(), below, 1, low);
            percept_predictor_logits(predictor.get(), above, 1, high);
            const double difference = (high[1] - low[1]) / (2 * h);
            std::printf("input %d moves logit 1 by %.6f (by differences %.6f)\n", j, derivative[j], difference);
            if (!(std::fabs(derivative[j] - difference) < 1e-6))
                return 1;
        }
        return 0;
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
}
