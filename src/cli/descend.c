/* percept descend: gradient descent on a formula, step by step. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/text.h"
#include "formula/descent_formula.h"
#include "show/descent.h"

/* Points of a path take 48 bytes each. */
#define MOST_STEPS 10000000

/* A gradient that is given may be so far from differences, relative to the larger of both and 1, before it is doubted. */
#define DOUBTED 1e-4

/* f must rise by more than this share before it is said. */
#define RISEN 1e-9

static const Manual manual = {
    .command = "percept descend",
    .example = "percept descend 'x^2 + 2*y^2' --start 3,2 --step 0.1 --steps 20\n"
               "percept descend 'x^2 + sin(y)' --gradient '2*x; cos(y)' --start 1,1 \\\n"
               "    --step 0.5 --steps 10 --decay 0.9 --out descent\n",
    .usage = "percept descend 'F(x,y)' --start X,Y --step S --steps N [FLAG]...\n",
    .text = "Minimizes a function of x and y by gradient descent, step by step: in step t =\n"
            "0, 1, ... (x, y) becomes (x, y) - S * D^t * gradient. The function may use the\n"
            "operators + - * / ^, sin, cos, tan, exp, ln, sqrt, abs, min, max and similar\n"
            "functions, the constants pi and e, and conditions such as x > 0 ? x : 0. Put a\n"
            "function that begins with a minus at the end of the command, after --. Exit\n"
            "status 1 if a value overflows or is undefined.\n",
};

typedef struct Arguments {
    const char *function, *gradient, *out;
    DescentOptions options;
    bool started, stepped, counted, json;
} Arguments;

/* What a descent holds. */
typedef struct Descent {
    const Arguments *arguments;
    DescentFormula formula;
    DescentFunction function;
    DescentPoint *points;
    size_t count;
} Descent;

/* ---- Arguments ----------------------------------------------------------------------------------------------------- */

static percept_status take_start(const Option *option, const char *value, percept_error *error)
{
    Arguments *arguments = option->target;
    const char *comma = strchr(value, ',');
    char first[64];
    if (comma != NULL && (size_t)(comma - value) < sizeof first) {
        snprintf(first, sizeof first, "%.*s", (int)(comma - value), value);
        arguments->started = number_parse(first, &arguments->options.start[0]) &&
                             number_parse(comma + 1 + strspn(comma + 1, " "), &arguments->options.start[1]);
    }
    return arguments->started
               ? PERCEPT_OK
               : error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; give two numbers such as 3,-2", value);
}

static percept_status take_step(const Option *option, const char *value, percept_error *error)
{
    Arguments *arguments = option->target;
    if (!number_parse(value, &arguments->options.step) || arguments->options.step <= 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; give a number above 0 such as 0.1", value);
    arguments->stepped = true;
    return PERCEPT_OK;
}

static percept_status take_steps(const Option *option, const char *value, percept_error *error)
{
    Arguments *arguments = option->target;
    const Option number = {.target = &arguments->options.steps};
    const percept_status status = option_take_count(&number, value, error);
    arguments->counted = true;
    if (status == PERCEPT_OK && (arguments->options.steps == 0 || arguments->options.steps > MOST_STEPS))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is %.64s; give a number from 1 to %d", value, MOST_STEPS);
    return status;
}

static percept_status take_decay(const Option *option, const char *value, percept_error *error)
{
    Arguments *arguments = option->target;
    double *decay = &arguments->options.decay;
    if (!number_parse(value, decay) || *decay <= 0 || *decay > 1)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; give a number above 0, up to 1, such as 0.95",
                         value);
    return PERCEPT_OK;
}

static int read_arguments(int argc, char **argv, Arguments *out)
{
    const Option options[] = {
        {"--start", "X,Y", "point where the descent starts", take_start, out},
        {"--step", "S", "step size: factor of the gradient in the first step, above 0", take_step, out},
        {"--steps", "N", "number of steps", take_steps, out},
        {"--decay", "D", "factor of the step size after each step, above 0, at most 1 [1]", take_decay, out},
        {"--gradient", "'DX; DY'", "df/dx and df/dy as formulas [central differences]", option_take_text,
         &out->gradient},
        {"--json", NULL, "print JSON", option_take_switch, &out->json},
        {"--out", "DIR", "write path.csv into this folder, and draw the path over the contours", option_take_text,
         &out->out},
    };
    const Operand operands[] = {{"F(x,y)", false, &out->function}};
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], operands, 1};
    const int status = parser_read(&parser, argc, argv);
    if (status != PARSER_GO_ON)
        return status;
    if (!out->started)
        return fail_usage(manual.command, "--start is missing; give the point to start from, such as --start 3,2");
    if (!out->stepped)
        return fail_usage(manual.command, "--step is missing; give the step size, such as --step 0.1");
    if (!out->counted)
        return fail_usage(manual.command, "--steps is missing; give the number of steps, such as --steps 20");
    return PARSER_GO_ON;
}

/* ---- Output -------------------------------------------------------------------------------------------------- */

static void print_table(const Descent *descent)
{
    const Arguments *arguments = descent->arguments;
    const DescentOptions *options = &arguments->options;
    printf("f(x, y) = %s\nfrom (%g, %g), step %g", text_plain(arguments->function).text, options->start[0],
           options->start[1], options->step);
    if (options->decay < 1)
        printf(" * %g^t", options->decay);
    printf("; gradient %s\n\n", arguments->gradient != NULL ? "as given" : "by central differences");
    printf("%6s%16s%16s%18s%18s\n", "t", "x", "y", "f(x, y)", "|gradient|");
    for (size_t t = 0; t < descent->count; t++) {
        const DescentPoint *point = &descent->points[t];
        printf("%6zu%16.9g%16.9g%18.10g%18.4g\n", t, point->at[0], point->at[1], point->value,
               hypot(point->gradient[0], point->gradient[1]));
    }
}

