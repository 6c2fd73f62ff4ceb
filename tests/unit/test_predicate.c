/* Predicates: what is written reads as the tree that it means, and what is none is refused where it goes wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "store/predicate.h"

#include "unit.h"

#define TEXT_SIZE 8192

static const char *const signs[] = {
    [PREDICATE_LESS] = "<",     [PREDICATE_LESS_OR_EQUAL] = "<=",
    [PREDICATE_GREATER] = ">",  [PREDICATE_GREATER_OR_EQUAL] = ">=",
    [PREDICATE_EQUAL] = "=",    [PREDICATE_NOT_EQUAL] = "!=",
    [PREDICATE_CONTAINS] = "~", [PREDICATE_IN] = "in",
};

/* ---- A tree as a text ---------------------------------------------------------------------------------------------- */

typedef struct Text {
    char bytes[TEXT_SIZE];
    size_t used;
} Text;

__attribute__((format(printf, 2, 3))) static void put(Text *text, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    text->used += (size_t)vsnprintf(text->bytes + text->used, TEXT_SIZE - text->used, format, values);
    va_end(values);
    assert_true(text->used < TEXT_SIZE);
}

/* "(or {a|=|1} (not {b|in|x|y}))" */
static void put_tree(Text *text, const Predicate *predicate, size_t index)
{
    static const char *const kinds[] = {[PREDICATE_AND] = "and", [PREDICATE_OR] = "or", [PREDICATE_NOT] = "not"};
    const PredicateNode *node = &predicate->nodes[index];
    if (node->kind == PREDICATE_COMPARISON) {
        put(text, "{%s|%s", node->name.text, signs[node->comparison]);
        for (size_t v = 0; v < node->value_count; v++)
            put(text, "|%s", node->values[v].text);
        put(text, "}");
        return;
    }
    assert_true(node->left < index && node->right < index);
    put(text, "(%s ", kinds[node->kind]);
    put_tree(text, predicate, node->left);
    if (node->kind != PREDICATE_NOT) {
        put(text, " ");
        put_tree(text, predicate, node->right);
    }
    put(text, ")");
}

static void expect_tree(const char *text, const char *expected)
{
    Predicate predicate = {0};
    Text found = {0};
    percept_error error;
    if (predicate_read(text, "filter", "a name", &predicate, &error) != PERCEPT_OK)
        fail_msg("%s: %s", text, error.message);
    put_tree(&found, &predicate, predicate.count - 1);
    predicate_clear(&predicate);
    if (strcmp(found.bytes, expected) != 0)
        fail_msg("%s is read as %s, not %s", text, found.bytes, expected);
}

/* ---- What is read -------------------------------------------------------------------------------------------------- */

static void and_binds_closer_than_or_and_not_closest(void **state)
{
    (void)state;
    expect_tree("a=1 or b=2 and c=3", "(or {a|=|1} (and {b|=|2} {c|=|3}))");
    expect_tree("(a=1 or b=2) and c=3", "(and (or {a|=|1} {b|=|2}) {c|=|3})");
    expect_tree("a=1 or b=2 or c=3", "(or (or {a|=|1} {b|=|2}) {c|=|3})");
    expect_tree("not a=1 and not not b=2", "(and (not {a|=|1}) (not (not {b|=|2})))");
    expect_tree("NOT(a=1)OR(b=2)And(c=3)", "(or (not {a|=|1}) (and {b|=|2} {c|=|3}))");
}

static void values_end_where_they_should(void **state)
{
    (void)state;
    expect_tree(" a.b-c\t<=\n-1e-3 ", "{a.b-c|<=|-1e-3}");
    expect_tree("a==1", "{a|=|1}");
    expect_tree("a=[3,7]", "{a|=|[3,7]}");
    expect_tree("a~%,x]", "{a|~|%,x]}");
    expect_tree("a=it's", "{a|=|it's}");
    expect_tree("a='it''s' or a=\"(\"\"x\"\")\"", "(or {a|=|it's} {a|=|(\"x\")})");
    expect_tree("a=''and b!=\"\"", "(and {a|=|} {b|!=|})");
    expect_tree("'a b'=and", "{a b|=|and}");
    expect_tree("a in [x,y-z , 'u, v',2026-01-31T12:00]", "{a|in|x|y-z|u, v|2026-01-31T12:00}");
    expect_tree("a IN[1]", "{a|in|1}");
    expect_tree("inner>1 and order<2 and nothing=3", "(and (and {inner|>|1} {order|<|2}) {nothing|=|3})");
    expect_tree("größe = groß", "{größe|=|groß}");
}

