#include "search/condition.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "recipe/experiment.h"
#include "recipe/value.h"

/* Longer or deeper ones are no conditions that a person wrote. */
#define LONGEST 4096
#define DEEPEST 32
#define MOST_NODES 256
#define MOST_ITEMS 64

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

/* What stands on the left: a key, or what is derived from some. */
typedef struct Name {
    const Key *key; /* or NULL: */
    size_t derived;
} Name;

static bool is_number(const Name *name)
{
    return name->key == NULL || (!name->key->list && (name->key->type == KEY_INTEGER || name->key->type == KEY_NUMBER));
}

/* ---- The tree ---------------------------------------------------------------------------------------------------- */

typedef enum NodeKind { NODE_AND, NODE_OR, NODE_NOT, NODE_COMPARE, NODE_IN } NodeKind;
typedef enum Comparison { LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, NOT_EQUAL, EQUAL } Comparison;

/* As they are looked for: the longer ones first. */
static const struct {
    const char *text;
    Comparison comparison;
} comparisons[] = {{"<=", LESS_OR_EQUAL}, {">=", GREATER_OR_EQUAL}, {"!=", NOT_EQUAL}, {"==", EQUAL},
                   {"<", LESS},           {">", GREATER},           {"=", EQUAL}};

typedef struct Node {
    NodeKind kind;
    size_t left, right; /* NODE_AND, NODE_OR; NODE_NOT: left */
    Name name;
    Comparison comparison;
    double numbers[2];       /* what a number is compared with; the least and the most of `in` */
    char *texts[MOST_ITEMS]; /* what a text is compared with, owned */
    size_t text_count;
} Node;

struct Condition {
    Node *nodes;
    size_t count, whole; /* whole: the node that is all of it */
};

typedef struct Parser {
    Condition *condition;
    const char *text, *at;
    size_t depth, capacity;
    percept_error *error;
} Parser;

/* ---- Words ------------------------------------------------------------------------------------------------------- */

static percept_status refuse(const Parser *parser, const char *place, const char *what)
{
    char quoted[QUOTED_SIZE];
    return error_set(parser->error, PERCEPT_ERROR_ARGUMENT, "condition %s: %s, at character %zu",
                     quote_text(parser->text, quoted), what, (size_t)(place - parser->text) + 1);
}

static bool is_word_character(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("_.-+/", c) != NULL) || (unsigned char)c >= 0x80;
}

static void skip_spaces(Parser *parser)
{
    while (isspace((unsigned char)*parser->at))
        parser->at++;
}

/* Takes a sign such as "(" if it is next. */
static bool take_sign(Parser *parser, const char *sign)
{
    skip_spaces(parser);
    if (strncmp(parser->at, sign, strlen(sign)) != 0)
        return false;
    parser->at += strlen(sign);
    return true;
}

/* Takes a word such as "and" if it is next. */
static bool take_word(Parser *parser, const char *word)
{
    skip_spaces(parser);
    const size_t length = strlen(word);
    if (strncmp(parser->at, word, length) != 0 || is_word_character(parser->at[length]))
        return false;
    parser->at += length;
    return true;
}

/* A word, or what stands in quotes, as a new string. */
static percept_status read_word(Parser *parser, const char *expected, char **out)
{
    skip_spaces(parser);
    const char *begin = parser->at, *end = begin;
    const char quote = *begin == '"' || *begin == '\'' ? *begin : '\0';
    if (quote != '\0') {
        end = strchr(++begin, quote);
        if (end == NULL)
            return refuse(parser, parser->at, "a quote is not closed");
    } else {
        while (is_word_character(*end))
            end++;
        if (end == begin)
            return refuse(parser, begin, expected);
    }
    percept_status status = memory_copy_string(begin, out, parser->error);
    if (status == PERCEPT_OK)
        (*out)[end - begin] = '\0';
    parser->at = end + (quote != '\0');
    return status;
}

static percept_status read_number(Parser *parser, double *out)
{
    char *word = NULL;
    skip_spaces(parser);
    const char *place = parser->at;
    percept_status status = read_word(parser, "expected a number", &word);
    if (status == PERCEPT_OK && !number_parse(word, out))
        status = refuse(parser, place, "expected a number");
    memory_free(word);
    return status;
}

/* A word that the key may be. */
static percept_status read_text(Parser *parser, Node *node)
{
    Value value = {0};
    skip_spaces(parser);
    const char *place = parser->at;
    if (node->text_count == MOST_ITEMS)
        return refuse(parser, place, "too many words");
    char **word = &node->texts[node->text_count];
    percept_status status = read_word(parser, "expected a word", word);
    if (status != PERCEPT_OK)
        return status;
    node->text_count++;
    status = value_parse(node->name.key, *word, &value, parser->error);
    value_clear(&value);
    if (status == PERCEPT_ERROR_ARGUMENT)
        (void)error_prefix(parser->error, "condition, at character %zu", (size_t)(place - parser->text) + 1);
    return status;
}

