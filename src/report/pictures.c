/* The pictures that lie in a run's folder. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "report/sections.h"

/* Captions of pictures by the beginning of their names ("gallery" of "gallery-wrong"), in the order of the page. Other
 * pictures follow with their names as captions. */
static const struct {
    const char *word, *caption;
} captions[] = {
    {"curves", "Learning curves: how training went from epoch to epoch"},
    {"boundary", "The class that the network gives to each point of the plane, and the examples"},
    {"confusion", "Which classes are taken for which"},
    {"gallery", "Examples with their label and what the network takes them for"},
    {"mistakes", "Examples that were classified wrongly, of several networks those that all of them got wrong"},
    {"augmented", "Training pictures, and what the network sees of them in each epoch"},
    {"importance", "How much the metric falls when the values of a column are shuffled among the rows"},
    {"dependence", "How the answer depends on single columns: mean over the rows, and lines of some rows"},
    {"shap", "How far each column moved the answers for single rows from their mean"},
    {"predicted", "Predicted against true numbers"},
    {"residuals", "True minus predicted numbers, against the predicted"},
    {"roc", "ROC: the true positive rate against the false positive rate, for every threshold"},
    {"precision-recall", "Precision against recall, for every threshold"},
    {"weights", "The weights of the first layer's units, as pictures"},
    {"saliency", "How much each pixel moves the loss"},
    {"histogram", "How the weights are distributed"},
    {"activations", "Activation functions and their derivatives"},
    {"sweep", "Difference between the gradient and differences of the loss, against the size of the step"},
    {"errors", "Metrics against the setting that was varied"},
};

enum { CAPTIONS = sizeof captions / sizeof captions[0] };

typedef struct Names {
    char **list;
    size_t count, capacity;
} Names;

static size_t place_of(const char *name)
{
    for (size_t p = 0; p < CAPTIONS; p++) {
        const size_t length = strlen(captions[p].word);
        if (strncmp(captions[p].word, name, length) == 0 && strchr("-_", name[length]) != NULL) /* or the end */
            return p;
    }
    return CAPTIONS;
}

static int compare(const void *a, const void *b)
{
    const char *one = *(char *const *)a, *other = *(char *const *)b;
    const size_t place = place_of(one), next = place_of(other);
    return place != next ? (place < next ? -1 : 1) : strcmp(one, other);
}

static percept_status add_name(Names *names, const char *file, size_t length, percept_error *error)
{
    char *name = NULL;
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; i < names->count; i++)
        if (strlen(names->list[i]) == length && strncmp(names->list[i], file, length) == 0)
            return PERCEPT_OK;
    if (names->count == names->capacity) {
        const size_t capacity = 2 * names->capacity + 16;
        status =
            memory_grow(&names->list, names->count * sizeof(char *), capacity, sizeof(char *), "the pictures", error);
        names->capacity = status == PERCEPT_OK ? capacity : names->capacity;
    }
    if (status == PERCEPT_OK)
        status = memory_allocate(length + 1, 1, "a name", &name, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(name, file, length);
    name[length] = '\0';
    names->list[names->count++] = name;
    return PERCEPT_OK;
}

/* Names of what ends in .svg or .png, each once; no folder has none. */
static percept_status list_pictures(const char *folder, Names *names, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    DIR *entries = opendir(folder);
    if (entries == NULL && errno == ENOENT)
        return PERCEPT_OK;
    if (entries == NULL)
        return error_set(error, PERCEPT_ERROR_IO, "cannot read the folder '%s': %s", folder, strerror(errno));
    const struct dirent *entry = NULL;
    while (status == PERCEPT_OK && (entry = readdir(entries)) != NULL) { /* NOLINT(concurrency-mt-unsafe): own stream */
        const char *ending = strrchr(entry->d_name, '.');
        if (ending != NULL && entry->d_name[0] != '.' && (strcmp(ending, ".svg") == 0 || strcmp(ending, ".png") == 0))
            status = add_name(names, entry->d_name, (size_t)(ending - entry->d_name), error);
    }
    closedir(entries);
    if (names->count > 1)
        qsort(names->list, names->count, sizeof *names->list, compare);
    return status;
}

/* The caption of "boundary-test_part" ends in ": test part"; that of "path" is "path". */
static void show_picture(Page *page, const char *folder, const char *name)
{
    char caption[300], detail[128];
    const size_t place = place_of(name);
    const char *rest = place < CAPTIONS ? name + strlen(captions[place].word) : name;
    snprintf(detail, sizeof detail, "%s", *rest == '-' || *rest == '_' ? rest + 1 : rest);
    for (char *at = detail; *at != '\0'; at++)
        *at = *at == '-' || *at == '_' ? ' ' : *at;
    if (place < CAPTIONS)
        snprintf(caption, sizeof caption, "%s%s%s", captions[place].caption, detail[0] != '\0' ? ": " : "", detail);
    page_picture(page, folder, name, place < CAPTIONS ? caption : detail);
}

void section_pictures(Page *page, const char *folder, const ReportOptions *options)
{
    Names names = {0};
    char *plots = NULL;
    percept_error error;
    percept_status status = file_join(folder, "plots", &plots, &error);
    if (status == PERCEPT_OK)
        status = list_pictures(plots, &names, &error);
    if (status == PERCEPT_OK && names.count > 0)
        section_begin(page, options, "Pictures");
    for (size_t i = 0; status == PERCEPT_OK && i < names.count; i++)
        show_picture(page, plots, names.list[i]);
    if (status != PERCEPT_OK)
        page_fail(page, &error);
    for (size_t i = 0; i < names.count; i++)
        memory_free(names.list[i]);
    memory_free(names.list);
    memory_free(plots);
}
