#include "study/part_kinds.h"

#include <string.h>

#include "base/nearest.h"
#include "study/part_runs.h"

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
