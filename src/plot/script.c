#include "plot/script.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

#define STEP 4096
#define DIGITS 12       /* of data */
#define SCRIPT_DIGITS 8 /* of ranges and places */
#define FILE_NAME_SIZE 96

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

/* Between double quotes gnuplot obeys the backslash and, in the arguments of some commands, the backquote; a control
 * character has no picture. */
void script_add_quoted(Script *script, const char *text)
{
    script_add(script, "\"");
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            script_add(script, "\\%c", *c);
        else if (*c == '`')
            script_add(script, "'");
        else
            script_add(script, "%c", (unsigned char)*c < ' ' || *c == 127 ? ' ' : *c);
    }
    script_add(script, "\"");
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
