/* Gradient checks of networks with stages, and with members: right gradients pass by every method, in both engines; a wrong one is named;
 * what has no derivative or no loop form is left out or refused. */
#include "unit.h"

#include <string.h>

#include "check/check.h"
#include "check/differences.h"
#include "engine/kinds.h"
#include "engine/reference/reference.h"
#include "failing_memory.h"
#include "nn/activation.h"
#include "stage_cases.h"

enum { EXAMPLES = 7 };

typedef struct Bench {
    Network network;
    double *parameters;
    percept_dataset *data;
    Batch batch;
    Team *team;
    Engine *engine;
    uint8_t *chosen;
    size_t count;
} Bench;

/* Those of each member, then their statistics (nn/members.h). */
static double *parameters_of(const Network *network, const Shape *shape, Extras extras, RandomStream *stream)
{
    extras.members = 1;
    Network member = make_network_with(shape, &extras);
    const size_t trained = member.parameter_count, statistics = member.value_count - trained;
    double *all = NULL;
    assert_ok(memory_allocate(network->value_count, sizeof *all, "parameters", &all, error));
    for (size_t m = 0; m < network->members; m++) {
        double *own = make_parameters(&member, stream);
        memcpy(all + m * trained, own, trained * sizeof *own);
        memcpy(all + network->parameter_count + m * statistics, own + trained, statistics * sizeof *own);
        memory_free(own);
    }
    network_clear(&member);
    return all;
}

/* Odd seeds have weights of examples. */
static void bench_create(const Shape *shape, const StageOptions *stages, size_t stage_count, size_t members,
                         const char *engine, uint64_t seed, Bench *bench)
{
    const Extras extras = {.weights = seed % 2 == 1, .stages = stages, .stage_count = stage_count, .members = members};
    RandomStream stream;
    random_default_rng(&stream, seed);
    bench->network = make_network_with(shape, &extras);
    bench->parameters = parameters_of(&bench->network, shape, extras, &stream);
    bench->data = make_data(&bench->network, EXAMPLES, &stream);
    add_extras(bench->data, &bench->network, &extras, &stream);
    bench->batch = (Batch){.data = bench->data, .count = EXAMPLES};
    assert_ok(team_create(2, &bench->team, error));
    const EngineConfig config = {.network = &bench->network,
                                 .precision = PERCEPT_FLOAT64,
                                 .batch_capacity = EXAMPLES,
                                 .training = true,
                                 .team = bench->team};
    assert_ok(engine_create(engine_kind_find(engine), &config, &bench->engine, error));
    const CheckSubject subject = {bench->engine, bench->parameters, &bench->batch, bench->team};
    const CheckSelection selection = {.inputs = true};
    bench->count = differences_count(&bench->network, EXAMPLES, true);
    assert_ok(check_select(&subject, &selection, &stream, &bench->chosen, error));
}

static void case_create(size_t s, const char *engine, Bench *bench)
{
    const StageCase *c = &stage_cases[s];
    bench_create(&c->shape, c->stages, c->stage_count, 1, engine, s, bench);
}

/* Three members. */
static void members_create(size_t s, const char *engine, Bench *bench)
{
    const StageCase *c = &stage_cases[s];
    bench_create(&c->shape, c->stages, c->stage_count, 3, engine, s, bench);
}

static void bench_clear(Bench *bench)
{
    engine_free(bench->engine);
    team_free(bench->team);
    percept_dataset_free(bench->data);
    memory_free(bench->parameters);
    memory_free(bench->chosen);
    network_clear(&bench->network);
}

static CheckReport run_check(const Bench *bench, CheckMethod method)
{
    const CheckSubject subject = {bench->engine, bench->parameters, &bench->batch, bench->team};
    const CheckOptions options = {.method = method, .inputs = true, .chosen = bench->chosen};
    CheckReport report;
    assert_ok(check_gradient(&subject, &options, &report, error));
    return report;
}

static void expect_right(const Bench *bench, size_t s, CheckMethod method)
{
    CheckReport report = run_check(bench, method);
    assert_true(report.all.checked >= bench->network.parameter_count);
    for (size_t i = 0; i < report.entry_count; i++) {
        char name[CHECK_NAME_SIZE];
        check_name(&bench->network, report.entries[i].number, name);
        if (report.entries[i].verdict == CHECK_WRONG)
            fail_msg("case %zu, %s differences: %s is %.17g, not %.17g", s, check_method_name(method), name,
                     report.entries[i].difference, report.entries[i].gradient);
    }
    check_report_clear(&report);
}

