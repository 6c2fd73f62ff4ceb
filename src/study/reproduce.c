#include "study/reproduce.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/run_folder.h"
#include "study/join.h"
#include "study/part_kinds.h"
#include "study/study_file.h"

/* ---- The study's file ------------------------------------------------------------------------------------------- */

/* The study is one run, which has the folder for itself. */
static bool is_single(const Study *study)
{
    return study->run_count == 1 && study->runs[0].name[0] == '\0';
}

/* The study as it is done. */
static percept_status write_study(const StudyWork *work, percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(work->folder, RUN_FOLDER_STUDY, &path, error);
    if (status == PERCEPT_OK)
        status = study_write(work->study, path, error);
    if (status == PERCEPT_OK)
        status = study_copy_recipes(work->study, work->folder, error);
    memory_free(path);
    return status;
}

/* ---- A run ------------------------------------------------------------------------------------------------------- */

/* With more classes, single pairs are not compared. */
#define MOST_CLASSES 100

/* The results of the final model on a part of the data: "final valid_loss", and the predictions for each class: "valid
 * true 5", "valid 5 taken for 8". */
static percept_status add_metrics(Results *results, const StudyRun *run, const Run *live, const char *part,
                                  const percept_metrics *metrics, percept_error *error)
{
    char name[256];
    snprintf(name, sizeof name, "final %s_loss", part);
    percept_status status = results_add(results, run->name, RESULT_WHOLE, name, metrics->loss, error);
    snprintf(name, sizeof name, "final %s_accuracy", part);
    if (status == PERCEPT_OK && metrics->classes > 0)
        status = results_add(results, run->name, RESULT_WHOLE, name, metrics->accuracy, error);
    const size_t cells = metrics->classes <= MOST_CLASSES ? metrics->classes * metrics->classes : 0;
    for (size_t i = 0; status == PERCEPT_OK && i < cells; i++) {
        const char *label = percept_model_class_name(live->model, i / metrics->classes);
        const char *taken = percept_model_class_name(live->model, i % metrics->classes);
        if (i / metrics->classes == i % metrics->classes)
            snprintf(name, sizeof name, "%s true %.80s", part, label);
        else
            snprintf(name, sizeof name, "%s %.80s taken for %.80s", part, label, taken);
        status = results_add(results, run->name, RESULT_WHOLE, name, (double)metrics->confusion[i], error);
    }
    return status;
}

/* Measures a part, if there is one, and adds its results. */
static percept_status add_part(Results *results, const StudyRun *run, const Run *live, const char *part,
                               const percept_dataset *data, percept_error *error)
{
    percept_metrics metrics = {.struct_size = sizeof metrics};
    if (data == NULL)
        return PERCEPT_OK;
    percept_status status =
        percept_model_evaluate(live->model, data, (size_t)recipe_integer(live->recipe, "threads"), &metrics, error);
    if (status == PERCEPT_OK)
        status = add_metrics(results, run, live, part, &metrics, error);
    percept_metrics_clear(&metrics);
    return status;
}

static percept_status add_figures(Results *results, const StudyRun *run, const Run *live, percept_error *error)
{
    percept_status status = results_add_metrics(results, run->name, live->folder, error);
    if (status == PERCEPT_OK)
        status = results_add(results, run->name, RESULT_WHOLE, "parameters",
                             (double)percept_model_parameters(live->model), error);
    if (status == PERCEPT_OK && live->result.seconds > 0) /* not of a run that was finished before */
        status = results_add(results, run->name, RESULT_WHOLE, "seconds", live->result.seconds, error);
    if (status == PERCEPT_OK)
        status = add_part(results, run, live, "train", live->data.train, error);
    if (status == PERCEPT_OK)
        status = add_part(results, run, live, "valid", live->data.valid, error);
    if (status == PERCEPT_OK && live->test.count > 0) /* measured when the run was finished */
        return add_metrics(results, run, live, "test", &live->test, error);
    return status == PERCEPT_OK ? add_part(results, run, live, "test", live->data.test, error) : status;
}

/* A finished run needs no checkpoint any more, and a study may have many runs. */
static percept_status remove_checkpoint(const Run *live, percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(live->folder, CHECKPOINT_FILE, &path, error);
    if (status == PERCEPT_OK)
        (void)unlink(path);
    memory_free(path);
    return status;
}

/* True if the run was begun before; *finished, and ended. */
static bool was_begun(const StudyPlace *place, const char *folder, bool *finished)
{
    return place->resume && run_folder_find(folder, finished, NULL) == PERCEPT_OK;
}

