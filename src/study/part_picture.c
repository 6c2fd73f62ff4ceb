/* Pictures of runs: `KIND: {runs: [NAME, …], name: FILE, caption: TEXT, each: true, …}`, the rest being what the kind
 * makes use of (show/show.h). `each`: a picture for every run. `when: initial`: of the weights that the runs began with. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "study/part_runs.h"

typedef struct Options {
    FieldTexts runs, figures;
    const char *name, *caption, *when;
    bool each, initial;
    uint64_t layer, count;
    ShowOptions show;
    char list[256]; /* metrics separated by commas */
} Options;

/* The longest name that is given to a picture: files beside it have longer ones. */
#define LONGEST_NAME 40

static bool is_file_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && *c != '-' && *c != '_')
            return false;
    return strlen(name) <= LONGEST_NAME;
}

static percept_status read_options(const StudyWork *work, const Part *part, Options *out, percept_error *error)
{
    ShowOptions *show = &out->show;
    const Field fields[] = {
        {"runs", &out->runs, FIELD_TEXTS, false},   {"figures", &out->figures, FIELD_TEXTS, false},
        {"name", &out->name, FIELD_TEXT, false},    {"caption", &out->caption, FIELD_TEXT, false},
        {"each", &out->each, FIELD_BOOLEAN, false}, {"layer", &out->layer, FIELD_COUNT, false},
        {"count", &out->count, FIELD_COUNT, false}, {"title", &show->title, FIELD_TEXT, false},
        {"log", &show->log, FIELD_BOOLEAN, false},  {"part", &show->part, FIELD_TEXT, false},
        {"when", &out->when, FIELD_TEXT, false},    {"key", &show->key, FIELD_TEXT, false},
        {"seed", &show->seed, FIELD_COUNT, false},
    };
    percept_status status = part_read(work, part, fields, sizeof fields / sizeof fields[0], error);
    out->initial = out->when != NULL && strcmp(out->when, "initial") == 0;
    if (status == PERCEPT_OK && out->when != NULL && !out->initial && strcmp(out->when, "trained") != 0)
        status = part_refuse(work, part, error, "when: expected initial or trained, found '%.64s'", out->when);
    if (status == PERCEPT_OK && out->name != NULL && !is_file_name(out->name))
        status = part_refuse(work, part, error, "name: expected up to %d letters, digits, - and _, found '%.64s'",
                             LONGEST_NAME, out->name);
    show->layer = (size_t)out->layer;
    show->count = (size_t)out->count;
    for (size_t f = 0; f < out->figures.count; f++) {
        const size_t length = strlen(out->list);
        snprintf(out->list + length, sizeof out->list - length, "%s%s", f > 0 ? "," : "", out->figures.items[f]);
    }
    show->figures = out->figures.count > 0 ? out->list : NULL;
    return status;
}

/* Puts the network that the recipe begins with in place of the trained one. */
static percept_status begin_again(ShowRun *run, percept_error *error)
{
    percept_model_free(run->model);
    run->model = NULL;
    return percept_model_create(run->recipe, run->data, &run->model, error);
}

/* Opens a run, which is then called as in the study. */
static percept_status open_run(const StudyWork *work, const StudyRun *run, unsigned needs, bool initial, ShowRun *out,
                               percept_error *error)
{
    char *folder = NULL;
    const bool anew = initial && (needs & SHOW_MODEL) != 0;
    percept_status status = study_run_folder(work, run, &folder, error);
    if (status == PERCEPT_OK)
        status = show_run_open(folder, anew ? needs | SHOW_RECIPE | SHOW_DATA : needs, out, error);
    if (status == PERCEPT_OK && anew)
        status = begin_again(out, error);
    memory_free(folder);
    return status;
}

/* Draws the runs into one picture. */
static percept_status draw(StudyWork *work, const ShowKind *kind, const Options *options, const size_t *indices,
                           size_t count, const char *name, const char *caption, percept_error *error)
{
    ShowRun *opened = NULL, *shown = NULL;
    percept_status status = memory_allocate_zeroed(count, sizeof *opened, "the runs", &opened, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(count, sizeof *shown, "the runs", &shown, error);
    for (size_t i = 0; status == PERCEPT_OK && i < count; i++) {
        const StudyRun *run = &work->study->runs[indices[i]];
        status = open_run(work, run, kind->needs, options->initial, &opened[i], error);
        if (status == PERCEPT_OK) {
            shown[i] = opened[i];
            shown[i].name = run->name[0] != '\0' ? run->name : work->study->name;
        }
    }
    if (status == PERCEPT_OK) {
        const percept_status drawn = show_draw(kind, shown, count, &options->show, work->plots, name, error);
        status = part_drawn(work, drawn, name, caption, error);
    }
    for (size_t i = 0; opened != NULL && i < count; i++)
        show_run_close(&opened[i]);
    memory_free(shown);
    memory_free(opened);
    return status;
}

/* A run's name as part of a file's. */
static void make_file_name(char *name)
{
    for (char *c = name; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && *c != '_')
            *c = '-';
}

percept_status part_picture_check(const StudyWork *work, const Part *part, percept_error *error)
{
    static const Options defaults;
    Options options = defaults;
    size_t *indices = NULL, count = 0;
    percept_status status = read_options(work, part, &options, error);
    if (status == PERCEPT_OK)
        status = part_runs(work, part, &options.runs, &indices, &count, error);
    memory_free(indices);
    return status;
}

percept_status part_picture(StudyWork *work, const Part *part, const ShowKind *show, percept_error *error)
{
    static const Options defaults;
    Options options = defaults;
    char name[PART_NAME_SIZE];
    size_t *indices = NULL, count = 0;
    percept_status status = read_options(work, part, &options, error);
    if (status == PERCEPT_OK)
        status = part_runs(work, part, &options.runs, &indices, &count, error);
    part_name(show->name, part, options.name, name);
    if (status == PERCEPT_OK && !options.each && count > 0)
        status = draw(work, show, &options, indices, count, name, options.caption, error);
    for (size_t i = 0; status == PERCEPT_OK && options.each && i < count; i++) {
        const char *run = work->study->runs[indices[i]].name;
        char own[2 * PART_NAME_SIZE]; /* longer than gnuplot_draw accepts; it reports the error */
        char caption[256];
        snprintf(own, sizeof own, "%s-%.*s", name, PART_NAME_SIZE - 2, run);
        make_file_name(own);
        snprintf(caption, sizeof caption, "%s%s%s", run, options.caption != NULL ? ": " : "",
                 options.caption != NULL ? options.caption : "");
        status = draw(work, show, &options, indices + i, 1, own, caption, error);
    }
    memory_free(indices);
    return status;
}