/* ---- Comparisons ------------------------------------------------------------------------------------------------- */

static percept_status refuse_name(const Parser *parser, const char *place, const char *word)
{
    const char *names[DERIVED];
    char what[3 * QUOTED_SIZE], quoted[QUOTED_SIZE];
    for (size_t i = 0; i < DERIVED; i++)
        names[i] = derived[i].name;
    const char *nearest = nearest_word(word, names, DERIVED);
    if (nearest == NULL && recipe_key_nearest(word) != NULL)
        nearest = recipe_key_nearest(word)->name;
    snprintf(what, sizeof what, "unknown key %s%s%s%s", quote_text(word, quoted),
             nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
    return refuse(parser, place, what);
}

static percept_status read_name(Parser *parser, Name *out)
{
    char *word = NULL;
    skip_spaces(parser);
    const char *place = parser->at;
    percept_status status = read_word(parser, "expected a key, such as model.parameters", &word);
    if (status != PERCEPT_OK)
        return status;
    *out = (Name){.key = recipe_key_find(word)};
    while (out->key == NULL && out->derived < DERIVED && strcmp(derived[out->derived].name, word) != 0)
        out->derived++;
    if (out->key == NULL && out->derived == DERIVED)
        status = refuse_name(parser, place, word);
    memory_free(word);
    return status;
}

static percept_status read_in(Parser *parser, Node *node)
{
    percept_status status = PERCEPT_OK;
    node->kind = NODE_IN;
    if (!take_sign(parser, "["))
        return refuse(parser, parser->at, "expected [ after in");
    if (!is_number(&node->name)) {
        do
            status = read_text(parser, node);
        while (status == PERCEPT_OK && take_sign(parser, ","));
    } else {
        status = read_number(parser, &node->numbers[0]);
        if (status == PERCEPT_OK && !take_sign(parser, ","))
            status = refuse(parser, parser->at, "expected two numbers, the least and the most");
        if (status == PERCEPT_OK)
            status = read_number(parser, &node->numbers[1]);
    }
    if (status == PERCEPT_OK && !take_sign(parser, "]"))
        status = refuse(parser, parser->at, is_number(&node->name) ? "expected ] after the most" : "expected , or ]");
    return status;
}

static percept_status read_comparison(Parser *parser, Node *node)
{
    percept_status status = read_name(parser, &node->name);
    if (status != PERCEPT_OK)
        return status;
    if (take_word(parser, "in"))
        return read_in(parser, node);
    node->kind = NODE_COMPARE;
    skip_spaces(parser);
    const char *place = parser->at;
    size_t c = 0;
    while (c < sizeof comparisons / sizeof *comparisons && !take_sign(parser, comparisons[c].text))
        c++;
    if (c == sizeof comparisons / sizeof *comparisons)
        return refuse(parser, place, "expected a comparison: = != < <= > >= or in");
    node->comparison = comparisons[c].comparison;
    if (is_number(&node->name))
        return read_number(parser, &node->numbers[0]);
    if (node->comparison < NOT_EQUAL)
        return refuse(parser, place, "this key is no number; compare it with =, != or in");
    return read_text(parser, node);
}

/* ---- The tree ---------------------------------------------------------------------------------------------------- */

/* Adds an empty node, whose index *out receives. */
static percept_status add_node(Parser *parser, NodeKind kind, size_t *out)
{
    Condition *condition = parser->condition;
    percept_status status = PERCEPT_OK;
    if (condition->count == MOST_NODES)
        return refuse(parser, parser->at, "it is too long");
    if (condition->count == parser->capacity) {
        const size_t capacity = parser->capacity == 0 ? 4 : 2 * parser->capacity;
        status = memory_grow(&condition->nodes, condition->count * sizeof(Node), capacity, sizeof(Node), "a condition",
                             parser->error);
        if (status != PERCEPT_OK)
            return status;
        parser->capacity = capacity;
    }
    *out = condition->count++;
    condition->nodes[*out] = (Node){.kind = kind};
    return status;
}

static percept_status read_or(Parser *parser, size_t *out);

static percept_status read_term(Parser *parser, size_t *out)
{
    size_t inner = 0;
    percept_status status = PERCEPT_OK;
    if (parser->depth == DEEPEST)
        return refuse(parser, parser->at, "it is nested too deeply");
    parser->depth++;
    if (take_word(parser, "not")) {
        status = read_term(parser, &inner);
        if (status == PERCEPT_OK)
            status = add_node(parser, NODE_NOT, out);
        if (status == PERCEPT_OK)
            parser->condition->nodes[*out].left = inner;
    } else if (take_sign(parser, "(")) {
        status = read_or(parser, out);
        if (status == PERCEPT_OK && !take_sign(parser, ")"))
            status = refuse(parser, parser->at, "expected )");
    } else {
        status = add_node(parser, NODE_COMPARE, out);
        if (status == PERCEPT_OK)
            status = read_comparison(parser, &parser->condition->nodes[*out]);
    }
    parser->depth--;
    return status;
}

/* Terms joined by a word; `part` reads one. */
static percept_status read_joined(Parser *parser, const char *word, NodeKind kind,
                                  percept_status (*part)(Parser *, size_t *), size_t *out)
{
    percept_status status = part(parser, out);
    while (status == PERCEPT_OK && take_word(parser, word)) {
        const size_t left = *out;
        size_t right = 0;
        status = part(parser, &right);
        if (status == PERCEPT_OK)
            status = add_node(parser, kind, out);
        if (status == PERCEPT_OK) {
            parser->condition->nodes[*out].left = left;
            parser->condition->nodes[*out].right = right;
        }
    }
    return status;
}

static percept_status read_and(Parser *parser, size_t *out)
{
    return read_joined(parser, "and", NODE_AND, read_term, out);
}

static percept_status read_or(Parser *parser, size_t *out)
{
    return read_joined(parser, "or", NODE_OR, read_and, out);
}

percept_status condition_create(const char *text, Condition **out, percept_error *error)
{
    Condition *condition = NULL;
    if (strlen(text) > LONGEST)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "a condition of more than %d bytes", LONGEST);
    percept_status status = memory_allocate_zeroed(1, sizeof *condition, "a condition", &condition, error);
    if (status != PERCEPT_OK)
        return status;
    Parser parser = {.condition = condition, .text = text, .at = text, .error = error};
    status = read_or(&parser, &condition->whole);
    skip_spaces(&parser);
    if (status == PERCEPT_OK && *parser.at != '\0')
        status = refuse(&parser, parser.at, "expected and, or, or the end");
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
    for (size_t n = 0; n < condition->count; n++)
        for (size_t t = 0; t < condition->nodes[n].text_count; t++)
            memory_free(condition->nodes[n].texts[t]);
    memory_free(condition->nodes);
    memory_free(condition);
}

