#include "base/quote.h"

#include <string.h>

/* Bytes of a quoted text that are shown: the rest is quotes, "..." and the end. */
#define SHOWN (QUOTED_SIZE - 8)

static bool continues(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Bytes of the character at `text`, 0 if it is none. The second byte of E0, ED, F0 and F4 has a smaller range: no
 * overlong forms, no surrogates, nothing past U+10FFFF. */
static size_t character_length(const unsigned char *text)
{
    const unsigned char first = text[0], second = text[1];
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4 || !continues(second))
        return 0;
    if (first < 0xE0)
        return 2;
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
        (first == 0xF4 && second > 0x8F) || !continues(text[2]))
        return 0;
    if (first < 0xF0)
        return 3;
    return continues(text[3]) ? 4 : 0;
}

bool text_is_utf8(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at != '\0') {
        const size_t length = character_length(at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

size_t text_character(const char *text, bool *shown)
{
    const unsigned char *at = (const unsigned char *)text;
    const size_t length = character_length(at);
    *shown = length > 0 && *at >= 0x20 && *at != 0x7F && (*at != 0xC2 || at[1] >= 0xA0);
    return length > 0 ? length : 1;
}

char *text_make_plain(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        bool shown = true;
        const size_t length = text_character(from, &shown);
        if (shown)
            memmove(to, from, length);
        else
            *to = '?';
        to += shown ? length : 1;
        from += length;
    }
    *to = '\0';
    return text;
}

const char *quote_text(const char *text, char quoted[QUOTED_SIZE])
{
    const unsigned char *at = (const unsigned char *)text;
    size_t used = 0;
    quoted[used++] = '\'';
    while (*at != '\0') {
        bool shown = true;
        const size_t step = text_character((const char *)at, &shown);
        if (used + step > SHOWN)
            break;
        if (!shown)
            quoted[used++] = '?';
        else
            memcpy(quoted + used, at, step), used += step;
        at += step;
    }
    memcpy(quoted + used, *at != '\0' ? "...'" : "'", *at != '\0' ? 5 : 2);
    return quoted;
}

size_t text_from_latin1(char *text, size_t size)
{
    size_t wide = 0;
    for (size_t i = 0; i < size; i++)
        wide += (unsigned char)text[i] >= 0x80;
    const size_t all = size + wide;
    for (size_t i = size, to = all; i < to; i--) {
        const unsigned char byte = (unsigned char)text[i - 1];
        if (byte >= 0x80) {
            text[--to] = (char)(0x80 | (byte & 0x3f));
            text[--to] = (char)(0xc0 | byte >> 6);
        } else {
            text[--to] = (char)byte;
        }
    }
    return all;
}
