#include "formula/expression.h"

#include <math.h>
#include <muParserDLL.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

struct Expression {
    muParserHandle_t parser;
    size_t count;
    double *values; /* count; what the parser's variables point to */
};

/* ---- Errors ------------------------------------------------------------------------------------------------- */

/* muParser's error codes (muParserError.h, EErrorCodes), which its C interface gives as plain numbers. */
enum { END_TOO_EARLY = 2, UNKNOWN = 1, NO_CLOSING = 11, EMPTY = 25 };

static const struct {
    int code;
    const char *what; /* with the token */
} problems[] = {
    {0, "the operator '%s' is out of place"},
    {UNKNOWN, "'%s' is unknown"},
    {3, "a comma is out of place"},
    {5, "an operator is missing before '%s'"},
    {6, "an operator is missing before '%s'"},
    {7, "the parenthesis '%s' is out of place"},
    {12, "an operator is missing before '%s'"},
    {14, "too many arguments for '%s'"},
    {15, "too few arguments for '%s'"},
};

#define TOKEN_SIZE 40

/* The token as the user wrote it: without the blanks that muParser appends to the text, cut if it is long. */
static void copy_token(const char *token, char out[TOKEN_SIZE])
{
    size_t length = strnlen(token, TOKEN_SIZE - 1);
    memcpy(out, token, length);
    while (length > 0 && out[length - 1] == ' ')
        length--;
    out[length] = '\0';
}

/* Bytes to characters: continuation bytes of UTF-8 are not counted. */
static size_t character_at(const char *text, size_t byte)
{
    size_t character = 1;
    for (size_t i = 0; i < byte && text[i] != '\0'; i++)
        character += ((unsigned char)text[i + 1] & 0xC0U) != 0x80;
    return character;
}

static percept_status refuse(const char *text, size_t byte, const char *what, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "'%.160s': %s, at character %zu", text, what,
                     character_at(text, byte));
}

/* The parser's own complaint, in the words of the house. */
static percept_status refuse_parsed(const char *text, muParserHandle_t parser, percept_error *error)
{
    const int code = mupGetErrorCode(parser), place = mupGetErrorPos(parser);
    const size_t byte = place > 0 ? (size_t)place : 0;
    char token[TOKEN_SIZE], what[2 * TOKEN_SIZE];
    copy_token(mupGetErrorToken(parser), token);
    if (code == EMPTY)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "'%.160s': there is no formula", text);
    if (code == END_TOO_EARLY)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "'%.160s': it ends too early", text);
    if (code == NO_CLOSING)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "'%.160s': a closing parenthesis is missing at its end", text);
    if (byte > 0 && byte < strlen(text) && text[byte] == '*' && text[byte - 1] == '*')
        return refuse(text, byte - 1, "a power is written x^2, not x**2", error);
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
        if (problems[i].code == code) {
            snprintf(what, sizeof what, problems[i].what, token);
            return refuse(text, byte, what, error);
        }
    snprintf(what, sizeof what, "'%s' is out of place", token);
    return refuse(text, byte, what, error);
}

/* muParser would take x = 3 for an order to change x. */
static percept_status check_assignments(const char *text, percept_error *error)
{
    for (const char *sign = strchr(text, '='); sign != NULL; sign = strchr(sign + 1, '=')) {
        if (sign[1] == '=')
            sign++;
        else if (sign == text || strchr("<>!", sign[-1]) == NULL)
            return refuse(text, (size_t)(sign - text), "'=' is out of place; equality is written ==", error);
    }
    return PERCEPT_OK;
}

/* ---- The formula --------------------------------------------------------------------------------------------------- */

/* Errors are asked for after each call; without a handler muParser would print some of them. */
static void keep_quiet(muParserHandle_t parser)
{
    (void)parser;
}

static percept_status read_text(const char *text, const char *const *names, Expression *expression,
                                percept_error *error)
{
    muParserHandle_t parser = expression->parser;
    int results = 0;
    mupSetErrorHandler(parser, keep_quiet);
    mupSetDecSep(parser, '.');
    mupSetArgSep(parser, ',');
    mupDefineConst(parser, "pi", 3.14159265358979323846);
    mupDefineConst(parser, "e", 2.71828182845904523536);
    for (size_t i = 0; i < expression->count; i++)
        mupDefineVar(parser, names[i], &expression->values[i]);
    mupSetExpr(parser, text);
    if (!mupError(parser))
        mupEvalMulti(parser, &results);
    if (mupError(parser))
        return refuse_parsed(text, parser, error);
    if (results != 1)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "'%.160s': these are %d formulas, separated by commas", text,
                         results);
    return PERCEPT_OK;
}

percept_status expression_create(const char *text, const char *const *names, size_t count, Expression **out,
                                 percept_error *error)
{
    Expression *expression = NULL;
    *out = NULL;
    percept_status status = check_assignments(text, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(1, sizeof *expression, "a formula", &expression, error);
    if (status != PERCEPT_OK)
        return status;
    status = memory_allocate_zeroed(count, sizeof(double), "a formula's variables", &expression->values, error);
    if (status == PERCEPT_OK) {
        expression->count = count;
        expression->parser = mupCreate(muBASETYPE_FLOAT);
        status = expression->parser != NULL ? read_text(text, names, expression, error)
                                            : error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory for a formula");
    }
    if (status == PERCEPT_OK)
        *out = expression;
    else
        expression_free(expression);
    return status;
}

void expression_free(Expression *expression)
{
    if (expression == NULL)
        return;
    if (expression->parser != NULL)
        mupRelease(expression->parser);
    memory_free(expression->values);
    memory_free(expression);
}

double expression_value(Expression *expression, const double *values)
{
    for (size_t i = 0; i < expression->count; i++)
        expression->values[i] = values[i];
    const double value = mupEval(expression->parser);
    return mupError(expression->parser) ? NAN : value;
}