static void print_end(const Descent *descent)
{
    const DescentPoint *end = &descent->points[descent->count - 1];
    printf("\nafter %zu step%s: f(%.6g, %.6g) = %.10g\n", descent->count - 1, descent->count == 2 ? "" : "s",
           end->at[0], end->at[1], end->value);
}

static json_t *point_object(size_t t, const DescentPoint *point)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:[o, o], s:o}", "t", json_count(t), "x", json_figure(point->at[0]), "y",
                     json_figure(point->at[1]), "value", json_figure(point->value), "gradient",
                     json_figure(point->gradient[0]), json_figure(point->gradient[1]), "step",
                     json_figure(point->step));
}

static percept_status print_json(const Descent *descent, percept_error *error)
{
    const Arguments *arguments = descent->arguments;
    json_t *path = json_array();
    bool whole = path != NULL;
    for (size_t t = 0; t < descent->count && whole; t++)
        whole = json_array_append_new(path, point_object(t, &descent->points[t])) == 0;
    json_t *object = NULL;
    if (whole)
        object = json_pack("{s:o, s:o, s:o, s:b, s:O}", "function", json_words(arguments->function), "gradient",
                           json_words(arguments->gradient), "final",
                           descent->count > 0 ? json_incref(json_array_get(path, descent->count - 1)) : json_null(),
                           "finished", descent->count == arguments->options.steps + 1, "path", path);
    json_decref(path);
    return json_print(object, JSON_DIGITS, error);
}

/* Notes about the path. */
static void print_doubts(const Descent *descent)
{
    size_t worst = 0;
    if (descent->count == 0)
        return;
    const DescentPoint *first = &descent->points[0], *last = &descent->points[descent->count - 1];
    if (descent->arguments->gradient != NULL &&
        descent_check(&descent->function, descent->points, descent->count, &worst) > DOUBTED) {
        const DescentPoint *point = &descent->points[worst];
        double difference[2];
        descent_difference(&descent->function, point->at, difference);
        warn("the gradient may be wrong: at (%g, %g) it is (%g, %g), but central differences give (%g, %g)",
             point->at[0], point->at[1], point->gradient[0], point->gradient[1], difference[0], difference[1]);
    }
    if (last->value - first->value > RISEN * fmax(fabs(first->value), 1))
        warn("f rose from %g to %g: take smaller steps", first->value, last->value);
}

/* ---- Files --------------------------------------------------------------------------------------------------------- */

static percept_status write_path(const Descent *descent, const char *folder, percept_error *error)
{
    FileWriter *writer = NULL;
    char *path = NULL;
    percept_status status = file_join(folder, "path.csv", &path, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, &writer, error);
    memory_free(path);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "t,x,y,f,df_dx,df_dy,step\n");
    for (size_t t = 0; t < descent->count; t++) {
        const DescentPoint *point = &descent->points[t];
        const double numbers[] = {point->at[0],       point->at[1],       point->value,
                                  point->gradient[0], point->gradient[1], point->step};
        file_writer_print(writer, "%zu", t);
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            char text[NUMBER_SIZE];
            number_format(numbers[i], text);
            file_writer_print(writer, ",%s", text);
        }
        file_writer_print(writer, "\n");
    }
    return file_writer_commit(writer, error);
}

/* That the picture could not be drawn spoils nothing else. */
static percept_status write_files(const Descent *descent, percept_error *error)
{
    const char *folder = descent->arguments->out;
    percept_error trouble;
    percept_status status = file_make_folder(folder, error);
    if (status == PERCEPT_OK)
        status = write_path(descent, folder, error);
    if (status == PERCEPT_OK && show_descent(folder, "descent", descent->arguments->function, &descent->function,
                                             descent->points, descent->count, &trouble) != PERCEPT_OK)
        warn("the contours were not drawn: %s", trouble.message);
    return status;
}

/* A descent that had to stop is reported up to its last step. */
static int go_down(Descent *descent)
{
    const Arguments *arguments = descent->arguments;
    percept_error error, stopped;
    if (memory_allocate(arguments->options.steps + 1, sizeof *descent->points, "the path", &descent->points, &error) !=
        PERCEPT_OK)
        return fail(&error);
    const percept_status went =
        descent_run(&descent->function, &arguments->options, descent->points, &descent->count, &stopped);
    percept_status status = PERCEPT_OK;
    if (arguments->out != NULL && descent->count > 0)
        status = write_files(descent, &error);
    if (status == PERCEPT_OK && arguments->json)
        status = print_json(descent, &error);
    else if (status == PERCEPT_OK && descent->count > 0)
        print_table(descent);
    if (status != PERCEPT_OK)
        return fail(&error);
    if (went != PERCEPT_OK)
        return fail(&stopped);
    if (!arguments->json)
        print_end(descent);
    print_doubts(descent);
    return STATUS_DONE;
}

int command_descend(int argc, char **argv)
{
    Arguments arguments = {.options = {.decay = 1}};
    percept_error error;
    const int parsed = read_arguments(argc, argv, &arguments);
    if (parsed != PARSER_GO_ON)
        return parsed;
    Descent descent = {.arguments = &arguments};
    if (descent_formula_create(arguments.function, arguments.gradient, &descent.formula, &error) != PERCEPT_OK)
        return fail_argument(manual.command, &error);
    descent.function = descent_formula_function(&descent.formula);
    const int status = go_down(&descent);
    memory_free(descent.points);
    descent_formula_clear(&descent.formula);
    return status;
}
