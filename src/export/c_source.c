#include "export/c_source.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/c_templates.h"

#define LINE_WIDTH 110

percept_status c_source_create(const percept_model *model, const ExportOptions *options, const char *prefix,
                               CSource *out, percept_error *error)
{
    *out = (CSource){.model = model,
                     .options = options,
                     .prefix = prefix,
                     .wide = options->precision == PERCEPT_FLOAT64,
                     .functions.error = error,
                     .tables.error = error,
                     .forward.error = error};
    snprintf(out->upper, sizeof out->upper, "%s", prefix);
    for (char *at = out->upper; *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    snprintf(out->value, sizeof out->value, "%s_VALUE", out->upper);
    return model_parameters_f64(model, &out->values, error);
}

void c_source_clear(CSource *source)
{
    memory_free(source->values);
    buffer_clear(&source->functions.buffer);
    buffer_clear(&source->tables.buffer);
    buffer_clear(&source->forward.buffer);
}

percept_status c_source_status(const CSource *source)
{
    const CText *const texts[] = {&source->functions, &source->tables, &source->forward};
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
        if (texts[t]->status != PERCEPT_OK)
            return texts[t]->status;
    return PERCEPT_OK;
}

const char *c_real(const CSource *source)
{
    return source->wide ? "double" : "float";
}

/* ---- Functions --------------------------------------------------------------------------------------------------- */

/* Functions of <math.h>. */
static bool is_of_library(const char *function)
{
    static const char *const names[] = {"exp", "expm1", "tanh", "log1p", "erfc", "sqrt"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], function) == 0)
            return true;
    return false;
}

/* Words of templates that depend on precision. */
static const char *word_of(const CSource *source, const char *word)
{
    static const struct {
        const char *word, *narrow, *wide;
    } words[] = {
        {"real", "float", "double"},
        {"f", "f", ""},
        {"exp_error", "2e-7", "5e-16"},
        {"exp_least", "-104.0f", "-746.0"},
        {"exp_terms", "8", "15"},
        {"log2_high", "0.693359375f", "0.69314718036912382"}, /* n · high is exact for |n| < 2^11 */
        {"log2_low", "-2.12194440e-4f", "1.9082149292705877e-10"},
        {"log1p_terms", "15", "33"},
        {"wave_error", "2e-7", "1e-15"},
        {"wave_terms", "13", "21"},
        {"wave_whole", "8388608.0f", "1073741824.0"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].word, word) == 0)
            return source->wide ? words[i].wide : words[i].narrow;
    return NULL;
}

static size_t find_template(const char *name)
{
    char path[C_NAME_SIZE];
    snprintf(path, sizeof path, "/%s.in", name);
    for (size_t t = 0; t < c_template_count; t++)
        if (strcmp(c_templates[t].path, path) == 0)
            return t;
    return c_template_count;
}

/* Replaces the word behind the dollar sign at `at`; returns its end. */
static const char *replace(CSource *source, const char *at, const char *end, CText *out)
{
    char word[C_NAME_SIZE] = "", name[C_NAME_SIZE];
    size_t length = 0;
    at++;
    while (at + length < end && (isalnum((unsigned char)at[length]) || at[length] == '_') && length + 1 < sizeof word)
        length++;
    if (length > 1 && at[1] == '_' && (at[0] == 'p' || at[0] == 'P')) { /* $p_predict, $P_CLASSES */
        c_put(out, "%s", at[0] == 'p' ? source->prefix : source->upper);
        return at + 1;
    }
    memcpy(word, at, length);
    const char *other = word_of(source, word);
    c_put(out, "%s", other != NULL ? other : c_need(source, word, name));
    return at + length;
}

static void expand(CSource *source, const EmbeddedFile *file, CText *out)
{
    const char *at = (const char *)file->bytes, *end = at + file->size;
    while (at < end) {
        const char *dollar = memchr(at, '$', (size_t)(end - at));
        c_put_bytes(out, at, (size_t)((dollar != NULL ? dollar : end) - at));
        at = dollar != NULL ? replace(source, dollar, end, out) : end;
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): functions call functions that call others */
void c_expand(CSource *source, const char *template, CText *out)
{
    const size_t t = find_template(template);
    if (t < c_template_count)
        expand(source, &c_templates[t], out);
}

const char *c_need(CSource *source, const char *function, char name[C_NAME_SIZE])
{
    const bool library = is_of_library(function), own = library && source->options->no_libm;
    snprintf(name, C_NAME_SIZE, "%s%s%s", own ? "own_" : "", function, library && !own && !source->wide ? "f" : "");
    const size_t t = find_template(library && !own ? "" : name);
    if (t < c_template_count && !source->written[t]) {
        CText text = {.error = source->functions.error};
        source->written[t] = true;
        expand(source, &c_templates[t], &text);
        c_put_text(&source->functions, &text);
        c_put(&source->functions, "\n");
        buffer_clear(&text.buffer);
    }
    return name;
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

void c_table_begin(CSource *source, const char *name, size_t members, size_t count)
{
    c_table_begin_of(source, c_real(source), source->wide ? 8 : 4, name, members, count);
}

void c_table_begin_of(CSource *source, const char *type, size_t bytes, const char *name, size_t members, size_t count)
{
    c_put(&source->tables, "static const %s %s", type, name);
    if (members > 1)
        c_put(&source->tables, "[%zu]", members);
    c_put(&source->tables, "[%zu] = {%s", count, members > 1 ? "{" : "");
    source->table_bytes += members * count * bytes;
    source->column = LINE_WIDTH;
    source->braces = members > 1;
}

/* The place of a value in its line. */
static void separate(CSource *source, size_t length)
{
    const bool wraps = source->column + 2 + length > LINE_WIDTH;
    c_put(&source->tables, "%s", wraps ? "\n    " : " ");
    source->column = (wraps ? 4 : source->column + 1) + length + 1;
}

void c_table_value(CSource *source, double value)
{
    char literal[C_NUMBER_SIZE];
    c_table_literal(source, c_number(source->wide, source->wide ? value : (double)(float)value, literal));
}

void c_table_literal(CSource *source, const char *literal)
{
    separate(source, strlen(literal));
    c_put(&source->tables, "%s,", literal);
}

void c_table_next_member(CSource *source)
{
    c_put(&source->tables, "\n}, {");
    source->column = LINE_WIDTH;
}

void c_table_end(CSource *source)
{
    c_put(&source->tables, "%s\n};\n", source->braces ? "\n}" : "");
}

void c_table_of_counts(CSource *source, const char *name, size_t count, const uint32_t *counts)
{
    c_put(&source->tables, "static const long %s[%zu] = {", name, count);
    source->column = LINE_WIDTH;
    for (size_t j = 0; j < count; j++) {
        char literal[C_NUMBER_SIZE];
        snprintf(literal, sizeof literal, "%u", (unsigned)counts[j]);
        c_table_literal(source, literal);
    }
    c_put(&source->tables, "\n};\n");
    source->table_bytes += count * 4;
}