/* ---- Any tree ------------------------------------------------------------------------------------------------------ */

typedef struct Maker {
    RandomStream stream;
    Text text, tree; /* the same, as a person writes it and as put_tree does */
} Maker;

static size_t draw(Maker *maker, size_t count)
{
    return (size_t)random_below(&maker->stream, count);
}

/* A word in one of the ways that it can be written. */
static void put_word(Maker *maker, const char *word, bool plain)
{
    const char *const quotes[] = {"", "'", "\""};
    const char *quote = quotes[plain ? draw(maker, 3) : 1 + draw(maker, 2)];
    put(&maker->text, "%s", quote);
    for (; *word != '\0'; word++)
        put(&maker->text, *word == *quote ? "%c%c" : "%c", *word, *word);
    put(&maker->text, "%s", quote);
}

static void put_space(Maker *maker, bool needed)
{
    static const char *const spaces[] = {" ", "", "\t", "  ", "\n "};
    put(&maker->text, "%s", spaces[needed ? 0 : draw(maker, sizeof spaces / sizeof *spaces)]);
}

static void make_comparison(Maker *maker)
{
    static const struct {
        const char *text;
        bool plain; /* needs no quotes */
    } words[] = {{"id", true},   {"train.batch_size", true}, {"x-y", true}, {"it's so", false}, {"\"", false},
                 {"and", false}, {"(a, [b])", false},        {"<", false},  {"0.5e-3", true},   {"", false}};
    const size_t count = sizeof words / sizeof *words, name = draw(maker, count);
    const PredicateOperator comparison = (PredicateOperator)draw(maker, sizeof signs / sizeof *signs);
    const size_t values = comparison == PREDICATE_IN ? 1 + draw(maker, 3) : 1;
    put_word(maker, words[name].text, words[name].plain);
    put_space(maker, comparison == PREDICATE_IN);
    put(&maker->text, "%s%s", signs[comparison], comparison == PREDICATE_IN ? "[" : "");
    put(&maker->tree, "{%s|%s", words[name].text, signs[comparison]);
    for (size_t v = 0; v < values; v++) {
        const size_t value = draw(maker, count);
        put(&maker->text, "%s", v > 0 ? "," : "");
        put_space(maker, false);
        put_word(maker, words[value].text, words[value].plain);
        put(&maker->tree, "|%s", words[value].text);
    }
    put(&maker->text, "%s", comparison == PREDICATE_IN ? "]" : "");
    put(&maker->tree, "}");
}

/* In parentheses wherever it is no comparison, as its tree is. */
static void make_any(Maker *maker, size_t depth)
{
    static const char *const kinds[] = {"and", "or", "not"};
    const size_t kind = draw(maker, depth > 0 ? 4 : 1);
    if (kind == 3 || depth == 0) {
        make_comparison(maker);
        return;
    }
    put(&maker->text, "(");
    put(&maker->tree, "(%s ", kinds[kind]);
    if (kind < 2) {
        make_any(maker, depth - 1);
        put(&maker->tree, " ");
        put_space(maker, true);
    }
    put(&maker->text, "%s ", kinds[kind]);
    make_any(maker, depth - 1);
    put_space(maker, false);
    put(&maker->text, ")");
    put(&maker->tree, ")");
}

/* Whatever a person cuts off, it is refused at a character that there is, or read. */
static void expect_beginnings_read_or_refused(const char *text)
{
    char cut[TEXT_SIZE];
    for (size_t length = 0; text[length] != '\0'; length++) {
        Predicate predicate = {0};
        percept_error error = {PERCEPT_OK, ""};
        memcpy(cut, text, length);
        cut[length] = '\0';
        if (predicate_read(cut, "filter", "a name", &predicate, &error) == PERCEPT_OK) {
            predicate_clear(&predicate);
            continue;
        }
        const char *place = NULL; /* the last, as the text may say so itself */
        for (const char *next = error.message; (next = strstr(next, ", at character ")) != NULL; next++)
            place = next + strlen(", at character ");
        const long character = place != NULL ? strtol(place, NULL, 10) : 0;
        assert_int_equal(error.status, PERCEPT_ERROR_ARGUMENT);
        assert_null(predicate.nodes);
        assert_true(character >= 1 && (size_t)character <= length + 1);
    }
}