static void right_gradients_pass(void **state)
{
    (void)state;
    for (size_t s = 0; s < STAGE_CASES; s++)
        for (size_t run = 0; run < 2 * CHECK_METHODS; run++) {
            Bench bench;
            case_create(s, run % 2 == 0 ? "cpu" : "reference", &bench);
            expect_right(&bench, s, (CheckMethod)(run / 2));
            bench_clear(&bench);
        }
}

/* Each member has the gradient of its own loss, the features that of the mean. */
static void right_gradients_of_members_pass(void **state)
{
    (void)state;
    const Shape dense = {{6, 5, 4, 3}, 4, "tanh", "softmax", "cross-entropy", 0.001, 0.003, false};
    for (int m = 0; m < CHECK_METHODS; m++) {
        Bench bench;
        bench_create(&dense, NULL, 0, 3, "cpu", 3, &bench);
        expect_right(&bench, 0, (CheckMethod)m);
        bench_clear(&bench);
    }
    for (size_t s = 0; s < STAGE_CASES; s++) {
        Bench bench;
        members_create(s, s % 2 == 0 ? "cpu" : "reference", &bench);
        expect_right(&bench, s, CHECK_COMPLEX);
        bench_clear(&bench);
    }
}

/* An engine whose gradient is that of another one, but for one number. */
typedef struct Liar {
    Engine engine;
    Engine *truth;
    size_t number;
} Liar;

static void lie(Engine *engine, const void *parameters, const Batch *batch, void *gradient, void *input_gradient,
                EngineSums *sums)
{
    const Liar *liar = (const Liar *)engine;
    engine_gradient(liar->truth, parameters, batch, gradient, input_gradient, sums);
    ((double *)gradient)[liar->number] *= 1.01;
}

static const EngineMethods lying_methods = {.gradient = lie};

/* The number of a tensor with the largest gradient. */
static size_t largest_of(const CheckReport *report, const CheckGroup *group)
{
    size_t best = group->first;
    for (size_t p = group->first; p < group->end; p++)
        if (fabs(report->entries[p].gradient) > fabs(report->entries[best].gradient))
            best = p;
    return best;
}

/* A gradient that is one per cent off, in any tensor that is not taken out of the loss by a normalization. */
static void a_wrong_gradient_is_named(void **state)
{
    (void)state;
    size_t lies = 0;
    for (size_t s = 0; s < STAGE_CASES; s++) {
        Bench bench;
        case_create(s, "reference", &bench);
        CheckReport truth = run_check(&bench, CHECK_COMPLEX);
        for (size_t g = 0; g + 1 < truth.group_count; g++) {
            const size_t p = largest_of(&truth, &truth.groups[g]);
            Liar liar = {{&lying_methods, bench.engine->config}, bench.engine, p};
            Bench lying = bench;
            lying.engine = &liar.engine;
            if (fabs(truth.entries[p].gradient) < 1e-8)
                continue;
            CheckReport report = run_check(&lying, (CheckMethod)(lies % CHECK_METHODS));
            assert_int_equal(report.all.counts[CHECK_WRONG], 1);
            assert_int_equal(report.entries[p].verdict, CHECK_WRONG);
            check_report_clear(&report);
            lies++;
        }
        check_report_clear(&truth);
        bench_clear(&bench);
    }
    assert_true(lies > 30);
}

/* Both ways give a network of dense layers the same differences. A step of 1 leaves the rounding of the loss itself. */
static void differences_taken_anew_are_those_of_the_quick_way(void **state)
{
    (void)state;
    const Shape shape = {{6, 5, 4, 3}, 4, "tanh", "softmax", "cross-entropy", 0.001, 0.003, false};
    Bench bench;
    bench_create(&shape, NULL, 0, 1, "reference", 3, &bench);
    double *ups[4], *down[2], losses[2] = {0, 0}; /* quick, anew, and of the complex step quick, anew */
    for (size_t i = 0; i < 4; i++)
        assert_ok(memory_allocate(bench.count, sizeof *ups[i], "differences", &ups[i], error));
    for (size_t way = 0; way < 2; way++) {
        assert_ok(memory_allocate(bench.count, sizeof *down[way], "differences", &down[way], error));
        Differences task = {.network = &bench.network,
                            .parameters = bench.parameters,
                            .batch = &bench.batch,
                            .team = bench.team,
                            .step = 1,
                            .inputs = true,
                            .chosen = bench.chosen,
                            .up = ups[way],
                            .down = down[way]};
        assert_ok((way == 0 ? differences_f64 : differences_anew_f64)(&task, &losses[way], error));
        task.step = 1e-30;
        task.up = ups[2 + way];
        task.down = NULL;
        assert_ok((way == 0 ? differences_c128 : differences_anew_c128)(&task, NULL, error));
    }
    for (size_t p = 0; p < bench.count; p++) {
        assert_close(ups[0][p], ups[1][p], 1e-12);
        assert_close(down[0][p], down[1][p], 1e-12);
        assert_close(ups[2][p], ups[3][p], 1e-13);
    }
    assert_close(losses[0], losses[1], 1e-14);
    for (size_t i = 0; i < 4; i++)
        memory_free(ups[i]);
    memory_free(down[0]);
    memory_free(down[1]);
    bench_clear(&bench);
}