static void warn_unrecorded(const StudyWatcher *watcher, const char *what, const percept_error *error)
{
    char message[sizeof error->message + 64];
    snprintf(message, sizeof message, "the run is not recorded%s: %s", what, error->message);
    if (watcher->warns != NULL)
        watcher->warns(message, watcher->user);
}

/* In the runs database, under the study's folder where there are several; a failure to record it is reported. */
static bool record(const StudyWork *work, Run *live, const StudyWatcher *watcher)
{
    const RunPlace place = {.kind = "reproduce", .whole = is_single(work->study) ? NULL : work->folder};
    percept_error error;
    const bool recorded = run_record(live, &place, &error) == PERCEPT_OK;
    if (!recorded)
        warn_unrecorded(watcher, "", &error);
    return recorded;
}

static void check_record(const Run *live, const StudyWatcher *watcher)
{
    percept_error failure;
    if (run_recorded(live, &failure) != PERCEPT_OK)
        warn_unrecorded(watcher, " to its end", &failure);
}

/* Trains a run to its end, from its start or its checkpoint. */
static percept_status train_one(StudyWork *work, const StudyPlace *place, const StudyRun *run, Run *live, bool begun,
                                size_t number, size_t count, const StudyWatcher *watcher, percept_error *error)
{
    char *folder = NULL;
    percept_status status = study_run_folder(work, run, &folder, error);
    if (status == PERCEPT_OK)
        status = begun ? run_resume(live, run->recipe, folder, error)
                       : run_begin(live, run->recipe, folder, place->force || place->resume, error);
    memory_free(folder);
    if (status == PERCEPT_OK && number == 1) /* not before: a study whose data are missing leaves nothing to resume */
        status = write_study(work, error);
    if (status != PERCEPT_OK)
        return status;
    const bool recorded = record(work, live, watcher);
    if (watcher->begins != NULL)
        watcher->begins(run, number, count, live, watcher->user);
    status = run_train(live, watcher->progress, watcher->user, error);
    if (watcher->ended != NULL)
        watcher->ended(run, live, watcher->user);
    if (status == PERCEPT_OK)
        status = run_finish(live, error);
    if (recorded)
        check_record(live, watcher);
    return status == PERCEPT_OK ? remove_checkpoint(live, error) : status;
}

static percept_status do_run(StudyWork *work, const StudyPlace *place, const StudyRun *run, size_t number, size_t count,
                             const StudyWatcher *watcher, percept_error *error)
{
    Run live = {.lock = -1};
    char *folder = NULL;
    bool finished = false;
    percept_status status = study_run_folder(work, run, &folder, error);
    const bool begun = status == PERCEPT_OK && was_begun(place, folder, &finished);
    if (status == PERCEPT_OK && begun && finished)
        status = run_open(&live, run->recipe, folder, error);
    else if (status == PERCEPT_OK)
        status = train_one(work, place, run, &live, begun, number, count, watcher, error);
    if (status == PERCEPT_OK)
        status = add_figures(&work->results, run, &live, error);
    if (status != PERCEPT_OK && status != PERCEPT_ERROR_INTERRUPTED && run->name[0] != '\0')
        error_prefix(error, "run %s", run->name);
    run_clear(&live);
    memory_free(folder);
    return status;
}

/* Refuses a folder in which other runs have the names of ours. */
static percept_status check_folders(const StudyWork *work, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t r = 0; status == PERCEPT_OK && r < work->study->run_count; r++) {
        char *folder = NULL;
        bool finished = false;
        if (!work->study->runs[r].wanted)
            continue;
        status = study_run_folder(work, &work->study->runs[r], &folder, error);
        if (status == PERCEPT_OK && run_folder_find(folder, &finished, NULL) == PERCEPT_OK)
            status =
                error_set(error, PERCEPT_ERROR_ARGUMENT,
                          "the folder '%s' holds a run already; choose another, or replace it with --force", folder);
        memory_free(folder);
    }
    return status;
}

static percept_status do_runs(StudyWork *work, const StudyPlace *place, const StudyWatcher *watcher,
                              percept_error *error)
{
    const Study *study = work->study;
    size_t wanted = 0, number = 0;
    percept_status status = PERCEPT_OK;
    for (size_t r = 0; r < study->run_count; r++)
        wanted += study->runs[r].wanted;
    for (size_t r = 0; status == PERCEPT_OK && r < study->run_count; r++)
        if (study->runs[r].wanted)
            status = do_run(work, place, &study->runs[r], ++number, wanted, watcher, error);
    if (status == PERCEPT_OK && watcher->trained != NULL && watcher->trained(watcher->user) != 0)
        status = error_set(error, PERCEPT_ERROR_INTERRUPTED, "stopped after the last run");
    return status;
}

