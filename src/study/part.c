#include "study/part.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "study/parts.h"

static const PartKind table[] = {
    {"text", "a paragraph", part_text},
    {"heading", "a heading", part_heading},
    {"figures", "a table: results of each run", part_figures},
    {"seeds", "a table: median over the seeds of each run", part_seeds},
    {"units", "a table: hidden units that are dead", part_units},
    {"functions", "activations and their derivatives against differences", part_functions},
    {"descend", "gradient descent on a formula", part_descend},
    {"losses", "a loss of single outputs, and its gradient", part_losses},
    {"gradcheck", "the gradient of a run's network against differences", part_gradcheck},
    {"network", "a small network over arrays, and its gradient", part_network},
    {"parameters", "a table: how many parameters networks have", part_parameters},
    {"timing", "an epoch in loop form, in matrix form, and fast", part_timing},
    {"softmax", "softmax by the textbook formula and as Percept computes it", part_softmax},
};

const PartKind *part_kind_at(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}

const PartKind *part_kind_find(const char *name)
{
    for (size_t i = 0; part_kind_at(i) != NULL; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

/* ---- Doing them -------------------------------------------------------------------------------------------------- */

/* More than there are kinds of parts and pictures. */
#define MOST_KINDS 64

static percept_status refuse_kind(const FieldSource *source, const yaml_node_t *key, percept_error *error)
{
    const char *names[MOST_KINDS], *word = (const char *)key->data.scalar.value;
    size_t count = 0, shows = 0;
    const ShowKind *kinds = show_kinds(&shows);
    for (size_t i = 0; part_kind_at(i) != NULL && count < MOST_KINDS; i++)
        names[count++] = table[i].name;
    for (size_t i = 0; i < shows && count < MOST_KINDS; i++)
        names[count++] = kinds[i].name;
    const char *nearest = nearest_word(word, names, count);
    return fields_refuse(source, key, error, "unknown part '%.60s'%s%s%s", word,
                         nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                         nearest != NULL ? "'?" : "");
}

/* How many parts of this name come before item `index` of the list. */
static size_t count_before(const FieldSource *source, const yaml_node_t *parts, size_t index, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < index; i++) {
        const yaml_node_t *item = yaml_document_get_node(source->document, parts->data.sequence.items.start[i]);
        const yaml_node_t *key = yaml_document_get_node(source->document, item->data.mapping.pairs.start->key);
        count += strcmp((const char *)key->data.scalar.value, name) == 0;
    }
    return count;
}

/* Item `index` of the list as a part: of a kind in the table, or (*show) of pictures. */
static percept_status find_part(const StudyWork *work, size_t index, Part *part, const ShowKind **show,
                                percept_error *error)
{
    const FieldSource *source = &work->study->source;
    const yaml_node_t *parts = work->study->parts;
    const yaml_node_t *item = yaml_document_get_node(source->document, parts->data.sequence.items.start[index]);
    if (item->type != YAML_MAPPING_NODE || item->data.mapping.pairs.top - item->data.mapping.pairs.start != 1)
        return fields_refuse(source, item, error, "parts: expected the name of a kind, then its fields");
    const yaml_node_t *key = yaml_document_get_node(source->document, item->data.mapping.pairs.start->key);
    if (key->type != YAML_SCALAR_NODE)
        return fields_refuse(source, key, error, "parts: expected the name of a kind");
    const char *name = (const char *)key->data.scalar.value;
    *part = (Part){.kind = part_kind_find(name),
                   .node = yaml_document_get_node(source->document, item->data.mapping.pairs.start->value),
                   .number = 1 + count_before(source, parts, index, name)};
    *show = show_kind_find(name);
    return part->kind != NULL || *show != NULL ? PERCEPT_OK : refuse_kind(source, key, error);
}

static size_t count_parts(const Study *study)
{
    const yaml_node_t *parts = study->parts;
    return parts != NULL ? (size_t)(parts->data.sequence.items.top - parts->data.sequence.items.start) : 0;
}

percept_status parts_check(const StudyWork *work, percept_error *error)
{
    const ShowKind *show = NULL;
    Part part = {0};
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && i < count_parts(work->study); i++) {
        status = find_part(work, i, &part, &show, error);
        if (status == PERCEPT_OK && part.kind == NULL)
            status = part_picture_check(work, &part, error);
    }
    return status;
}

