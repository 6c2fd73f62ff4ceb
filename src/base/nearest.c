#include "base/nearest.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define LONGEST_WORD 63

/* The least number of letters of a word that is recognized by its beginning. */
#define BEGUN_LEAST 3

static int lower(char letter)
{
    return tolower((unsigned char)letter);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* D[i][j], the edits from a's first i letters to b's first j, needs the two rows above: three rows in turn. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][LONGEST_WORD + 1] = {{0}};
    size_t *above = rows[0], *previous = rows[1], *current = rows[2];
    for (size_t j = 0; j <= b_length; j++)
        previous[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        current[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = previous[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
            current[j] = smaller(replaced, smaller(previous[j], current[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                current[j] = smaller(current[j], above[j - 2] + 1);
        }
        size_t *oldest = above;
        above = previous;
        previous = current;
        current = oldest;
    }
    return previous[b_length];
}

/* The only candidate that begins with the word, as far as it is one; NULL if there is none, or a second. */
static const char *begun_word(const char *word, size_t length, const char *const *candidates, size_t count)
{
    const char *found = NULL;
    for (size_t c = 0; c < count; c++)
        if (strncasecmp(word, candidates[c], length) == 0) {
            if (found != NULL)
                return NULL;
            found = candidates[c];
        }
    return found;
}

const char *nearest_word(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    size_t best = LONGEST_WORD + 1;
    size_t length = strlen(word);
    for (size_t c = 0; length <= LONGEST_WORD && c < count; c++) {
        size_t other = strlen(candidates[c]);
        if (other > LONGEST_WORD)
            continue;
        size_t longer = length > other ? length : other;
        size_t allowed = longer < 3 ? 1 : longer / 3;
        size_t edits = distance(word, length, candidates[c], other);
        /* As many edits as letters would make any short word near to any other. */
        if (edits <= allowed && edits < longer && edits < best) {
            best = edits;
            nearest = candidates[c];
        }
    }
    if (nearest == NULL && length >= BEGUN_LEAST && length <= LONGEST_WORD)
        return begun_word(word, length, candidates, count);
    return nearest;
}
