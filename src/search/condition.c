#include "search/condition.h"

#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/quote.h"
#include "recipe/experiment.h"
#include "recipe/optimizer_keys.h"
#include "store/predicate.h"

/* ---- Names ------------------------------------------------------------------------------------------------------- */

static double depth_of(const percept_recipe *recipe)
{
    const size_t count = recipe_count(recipe, "model.layers");
    return count > 2 ? (double)(count - 2) : 0;
}

static const struct {
    const char *name;
    double (*value)(const percept_recipe *recipe);
} derived[] = {{"model.parameters", experiment_parameters}, {"model.depth", depth_of}};

#define DERIVED (sizeof derived / sizeof *derived)

/* The left side of a comparison: a key, or a value derived from keys. */
typedef struct Name {
    const Key *key; /* or NULL: */
    size_t derived;
} Name;

static bool is_number(const Name *name)
{
    return name->key == NULL || (!name->key->list && (name->key->type == KEY_INTEGER || name->key->type == KEY_NUMBER));
}

static percept_status refuse_name(const char *name, percept_error *error)
{
    const char *names[DERIVED];
    char quoted[QUOTED_SIZE];
    for (size_t i = 0; i < DERIVED; i++)
        names[i] = derived[i].name;
    const Key *key = recipe_key_nearest(name);
    const char *nearest = nearest_word(name, names, DERIVED);
    if (nearest == NULL && key != NULL)
        nearest = key->name;
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "unknown key %s%s%s%s", quote_text(name, quoted),
                     nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "'?" : "");
}

static percept_status find_name(const char *name, Name *out, percept_error *error)
{
    *out = (Name){.key = recipe_key_find(name)};
    while (out->key == NULL && out->derived < DERIVED && strcmp(derived[out->derived].name, name) != 0)
        out->derived++;
    return out->key == NULL && out->derived == DERIVED ? refuse_name(name, error) : PERCEPT_OK;
}

/* ---- Comparisons --------------------------------------------------------------------------------------------------- */

/* What a node compares, if it does. */
typedef struct Comparison {
    Name name;
    double numbers[2]; /* what a number is compared with; the least and the most of `in` */
    char **values;     /* or what else: as recipes format them; as many as the node has, owned */
} Comparison;

struct Condition {
    Predicate predicate;
    Comparison *comparisons; /* one for each node */
};

static percept_status read_numbers(const Predicate *predicate, const PredicateNode *node, Comparison *out,
                                   percept_error *error)
{
    if (node->comparison == PREDICATE_IN && node->value_count != 2)
        return predicate_refuse(predicate, node->values, "expected two numbers, the least and the most", error);
    for (size_t v = 0; v < node->value_count; v++)
        if (!number_parse(node->values[v].text, &out->numbers[v]))
            return predicate_refuse(predicate, &node->values[v], "expected a number", error);
    return PERCEPT_OK;
}

/* Values that the key may have, as it formats them. */
static percept_status read_values(const Predicate *predicate, const PredicateNode *node, Comparison *out,
                                  percept_error *error)
{
    const char *key = out->name.key->name;
    percept_recipe *recipe = NULL;
    if (node->comparison < PREDICATE_EQUAL)
        return predicate_refuse(predicate, &node->sign, "this key is no number; compare it with =, != or in", error);
    percept_status status =
        memory_allocate_zeroed(node->value_count, sizeof *out->values, "a condition", &out->values, error);
    if (status == PERCEPT_OK)
        status = percept_recipe_create(&recipe, error);
    for (size_t v = 0; v < node->value_count && status == PERCEPT_OK; v++) {
        status = predicate_locate(predicate, &node->values[v],
                                  percept_recipe_set(recipe, key, node->values[v].text, error), error);
        if (status == PERCEPT_OK)
            status = recipe_format(recipe, key, &out->values[v], error);
    }
    percept_recipe_free(recipe);
    return status;
}

static percept_status read_comparison(const Predicate *predicate, const PredicateNode *node, Comparison *out,
                                      percept_error *error)
{
    percept_status status =
        predicate_locate(predicate, &node->name, find_name(node->name.text, &out->name, error), error);
    if (status == PERCEPT_OK && node->comparison == PREDICATE_CONTAINS)
        status = predicate_refuse(predicate, &node->sign,
                                  "conditions do not know ~ (contains); name the values: in [A, B, ...]", error);
    if (status != PERCEPT_OK)
        return status;
    return is_number(&out->name) ? read_numbers(predicate, node, out, error) : read_values(predicate, node, out, error);
}

/* ---- The whole ----------------------------------------------------------------------------------------------------- */

