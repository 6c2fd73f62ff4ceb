#include "plot/progress.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/terminal.h"

#define REDRAW_SECONDS 0.05
#define BAR_LEAST 10
#define BAR_MOST 30
#define MOST_LINES 50 /* of finished epochs on a terminal */

#define LINE_SIZE 1024
#define FIELDS 8
#define FIELD_SIZE 48

/* The line of a terminal that the cursor is on, emptied. */
#define CLEAR_LINE "\r\033[K"

struct ProgressBar {
    FILE *stream;
    bool terminal, colour, unicode;
    bool live;             /* a bar stands in the cursor's line */
    bool ahead;            /* it is that of an epoch that has not begun */
    bool header;           /* the table has its header */
    double drawn;          /* seconds at the last redraw */
    bool waiting;          /* the last finished epoch has no line yet: */
    percept_progress last; /* this one */
};

/* A line as it is put together. */
typedef struct Line {
    char text[LINE_SIZE];
    size_t length;
} Line;

static void add(Line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(Line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line->text + line->length, LINE_SIZE - line->length, format, arguments);
    va_end(arguments);
    if (length > 0 && line->length + (size_t)length < LINE_SIZE)
        line->length += (size_t)length;
}

static void add_coloured(Line *line, const ProgressBar *bar, const char *code, const char *text)
{
    if (bar->colour)
        add(line, "\033[%sm%s\033[0m", code, text);
    else
        add(line, "%s", text);
}

/* ---- What figures look like ------------------------------------------------------------------------------------ */

static void print_loss(char text[FIELD_SIZE], double loss)
{
    const bool plain = fabs(loss) < 1000 && (fabs(loss) >= 0.001 || loss == 0);
    snprintf(text, FIELD_SIZE, plain ? "%.4f" : "%.3e", isnan(loss) ? NAN : loss); /* no sign before nan */
}

static void print_accuracy(char text[FIELD_SIZE], double accuracy)
{
    snprintf(text, FIELD_SIZE, "%.2f %%", 100 * accuracy);
}

static void print_time(char text[FIELD_SIZE], double seconds)
{
    const unsigned long whole = seconds > 0 && seconds < 1e9 ? (unsigned long)(seconds + 0.5) : 0;
    if (whole >= 3600)
        snprintf(text, FIELD_SIZE, "%lu:%02lu:%02lu", whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(text, FIELD_SIZE, "%lu:%02lu", whole / 60, whole % 60);
}

/* 532, 18.4k, 184k, 1.84M: three digits. */
static void print_rate(char text[FIELD_SIZE], double rate)
{
    static const char *const units[] = {"", "k", "M", "G"};
    size_t unit = 0;
    for (; rate >= 999.5 && unit < 3; unit++)
        rate /= 1000;
    const int decimals = unit == 0 || rate >= 99.95 ? 0 : rate >= 9.995 ? 1 : 2;
    snprintf(text, FIELD_SIZE, "%.*f%s examples/s", decimals, rate, units[unit]);
}

static bool has_validation(const percept_progress *progress)
{
    return !isnan(progress->valid_loss) || !isnan(progress->valid_accuracy);
}

static bool has_accuracy(const percept_progress *progress)
{
    return !isnan(progress->train_accuracy);
}

/* ---- The terminal ------------------------------------------------------------------------------------------------ */

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value != NULL && value[0] != '\0';
}

/* The locale's name, not nl_langinfo: the program may never have called setlocale. */
static bool speaks_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && value[0] != '\0')
            return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
    }
    return false;
}

/* One write, so that nothing gets in between. Progress that cannot be shown is no failure of the training. */
static void show(const ProgressBar *bar, const Line *line)
{
    (void)fwrite(line->text, 1, line->length, bar->stream);
    (void)fflush(bar->stream);
}

/* ---- The bar ----------------------------------------------------------------------------------------------------- */

static void add_bar(Line *line, const ProgressBar *bar, size_t width, double done)
{
    const char *full = bar->unicode ? "━" : "#", *half = bar->unicode ? "╸" : "", *empty = bar->unicode ? "─" : ".";
    const size_t halves = (size_t)(fmin(fmax(done, 0), 1) * 2 * (double)width), filled = halves / 2;
    const bool odd = halves % 2 == 1 && bar->unicode;
    if (bar->colour)
        add(line, "\033[36m");
    for (size_t i = 0; i < filled; i++)
        add(line, "%s", full);
    if (odd)
        add(line, "%s", half);
    if (bar->colour)
        add(line, "\033[0m\033[2m");
    for (size_t i = filled + odd; i < width; i++)
        add(line, "%s", empty);
    if (bar->colour)
        add(line, "\033[0m");
}

