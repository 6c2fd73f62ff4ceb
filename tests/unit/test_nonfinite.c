/* Not-a-number passes through: a feature that is NaN makes outputs, loss and gradient NaN with every activation and loss, in
 * both engines, every instruction set and precision, whichever way a call takes; and it is no class. */
#include "engines.h"

#include "nn/activation.h"
#include "nn/loss.h"

/* Outputs of example `nan` are NaN, all others are not. */
static void check_outputs_of(const Case *c, Engine *engine, percept_type precision, const void *parameters, size_t nan)
{
    const size_t width = c->outputs, count = c->batch.count;
    void *outputs = make_values(precision, count * width);
    EngineSums sums;
    engine->methods->evaluate(engine, parameters, &c->batch, outputs, &sums);
    for (size_t i = 0; i < count * width; i++)
        if (isnan(get(precision, outputs, i)) != (i / width == nan))
            fail_msg("%s: output %zu of example %zu is %g", c->where, i % width, i / width, get(precision, outputs, i));
    if (!isnan(sums.loss))
        fail_msg("%s: the loss is %g", c->where, sums.loss);
    if (c->data->labels != NULL && sums.correct == count)
        fail_msg("%s: NaN counts as a right answer", c->where);
    memory_free(outputs);
}

static void check_gradient_of(const Case *c, Engine *engine, percept_type precision, const void *parameters)
{
    const size_t count = c->network.parameter_count;
    const Layer *last = &c->network.layers[c->network.depth - 1];
    void *gradient = make_values(precision, count);
    EngineSums sums;
    engine->methods->gradient(engine, parameters, &c->batch, gradient, NULL, &sums);
    for (size_t p = 0; p < c->inputs; p++) /* of one unit of the first layer */
        if (!isnan(get(precision, gradient, p)))
            fail_msg("%s: the gradient of weight %zu is %g", c->where, p, get(precision, gradient, p));
    for (size_t p = last->biases; p < last->biases + last->outputs; p++)
        if (!isnan(get(precision, gradient, p)))
            fail_msg("%s: the gradient of a last bias is %g", c->where, get(precision, gradient, p));
    if (!isnan(sums.loss))
        fail_msg("%s: the training loss is %g", c->where, sums.loss);
    memory_free(gradient);
}

/* One feature of the middle example is NaN. Its label is the class that NaN would be taken for, 0. */
static void check_case(const Shape *shape, bool targets, percept_type precision, CpuWay way, size_t count, Team *team)
{
    RandomStream stream;
    Case c;
    random_default_rng(&stream, 5);
    open_case_with(&c, shape, &(Extras){.targets = targets}, precision, count, count, way, team, &stream);
    const size_t nan = count / 2;
    ((double *)c.data->storage->features)[nan * c.inputs + 1] = NAN;
    for (size_t i = 0; i < count && c.data->labels != NULL; i++)
        c.data->labels[i] = 0;
    void *parameters = rounded_parameters(&c);
    check_outputs_of(&c, c.engine, precision, parameters, nan);
    check_outputs_of(&c, c.reference, PERCEPT_FLOAT64, c.parameters, nan);
    check_gradient_of(&c, c.engine, precision, parameters);
    check_gradient_of(&c, c.reference, PERCEPT_FLOAT64, c.parameters);
    memory_free(parameters);
    close_case(&c);
}

/* In every instruction set and precision, the large way and the small one, long and few. */
static void check_everywhere(const Shape *shape, bool targets, Team *team)
{
    static const percept_type precisions[] = {PERCEPT_FLOAT32, PERCEPT_FLOAT64};
    static const CpuWay ways[] = {CPU_SHARED, CPU_SMALL};
    static const size_t counts[] = {21, 3};
    for (size_t isa = 0; isa < ISA_COUNT; isa++)
        for (size_t i = 0; i < 8 && to_check(isa); i++) {
            setenv("PERCEPT_ISA", isa_name(isa), 1);
            check_case(shape, targets, precisions[i % 2], ways[i / 2 % 2], counts[i / 4], team);
        }
    unsetenv("PERCEPT_ISA");
}

static void nan_passes_through_every_activation(void **state)
{
    (void)state;
    Team *team = make_team(2);
    for (size_t a = 0; activation_at_f64(a) != NULL; a++) {
        const Shape shape = {{7, 9, 6, 3}, 4, activation_at_f64(a)->name, "softmax", "cross-entropy", 0, 0, false};
        check_everywhere(&shape, false, team);
    }
    team_free(team);
}

static void nan_passes_through_every_output_and_loss(void **state)
{
    (void)state;
    Team *team = make_team(2);
    for (size_t l = 0; loss_at_f64(l) != NULL; l++)
        for (size_t a = 0; activation_at_f64(a) != NULL; a++) {
            const Loss_f64 *loss = loss_at_f64(l);
            const char *output = activation_at_f64(a)->name;
            if (loss->output != NULL && strcmp(loss->output, output) != 0)
                continue;
            for (size_t width = 1; width <= 3; width += 2) {
                const Shape shape = {{7, 9, width}, 3, "relu", output, loss->name, 0, 0, false};
                check_everywhere(&shape, true, team);
                if (width > 1 || strcmp(output, "softmax") != 0)
                    check_everywhere(&shape, false, team);
            }
        }
    team_free(team);
}

static void nan_is_no_class(void **state)
{
    (void)state;
    const double none[] = {NAN, 0.2}, first[] = {0.7, 0.2, 0.1}, behind[] = {0.7, 0.2, NAN};
    const float single[] = {NAN, 1};
    assert_int_equal(output_class_f64(1, none), -1);
    assert_int_equal(output_class_f64(2, none), -1);
    assert_int_equal(output_class_f64(3, first), 0);
    assert_int_equal(output_class_f64(3, behind), -1);
    assert_int_equal(output_class_f32(1, single), -1);
    assert_int_equal(output_class_f32(1, single + 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nan_passes_through_every_activation),
        cmocka_unit_test(nan_passes_through_every_output_and_loss),
        cmocka_unit_test(nan_is_no_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