percept_status parts_run(StudyWork *work, percept_error *error)
{
    const ShowKind *show = NULL;
    Part part = {0};
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && i < count_parts(work->study); i++) {
        status = find_part(work, i, &part, &show, error);
        if (status == PERCEPT_OK)
            status = part.kind != NULL ? part.kind->run(work, &part, error) : part_picture(work, &part, show, error);
    }
    return status;
}

/* ---- For parts --------------------------------------------------------------------------------------------------- */

percept_status part_read(const StudyWork *work, const Part *part, const Field *fields, size_t count,
                         percept_error *error)
{
    return fields_read(&work->study->source, part->node, fields, count, error);
}

percept_status part_refuse(const StudyWork *work, const Part *part, percept_error *error, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return fields_refuse(&work->study->source, part->node, error, "%s", text);
}

void part_name(const char *kind, const Part *part, const char *given, char name[PART_NAME_SIZE])
{
    if (given != NULL)
        snprintf(name, PART_NAME_SIZE, "%s", given);
    else if (part->number > 1)
        snprintf(name, PART_NAME_SIZE, "%s-%zu", kind, part->number);
    else
        snprintf(name, PART_NAME_SIZE, "%s", kind);
}

percept_status part_drawn(StudyWork *work, percept_status drawn, const char *name, const char *caption,
                          percept_error *error)
{
    if (drawn == PERCEPT_OK)
        page_picture(work->page, work->plots, name, caption);
    if (drawn == PERCEPT_OK || drawn == PERCEPT_ERROR_MEMORY)
        return drawn;
    const percept_error why = error != NULL ? *error : (percept_error){drawn, "it could not be drawn"};
    if (work->undrawn++ == 0)
        work->why = why;
    page_text_format(work->page, "There is no picture '%s': %s.", name, why.message);
    return PERCEPT_OK;
}

/* True if the run is of one of the names, or there are none. */
static bool is_named(const StudyRun *run, const FieldTexts *names)
{
    for (size_t n = 0; n < names->count; n++)
        if (strcmp(names->items[n], run->name) == 0 || strcmp(names->items[n], run->group) == 0)
            return true;
    return names->count == 0;
}

percept_status part_runs(const StudyWork *work, const Part *part, const FieldTexts *names, size_t **indices,
                         size_t *count, percept_error *error)
{
    const Study *study = work->study;
    *count = 0;
    for (size_t n = 0; n < names->count; n++) {
        const FieldTexts one = {.count = 1, .items = {names->items[n]}};
        bool found = false;
        for (size_t r = 0; r < study->run_count; r++)
            found = found || is_named(&study->runs[r], &one);
        if (!found)
            return part_refuse(work, part, error, "there is no run '%s'", names->items[n]);
    }
    percept_status status = memory_allocate(study->run_count, sizeof **indices, "the runs", indices, error);
    for (size_t r = 0; status == PERCEPT_OK && r < study->run_count; r++)
        if (study->runs[r].wanted && is_named(&study->runs[r], names))
            (*indices)[(*count)++] = r;
    return status;
}

percept_status study_run_folder(const StudyWork *work, const StudyRun *run, char **out, percept_error *error)
{
    return file_join(work->folder, run->name, out, error);
}

percept_status part_figure(StudyWork *work, const StudyRun *run, const char *figure, double value, percept_error *error)
{
    return results_add(&work->results, run != NULL ? run->name : "", RESULT_WHOLE, figure, value, error);
}