percept_status condition_create(const char *text, Condition **out, percept_error *error)
{
    Condition *condition = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *condition, "a condition", &condition, error);
    if (status != PERCEPT_OK)
        return status;
    Predicate *predicate = &condition->predicate;
    status = predicate_read(text, "condition", "a key, such as model.parameters", predicate, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(predicate->count, sizeof *condition->comparisons, "a condition",
                                        &condition->comparisons, error);
    for (size_t n = 0; n < predicate->count && status == PERCEPT_OK; n++)
        if (predicate->nodes[n].kind == PREDICATE_COMPARISON)
            status = read_comparison(predicate, &predicate->nodes[n], &condition->comparisons[n], error);
    if (status == PERCEPT_OK)
        *out = condition;
    else
        condition_free(condition);
    return status;
}

void condition_free(Condition *condition)
{
    if (condition == NULL)
        return;
    for (size_t n = 0; n < condition->predicate.count && condition->comparisons != NULL; n++) {
        char **values = condition->comparisons[n].values;
        for (size_t v = 0; v < condition->predicate.nodes[n].value_count && values != NULL; v++)
            memory_free(values[v]);
        memory_free(values);
    }
    memory_free(condition->comparisons);
    predicate_clear(&condition->predicate);
    memory_free(condition);
}

/* ---- Holding ----------------------------------------------------------------------------------------------------- */

/* A key that is not set has the default of the recipe's optimizer, or is no number, for which no comparison holds. */
static bool number_holds(PredicateOperator comparison, const Comparison *compared, const percept_recipe *recipe)
{
    const Key *key = compared->name.key;
    const double *numbers = compared->numbers;
    double usual = 0;
    const bool set = key == NULL || recipe_is_set(recipe, key->name);
    if (!set && !optimizer_keys_default(recipe, key->name, &usual))
        return false;
    const double value = !set                       ? usual
                         : key == NULL              ? derived[compared->name.derived].value(recipe)
                         : key->type == KEY_INTEGER ? (double)recipe_integer(recipe, key->name)
                                                    : recipe_number(recipe, key->name);
    const bool less = value<numbers[0], greater = value> numbers[0];
    const bool results[] = {
        [PREDICATE_LESS] = less,
        [PREDICATE_LESS_OR_EQUAL] = value <= numbers[0],
        [PREDICATE_GREATER] = greater,
        [PREDICATE_GREATER_OR_EQUAL] = value >= numbers[0],
        [PREDICATE_EQUAL] = value <= numbers[0] && value >= numbers[0],
        [PREDICATE_NOT_EQUAL] = less || greater,
        [PREDICATE_IN] = value >= numbers[0] && value <= numbers[1],
    };
    return results[comparison];
}

static percept_status value_holds(const PredicateNode *node, const Comparison *compared, const percept_recipe *recipe,
                                  bool *out, percept_error *error)
{
    char *value = NULL;
    bool found = false;
    percept_status status = recipe_format(recipe, compared->name.key->name, &value, error);
    double usual = 0;
    const char *text = value; /* of keys of optimizers, only train.nesterov is no number */
    if (status == PERCEPT_OK && value[0] == '\0' && optimizer_keys_default(recipe, compared->name.key->name, &usual))
        text = usual > 0 ? "true" : "false";
    for (size_t v = 0; status == PERCEPT_OK && v < node->value_count; v++)
        found = found || strcmp(text, compared->values[v]) == 0;
    memory_free(value);
    *out = node->comparison == PREDICATE_NOT_EQUAL ? !found : found;
    return status;
}

/* Nodes follow those that they join, so one pass in order evaluates all. */
percept_status condition_holds(const Condition *condition, const percept_recipe *recipe, bool *out,
                               percept_error *error)
{
    bool holds[PREDICATE_MOST_NODES] = {false};
    percept_status status = PERCEPT_OK;
    const size_t count = condition->predicate.count;
    for (size_t n = 0; status == PERCEPT_OK && n < count; n++) {
        const PredicateNode *node = &condition->predicate.nodes[n];
        const Comparison *compared = &condition->comparisons[n];
        if (node->kind == PREDICATE_AND)
            holds[n] = holds[node->left] && holds[node->right];
        else if (node->kind == PREDICATE_OR)
            holds[n] = holds[node->left] || holds[node->right];
        else if (node->kind == PREDICATE_NOT)
            holds[n] = !holds[node->left];
        else if (is_number(&compared->name))
            holds[n] = number_holds(node->comparison, compared, recipe);
        else
            status = value_holds(node, compared, recipe, &holds[n], error);
    }
    *out = holds[count - 1];
    return status;
}
