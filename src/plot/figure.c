#include "plot/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

static const struct {
    const char *prefix, *name;
} parts[FIGURE_PARTS] = {[FIGURE_TRAIN] = {"train_", "training"},
                         [FIGURE_VALID] = {"valid_", "validation"},
                         [FIGURE_TEST] = {"test_", "test"},
                         [FIGURE_OTHER] = {"", ""}};

/* A word at the beginning of a metric's name, after its part. */
typedef struct Measure {
    const char *word, *unit;
    double scale, low, high;
    bool logarithmic;
} Measure;

static const Measure measures[] = {
    {"loss_sum", "loss (sum)", 1, -INFINITY, INFINITY, true},
    {"loss", "loss", 1, -INFINITY, INFINITY, true},
    {"accuracy", "accuracy (%)", 100, 0, 100, false},
    {"error", "error (%)", 100, 0, 100, true},
};

/* "naive" of "_naive": the rest of a name after its measure, with spaces. */
static void read_rest(const char *rest, char text[FIGURE_NAME_SIZE])
{
    while (*rest == '_')
        rest++;
    snprintf(text, FIGURE_NAME_SIZE, "%s", rest);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
}

static void write_label(Figure *figure, const char *rest)
{
    char words[FIGURE_NAME_SIZE];
    read_rest(rest, words);
    const char *part = parts[figure->part].name;
    snprintf(figure->label, FIGURE_NAME_SIZE, "%.20s%s%.40s", part, part[0] != '\0' && words[0] != '\0' ? ", " : "",
             words);
}

bool figure_of(const char *column, Figure *out)
{
    *out = (Figure){.part = FIGURE_OTHER, .scale = 1, .limits = {-INFINITY, INFINITY}, .logarithmic = true};
    snprintf(out->column, FIGURE_NAME_SIZE, "%s", column);
    snprintf(out->source, FIGURE_NAME_SIZE, "%s", column);
    for (int p = FIGURE_TRAIN; p < FIGURE_OTHER && out->part == FIGURE_OTHER; p++)
        if (strncmp(column, parts[p].prefix, strlen(parts[p].prefix)) == 0)
            out->part = (FigurePart)p;
    const char *rest = column + strlen(parts[out->part].prefix);
    for (size_t m = 0; m < sizeof measures / sizeof *measures; m++) {
        const Measure *measure = &measures[m];
        if (strncmp(rest, measure->word, strlen(measure->word)) != 0)
            continue;
        snprintf(out->unit, FIGURE_NAME_SIZE, "%s", measure->unit);
        out->scale = measure->scale;
        out->limits = (Range){measure->low, measure->high};
        out->logarithmic = measure->logarithmic;
        write_label(out, rest + strlen(measure->word));
        if (out->label[0] == '\0') /* "loss_sum": of the training part */
            snprintf(out->label, FIGURE_NAME_SIZE, "%s", parts[FIGURE_TRAIN].name);
        if (out->part == FIGURE_OTHER)
            out->part = FIGURE_TRAIN;
        return true;
    }
    read_rest(rest, out->unit);
    write_label(out, rest);
    return false;
}

double figure_value(const Figure *figure, const Table *table, size_t row)
{
    const int column = table_find(table, figure->source);
    return column < 0 ? NAN : figure->offset + figure->scale * table->values[row * table->columns + (size_t)column];
}

/* True if some table has the column. */
static bool has_column(const Table *tables, size_t count, const char *column)
{
    for (size_t t = 0; t < count; t++)
        if (table_find(&tables[t], column) >= 0)
            return true;
    return false;
}

/* Both words may end a name. */
static bool ends_with(const char *name, const char *end)
{
    const size_t length = strlen(name);
    return length >= strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

static void derive_error(const Table *tables, size_t count, Figure *figure)
{
    char accuracy[FIGURE_NAME_SIZE];
    const size_t before = strlen(figure->column) - strlen("error");
    if (!ends_with(figure->column, "error") || before + sizeof "accuracy" > sizeof accuracy ||
        has_column(tables, count, figure->column))
        return;
    snprintf(accuracy, sizeof accuracy, "%.*saccuracy", (int)before, figure->column);
    if (!has_column(tables, count, accuracy))
        return;
    snprintf(figure->source, sizeof figure->source, "%s", accuracy);
    figure->offset = 100;
    figure->scale = -100;
}

static percept_status refuse(const Table *tables, const char *name, percept_error *error)
{
    const char *nearest = nearest_word(name, (const char *const *)tables[0].names, tables[0].columns);
    char list[500] = "";
    size_t used = 0;
    for (size_t c = 0; c < tables[0].columns && used < sizeof list; c++)
        if (strcmp(tables[0].names[c], "epoch") != 0)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "", tables[0].names[c]);
    return nearest != NULL
               ? error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no metric '%s'; did you mean %s?", name, nearest)
               : error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no metric '%s'; there are %s", name, list);
}

percept_status figures_read(const char *names, const Table *tables, size_t count, FigureList *out, percept_error *error)
{
    out->count = 0;
    for (;;) {
        char name[FIGURE_NAME_SIZE];
        const size_t length = strcspn(names, ",");
        if (length == 0 || length >= sizeof name || out->count == FIGURES_MOST)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "'%.200s' is no list of metrics; give up to %d names such as train_loss,valid_loss", names,
                             FIGURES_MOST);
        snprintf(name, sizeof name, "%.*s", (int)length, names);
        Figure *figure = &out->items[out->count++];
        (void)figure_of(name, figure);
        derive_error(tables, count, figure);
        if (!has_column(tables, count, figure->source))
            return refuse(tables, name, error);
        if (names[length] == '\0')
            return PERCEPT_OK;
        names += length + 1;
    }
}

/* The error that 1 - accuracy is. */
static void turn_into_error(Figure *figure)
{
    char column[FIGURE_NAME_SIZE], source[FIGURE_NAME_SIZE];
    if (!ends_with(figure->column, "accuracy"))
        return;
    snprintf(source, sizeof source, "%s", figure->source);
    snprintf(column, sizeof column, "%.*serror", (int)(strlen(source) - strlen("accuracy")), source);
    (void)figure_of(column, figure);
    snprintf(figure->source, sizeof figure->source, "%s", source);
    figure->offset = 100;
    figure->scale = -100;
}

void figures_find(const Table *tables, size_t count, bool errors, FigureList *out)
{
    const bool valid = has_column(tables, count, "valid_loss");
    out->count = 0;
    for (size_t t = 0; t < count; t++)
        for (size_t c = 0; c < tables[t].columns; c++) {
            Figure figure = {0};
            bool known = !figure_of(tables[t].names[c], &figure) || out->count == FIGURES_MOST ||
                         (count > 1 && valid && figure.part == FIGURE_TEST);
            if (errors)
                turn_into_error(&figure);
            for (size_t f = 0; f < out->count && !known; f++)
                known = strcmp(out->items[f].column, figure.column) == 0;
            if (!known)
                out->items[out->count++] = figure;
        }
}
