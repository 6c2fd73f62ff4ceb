/* percept data make: circles and their like as a table or as arrays. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "cli/command.h"
#include "cli/help_writer.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "data/generate.h"
#include "data/npz_write.h"

static void print_generators(const HelpWriter *writer)
{
    size_t count = 0;
    const Generator *table = generators(&count);
    writer->section("Points");
    for (size_t g = 0; g < count; g++)
        writer->entry(table[g].name, NULL, table[g].summary, 14);
}

static const Manual manual = {
    .command = "percept data make",
    .example = "percept data make circles --noise 0.05 --out circles.csv\n"
               "percept train --data circles.csv --layers 2-32-2\n",
    .usage = "percept data make POINTS [FLAG]...\n",
    .text = "Generates labelled points in the plane and writes them as CSV with the columns\n"
            "x, y and label, or as NPZ with the arrays x (examples, 2) and y. A recipe can\n"
            "generate the same points itself: data.name POINTS, with data.examples,\n"
            "data.noise, data.class_count, data.turns and data.seed.\n",
    .more = print_generators,
};

typedef struct MakeArguments {
    const char *name, *out;
    GeneratorOptions options;
    size_t seed;
} MakeArguments;

static percept_status take_noise(const Option *option, const char *value, percept_error *error)
{
    GeneratorOptions *options = option->target;
    if (!number_parse(value, &options->noise) || options->noise < 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; give a number from 0 such as 0.1", value);
    options->has_noise = true;
    return PERCEPT_OK;
}

static percept_status take_turns(const Option *option, const char *value, percept_error *error)
{
    double *turns = option->target;
    if (!number_parse(value, turns) || !(*turns > 0))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is '%.64s'; give a number above 0 such as 5", value);
    return PERCEPT_OK;
}

static percept_status take_positive(const Option *option, const char *value, percept_error *error)
{
    percept_status status = option_take_count(option, value, error);
    if (status == PERCEPT_OK && *(const size_t *)option->target == 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "is 0; give a whole number such as 500");
    return status;
}

static int read_arguments(int argc, char **argv, MakeArguments *out)
{
    const Option options[] = {
        {"--count", "N", "number of examples [1100 for circles, else 1000]", take_positive, &out->options.count},
        {"--noise", "S", "standard deviation of the noise added to x and y", take_noise, &out->options},
        {"--classes", "K", "number of spirals or blobs [2 spirals, 3 blobs]", take_positive, &out->options.classes},
        {"--turns", "N", "number of turns of spirals [1]", take_turns, &out->options.turns},
        {"--seed", "SEED", "seed of the points [0]", option_take_count, &out->seed},
        {"--out", "FILE", "output file, FILE.csv or FILE.npz [standard output, as CSV]", option_take_text, &out->out},
    };
    const Operand operands[] = {{"POINTS", false, &out->name}};
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], operands, 1};
    const int status = parser_read(&parser, argc, argv);
    out->options.seed = out->seed;
    return status;
}

static int refuse_name(const char *name)
{
    const char *names[16];
    size_t count = 0;
    const Generator *table = generators(&count);
    for (size_t g = 0; g < count && g < sizeof names / sizeof names[0]; g++)
        names[g] = table[g].name;
    const char *nearest = nearest_word(name, names, count);
    if (nearest != NULL)
        return fail_usage(manual.command, "'%s' cannot be generated; did you mean '%s'?", name, nearest);
    return fail_usage(manual.command, "'%s' cannot be generated", name);
}

/* ---- Writing --------------------------------------------------------------------------------------------------- */

/* A line of the table. */
static void format_line(const Storage *storage, size_t i, char line[3 * NUMBER_SIZE])
{
    const double *point = (const double *)storage->features + 2 * i;
    char x[NUMBER_SIZE], y[NUMBER_SIZE];
    number_format(point[0], x);
    number_format(point[1], y);
    snprintf(line, (size_t)3 * NUMBER_SIZE, "%s,%s,%d\n", x, y, storage->labels[i]);
}

static const char header[] = "x,y,label\n";

static void print_csv(const Storage *storage)
{
    char line[3 * NUMBER_SIZE];
    fputs(header, stdout);
    for (size_t i = 0; i < storage->count && !ferror(stdout); i++) {
        format_line(storage, i, line);
        fputs(line, stdout);
    }
}

static percept_status write_csv(const Storage *storage, const char *path, percept_error *error)
{
    char line[3 * NUMBER_SIZE];
    FileWriter *writer = NULL;
    percept_status status = file_writer_open(path, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_write(writer, header, strlen(header));
    for (size_t i = 0; i < storage->count; i++) {
        format_line(storage, i, line);
        file_writer_write(writer, line, strlen(line));
    }
    return file_writer_commit(writer, error);
}

static percept_status write_npz(const Storage *storage, const char *path, percept_error *error)
{
    const NpzArray arrays[] = {{"x", NPZ_FLOAT64, storage->count, storage->width, storage->features},
                               {"y", NPZ_INT32, storage->count, 0, storage->labels}};
    return npz_write(path, arrays, 2, error);
}

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text);
    return length >= strlen(ending) && strcmp(text + length - strlen(ending), ending) == 0;
}

int command_data_make(int argc, char **argv)
{
    MakeArguments arguments = {0};
    Storage *storage = NULL;
    percept_error error;
    const int parsed = read_arguments(argc, argv, &arguments);
    if (parsed != PARSER_GO_ON)
        return parsed;
    const Generator *generator = generator_find(arguments.name);
    if (generator == NULL)
        return refuse_name(arguments.name);
    const char *out = arguments.out;
    const bool npz = out != NULL && ends_with(out, ".npz");
    if (out != NULL && !npz && !ends_with(out, ".csv"))
        return fail_usage(manual.command, "--out '%s' has no known format; end it with .csv or .npz", out);
    percept_status status = generator_draw(generator, &arguments.options, &storage, &error);
    if (status == PERCEPT_OK && out == NULL)
        print_csv(storage);
    else if (status == PERCEPT_OK)
        status = npz ? write_npz(storage, out, &error) : write_csv(storage, out, &error);
    storage_release(storage);
    return status == PERCEPT_OK ? STATUS_DONE : fail(&error);
}
