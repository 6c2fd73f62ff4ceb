#include "report/html.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* The first room that is made. */
#define FIRST_SIZE 16384

void html_fail(Html *html, const percept_error *error)
{
    if (html->error.status == PERCEPT_OK)
        html->error = *error;
}

/* Room for `size` bytes more; false after a failure. */
static bool reserve(Html *html, size_t size)
{
    Buffer *buffer = &html->buffer;
    percept_error error;
    if (html->error.status != PERCEPT_OK)
        return false;
    if (buffer->capacity - buffer->size >= size)
        return true;
    const size_t step = buffer->capacity / 2 > FIRST_SIZE ? buffer->capacity / 2 : FIRST_SIZE;
    if (buffer_reserve(buffer, size > step ? size : step, "the page", &error) == PERCEPT_OK)
        return true;
    html_fail(html, &error);
    return false;
}

void html_write(Html *html, const void *bytes, size_t size)
{
    if (size == 0 || !reserve(html, size))
        return;
    memcpy(html->buffer.bytes + html->buffer.size, bytes, size);
    html->buffer.size += size;
}

void html_markup(Html *html, const char *markup)
{
    html_write(html, markup, strlen(markup));
}

void html_format(Html *html, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0 || !reserve(html, (size_t)length + 1))
        return;
    va_start(arguments, format);
    vsnprintf((char *)html->buffer.bytes + html->buffer.size, (size_t)length + 1, format, arguments);
    va_end(arguments);
    html->buffer.size += (size_t)length;
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

/* Bytes of the character at `at`, or 0 if it is no UTF-8 (RFC 3629: no overlong forms, no surrogates, ≤ U+10FFFF). */
static size_t character_length(const unsigned char *at)
{
    /* The range of the second byte depends on the first; those after it are 80 … BF. */
    static const struct {
        unsigned char first, last, low, high, length;
    } rows[] = {{0x01, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
                {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
                {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        if (*at < rows[r].first || *at > rows[r].last)
            continue;
        if (rows[r].length > 1 && (at[1] < rows[r].low || at[1] > rows[r].high))
            return 0;
        for (size_t i = 2; i < rows[r].length; i++)
            if (at[i] < 0x80 || at[i] > 0xBF)
                return 0;
        return rows[r].length;
    }
    return 0;
}

/* The HTML entity of a character; NULL: the character itself. */
static const char *replacement(const unsigned char *at, size_t length)
{
    static const struct {
        char character;
        const char *entity;
    } rows[] = {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    const bool control = (*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7F || (*at == 0xC2 && at[1] < 0xA0);
    if (length == 0 || control)
        return "\xEF\xBF\xBD"; /* U+FFFD */
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        if (*at == (unsigned char)rows[r].character)
            return rows[r].entity;
    return NULL;
}

void html_text(Html *html, const char *text)
{
    const unsigned char *at = (const unsigned char *)text, *plain = at;
    while (*at != '\0') {
        const size_t length = character_length(at), step = length > 0 ? length : 1;
        const char *other = replacement(at, length);
        if (other != NULL) {
            html_write(html, plain, (size_t)(at - plain));
            html_markup(html, other);
            plain = at + step;
        }
        at += step;
    }
    html_write(html, plain, (size_t)(at - plain));
}

/* ---- Bytes ------------------------------------------------------------------------------------------------------- */

void html_base64(Html *html, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (size > SIZE_MAX / 4 || !reserve(html, size / 3 * 4 + 4))
        return;
    char *to = (char *)html->buffer.bytes + html->buffer.size, *const begin = to;
    for (size_t i = 0; i < size; i += 3) {
        const size_t left = size - i;
        const uint32_t three = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                               (left > 2 ? (uint32_t)bytes[i + 2] : 0);
        *to++ = digits[three >> 18];
        *to++ = digits[three >> 12 & 63];
        *to++ = left > 1 ? digits[three >> 6 & 63] : '=';
        *to++ = left > 2 ? digits[three & 63] : '=';
    }
    html->buffer.size += (size_t)(to - begin);
}

void html_clear(Html *html)
{
    buffer_clear(&html->buffer);
    *html = (Html){0};
}