/* What stands behind the bar, the most important first; returns how many there are. */
static size_t list_fields(const percept_progress *progress, char fields[FIELDS][FIELD_SIZE])
{
    char text[FIELD_SIZE];
    size_t count = 0;
    const double steps = progress->steps > 0 ? (double)progress->steps : 1;
    const double done = ((double)progress->epoch + (double)progress->step / steps) / (double)progress->epochs;
    snprintf(text, sizeof text, "%zu", progress->steps);
    snprintf(fields[count++], FIELD_SIZE, " %*zu/%.20s", (int)strlen(text), progress->step, text);
    print_loss(text, progress->train_loss);
    snprintf(fields[count++], FIELD_SIZE, "  loss %.30s", text);
    if (has_accuracy(progress)) {
        print_accuracy(text, progress->train_accuracy);
        snprintf(fields[count++], FIELD_SIZE, "  accuracy %.30s", text);
    }
    if (progress->seconds > 0 && done > 0 && done <= 1) {
        print_time(text, progress->seconds / done * (1 - done));
        snprintf(fields[count++], FIELD_SIZE, "  %.30s left", text);
    }
    if (progress->seconds > 0) {
        print_rate(text, (double)progress->examples / progress->seconds);
        snprintf(fields[count++], FIELD_SIZE, "  %.40s", text);
    }
    return count;
}

/* The bar takes what the fields leave of the width; where that is too little, the last field goes. */
static void add_live(Line *line, const ProgressBar *bar, const percept_progress *progress)
{
    char fields[FIELDS][FIELD_SIZE], epoch[FIELD_SIZE], total[FIELD_SIZE];
    const size_t width = terminal_columns(bar->stream) - 1; /* a full line would wrap on some terminals */
    size_t count = list_fields(progress, fields), room = 0;
    snprintf(total, sizeof total, "%zu", progress->epochs);
    snprintf(epoch, sizeof epoch, "epoch %*zu/%zu ", (int)strlen(total), progress->epoch, progress->epochs);
    for (;; count--) {
        size_t taken = strlen(epoch);
        for (size_t i = 0; i < count; i++)
            taken += strlen(fields[i]);
        room = width > taken ? width - taken : 0;
        if (room >= BAR_LEAST || count == 0)
            break;
    }
    add(line, "%.*s", (int)width, epoch);
    add_bar(line, bar, room < BAR_MOST ? room : BAR_MOST, (double)progress->step / (double)progress->steps);
    for (size_t i = 0; i < count; i++)
        add(line, "%s", fields[i]);
}

/* ---- Finished epochs ----------------------------------------------------------------------------------------------- */

/* Every how many epochs a line stays: 1, 2, 5, 10, … */
static size_t line_step(size_t epochs)
{
    for (size_t power = 1;; power *= 10)
        for (size_t i = 0; i < 3; i++) {
            const size_t step = power * (const size_t[]){1, 2, 5}[i];
            if (epochs / step <= MOST_LINES)
                return step;
        }
}

/* A column of the table. */
typedef struct Cell {
    const char *header;
    int width;
    char text[FIELD_SIZE];
} Cell;

static size_t list_cells(const percept_progress *progress, Cell cells[FIELDS])
{
    const bool accuracy = has_accuracy(progress), validation = has_validation(progress);
    size_t count = 0;
    cells[count] = (Cell){.header = "epoch", .width = 5};
    snprintf(cells[count++].text, FIELD_SIZE, "%zu", progress->epoch);
    cells[count] = (Cell){.header = "train loss", .width = 13};
    print_loss(cells[count++].text, progress->train_loss);
    if (accuracy) {
        cells[count] = (Cell){.header = "accuracy", .width = 11};
        print_accuracy(cells[count++].text, progress->train_accuracy);
    }
    if (validation) {
        cells[count] = (Cell){.header = "valid loss", .width = 13};
        print_loss(cells[count++].text, progress->valid_loss);
    }
    if (validation && accuracy) {
        cells[count] = (Cell){.header = "accuracy", .width = 11};
        print_accuracy(cells[count++].text, progress->valid_accuracy);
    }
    cells[count] = (Cell){.header = "time", .width = 8};
    print_time(cells[count++].text, progress->seconds);
    return count;
}

