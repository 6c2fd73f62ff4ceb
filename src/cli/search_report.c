#include "cli/search_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/json.h"
#include "cli/shell.h"
#include "cli/text.h"
#include "plot/terminal.h"

/* Trials that the table shows; results.csv has all. */
#define MOST_ROWS 20

/* A key's column is as wide as its name or its longest value, within these. */
#define VALUE_LEAST 4
#define VALUE_MOST 24

void search_figure_text(const Search *search, double figure, char text[SEARCH_FIGURE])
{
    snprintf(text, SEARCH_FIGURE, "%s",
             isnan(figure)                ? ""
             : search_by_accuracy(search) ? text_percent(figure).text
                                          : text_loss(figure).text);
}

static const char *last_word(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL ? dot + 1 : name;
}

const char *search_short_name(const Space *space, size_t column)
{
    const char *name = space_column_name(space, column);
    for (size_t c = 0; c < space_columns(space); c++)
        if (c != column && strcmp(last_word(space_column_name(space, c)), last_word(name)) == 0)
            return name;
    return last_word(name);
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

/* The part of the table that is shown: the first rows of the ranking, and as many columns as fit. */
typedef struct TableShown {
    const Search *search;
    size_t *ranking;
    size_t rows, columns;
    size_t widths[SPACE_MOST_DIMENSIONS];
} TableShown;

static percept_status measure(TableShown *table, size_t width, percept_error *error)
{
    const Space *space = search_space(table->search);
    size_t taken = search_repeats(table->search) > 1 ? 59 : 48;
    percept_status status = PERCEPT_OK;
    for (size_t c = 0; status == PERCEPT_OK && c < space_columns(space); c++) {
        size_t widest = text_columns(search_short_name(space, c));
        widest = widest > VALUE_LEAST ? widest : VALUE_LEAST;
        for (size_t r = 0; status == PERCEPT_OK && r < table->rows; r++) {
            SearchTrial trial;
            char *text = NULL;
            search_trial(table->search, table->ranking[r], &trial);
            status = space_column_text(space, c, trial.point, &text, error);
            if (status == PERCEPT_OK && text_columns(text) > widest)
                widest = text_columns(text);
            memory_free(text);
        }
        table->widths[c] = widest < VALUE_MOST ? widest : VALUE_MOST;
        taken += table->widths[c] + 2;
        if (table->columns == c && taken <= width)
            table->columns = c + 1;
    }
    return status;
}

static void print_header(const TableShown *table)
{
    const Space *space = search_space(table->search);
    text_right(stdout, "trial", 7);
    text_right(stdout, search_by_accuracy(table->search) ? "accuracy" : "loss", 11);
    if (search_repeats(table->search) > 1)
        text_right(stdout, "±", 11);
    text_right(stdout, "epochs", 8);
    text_right(stdout, "seconds", 9);
    fputs("  ", stdout);
    text_left(stdout, "state", 9);
    for (size_t c = 0; c < table->columns; c++) {
        fputs("  ", stdout);
        text_left(stdout, search_short_name(space, c), table->widths[c]);
    }
    putchar('\n');
}

static percept_status print_row(const TableShown *table, size_t number, percept_error *error)
{
    SearchTrial trial;
    char text[SEARCH_FIGURE];
    percept_status status = PERCEPT_OK;
    search_trial(table->search, number, &trial);
    snprintf(text, sizeof text, "%zu", number);
    text_right(stdout, text, 7);
    search_figure_text(table->search, trial.figure, text);
    text_right(stdout, text, 11);
    if (search_repeats(table->search) > 1) {
        search_figure_text(table->search, trial.deviation, text);
        text_right(stdout, text, 11);
    }
    printf("%8zu%9.1f  ", trial.epochs, trial.seconds);
    text_left(stdout, run_state_name(trial.state), 9);
    for (size_t c = 0; status == PERCEPT_OK && c < table->columns; c++) {
        char *value = NULL;
        fputs("  ", stdout);
        status = space_column_text(search_space(table->search), c, trial.point, &value, error);
        if (status == PERCEPT_OK)
            text_left(stdout, value, c + 1 < table->columns ? table->widths[c] : text_columns(value));
        memory_free(value);
    }
    putchar('\n');
    return status;
}

/* Which runs of the trials that are shown diverged, by their seeds. */
static void print_diverged(const TableShown *table)
{
    for (size_t r = 0; search_repeats(table->search) > 1 && r < table->rows; r++) {
        SearchTrial trial;
        search_trial(table->search, table->ranking[r], &trial);
        if (trial.diverged == 0)
            continue;
        printf("trial %zu: %zu of %zu runs diverged, with seed", trial.number, trial.diverged,
               search_repeats(table->search));
        for (size_t run = 0; run < search_repeats(table->search); run++)
            if (search_has_diverged(table->search, trial.number, run))
                printf(" %lld", (long long)search_seed(table->search, trial.number, run));
        putchar('\n');
    }
}

static percept_status print_table(const Search *search, percept_error *error)
{
    const size_t count = search_count(search);
    const Terminal terminal = terminal_open(stdout, isatty(STDOUT_FILENO) == 1);
    TableShown table = {.search = search, .rows = count < MOST_ROWS ? count : MOST_ROWS};
    percept_status status = search_ranking(search, &table.ranking, error);
    if (status == PERCEPT_OK)
        status = measure(&table, terminal.live ? terminal_width(&terminal) : SIZE_MAX, error);
    if (status == PERCEPT_OK)
        print_header(&table);
    for (size_t r = 0; status == PERCEPT_OK && r < table.rows; r++)
        status = print_row(&table, table.ranking[r], error);
    if (status == PERCEPT_OK && (table.rows < count || table.columns < space_columns(search_space(search))))
        printf("    ... %s trials and all keys in %s/" SEARCH_RESULTS "\n", text_count(count).text,
               text_plain(search_folder(search)).text);
    if (status == PERCEPT_OK)
        print_diverged(&table);
    memory_free(table.ranking);
    return status;
}

static void print_rungs(const Search *search)
{
    char best[SEARCH_FIGURE];
    puts("\n   rung  epochs   came  went on   lost        best");
    for (size_t k = 0; k < search_rungs(search); k++) {
        const SearchRung rung = search_rung(search, k);
        search_figure_text(search, rung.best, best);
        printf("%7zu%8zu%7zu%9zu%7zu", k, rung.epochs, rung.arrived, rung.promoted, rung.lost);
        text_right(stdout, best, 12);
        putchar('\n');
    }
}

/* How trials ended: "24 trials: 20 done, 4 diverged". */
static void print_counts(const Search *search)
{
    static const RunState states[] = {RUN_DONE, RUN_PRUNED, RUN_INTERRUPTED, RUN_DIVERGED, RUN_FAILED};
    double seconds = 0;
    size_t counts[RUN_FAILED + 1] = {0};
    for (size_t t = 0; t < search_count(search); t++) {
        SearchTrial trial;
        search_trial(search, t, &trial);
        counts[trial.state]++;
        seconds += trial.seconds;
    }
    const char *between = ": ";
    printf("\n%s trials", text_count(search_count(search)).text);
    for (size_t s = 0; s < sizeof states / sizeof *states; s++)
        if (counts[states[s]] > 0) {
            printf("%s%zu %s", between, counts[states[s]], run_state_name(states[s]));
            between = ", ";
        }
    printf("; %s of training", text_duration(seconds).text);
    if (search_is_out_of_time(search))
        printf("; ended after %g minute%s", search_minutes(search),
               search_minutes(search) > 1 || search_minutes(search) < 1 ? "s" : "");
    putchar('\n');
}

/* "winner    trial 7, 0.4312 in validation", or what an ensemble is made of, beside the best trial alone. */
static void print_winner(const Search *search)
{
    const SearchEnsemble *ensemble = search_ensemble(search);
    SearchTrial trial;
    char figure[SEARCH_FIGURE], whole[SEARCH_FIGURE];
    search_trial(search, search_winner(search), &trial);
    search_figure_text(search, trial.figure, figure);
    if (ensemble->members == 0) {
        printf("winner    trial %zu, %s in validation", trial.number, figure);
        return;
    }
    search_figure_text(search, ensemble->score, whole);
    printf("best      trial %zu, %s in validation\n", trial.number, figure);
    printf("winner    ensemble of %zu network%s", ensemble->count, ensemble->count == 1 ? "" : "s");
    if (ensemble->members > ensemble->count)
        printf(" (%zu members)", ensemble->members);
    printf(", %s in validation", whole);
}

static void print_best(const Search *search, const SearchBest *best)
{
    const TextPlain plain = text_plain(search_folder(search));
    const char *folder = plain.text;
    print_winner(search);
    if (best->trained && best->test.count > 0 && !isnan(best->test.accuracy))
        printf("; test accuracy %s", text_percent(best->test.accuracy).text);
    if (best->trained && best->test.count > 0)
        printf("%s test loss %s", isnan(best->test.accuracy) ? ";" : ",", text_loss(best->test.loss).text);
    printf("\n\nresults   %s/" SEARCH_RESULTS "\nspace     %s/" RUN_FOLDER_SEARCH "\n", folder, folder);
    if (search_ensemble(search)->members > 0)
        printf("ensemble  %s/" SEARCH_ENSEMBLE "\n", folder);
    if (best->trained)
        printf("best      %s/" RUN_FOLDER_BEST "\n", folder);
    fputs("\nnext      ", stdout);
    shell_print_command(stdout, "report", folder);
    if (!best->trained)
        return;
    fputs("          ", stdout);
    shell_print_program(stdout);
    fputs(" evaluate ", stdout);
    shell_print_path(stdout, folder);
    puts("/" RUN_FOLDER_BEST);
}

percept_status search_report_print(const Search *search, const SearchBest *best, percept_error *error)
{
    percept_status status = print_table(search, error);
    if (status != PERCEPT_OK)
        return status;
    if (search_has_rungs(search))
        print_rungs(search);
    print_counts(search);
    print_best(search, best);
    return PERCEPT_OK;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static json_t *values_of(const Search *search, const SearchTrial *trial)
{
    const Space *space = search_space(search);
    json_t *values = json_object();
    for (size_t c = 0; c < space_columns(space); c++) {
        char *text = NULL;
        if (space_column_text(space, c, trial->point, &text, NULL) != PERCEPT_OK ||
            json_object_set_new(values, space_column_name(space, c), json_words(text)) != 0) {
            json_decref(values);
            values = NULL;
        }
        memory_free(text);
        if (values == NULL)
            return NULL;
    }
    return values;
}

static json_t *trial_of(const Search *search, size_t number)
{
    SearchTrial trial;
    search_trial(search, number, &trial);
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "trial", json_count(number), "state",
                     run_state_name(trial.state), "epochs", json_count(trial.epochs), "figure",
                     json_figure(trial.figure), "deviation", json_figure(trial.deviation), "converged",
                     json_count(trial.converged), "diverged", json_count(trial.diverged), "seconds",
                     json_figure(trial.seconds), "values", values_of(search, &trial));
}

static json_t *trials_of(const Search *search)
{
    json_t *list = json_array();
    size_t *ranking = NULL;
    if (search_ranking(search, &ranking, NULL) != PERCEPT_OK) {
        json_decref(list);
        return NULL;
    }
    for (size_t t = 0; list != NULL && t < search_count(search); t++)
        if (json_array_append_new(list, trial_of(search, ranking[t])) != 0) {
            json_decref(list);
            list = NULL;
        }
    memory_free(ranking);
    return list;
}

static json_t *rungs_of(const Search *search)
{
    json_t *list = json_array();
    for (size_t k = 0; list != NULL && search_has_rungs(search) && k < search_rungs(search); k++) {
        const SearchRung rung = search_rung(search, k);
        if (json_array_append_new(list,
                                  json_pack("{s:o, s:o, s:o, s:o, s:o}", "epochs", json_count(rung.epochs), "came",
                                            json_count(rung.arrived), "went_on", json_count(rung.promoted), "lost",
                                            json_count(rung.lost), "best", json_figure(rung.best))) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

static json_t *test_of(const SearchBest *best)
{
    if (!best->trained || best->test.count == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "count", json_count(best->test.count), "loss", json_figure(best->test.loss),
                     "accuracy", json_figure(best->test.accuracy));
}

/* Null without an ensemble. */
static json_t *ensemble_of(const Search *search)
{
    const SearchEnsemble *ensemble = search_ensemble(search);
    json_t *parts = json_array();
    if (ensemble->members == 0) {
        json_decref(parts);
        return json_null();
    }
    for (size_t p = 0; parts != NULL && p < ensemble->count; p++) {
        const SearchEnsemblePart *part = &ensemble->parts[p];
        if (json_array_append_new(parts, json_pack("{s:o, s:o, s:o, s:o}", "count", json_count(part->count), "member",
                                                   json_count(part->member), "repeat", json_count(part->repeat),
                                                   "trial", json_count(part->trial))) != 0) {
            json_decref(parts);
            parts = NULL;
        }
    }
    return json_pack("{s:o, s:o, s:o}", "figure", json_figure(ensemble->score), "members",
                     json_count(ensemble->members), "networks", parts);
}

percept_status search_report_json(const Search *search, const SearchBest *best, percept_error *error)
{
    return json_print(json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "ensemble", ensemble_of(search), "folder",
                                json_words(search_folder(search)), "objective",
                                search_by_accuracy(search) ? "valid_accuracy" : "valid_loss", "winner",
                                json_count(search_winner(search)), "trials", trials_of(search), "rungs",
                                rungs_of(search), "test", test_of(best)),
                      JSON_DIGITS, error);
}