static void any_tree_reads_back_to_the_same(void **state)
{
    (void)state;
    static Maker maker;
    random_default_rng(&maker.stream, 11);
    for (size_t i = 0; i < 400; i++) {
        maker.text.used = maker.tree.used = 0;
        make_any(&maker, 5);
        expect_tree(maker.text.bytes, maker.tree.bytes);
        if (i % 20 == 0)
            expect_beginnings_read_or_refused(maker.text.bytes);
    }
}

/* ---- What is refused ----------------------------------------------------------------------------------------------- */

static void what_is_none_is_refused_where_it_goes_wrong(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "filter '': expected a name, not its end, at character 1"},
        {"  ", "expected a name, not its end, at character 3"},
        {"a", "expected a comparison: = != < <= > >= ~ or in, not its end, at character 2"},
        {"a is 3", "expected a comparison: = != < <= > >= ~ or in, not 'is 3', at character 3"},
        {"größe 3", "not '3', at character 7"},
        {"a = ", "expected a value, not its end, at character 5"},
        {"a = )", "expected a value, not ')', at character 5"},
        {"a = 1 b", "expected and, or, or the end, not 'b', at character 7"},
        {"(a = 1", "expected and, or, or ), not its end, at character 7"},
        {"a = 1)", "expected and, or, or the end, not ')', at character 6"},
        {"a = 'x", "a quote is not closed, at character 5"},
        {"a = 'x''", "a quote is not closed, at character 5"},
        {"a in 3", "expected [ after in, not '3', at character 6"},
        {"a in []", "expected a value, not ']', at character 7"},
        {"a in [b,]", "expected a value, not ']', at character 9"},
        {"a in [b c]", "expected , or ], not 'c]', at character 9"},
        {"a in [b", "expected , or ], not its end, at character 8"},
        {"a = 1 and", "expected a name, not its end, at character 10"},
        {"or a = 1", "expected a comparison"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Predicate predicate = {0};
        percept_error error = {PERCEPT_OK, ""};
        const percept_status status = predicate_read(cases[i][0], "filter", "a name", &predicate, &error);
        if (status != PERCEPT_ERROR_ARGUMENT || strstr(error.message, cases[i][1]) == NULL)
            fail_msg("'%s': status %d, message '%s'", cases[i][0], (int)status, error.message);
    }
}

/* `count` pieces and an end, in a text of its own; what is refused says so. */
static void expect_bound(const char *piece, size_t count, const char *end, const char *message)
{
    static char text[TEXT_SIZE];
    Predicate predicate = {0};
    percept_error error = {PERCEPT_OK, ""};
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s", piece);
    snprintf(text + length, sizeof text - length, "%s", end);
    const percept_status status = predicate_read(text, "filter", "a name", &predicate, &error);
    if ((status == PERCEPT_OK) != (message == NULL) || (message != NULL && strstr(error.message, message) == NULL))
        fail_msg("%zu of '%s': status %d, message '%s'", count, piece, (int)status, error.message);
    predicate_clear(&predicate);
}

static void length_and_depth_have_bounds_and_nothing_else(void **state)
{
    (void)state;
    expect_bound("not ", 63, "a=1", NULL);
    expect_bound("not ", 64, "a=1", "nested too deeply: at most 64 parentheses and `not` inside one another");
    expect_bound("(", 4000, "", "nested too deeply");
    expect_bound(" ", 4093, "a=1", NULL);
    expect_bound(" ", 4094, "a=1", "a filter has at most 4096 bytes");
    expect_bound("(a=1)or", 584, "(a=1)", NULL);
    expect_bound("''<''or", 584, "''<''", NULL);
    expect_bound("a in ['','','','',''] or ", 163, "a=1", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(and_binds_closer_than_or_and_not_closest),
        cmocka_unit_test(values_end_where_they_should),
        cmocka_unit_test(any_tree_reads_back_to_the_same),
        cmocka_unit_test(what_is_none_is_refused_where_it_goes_wrong),
        cmocka_unit_test(length_and_depth_have_bounds_and_nothing_else),
    };
    return cmocka_run_group_tests_name("predicates", tests, NULL, NULL);
}
