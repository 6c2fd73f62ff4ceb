#include "plot/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *prefix, *name;
} parts[FIGURE_PARTS] = {[FIGURE_TRAIN] = {"train_", "training"},
                         [FIGURE_VALID] = {"valid_", "validation"},
                         [FIGURE_TEST] = {"test_", "test"},
                         [FIGURE_OTHER] = {"", ""}};

/* A word that a figure's name begins with, behind its part. */
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

const char *figure_part_name(FigurePart part)
{
    return parts[part].name;
}

/* "naive" of "_naive": what is left of a name behind its measure, with spaces. */
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
