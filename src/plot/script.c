#include "plot/script.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/quote.h"

#define STEP 4096
#define DIGITS 12       /* of data */
#define SCRIPT_DIGITS 8 /* of ranges and places */
#define FILE_NAME_SIZE 96

/* Bytes that gnuplot keeps of a format beside an axis (its MAX_ID_LEN, the end left out). */
#define FORMAT_MOST 49

static bool make_room(Script *script, size_t extra)
{
    if (script->status == PERCEPT_OK)
        script->status = buffer_reserve(&script->text, extra > STEP ? extra : STEP, "a chart", &script->error);
    return script->status == PERCEPT_OK;
}

static char *end_of(const Script *script)
{
    return (char *)script->text.bytes + script->text.size;
}

void script_add(Script *script, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0 || !make_room(script, (size_t)length + 1))
        return;
    va_start(arguments, format);
    (void)vsnprintf(end_of(script), (size_t)length + 1, format, arguments);
    va_end(arguments);
    script->text.size += (size_t)length;
}

/* Between double quotes gnuplot obeys the backslash and the backquote, whose octal number it does not obey. At most `most`
 * bytes of the text. */
static void add_quoted(Script *script, const char *text, size_t most, bool format)
{
    const char *end = text + most;
    bool shown = true;
    script_add(script, "\"");
    for (size_t length = 0; *text != '\0'; text += length) {
        length = text_character(text, &shown);
        if (length > (size_t)(end - text)) {
            script_add(script, "…");
            break;
        }
        if (!shown)
            script_add(script, " ");
        else if (*text == '"' || *text == '\\')
            script_add(script, "\\%c", *text);
        else if (*text == '`')
            script_add(script, "\\140");
        else
            script_add(script, "%.*s%s", (int)length, text, format && *text == '%' ? "%" : "");
    }
    script_add(script, "\"");
}

void script_add_quoted(Script *script, const char *text)
{
    add_quoted(script, text, strlen(text), false);
}

void script_add_data(Script *script, const char *name)
{
    script_add(script, "data = \"%s.csv\"\nset datafile separator comma\nset datafile columnheaders\nunset key\n",
               name);
}

void script_add_tic(Script *script, const char *text)
{
    const size_t length = strlen(text);
    const bool long_format = strchr(text, '%') != NULL && length > FORMAT_MOST;
    add_quoted(script, text, long_format ? FORMAT_MOST - strlen("…") : length, true);
}

void script_add_number(Script *script, double value)
{
    char text[NUMBER_SIZE] = "NaN";
    if (isfinite(value))
        number_format_digits(value, SCRIPT_DIGITS, text);
    script_add(script, "%s", text);
}

void script_clear(Script *script)
{
    buffer_clear(&script->text);
}

percept_status script_draw(Script *script, const char *folder, const char *name, Canvas canvas, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (make_room(script, 1)) {
        *end_of(script) = '\0';
        status = gnuplot_draw_on(folder, name, canvas, (const char *)script->text.bytes, error);
    } else {
        status = error_set(error, script->status, "%s", script->error.message);
    }
    script_clear(script);
    return status;
}

percept_status script_open_data(const char *folder, const char *name, const char *suffix, FileWriter **out,
                                percept_error *error)
{
    char file[FILE_NAME_SIZE], *path = NULL;
    snprintf(file, sizeof file, "%.60s%s%s.csv", name, suffix != NULL ? "-" : "", suffix != NULL ? suffix : "");
    percept_status status = file_join(folder, file, &path, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, out, error);
    memory_free(path);
    return status;
}

void script_write_text(FileWriter *writer, bool first, const char *text)
{
    file_writer_print(writer, "%s", first ? "" : ",");
    if (strpbrk(text, ",\"\n\r") == NULL) {
        file_writer_print(writer, "%s", text);
        return;
    }
    file_writer_print(writer, "\"");
    for (const char *c = text; *c != '\0'; c++)
        file_writer_print(writer, *c == '"' ? "\"\"" : "%c", *c == '\n' || *c == '\r' ? ' ' : *c);
    file_writer_print(writer, "\"");
}

void script_write_number(FileWriter *writer, bool first, double value)
{
    char text[NUMBER_SIZE];
    number_format_digits(value, DIGITS, text);
    file_writer_print(writer, "%s%s", first ? "" : ",", text);
}