/* A line of the table, with its header if it is the first. */
static void add_row(Line *line, ProgressBar *bar, const percept_progress *progress)
{
    Cell cells[FIELDS];
    size_t count = list_cells(progress, cells), fitting = 0;
    const int width = (int)terminal_columns(bar->stream) - 4; /* of the star */
    for (int taken = 0; fitting < count && taken + cells[fitting].width <= width; fitting++)
        taken += cells[fitting].width;
    if (!bar->header) {
        add(line, bar->colour ? "\033[2m" : "");
        for (size_t i = 0; i < fitting; i++)
            add(line, "%*s", cells[i].width, cells[i].header);
        add(line, bar->colour ? "\033[0m\n" : "\n");
        bar->header = true;
    }
    for (size_t i = 0; i < fitting; i++)
        add(line, "%*s", cells[i].width, cells[i].text);
    if (progress->best && has_validation(progress)) {
        add(line, "  ");
        add_coloured(line, bar, "33", bar->unicode ? "★" : "*");
    }
    add(line, "\n");
}

/* The same in words, for a file that somebody reads later. */
static void add_sentence(Line *line, const percept_progress *progress)
{
    char text[FIELD_SIZE];
    print_loss(text, progress->train_loss);
    add(line, "epoch %zu: loss %s", progress->epoch, text);
    if (has_accuracy(progress)) {
        print_accuracy(text, progress->train_accuracy);
        add(line, ", accuracy %s", text);
    }
    if (has_validation(progress)) {
        print_loss(text, progress->valid_loss);
        add(line, ", validation loss %s", text);
        print_accuracy(text, progress->valid_accuracy);
        if (has_accuracy(progress))
            add(line, ", accuracy %s", text);
        add(line, progress->best ? ", best so far" : "");
    }
    add(line, "\n");
}

/* ---- The calls ----------------------------------------------------------------------------------------------------- */

percept_status progress_bar_create(FILE *stream, bool terminal, ProgressBar **out, percept_error *error)
{
    ProgressBar *bar = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *bar, "the progress bar", &bar, error);
    if (status != PERCEPT_OK)
        return status;
    const char *kind = getenv("TERM");
    bar->stream = stream;
    bar->terminal = terminal && (kind == NULL || strcmp(kind, "dumb") != 0);
    bar->colour = bar->terminal && !is_set("NO_COLOR");
    bar->unicode = speaks_utf8();
    *out = bar;
    return PERCEPT_OK;
}

/* A finished epoch on a terminal: its line, if it gets one, and below it the bar of the next. */
static void finish_epoch(ProgressBar *bar, const percept_progress *progress)
{
    Line line = {0};
    const bool last = progress->epoch + 1 >= progress->epochs;
    const bool due = progress->seconds - bar->drawn >= REDRAW_SECONDS;
    bar->last = *progress;
    bar->waiting = !last && progress->epoch % line_step(progress->epochs) != 0;
    if (bar->waiting && !due)
        return;
    add(&line, CLEAR_LINE);
    if (!bar->waiting)
        add_row(&line, bar, progress);
    if (!last) {
        percept_progress next = *progress;
        next.epoch++;
        next.step = 0;
        add_live(&line, bar, &next);
    }
    bar->live = bar->ahead = !last;
    bar->drawn = progress->seconds;
    show(bar, &line);
}

void progress_bar_update(ProgressBar *bar, const percept_progress *progress)
{
    Line line = {0};
    bar->ahead = false;
    if (progress->epoch_done && bar->terminal) {
        finish_epoch(bar, progress);
    } else if (progress->epoch_done) {
        add_sentence(&line, progress);
        show(bar, &line);
    } else if (bar->terminal && (!bar->live || progress->seconds - bar->drawn >= REDRAW_SECONDS)) {
        add(&line, CLEAR_LINE);
        add_live(&line, bar, progress);
        bar->live = true;
        bar->drawn = progress->seconds;
        show(bar, &line);
    }
}

void progress_bar_free(ProgressBar *bar)
{
    Line line = {0};
    if (bar == NULL)
        return;
    if (bar->live)
        add(&line, bar->ahead || bar->waiting ? CLEAR_LINE : "\n");
    if (bar->waiting)
        add_row(&line, bar, &bar->last);
    if (line.length > 0)
        show(bar, &line);
    memory_free(bar);
}
