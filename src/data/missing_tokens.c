#include "data/missing_tokens.h"

#include <string.h>
#include <strings.h>

#include "base/number.h"

static const char *const default_tokens[] = {"NA",  "N/A",  "<NA>", "#N/A", "#NA", "#DIV/0!", "#VALUE!", "NaN",
                                             "NaT", "-nan", "null", "None", "?",   ".",       "-"};
/* Of these, the last ones are no labels' tokens. */
#define NOT_OF_LABELS 2

#define DEFAULTS (sizeof default_tokens / sizeof default_tokens[0])

MissingTokens missing_tokens_default(void)
{
    return (MissingTokens){default_tokens, DEFAULTS};
}

static bool is_one_of(const char *const *tokens, size_t count, const char *text, size_t length)
{
    for (size_t t = 0; t < count; t++)
        if (strncasecmp(tokens[t], text, length) == 0 && tokens[t][length] == '\0')
            return true;
    return false;
}

/* Takes the blanks around a text off; false if nothing is left. */
static bool trim(const char **text, size_t *length)
{
    while (*length > 0 && (**text == ' ' || **text == '\t')) {
        ++*text;
        --*length;
    }
    while (*length > 0 && ((*text)[*length - 1] == ' ' || (*text)[*length - 1] == '\t'))
        --*length;
    return *length > 0;
}

static bool is_missing(const MissingTokens *tokens, size_t defaults, const char *text, size_t length)
{
    if (!trim(&text, &length))
        return true;
    return tokens->count > 0 ? is_one_of(tokens->list, tokens->count, text, length)
                             : is_one_of(default_tokens, defaults, text, length);
}

bool missing_token(const MissingTokens *tokens, const char *text, size_t length)
{
    return is_missing(tokens, DEFAULTS, text, length);
}

bool missing_label(const MissingTokens *tokens, const char *text, size_t length)
{
    return is_missing(tokens, DEFAULTS - NOT_OF_LABELS, text, length);
}

bool missing_tokens_have_numbers(const MissingTokens *tokens)
{
    double value = 0;
    for (size_t t = 0; t < tokens->count; t++)
        if (number_parse(tokens->list[t], &value))
            return true;
    return false;
}

bool missing_number(const MissingTokens *tokens, double value)
{
    double token = 0;
    for (size_t t = 0; t < tokens->count; t++)
        if (number_parse(tokens->list[t], &token) && token == value)
            return true;
    return false;
}