/* What lies before a side need not be computed again: every parameter, from the last side to the first, has the loss of a
 * whole pass, to the bit. */
static void a_pass_from_a_side_on_gives_the_loss_of_a_whole_one(void **state)
{
    (void)state;
    for (size_t s = 0; s < STAGE_CASES; s++) {
        Bench bench;
        Engine *engine = NULL;
        case_create(s, "reference", &bench);
        const Network *network = &bench.network;
        assert_ok(reference_pass_f64(network, bench.parameters, &bench.batch, &engine, error));
        for (size_t side = network->depth + 1; side-- > 0;)
            for (size_t t = 0; t < network->tensor_count; t++) {
                const NetworkTensor *tensor = &network->tensors[t];
                const size_t columns = tensor->columns > 0 ? tensor->columns : 1;
                for (size_t i = 0; tensor->side == side && i < tensor_size(tensor); i++) {
                    double *p = &bench.parameters[tensor->offset + i], value = *p;
                    *p += 0.25;
                    const double whole = reference_loss_f64(bench.engine, bench.parameters, &bench.batch);
                    assert_true(whole == reference_loss_from_f64(engine, bench.parameters, &bench.batch, side,
                                                                 tensor->of_stage ? SIZE_MAX : i / columns));
                    *p = value;
                }
            }
        engine_free(engine);
        bench_clear(&bench);
    }
}

static void differences_do_not_depend_on_threads(void **state)
{
    (void)state;
    Bench bench;
    case_create(4, "reference", &bench);
    double *first = NULL, *again = NULL;
    assert_ok(memory_allocate(2 * bench.count, sizeof *first, "differences", &first, error));
    assert_ok(memory_allocate(2 * bench.count, sizeof *again, "differences", &again, error));
    for (size_t threads = 1; threads <= 5; threads += 2) {
        Team *team = NULL;
        double *out = threads == 1 ? first : again;
        assert_ok(team_create(threads, &team, error));
        const Differences task = {.network = &bench.network,
                                  .parameters = bench.parameters,
                                  .batch = &bench.batch,
                                  .team = team,
                                  .step = 1e-5,
                                  .inputs = true,
                                  .chosen = bench.chosen,
                                  .up = out,
                                  .down = out + bench.count};
        assert_ok(differences_f64(&task, NULL, error));
        team_free(team);
        if (threads > 1)
            assert_memory_equal(first, again, 2 * bench.count * sizeof *first);
    }
    memory_free(first);
    memory_free(again);
    bench_clear(&bench);
}

/* Names and groups are those of the tensors; statistics are in none. */
static void numbers_are_named_after_tensors(void **state)
{
    (void)state;
    Bench bench;
    char name[CHECK_NAME_SIZE];
    case_create(4, "reference", &bench);
    const struct {
        const char *tensor, *expected;
        size_t at;
    } names[] = {{"layers.0.weight", "W1[1,2]", 11},
                 {"layers.5.bias", NULL, 0},
                 {"layers.4.bias", "b5[2]", 2},
                 {"inputs.batch-norm.bias", "inputs.batch-norm.bias[8]", 8},
                 {"layers.1.layer-norm.weight", "layers.1.layer-norm.weight[0]", 0},
                 {"layers.3.batch-norm.bias", "layers.3.batch-norm.bias[3]", 3}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const NetworkTensor *tensor = network_tensor_find(&bench.network, names[i].tensor);
        assert_true((tensor == NULL) == (names[i].expected == NULL));
        if (tensor == NULL)
            continue;
        check_name(&bench.network, tensor->offset + names[i].at, name);
        assert_string_equal(name, names[i].expected);
    }
    Bench several;
    members_create(4, "reference", &several);
    check_name(&several.network, several.network.parameter_count / 3 + 11, name);
    assert_string_equal(name, "members.1.layers.0.weight[1,2]");
    bench_clear(&several);
    check_name(&bench.network, bench.network.parameter_count + 9, name);
    assert_string_equal(name, "x[1,0]");
    CheckReport report = run_check(&bench, CHECK_CENTRAL);
    size_t trained = 0;
    for (size_t t = 0; t < bench.network.tensor_count; t++)
        trained += bench.network.tensors[t].role != ROLE_STATISTIC;
    assert_int_equal(report.group_count, trained + 1);
    assert_int_equal(report.all.checked, bench.count);
    check_report_clear(&report);
    bench_clear(&bench);
}

