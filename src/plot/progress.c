#include "plot/progress.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "plot/terminal.h"

#define REDRAW_SECONDS 0.05
#define BAR_LEAST 10
#define BAR_MOST 30
#define MOST_LINES 50 /* of finished epochs on a terminal */

#define FIELDS 8
#define FIELD_SIZE 48

struct ProgressBar {
    Terminal terminal;
    bool live;             /* the line of the cursor shows a bar */
    bool ahead;            /* it is that of an epoch that has not begun */
    bool header;           /* the table has its header */
    double drawn;          /* seconds at the last redraw */
    bool waiting;          /* the last finished epoch has no line yet: */
    percept_progress last; /* this one */
};

/* ---- Formats of numbers ------------------------------------------------------------------------------------ */

static void print_loss(char text[FIELD_SIZE], double loss)
{
    const bool plain = fabs(loss) < 1000 && (fabs(loss) >= 0.001 || loss == 0);
    snprintf(text, FIELD_SIZE, plain ? "%.4f" : "%.3e", isnan(loss) ? NAN : loss); /* no sign before nan */
}

static void print_accuracy(char text[FIELD_SIZE], double accuracy)
{
    snprintf(text, FIELD_SIZE, "%.2f %%", 100 * accuracy);
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

/* ---- The bar ----------------------------------------------------------------------------------------------------- */

/* The items after the bar, the most important first; returns their number. */
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
        snprintf(fields[count++], FIELD_SIZE, "  %.30s left",
                 text_duration(progress->seconds / done * (1 - done)).text);
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
    const size_t width = terminal_width(&bar->terminal) - 1; /* a full line would wrap on some terminals */
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
    line_add(line, "%.*s", (int)width, epoch);
    line_add_bar(line, &bar->terminal, room < BAR_MOST ? room : BAR_MOST,
                 (double)progress->step / (double)progress->steps);
    for (size_t i = 0; i < count; i++)
        line_add(line, "%s", fields[i]);
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
    snprintf(cells[count++].text, FIELD_SIZE, "%s", text_duration(progress->seconds).text);
    return count;
}

/* A line of the table, with its header if it is the first. */
static void add_row(Line *line, ProgressBar *bar, const percept_progress *progress)
{
    Cell cells[FIELDS];
    size_t count = list_cells(progress, cells), fitting = 0;
    const int width = (int)terminal_width(&bar->terminal) - 4; /* of the star */
    for (int taken = 0; fitting < count && taken + cells[fitting].width <= width; fitting++)
        taken += cells[fitting].width;
    if (!bar->header) {
        line_add(line, bar->terminal.colour ? "\033[2m" : "");
        for (size_t i = 0; i < fitting; i++)
            line_add(line, "%*s", cells[i].width, cells[i].header);
        line_add(line, bar->terminal.colour ? "\033[0m\n" : "\n");
        bar->header = true;
    }
    for (size_t i = 0; i < fitting; i++)
        line_add(line, "%*s", cells[i].width, cells[i].text);
    if (progress->best && has_validation(progress)) {
        line_add(line, "  ");
        line_add_coloured(line, &bar->terminal, "33", bar->terminal.unicode ? "★" : "*");
    }
    line_add(line, "\n");
}

/* The same in words, for a log file. */
static void add_sentence(Line *line, const percept_progress *progress)
{
    char text[FIELD_SIZE];
    print_loss(text, progress->train_loss);
    line_add(line, "epoch %zu: loss %s", progress->epoch, text);
    if (has_accuracy(progress)) {
        print_accuracy(text, progress->train_accuracy);
        line_add(line, ", accuracy %s", text);
    }
    if (has_validation(progress)) {
        print_loss(text, progress->valid_loss);
        line_add(line, ", validation loss %s", text);
        print_accuracy(text, progress->valid_accuracy);
        if (has_accuracy(progress))
            line_add(line, ", accuracy %s", text);
        line_add(line, progress->best ? ", best so far" : "");
    }
    line_add(line, "\n");
}

/* ---- The calls ----------------------------------------------------------------------------------------------------- */

percept_status progress_bar_create(FILE *stream, bool terminal, ProgressBar **out, percept_error *error)
{
    ProgressBar *bar = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *bar, "the progress bar", &bar, error);
    if (status != PERCEPT_OK)
        return status;
    bar->terminal = terminal_open(stream, terminal);
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
    line_add(&line, TERMINAL_CLEAR_LINE);
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
    terminal_show(&bar->terminal, &line);
}

void progress_bar_update(ProgressBar *bar, const percept_progress *progress)
{
    Line line = {0};
    bar->ahead = false;
    if (progress->epoch_done && bar->terminal.live) {
        finish_epoch(bar, progress);
    } else if (progress->epoch_done) {
        add_sentence(&line, progress);
        terminal_show(&bar->terminal, &line);
    } else if (bar->terminal.live && (!bar->live || progress->seconds - bar->drawn >= REDRAW_SECONDS)) {
        line_add(&line, TERMINAL_CLEAR_LINE);
        add_live(&line, bar, progress);
        bar->live = true;
        bar->drawn = progress->seconds;
        terminal_show(&bar->terminal, &line);
    }
}

void progress_bar_free(ProgressBar *bar)
{
    Line line = {0};
    if (bar == NULL)
        return;
    if (bar->live)
        line_add(&line, bar->ahead || bar->waiting ? TERMINAL_CLEAR_LINE : "\n");
    if (bar->waiting)
        add_row(&line, bar, &bar->last);
    if (line.length > 0)
        terminal_show(&bar->terminal, &line);
    memory_free(bar);
}
