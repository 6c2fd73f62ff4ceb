#include "store/filter.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "recipe/value.h"
#include "store/filter_value.h"

#define LONGEST 4096
#define MOST_COMPARISONS 64
#define DEEPEST 64

/* Room for all comparisons, and for what stands between them: parentheses, not, and, or. */
#define COMPARISON_SIZE (2 * RUN_KEY_SQL_SIZE + 64)
#define SQL_SIZE (MOST_COMPARISONS * COMPARISON_SIZE + 2 * LONGEST)

typedef struct Parser {
    const char *at; /* what has not been read */
    Filter *filter;
    size_t used; /* of filter->sql */
    size_t depth;
    percept_error *error;
} Parser;

static percept_status parse_any(Parser *parser);

/* ---- Words -------------------------------------------------------------------------------------------------------- */

static void skip_spaces(Parser *parser)
{
    while (isspace((unsigned char)*parser->at))
        parser->at++;
}

static percept_status expected(const Parser *parser, const char *what)
{
    char quoted[QUOTED_SIZE];
    if (*parser->at == '\0')
        return error_set(parser->error, PERCEPT_ERROR_ARGUMENT, "the filter ends where %s should follow", what);
    return error_set(parser->error, PERCEPT_ERROR_ARGUMENT, "the filter has %s where %s should stand",
                     quote_text(parser->at, quoted), what);
}

static bool belongs_to_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* Takes a word if it comes next. */
static bool take_word(Parser *parser, const char *word)
{
    const size_t length = strlen(word);
    skip_spaces(parser);
    if (strncasecmp(parser->at, word, length) != 0 || belongs_to_name(parser->at[length]))
        return false;
    parser->at += length;
    return true;
}

static void put(Parser *parser, const char *sql)
{
    const int length = snprintf(parser->filter->sql + parser->used, SQL_SIZE - parser->used, "%s", sql);
    parser->used += (size_t)length;
}

/* Copies a value to `word` (LONGEST bytes): in quotes, or up to a space or a parenthesis. */
static percept_status take_value(Parser *parser, char *word)
{
    skip_spaces(parser);
    const char quote = *parser->at;
    size_t length = 0;
    if (quote != '"' && quote != '\'') {
        length = strcspn(parser->at, " \t\r\n()");
        memcpy(word, parser->at, length);
        parser->at += length;
    } else {
        for (parser->at++; *parser->at != '\0' && (*parser->at != quote || parser->at[1] == quote); parser->at++) {
            parser->at += *parser->at == quote; /* a doubled one */
            word[length++] = *parser->at;
        }
        if (*parser->at != quote)
            return expected(parser, "a closing quote");
        parser->at++;
    }
    word[length] = '\0';
    return length == 0 && quote != '"' && quote != '\'' ? expected(parser, "a value") : PERCEPT_OK;
}

/* ---- Comparisons -------------------------------------------------------------------------------------------------- */

/* An operator, and what it becomes with a key's SQL as the first value and the place of the cell as the second: for
 * numbers that are measured, and for all else. Longer names come first. */
typedef struct Operator {
    const char *name, *real, *plain;
    bool order; /* of what has one */
} Operator;

static const Operator operators[] = {
    {"!=", "coalesce(abs(%1$s - ?%2$zu) > 1e-12 * abs(?%2$zu), 0)", "coalesce(%1$s <> ?%2$zu, 0)", false},
    {"<=", "coalesce(%1$s <= ?%2$zu, 0)", "coalesce(%1$s <= ?%2$zu, 0)", true},
    {">=", "coalesce(%1$s >= ?%2$zu, 0)", "coalesce(%1$s >= ?%2$zu, 0)", true},
    {"=", "coalesce(abs(%1$s - ?%2$zu) <= 1e-12 * abs(?%2$zu), 0)", "coalesce(%1$s = ?%2$zu, 0)", false},
    {"<", "coalesce(%1$s < ?%2$zu, 0)", "coalesce(%1$s < ?%2$zu, 0)", true},
    {">", "coalesce(%1$s > ?%2$zu, 0)", "coalesce(%1$s > ?%2$zu, 0)", true},
    {"~", NULL, "coalesce(instr(lower(%1$s), lower(?%2$zu)) > 0, 0)", false},
};

static percept_status take_operator(Parser *parser, const Operator **out)
{
    skip_spaces(parser);
    for (size_t o = 0; o < sizeof operators / sizeof *operators; o++)
        if (strncmp(parser->at, operators[o].name, strlen(operators[o].name)) == 0) {
            parser->at += strlen(operators[o].name);
            *out = &operators[o];
            return PERCEPT_OK;
        }
    return expected(parser, "one of = != < <= > >= ~");
}