static size_t count_chosen(const Bench *bench, const CheckSelection *selection, const char *name)
{
    const CheckSubject subject = {bench->engine, bench->parameters, &bench->batch, bench->team};
    const NetworkTensor *tensor = network_tensor_find(&bench->network, name);
    RandomStream stream;
    uint8_t *chosen = NULL;
    size_t count = 0;
    random_default_rng(&stream, 0);
    assert_ok(check_select(&subject, selection, &stream, &chosen, error));
    for (size_t p = tensor->offset; p < tensor->offset + tensor_size(tensor); p++)
        count += chosen[p];
    memory_free(chosen);
    return count;
}

static void selections_reach_into_stages(void **state)
{
    (void)state;
    Bench bench;
    case_create(4, "reference", &bench);
    const CheckSelection each = {.each = 4}, first = {.each = 4, .first = true}, layer = {.each = 4, .layer = 2},
                         begin = {.layer = 1};
    assert_int_equal(count_chosen(&bench, &each, "inputs.feature-scale.weight"), 4);
    assert_int_equal(count_chosen(&bench, &each, "layers.1.layer-norm.bias"), 4);
    assert_int_equal(count_chosen(&bench, &first, "layers.1.layer-norm.weight"), 4);
    assert_int_equal(count_chosen(&bench, &first, "layers.1.layer-norm.bias"), 0);
    assert_int_equal(count_chosen(&bench, &layer, "layers.1.layer-norm.bias"), 4);
    assert_int_equal(count_chosen(&bench, &layer, "layers.3.batch-norm.bias"), 0);
    assert_int_equal(count_chosen(&bench, &layer, "inputs.batch-norm.bias"), 0);
    assert_int_equal(count_chosen(&bench, &begin, "inputs.batch-norm.bias"), 9);
    bench_clear(&bench);
}

