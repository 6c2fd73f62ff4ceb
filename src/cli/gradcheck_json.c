#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "cli/gradcheck_report.h"
#include "cli/json.h"
#include "model/model.h"

/* Rows that a check of everything lists; those that are right are left out. */
#define MOST_ROWS 1000

/* A JSON number, or null for what JSON has no word for. */
static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* Appends to a list; a NULL item (no memory) makes the list NULL. */
static void append(json_t **list, json_t *item)
{
    if (*list != NULL && json_array_append_new(*list, item) == 0)
        return;
    json_decref(*list);
    *list = NULL;
}

static json_t *row(const GradcheckReport *report, const CheckEntry *entry)
{
    char name[CHECK_NAME_SIZE];
    check_name(&report->model->network, entry->number, name);
    return json_pack("{s:s, s:o, s:o, s:s}", "parameter", name, "gradient", number(entry->gradient), "difference",
                     number(entry->difference), "verdict", gradcheck_verdict(entry->verdict));
}

static json_t *rows(const GradcheckReport *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->check.entry_count; i++) {
        const CheckEntry *entry = &report->check.entries[i];
        const bool told = !report->whole || (entry->verdict != CHECK_EQUAL && entry->verdict != CHECK_ZERO);
        if (told && (!report->whole || json_array_size(list) < MOST_ROWS))
            append(&list, row(report, entry));
    }
    return list;
}

/* What a group has: how many of each verdict, and how far off. */
static json_t *figures(const CheckGroup *group)
{
    json_t *object = json_pack("{s:I, s:o, s:o, s:o}", "checked", (json_int_t)group->checked, "largest_error",
                               number(group->largest_error), "ratio_low", number(group->ratio_low), "ratio_high",
                               number(group->ratio_high));
    for (int v = 0; v < CHECK_VERDICTS && object != NULL; v++)
        json_object_set_new(object, gradcheck_verdict((CheckVerdict)v), json_integer((json_int_t)group->counts[v]));
    return object;
}

static json_t *groups(const GradcheckReport *report)
{
    json_t *list = json_array();
    for (size_t g = 0; g < report->check.group_count; g++) {
        const CheckGroup *group = &report->check.groups[g];
        char name[CHECK_NAME_SIZE];
        json_t *object = figures(group);
        check_name(&report->model->network, group->first, name);
        name[strcspn(name, "[")] = '\0';
        if (object != NULL)
            json_object_set_new(object, "name", json_string(name));
        append(&list, object);
    }
    return list;
}

static json_t *kinks(const CheckKinks *found)
{
    if (found->count == 0)
        return json_null();
    return json_pack("{s:I, s:I, s:I, s:s?, s:I, s:o}", "count", (json_int_t)found->count, "example",
                     (json_int_t)found->example, "layer", (json_int_t)found->side, "stage",
                     found->kind != NULL ? found->kind->name : NULL, "unit", (json_int_t)found->unit, "z",
                     number(found->z));
}

static json_t *points(const GradcheckReport *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->point_count; i++) {
        const CheckPoint *point = &report->points[i];
        append(&list, json_pack("{s:o, s:o, s:o}", "step", number(point->step), "forward", number(point->forward),
                                "central", number(point->central)));
    }
    return report->point_count > 0 ? list : (json_decref(list), json_null());
}

static json_t *check_object(const GradcheckReport *report)
{
    const CheckReport *check = &report->check;
    return json_pack("{s:s, s:s, s:I, s:s, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:b}", "data", report->data, "engine",
                     report->engine, "examples", (json_int_t)report->examples, "method",
                     check_method_name(check->method), "step", number(check->step), "loss", number(check->loss),
                     "right", check->all.counts[CHECK_WRONG] == 0, "all", figures(&check->all), "groups",
                     groups(report), "rows", rows(report), "kinks", kinks(&check->kinks), "trained", report->trained);
}

static json_t *loops_object(const GradcheckReport *report, const LoopReport *loops, size_t count)
{
    json_t *list = json_array();
    bool right = true;
    for (size_t i = 0; i < count; i++) {
        right = right && loops[i].equal;
        append(&list, json_pack("{s:I, s:o, s:o, s:b}", "examples", (json_int_t)loops[i].examples, "largest_difference",
                                number(loops[i].largest), "largest_gradient", number(loops[i].scale), "right",
                                loops[i].equal));
    }
    return json_pack("{s:s, s:s, s:o, s:b, s:b}", "data", report->data, "engine", report->engine, "loop", list, "right",
                     right, "trained", report->trained);
}

percept_status gradcheck_print_json(const GradcheckReport *report, const LoopReport *loops, size_t loop_count,
                                    percept_error *error)
{
    json_t *object = loops != NULL ? loops_object(report, loops, loop_count) : check_object(report);
    if (object != NULL && loops == NULL)
        json_object_set_new(object, "sweep", points(report));
    char *text = NULL;
    percept_status status = json_text(object, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(17),
                                      "the report as JSON", &text, error);
    json_decref(object);
    if (status == PERCEPT_OK)
        json_print_text(text);
    memory_free(text);
    return status;
}
