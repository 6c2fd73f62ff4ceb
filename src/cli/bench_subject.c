#include "cli/bench_subject.h"

#include <stdio.h>

#include "base/number.h"
#include "bench/work.h"
#include "cli/json.h"
#include "cli/message.h"
#include "cli/run_source.h"

#define DEFAULT_ROUNDS 5
#define DEFAULT_SECONDS 1
#define DEFAULT_EXAMPLES 50000

/* ---- Arguments ----------------------------------------------------------------------------------------------------- */

percept_status bench_take_rounds(const Option *option, const char *value, percept_error *error)
{
    const percept_status status = option_take_count(option, value, error);
    if (status == PERCEPT_OK && *(size_t *)option->target == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is 0; give a number from 1 on");
    return status;
}

percept_status bench_take_seconds(const Option *option, const char *value, percept_error *error)
{
    double seconds = 0;
    if (!number_parse(value, &seconds) || seconds <= 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; give a number above 0 such as 0.5", value);
    *(double *)option->target = seconds;
    return PERCEPT_OK;
}

int bench_read_arguments(const Manual *manual, const char *operand, bool explains, int argc, char **argv,
                         BenchArguments *out)
{
    const Option own[] = {
        {"--rounds", "N", "number of rounds [5]", bench_take_rounds, &out->rounds},
        {"--seconds", "S", "least length of a round in seconds [1]", bench_take_seconds, &out->seconds},
        {"--random", NULL, "generate data of the shape that model.layers gives, instead of reading data",
         option_take_switch, &out->random},
        {"--examples", "N", "number of examples for --random [50000]", bench_take_rounds, &out->examples},
        {"--json", NULL, "print JSON", option_take_switch, &out->json},
        {"--set", "KEY=VALUE", "set a key of the recipe; may be repeated", settings_take, &out->settings},
        {"--explain", NULL, "show the products of each layer: shape, kernel, bytes, rate", option_take_switch,
         &out->explain},
        {"--out", "DIR", "with --explain: write and draw roofline.csv in this folder", option_take_text, &out->out},
    };
    const Operand operands[] = {{operand, true, &out->source}};
    *out = (BenchArguments){.rounds = DEFAULT_ROUNDS, .seconds = DEFAULT_SECONDS};
    const Parser parser = {.manual = manual,
                           .options = own,
                           .option_count = sizeof own / sizeof own[0] - (explains ? 0 : 2),
                           .operands = operands,
                           .operand_count = 1};
    const int status = settings_read(&parser, &out->settings, argc, argv);
    if (status == PARSER_GO_ON && out->examples > 0 && !out->random)
        return fail_usage(manual->command, "--examples needs --random; give both");
    if (status == PARSER_GO_ON && out->out != NULL && !out->explain)
        return fail_usage(manual->command, "--out needs --explain; give both");
    return status;
}

/* ---- Subject ---------------------------------------------------------------------------------------------- */

static percept_status make_model(const BenchArguments *arguments, BenchSubject *subject, percept_error *error)
{
    const size_t examples = arguments->examples > 0 ? arguments->examples : DEFAULT_EXAMPLES;
    percept_status status = arguments->random ? work_draw(subject->recipe, examples, &subject->data, error)
                                              : percept_data_load(subject->recipe, &subject->data, error);
    if (status == PERCEPT_OK)
        status = percept_model_create(subject->recipe, &subject->data, &subject->model, error);
    return status;
}

int bench_subject_open(const Manual *manual, const BenchArguments *arguments, bool trained_too, BenchSubject *out)
{
    const char *source = arguments->source;
    const bool trained = trained_too && run_source_is_trained(source);
    percept_error error;
    percept_status status = PERCEPT_OK;
    if (trained)
        status = run_source_open(source, &out->model, &out->recipe, &error);
    else if (source != NULL)
        status = percept_recipe_load(source, &out->recipe, &error);
    if (status == PERCEPT_OK && out->recipe == NULL)
        status = percept_recipe_create(&out->recipe, &error);
    if (status != PERCEPT_OK)
        return fail(&error);
    for (size_t i = 0; trained && i < arguments->settings.count; i++) {
        const Key *key = setting_key(&arguments->settings.list[i]);
        if (key != NULL && !key->idle)
            return fail_usage(manual->command, "'%s' is a trained model; leave %s out", source,
                              arguments->settings.list[i].flag);
    }
    if (settings_apply(&arguments->settings, out->recipe, &error) != PERCEPT_OK)
        return fail_argument(manual->command, &error);
    if (!trained && make_model(arguments, out, &error) != PERCEPT_OK)
        return fail(&error);
    return STATUS_DONE;
}

void bench_subject_clear(BenchSubject *subject)
{
    percept_model_free(subject->model);
    percept_data_free(&subject->data);
    percept_recipe_free(subject->recipe);
    *subject = (BenchSubject){0};
}

/* ---- Output -------------------------------------------------------------------------------------------------- */

void bench_print_figures(const BenchFigure *table, const Spread *figures, size_t rounds)
{
    printf("%-32s%14s%14s%14s\n", rounds == 1 ? "one round" : "over the rounds", "median", "least", "most");
    for (size_t f = 0; table[f].name != NULL; f++) {
        const double factor = table[f].factor;
        if (table[f].label != NULL)
            printf("%-32s%14.*f%14.*f%14.*f\n", table[f].label, table[f].decimals, factor * figures[f].median,
                   table[f].decimals, factor * figures[f].least, table[f].decimals, factor * figures[f].most);
    }
}

void bench_append(json_t **list, json_t *item)
{
    if (*list != NULL && json_array_append_new(*list, item) == 0)
        return;
    json_decref(*list);
    *list = NULL;
}

static void set(json_t **object, const char *name, json_t *value)
{
    if (*object != NULL && json_object_set_new(*object, name, value) == 0)
        return;
    json_decref(*object);
    *object = NULL;
}

json_t *bench_figures_json(const char *const *names, const Spread *figures, const double *rounds, size_t round_count)
{
    json_t *all = json_object(), *least = json_object(), *most = json_object(), *list = json_array();
    size_t count = 0;
    for (; names[count] != NULL; count++) {
        set(&all, names[count], json_figure(figures[count].median));
        set(&least, names[count], json_figure(figures[count].least));
        set(&most, names[count], json_figure(figures[count].most));
    }
    for (size_t r = 0; r < round_count; r++) {
        json_t *round = json_object();
        for (size_t f = 0; f < count; f++)
            set(&round, names[f], json_figure(rounds[r * count + f]));
        bench_append(&list, round);
    }
    set(&all, "least", least);
    set(&all, "most", most);
    set(&all, "rounds", list);
    return all;
}
