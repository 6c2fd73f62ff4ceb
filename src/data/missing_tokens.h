/* Which texts say that a value is missing. One rule for features, labels, targets and weights, in every reader. */
#ifndef DATA_MISSING_TOKENS_H
#define DATA_MISSING_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

/* The tokens of data.missing_tokens; all zero: the default ones. */
typedef struct MissingTokens {
    const char *const *list; /* the caller's */
    size_t count;
} MissingTokens;

/* The default tokens, which are listed below. */
MissingTokens missing_tokens_default(void);

/* True if the text stands for a missing value: it is empty or all blanks, or it is one of the tokens, in upper or lower
 * case. The default tokens are those of pandas, R, SAS, Weka and spreadsheets:
 *
 *     NA  N/A  <NA>  #N/A  #NA  #DIV/0!  #VALUE!  NaN  NaT  -nan  null  None  ?  .  - */
bool missing_token(const MissingTokens *tokens, const char *text, size_t length);

/* The same for a label, where "-" and "." are missing only if data.missing_tokens lists them: "-" is a class beside "+" in
 * many files. */
bool missing_label(const MissingTokens *tokens, const char *text, size_t length);

/* True if a token is a number, such as -999; and whether such a token has this value, however the cell writes it. */
bool missing_tokens_have_numbers(const MissingTokens *tokens);
bool missing_number(const MissingTokens *tokens, double value);

#endif