/* ---- Holding ----------------------------------------------------------------------------------------------------- */

static bool compare(double left, Comparison comparison, double right)
{
    const bool results[] = {[LESS] = left<right, [LESS_OR_EQUAL] = left <= right, [GREATER] = left> right,
                            [GREATER_OR_EQUAL] = left >= right,
                            [NOT_EQUAL] = left < right || left > right,
                            [EQUAL] = left <= right && left >= right};
    return results[comparison];
}

/* A key that is not set is no number, for which no comparison holds. */
static bool number_holds(const Node *node, const percept_recipe *recipe)
{
    const Key *key = node->name.key;
    if (key != NULL && !recipe_is_set(recipe, key->name))
        return false;
    const double value = key == NULL                ? derived[node->name.derived].value(recipe)
                         : key->type == KEY_INTEGER ? (double)recipe_integer(recipe, key->name)
                                                    : recipe_number(recipe, key->name);
    if (node->kind == NODE_IN)
        return value >= node->numbers[0] && value <= node->numbers[1];
    return compare(value, node->comparison, node->numbers[0]);
}

static percept_status text_holds(const Node *node, const percept_recipe *recipe, bool *out, percept_error *error)
{
    char *value = NULL;
    bool found = false;
    percept_status status = recipe_format(recipe, node->name.key->name, &value, error);
    for (size_t t = 0; status == PERCEPT_OK && t < node->text_count; t++)
        found = found || strcmp(value, node->texts[t]) == 0;
    memory_free(value);
    *out = node->kind == NODE_COMPARE && node->comparison == NOT_EQUAL ? !found : found;
    return status;
}

/* Nodes stand behind those they join: one pass from the first to the last knows them all. */
percept_status condition_holds(const Condition *condition, const percept_recipe *recipe, bool *out,
                               percept_error *error)
{
    bool holds[MOST_NODES] = {false};
    percept_status status = PERCEPT_OK;
    for (size_t n = 0; status == PERCEPT_OK && n < condition->count; n++) {
        const Node *node = &condition->nodes[n];
        if (node->kind == NODE_AND)
            holds[n] = holds[node->left] && holds[node->right];
        else if (node->kind == NODE_OR)
            holds[n] = holds[node->left] || holds[node->right];
        else if (node->kind == NODE_NOT)
            holds[n] = !holds[node->left];
        else if (is_number(&node->name))
            holds[n] = number_holds(node, recipe);
        else
            status = text_holds(node, recipe, &holds[n], error);
    }
    *out = holds[condition->whole];
    return status;
}