/* ---- The report -------------------------------------------------------------------------------------------------- */

static void report_head(const StudyWork *work)
{
    const Study *study = work->study;
    const percept_recipe *recipe = study->run_count > 0 ? study->runs[0].recipe : study->common;
    char text[128];
    for (size_t i = 0; i < study->notes.count; i++)
        page_text(work->page, study->notes.items[i]);
    if (study->changes.count > 0) {
        page_notice(work->page, PAGE_PLAIN, "Settings that were changed:");
        for (size_t i = 0; i < study->changes.count; i++)
            page_code(work->page, study->changes.items[i]);
    }
    if (study->run_count == 0)
        return;
    page_facts_begin(work->page);
    page_fact(work->page, "data", recipe_text(recipe, "data.name"));
    snprintf(text, sizeof text, "%s, %s", recipe_text(recipe, "engine"), recipe_text(recipe, "precision"));
    page_fact(work->page, "engine", text);
    snprintf(text, sizeof text, "%zu", study->run_count);
    page_fact(work->page, "runs", text);
    page_facts_end(work->page);
}

static void report_comparison(const StudyWork *work, const Published *published)
{
    char text[128];
    if (published->count == 0)
        return;
    page_heading(work->page, "Compared with what was published");
    if (work->study->changed) {
        page_text(work->page, "The settings were changed, so the published values belong to another experiment.");
        return;
    }
    snprintf(text, sizeof text, "%zu of %zu values agree", published->agreed, published->compared);
    if (published->compared == 0)
        page_text(work->page,
                  "These values depend on something unknown. Ours are shown beside them, but not compared.");
    else
        page_notice(work->page, published->agreed == published->compared ? PAGE_GOOD : PAGE_BAD, text);
    published_report(published, work->page);
}

static void report_recipe(const StudyWork *work)
{
    page_heading(work->page, "The recipe");
    page_details_begin(work->page, work->study->name);
    page_code(work->page, work->study->text);
    page_details_end(work->page);
}

static percept_status write_page(const StudyWork *work, percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(work->folder, "report.html", &path, error);
    if (status == PERCEPT_OK)
        status = page_write(work->page, path, error);
    memory_free(path);
    return status;
}

/* Parts and comparison, when all runs are there. */
static percept_status make_report(StudyWork *work, Published *published, percept_error *error)
{
    char *plots = NULL;
    const Study *study = work->study;
    percept_status status = file_join(work->folder, "plots", &plots, error);
    work->plots = plots;
    if (status == PERCEPT_OK)
        status = file_make_folder(plots, error);
    if (status == PERCEPT_OK)
        status = page_create(study->about != NULL ? study->about : study->name, study->name, &work->page, error);
    if (status == PERCEPT_OK) {
        report_head(work);
        status = parts_run(work, error);
    }
    if (status == PERCEPT_OK) {
        published_compare(published, &work->results);
        report_comparison(work, published);
        report_recipe(work);
        status = write_page(work, error);
    }
    page_free(work->page);
    memory_free(plots);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

percept_status study_reproduce(Study *study, const StudyPlace *place, const StudyWatcher *watcher, char **folder,
                               Published *published, percept_error *error)
{
    StudyWork work = {.study = study};
    percept_status status = parts_check(&work, error);
    *published = (Published){0};
    if (status == PERCEPT_OK)
        status = published_read(place->published, published, error);
    if (status == PERCEPT_OK)
        status = place->resume ? memory_copy_string(place->out, folder, error)
                               : run_folder_create(place->out, study->name, place->force, folder, error);
    work.folder = *folder;
    if (status == PERCEPT_OK && !place->resume && !place->force)
        status = check_folders(&work, error);
    if (status == PERCEPT_OK && !place->resume && study->run_count == 0) /* else with the first run */
        status = write_study(&work, error);
    if (status == PERCEPT_OK)
        status = do_runs(&work, place, watcher, error);
    if (status == PERCEPT_OK && study->run_count > 0 && !is_single(study))
        status = join_metrics(&work, error);
    if (status == PERCEPT_OK)
        status = make_report(&work, published, error);
    if (status == PERCEPT_OK && work.undrawn > 0 && watcher->warns != NULL) {
        char message[sizeof work.why.message + 64];
        if (work.undrawn == 1)
            snprintf(message, sizeof message, "a picture is missing: %s", work.why.message);
        else
            snprintf(message, sizeof message, "%zu pictures are missing; the first: %s", work.undrawn,
                     work.why.message);
        watcher->warns(message, watcher->user);
    }
    results_clear(&work.results);
    return status;
}