/* Inputs of a stage that lie at its kinks are counted, and the nearest is named; where nothing moves them they are not. */
static void kinks_of_stages_are_named(void **state)
{
    (void)state;
    static const Shape shape = {{3, 4, 2}, 3, "relu", "softmax", "cross-entropy", 0, 0, false};
    const struct {
        StageOptions stages[2];
        size_t stage_count;
        const char *kind; /* the nearest's; NULL: there is none */
        size_t side, unit;
        bool inputs;
    } cases[] = {
        {{{.kind = "prelu", .side = 1}}, 1, "prelu", 1, 2, false},
        {{{.kind = "mix", .side = 1}}, 1, "mix", 1, 2, false},
        {{{.kind = "glu", .side = 1}}, 1, NULL, 1, 6, false}, /* a smooth gate … */
        {{{.kind = "glu", .side = 1, .settings = SETTINGS((double)activation_find("relu"))}},
         1,
         "glu",
         1,
         6,
         false}, /* … and relu's */
        {{{.kind = "piecewise-linear", .settings = SETTINGS(4, 0)}}, 1, "piecewise-linear", 0, 1, true},
        {{{.kind = "piecewise-linear", .settings = SETTINGS(4, 0)}}, 1, NULL, 0, 1, false},
        {{{.kind = "feature-scale"}, {.kind = "piecewise-linear", .settings = SETTINGS(4, 0)}},
         2,
         "piecewise-linear",
         0,
         1,
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Bench bench;
        bench_create(&shape, cases[i].stages, cases[i].stage_count, 1, "reference", 2 * i, &bench);
        const Layer *layer = &bench.network.layers[0];
        const Stage *stage = &bench.network.stages[cases[i].stage_count - 1];
        double *features = bench.data->storage->features;
        CheckKinks kinks;
        /* Weighted sum `unit`, or feature `unit` of example 5, lies 1e-7 above the kink. */
        if (stage->side > 0) {
            memset(bench.parameters + layer->weights + cases[i].unit * layer->inputs, 0,
                   layer->inputs * sizeof *bench.parameters);
            bench.parameters[layer->biases + cases[i].unit] = 1e-7;
        } else {
            const double edge = bench.parameters[stage->offsets[stage->tensor_count - 1] + cases[i].unit * 5 + 2];
            const double scale =
                cases[i].stage_count > 1 ? bench.parameters[bench.network.stages[0].offsets[0] + 1] : 1;
            features[5 * 3 + cases[i].unit] = (edge + 1e-7) / scale;
        }
        assert_ok(kinks_find(&bench.network, bench.parameters, &bench.batch, 1e-5, cases[i].inputs, &kinks, error));
        if (cases[i].kind == NULL) {
            assert_int_equal(kinks.count, 0);
        } else {
            assert_true(kinks.count >= (stage->side > 0 ? EXAMPLES : 1));
            assert_string_equal(kinks.kind->name, cases[i].kind);
            assert_int_equal(kinks.side, cases[i].side);
            assert_int_equal(kinks.unit, cases[i].unit);
            assert_close(kinks.z, 1e-7, 1e-12);
        }
        bench_clear(&bench);
    }
}

/* Batch norm mixes the examples, so that a loop over them computes something else. */
static void loop_forms_are_of_networks_that_mix_no_examples(void **state)
{
    (void)state;
    for (size_t s = 0; s < STAGE_CASES; s++) {
        Bench bench;
        case_create(s, "reference", &bench);
        const CheckSubject subject = {bench.engine, bench.parameters, &bench.batch, bench.team};
        double *forms = NULL;
        percept_error refusal;
        assert_ok(memory_allocate(2 * bench.count, sizeof *forms, "gradients", &forms, error));
        bool batch_norm = false;
        for (size_t i = 0; i < stage_cases[s].stage_count; i++)
            batch_norm = batch_norm || strcmp(stage_cases[s].stages[i].kind, "batch-norm") == 0;
        assert_true(check_mixes_examples(&bench.network) == batch_norm);
        const percept_status status = check_loop(&subject, forms, forms + bench.count, &refusal);
        assert_int_equal(status, batch_norm ? PERCEPT_ERROR_ARGUMENT : PERCEPT_OK);
        for (size_t p = 0; p < bench.network.parameter_count && !batch_norm && !bench.network.sum; p++)
            if (bench.network.layers[0].l1 == 0 && bench.network.layers[0].l2 == 0)
                assert_close(forms[p], forms[bench.count + p], 1e-12);
        memory_free(forms);
        bench_clear(&bench);
    }
}

static void a_lack_of_memory_is_reported(void **state)
{
    (void)state;
    Bench bench;
    members_create(0, "reference", &bench);
    const CheckSubject subject = {bench.engine, bench.parameters, &bench.batch, bench.team};
    const CheckOptions options = {.inputs = true, .chosen = bench.chosen};
    percept_status status = PERCEPT_ERROR_MEMORY;
    long left = 0;
    for (; status != PERCEPT_OK; left++) {
        CheckReport report = {0};
        percept_error error = {0};
        memory_left = left;
        status = check_gradient(&subject, &options, &report, &error);
        memory_left = -1;
        assert_true(status == PERCEPT_OK || status == PERCEPT_ERROR_MEMORY);
        assert_true(left < 2000);
        check_report_clear(&report);
    }
    assert_true(left > 10);
    bench_clear(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_gradients_pass),
        cmocka_unit_test(right_gradients_of_members_pass),
        cmocka_unit_test(a_wrong_gradient_is_named),
        cmocka_unit_test(differences_taken_anew_are_those_of_the_quick_way),
        cmocka_unit_test(a_pass_from_a_side_on_gives_the_loss_of_a_whole_one),
        cmocka_unit_test(differences_do_not_depend_on_threads),
        cmocka_unit_test(numbers_are_named_after_tensors),
        cmocka_unit_test(selections_reach_into_stages),
        cmocka_unit_test(kinks_of_stages_are_named),
        cmocka_unit_test(loop_forms_are_of_networks_that_mix_no_examples),
        cmocka_unit_test(a_lack_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
