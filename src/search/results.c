/* Which trial is the best, and results.csv. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "search/state.h"

/* ---- Ranking ----------------------------------------------------------------------------------------------------- */

size_t search_winner(const Search *search)
{
    size_t best = search->trial_count;
    for (size_t t = 0; t < search->trial_count; t++) {
        const TrialRecord *trial = &search->trials[t];
        if (trial->state == RUN_DONE && !isnan(trial->score) &&
            (best == search->trial_count || trial->score > search->trials[best].score))
            best = t;
    }
    return best;
}

/* A trial's place: states in this order. */
typedef struct Place {
    size_t number, order, rung;
    double score;
} Place;

static size_t order_of(RunState state)
{
    static const size_t orders[] = {[RUN_DONE] = 0,   [RUN_PRUNED] = 1,      [RUN_WAITING] = 1,  [RUN_RUNNING] = 2,
                                    [RUN_PAUSED] = 2, [RUN_INTERRUPTED] = 2, [RUN_DIVERGED] = 3, [RUN_FAILED] = 4};
    return orders[state];
}

static int compare(const void *left, const void *right)
{
    const Place *a = left, *b = right;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    if (a->rung != b->rung)
        return a->rung > b->rung ? -1 : 1;
    if (isnan(a->score) != isnan(b->score))
        return isnan(a->score) ? 1 : -1;
    if (a->score > b->score || a->score < b->score)
        return a->score > b->score ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

percept_status search_ranking(const Search *search, size_t **out, percept_error *error)
{
    const size_t count = search->trial_count;
    Place *places = NULL;
    size_t *numbers = NULL;
    percept_status status = memory_allocate(count, sizeof *places, "the ranking", &places, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(count, sizeof *numbers, "the ranking", &numbers, error);
    if (status == PERCEPT_OK) {
        for (size_t t = 0; t < count; t++)
            places[t] = (Place){t, order_of(search->trials[t].state), search->trials[t].rung, search->trials[t].score};
        if (count > 0)
            qsort(places, count, sizeof *places, compare);
        for (size_t t = 0; t < count; t++)
            numbers[t] = places[t].number;
        *out = numbers;
    }
    memory_free(places);
    return status;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

/* A text as a cell: in quotes where it has a comma or a quote. */
static void write_cell(FileWriter *writer, const char *text)
{
    if (strpbrk(text, ",\"\n") == NULL) {
        file_writer_print(writer, ",%s", text);
        return;
    }
    file_writer_print(writer, ",\"");
    for (; *text != '\0'; text++)
        file_writer_print(writer, "%s%c", *text == '"' ? "\"" : "", *text);
    file_writer_print(writer, "\"");
}

static void write_number(FileWriter *writer, double value)
{
    if (isnan(value))
        file_writer_print(writer, ",");
    else
        file_writer_print(writer, ",%.12g", value);
}

static void write_header(const Search *search, FileWriter *writer)
{
    file_writer_print(writer, "trial,state,rung,epochs,%s,deviation,converged,diverged",
                      search->by_accuracy ? "valid_accuracy" : "valid_loss");
    for (size_t c = 0; c < space_columns(search->space); c++)
        write_cell(writer, space_column_name(search->space, c));
    file_writer_print(writer, "\n");
}

/* Seeds whose runs diverged, with spaces between them. */
static void write_diverged(const Search *search, size_t trial, FileWriter *writer)
{
    const char *between = "";
    file_writer_print(writer, ",");
    for (size_t r = 0; r < search->repeats; r++)
        if (search_has_diverged(search, trial, r)) {
            file_writer_print(writer, "%s%lld", between, (long long)search_seed(search, trial, r));
            between = " ";
        }
}

static percept_status write_row(const Search *search, size_t number, FileWriter *writer, percept_error *error)
{
    SearchTrial trial;
    percept_status status = PERCEPT_OK;
    search_trial(search, number, &trial);
    file_writer_print(writer, "%zu,%s,", number,
                      run_state_name(trial.state == RUN_RUNNING ? RUN_INTERRUPTED : trial.state));
    if (search_has_rungs(search))
        file_writer_print(writer, "%zu", trial.rung);
    file_writer_print(writer, ",%zu", trial.epochs);
    write_number(writer, trial.figure);
    write_number(writer, trial.deviation);
    file_writer_print(writer, ",%zu", trial.converged);
    write_diverged(search, number, writer);
    for (size_t c = 0; status == PERCEPT_OK && c < space_columns(search->space); c++) {
        char *text = NULL;
        status = space_column_text(search->space, c, trial.point, &text, error);
        if (status == PERCEPT_OK)
            write_cell(writer, text);
        memory_free(text);
    }
    file_writer_print(writer, "\n");
    return status;
}

percept_status results_write_table(const Search *search, percept_error *error)
{
    char *path = NULL;
    FileWriter *writer = NULL;
    percept_status status = file_join(search->folder, SEARCH_RESULTS, &path, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, &writer, error);
    memory_free(path);
    if (status != PERCEPT_OK)
        return status;
    write_header(search, writer);
    for (size_t t = 0; status == PERCEPT_OK && t < search->trial_count; t++)
        status = write_row(search, t, writer, error);
    if (status == PERCEPT_OK)
        return file_writer_commit(writer, error);
    file_writer_abandon(writer);
    return status;
}