static percept_status take_name(Parser *parser, char name[RUN_KEY_SQL_SIZE])
{
    size_t length = 0;
    skip_spaces(parser);
    while (belongs_to_name(parser->at[length]))
        length++;
    if (length == 0 || length >= RUN_KEY_SQL_SIZE)
        return expected(parser, "a column or a key of recipes");
    memcpy(name, parser->at, length);
    name[length] = '\0';
    parser->at += length;
    return PERCEPT_OK;
}

static percept_status add_comparison(Parser *parser, const char *name, const Operator *operator, const char * value)
{
    Filter *filter = parser->filter;
    char key[RUN_KEY_SQL_SIZE], sql[COMPARISON_SIZE];
    FilterKind kind = FILTER_TEXT;
    if (filter->count == MOST_COMPARISONS)
        return error_set(parser->error, PERCEPT_ERROR_ARGUMENT, "a filter has at most %d comparisons",
                         MOST_COMPARISONS);
    percept_status status = run_key_sql(name, key, parser->error);
    if (status == PERCEPT_OK)
        status = filter_value(name, value, operator->real == NULL, &filter->cells[filter->count], &kind, parser->error);
    if (status != PERCEPT_OK)
        return status;
    filter->count++;
    if (operator->order && kind == FILTER_TEXT)
        return error_set(parser->error, PERCEPT_ERROR_ARGUMENT, "%s has no order: compare it with = != or ~", name);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(sql, sizeof sql, kind == FILTER_REAL && operator->real != NULL ? operator->real : operator->plain, key,
             filter->count);
#pragma GCC diagnostic pop
    put(parser, sql);
    return PERCEPT_OK;
}

static percept_status parse_comparison(Parser *parser)
{
    char name[RUN_KEY_SQL_SIZE], value[LONGEST];
    const Operator *operator= NULL;
    percept_status status = take_name(parser, name);
    if (status == PERCEPT_OK)
        status = take_operator(parser, &operator);
    if (status == PERCEPT_OK)
        status = take_value(parser, value);
    return status == PERCEPT_OK ? add_comparison(parser, name, operator, value) : status;
}

/* ---- What stands around them --------------------------------------------------------------------------------------- */

static percept_status parse_group(Parser *parser)
{
    parser->at++;
    put(parser, "(");
    percept_status status = parse_any(parser);
    skip_spaces(parser);
    if (status == PERCEPT_OK && *parser->at != ')')
        status = expected(parser, "and, or or a closing parenthesis");
    if (status != PERCEPT_OK)
        return status;
    parser->at++;
    put(parser, ")");
    return PERCEPT_OK;
}

/* A comparison, a group, or the opposite of one. */
static percept_status parse_one(Parser *parser)
{
    percept_status status = PERCEPT_OK;
    if (parser->depth == DEEPEST)
        return error_set(parser->error, PERCEPT_ERROR_ARGUMENT,
                         "a filter has at most %d parentheses and `not` inside one another", DEEPEST);
    parser->depth++;
    skip_spaces(parser);
    if (take_word(parser, "not")) {
        put(parser, "NOT ");
        status = parse_one(parser);
    } else {
        status = *parser->at == '(' ? parse_group(parser) : parse_comparison(parser);
    }
    parser->depth--;
    return status;
}

static percept_status parse_all(Parser *parser)
{
    percept_status status = parse_one(parser);
    while (status == PERCEPT_OK && take_word(parser, "and")) {
        put(parser, " AND ");
        status = parse_one(parser);
    }
    return status;
}

static percept_status parse_any(Parser *parser)
{
    percept_status status = parse_all(parser);
    while (status == PERCEPT_OK && take_word(parser, "or")) {
        put(parser, " OR ");
        status = parse_all(parser);
    }
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

percept_status filter_parse(const char *text, Filter *out, percept_error *error)
{
    Filter filter = {0};
    Parser parser = {.at = text, .filter = &filter, .error = error};
    if (strlen(text) >= LONGEST)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "a filter has at most %d bytes", LONGEST - 1);
    percept_status status = memory_allocate(SQL_SIZE, 1, "a filter", &filter.sql, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(MOST_COMPARISONS, sizeof *filter.cells, "a filter", &filter.cells, error);
    if (status == PERCEPT_OK) {
        put(&parser, "(");
        status = parse_any(&parser);
    }
    if (status == PERCEPT_OK) {
        put(&parser, ")");
        skip_spaces(&parser);
        if (*parser.at != '\0')
            status = expected(&parser, "and, or or the filter's end");
    }
    if (status == PERCEPT_OK)
        *out = filter;
    else
        filter_clear(&filter);
    return status;
}

void filter_clear(Filter *filter)
{
    for (size_t i = 0; i < filter->count; i++)
        if (filter->cells[i].type == CELL_TEXT)
            memory_free((void *)filter->cells[i].text);
    memory_free(filter->cells);
    memory_free(filter->sql);
    *filter = (Filter){0};
}
